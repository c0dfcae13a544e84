"""Recipes for tests: the shipped hamlet, whole or with something changed."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.community.form import RecipeForm
from sim.community.recipe import build, read_recipe
from sim.world.community import Community

ROOT = Path(__file__).resolve().parents[2]
FILES = {"hamlet": ROOT / "sim/templates/community.yaml", "zhoujiadu_like": ROOT / "scenarios/communities/zhoujiadu_like.yaml"}


def text_of(name: str = "hamlet") -> str:
    return FILES[name].read_text(encoding="utf-8")


@cache
def shipped(name: str = "hamlet", resolution_m: float = 40.0) -> Community:
    return build(text_of(name), name, resolution_m)


def changed(*changes: tuple[str, Any], name: str = "hamlet") -> str:
    """The recipe with values replaced: ("people.old_frac.value", 0.5)."""
    value = yaml.safe_load(text_of(name))
    for dotted, new in changes:
        inner: Any = value
        *path, last = [int(key) if key.isdigit() else key for key in dotted.split(".")]
        for key in path:
            inner = inner[key]
        inner[last] = new
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def recipe(*changes: tuple[str, Any]) -> RecipeForm:
    return read_recipe(changed(*changes), "hamlet")[0]


def made(*changes: tuple[str, Any]) -> Community:
    return build(changed(*changes), "hamlet", 40.0)
