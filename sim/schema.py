"""The scenario's schema for editors and the reference page for people, both from the parts' fields."""

import json
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.community.form import RecipeForm
from sim.community.keys import dimension_of, keys_of
from sim.scenario import CommunityFile, Scenario
from sim.units import UNITS, Elevation

HEAD = """# Reference: every key of a scenario and of a recipe

Made by `python -m sim schema --all`; do not edit. A quantity is text with one of the units named, such as `6 h`."""
RECIPE_HEAD = """## The recipe of a community

A *figure* is written `{value: ..., source: ..., verified: true or false}`, a *range* `{least: ..., most: ...}`; keys with `[]`
stand in every item of a list. [community.md](community.md) says which figures are needed and who has them."""


def json_schema() -> str:
    """JSON Schema of a scenario file."""
    return json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=2)


def reference_page() -> str:
    """Markdown: every key of a scenario and of a recipe with its units, default and meaning."""
    lines = [HEAD]
    for path, model, given in models(Scenario, "", None):
        lines += ["", f"## `{path or 'scenario'}`", "", " ".join((model.__doc__ or "").split("\n\n")[0].split()), ""]
        lines += ["| key | units | default | meaning |", "|---|---|---|---|"]
        for name, field in model.model_fields.items():
            default, meaning = shown_default(name, default_of(name, field, given)), (field.description or "").replace("|", "/")
            lines.append(f"| `{field.alias}` | {units(dimension_of(name))} | {default} | {meaning} |")
    return "\n".join([*lines, "", *recipe_lines()])


def recipe_lines() -> Iterator[str]:
    """Markdown of the recipe's keys."""
    yield from (RECIPE_HEAD, "", "| key | form | units | | meaning |", "|---|---|---|---|---|")
    for key in keys_of(RecipeForm):
        needed = "required" if key.required else ""
        yield f"| `{key.path}` | {key.form} | {units(key.dimension)} | {needed} | {key.meaning.replace('|', '/')} |"


def units(dimension: str) -> str:
    """The units a quantity may be written in."""
    return ", ".join(UNITS.get(dimension, ()))


def default_of(name: str, field: FieldInfo, given: BaseModel | None) -> Any:
    """What holds where a key is left out: the field's own default, or its value in the model that is the default as a whole."""
    return getattr(given, name) if given is not None else field.get_default(call_default_factory=True)


def shown_default(name: str, value: Any) -> str:
    """A default as one would write it; models stand in a section of their own."""
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return "none"
    return "see below" if isinstance(value, BaseModel) else f"`{written(name, value)}`"


def written(name: str, value: Any) -> str:
    """The value of a field in YAML: a quantity in the largest unit of which it is one or more."""
    if isinstance(value, Elevation):
        return f"{value.value_m:g} m {value.datum}"
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return "{" + ", ".join(f"{field.alias}: {written(own, getattr(value, own))}" for own, field in fields.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(written("", item) for item in value) + "]"
    if value == "":
        return '""'
    factors = sorted(UNITS.get(dimension_of(name), {}).items(), key=lambda pair: -pair[1])
    if not factors or not isinstance(value, float):
        return f"{value}"
    small = next(pair for pair in factors if pair[1] == 1.0) if value == 0.0 else factors[-1]
    unit, factor = next((pair for pair in factors if abs(value) >= pair[1] * (1 - 1e-9)), small)
    return f"{value / factor:g} {unit}"


def models(model: type[BaseModel], path: str, given: Any) -> Iterator[tuple[str, type[BaseModel], BaseModel | None]]:
    """The model and every model below it, with its dotted path and what holds where it is left out. A file that the scenario
    names is one key: its own keys stand elsewhere."""
    yield path, model, given if isinstance(given, model) else None
    for name, field in model.model_fields.items():
        inner = default_of(name, field, given if isinstance(given, model) else None)
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not CommunityFile:
                yield from models(kind, f"{path}.{field.alias}".lstrip("."), inner)
