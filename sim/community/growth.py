"""The same community, larger or smaller: a recipe with every count scaled, for benchmarks and what-if."""

from typing import Any

import yaml

from sim.community.recipe import read_recipe

Nested = dict[str, Any]


def grown(text: str, name: str, residents_n: int) -> str:
    """The recipe for `residents_n` residents at the same density, shares and sizes of blocks; counts stay at least 1."""
    recipe, document = read_recipe(text, name)
    factor = residents_n / recipe.residents.value
    value: Nested = document.value
    value["residents"]["value"] = residents_n
    value["area"]["value"] = f"{recipe.area_m2.value * factor:.6f} m2"
    for row in ("zones", "compounds"):
        value[row]["count"]["value"] = scaled(value[row]["count"]["value"], factor)
    value["compounds"]["lane_count"] = scaled(value["compounds"]["lane_count"], factor)
    for row, key in (("camps", "workers"), ("huts", "dwellers")):
        value[row][key]["value"] = scaled(value[row][key]["value"], factor)
    for row, key in (("camps", "count"), ("drains", "count"), ("power", "feeders")):
        value[row][key] = scaled(value[row][key], factor)
    value["public_buildings"] = scaled(value["public_buildings"], factor)
    for visitors in value["visitors"]:
        visitors["persons"] = scaled(visitors["persons"], factor)
    for site in value["sites"]:
        if "at" not in site:
            site["count"] = scaled(site.get("count", 1), factor)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def scaled(count: int, factor: float) -> int:
    """A count times the factor, at least 1 if there was any."""
    return max(1, round(count * factor)) if count else 0
