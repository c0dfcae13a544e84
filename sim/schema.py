"""The scenario's schema for editors and the reference page for people, both from the parts' fields."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.scenario import Scenario


def json_schema() -> str:
    """JSON Schema of a scenario file."""
    return json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=2)


def reference_page() -> str:
    """Markdown: every key of a scenario with its default and meaning."""
    lines = ["# Scenario reference", "", "Made by `python -m sim schema --all`; do not edit. Quantities are text with a unit, such as `6 h`."]
    for path, model in models(Scenario, ""):
        lines += ["", f"## `{path or 'scenario'}`", "", (model.__doc__ or "").split("\n\n")[0].replace("\n", " "), ""]
        lines += ["| key | default | meaning |", "|---|---|---|"]
        for field in model.model_fields.values():
            default = "required" if field.is_required() else shown_default(field.get_default(call_default_factory=True))
            lines.append(f"| `{field.alias}` | {default} | {(field.description or '').replace('|', '/')} |")
    return "\n".join(lines)


def shown_default(value: Any) -> str:
    """A default as one would write it; models stand in a section of their own."""
    return "see below" if isinstance(value, BaseModel) else f"`{value}`"


def models(model: type[BaseModel], path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """The model and every model below it, with its dotted path."""
    yield path, model
    for field in model.model_fields.values():
        below = [field.annotation, *getattr(field.annotation, "__args__", ())]
        for kind in below:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind, f"{path}.{field.alias}".lstrip("."))
