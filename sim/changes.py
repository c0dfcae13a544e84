"""Other values at dotted keys of a document: what --set, an improvement and a relieved cause have in common."""

from collections.abc import Mapping
from typing import Any

from sim.documents import ON_COMMAND_LINE, Document, numbered, parse_yaml, replaced
from sim.errors import InputError, Mistake
from sim.units import Model, as_written, yaml_key


def with_setting(document: Document, setting: str) -> Document:
    """The document with one value replaced; InputError where the setting has no form or no place."""
    key, equals, text = setting.partition("=")
    path = tuple(key.split("."))
    if not equals or not all(path):
        raise InputError(Mistake("--set", "", "has no form", setting, "dotted.key=value"))
    try:
        value = replaced(document.value, path, parse_yaml(text, "--set").value)
    except ValueError as error:
        raise InputError(Mistake("--set", key, "has no place", wanted=str(error))) from None
    kept = {place: at for place, at in document.places.items() if place[: len(path)] != path}
    return document._replace(value=value, places=kept | {numbered(value, path): ON_COMMAND_LINE})


def with_changes(
    document: Document, keys: Mapping[tuple[str, ...], str], changes: Mapping[str, Any], label: str, defaults: Any = None
) -> Document:
    """The document with the values of `changes` at paths of `keys`, which lie where `label` has them. What the document leaves to
    `defaults` is written out where a path leads through it."""
    value, places, mistakes = document.value, dict(document.places), []
    for path, key in keys.items():
        try:
            value = replaced(written_out(value, path, defaults), path, changes[key])
            own = numbered(value, path)
        except ValueError as error:
            mistakes.append(Mistake(document.where((label, key)), ".".join(path), "has no place", wanted=str(error)))
            continue
        places |= {(*own, *at[2:]): place for at, place in document.places.items() if at[:2] == (label, key)}
        if own in places:  # keys that only the change brings in stand where it does
            places |= {own[:depth]: places[own] for depth in range(1, len(own)) if own[:depth] not in places}
    if mistakes:
        raise InputError(*mistakes)
    return document._replace(value=value, places=places)


def written_out(value: Any, path: tuple[str, ...], defaults: Any) -> Any:
    """`value` with the nearest model that it leaves to its default written out, where `path` leads into one."""
    inner, model = value, defaults
    for depth, key in enumerate(path[:-1], 1):
        if not isinstance(model, Model) or not isinstance(inner, dict):
            return value
        model = next((getattr(model, field) for field in type(model).model_fields if yaml_key(field) == key), None)
        if key not in inner:
            return replaced(value, path[:depth], as_written(model)) if isinstance(model, Model) else value
        inner = inner[key]
    return value
