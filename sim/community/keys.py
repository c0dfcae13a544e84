"""The keys of a form, one by one: for sheets and reference pages, so that they are written down only once, as fields."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.community.figures import Figure, Range
from sim.units import yaml_key

Form = Literal["figure", "range", "list", "value"]


class Key(NamedTuple):
    """A key that takes a value: where it stands, what it means, in which dimension of sim.units ("" for none)."""

    path: str
    meaning: str
    form: Form
    dimension: str
    required: bool

    @property
    def last(self) -> str:
        """The key itself, without what it stands in."""
        return self.path.rpartition(".")[2]


def keys_of(model: type[BaseModel], path: str = "") -> Iterator[Key]:
    """Every key beneath a model, in its order; the items of a list stand as `sites[].name`."""
    for name, field in model.model_fields.items():
        dotted = f"{path}.{field.alias}".lstrip(".")
        inner = inner_model(field)
        form = form_of(field, inner)
        if inner is None or form in ("figure", "range"):
            yield Key(dotted, field.description or "", form, dimension_of(name), field.is_required())
        else:
            yield from keys_of(inner, dotted + "[]" * (form == "list"))


def inner_model(field: FieldInfo) -> type[BaseModel] | None:
    """The model that a field holds, alone, in a list, or as an option."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def form_of(field: FieldInfo, inner: type[BaseModel] | None) -> Form:
    """How its value is written."""
    if inner is not None and issubclass(inner, Figure):
        return "figure"
    if inner is not None and issubclass(inner, Range):
        return "range"
    return "list" if getattr(field.annotation, "__origin__", None) in (list, tuple) else "value"


def dimension_of(name: str) -> str:
    """The dimension that a field's name ends in: `area_m2` -> "m2"."""
    if yaml_key(name) == name:
        return ""
    return name.removeprefix(yaml_key(name) + "_")
