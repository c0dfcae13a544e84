"""Who may import whom: an arrow allows everything below it, parts never import one another, nobody imports the face."""

import ast
from pathlib import Path

SIM = Path(__file__).resolve().parents[1] / "sim"
PARTS = ["hazards", "lifelines", "population", "services"]
FLOORS = [
    ["errors", "version"], ["units", "documents", "trajectory"], ["reference", "numerics"], ["streams"], ["world"],
    ["changes", "community", *PARTS], ["scenario"], ["engine"],
]  # fmt: skip
# rooms beside the tower, and all that each may import
BESIDE = {
    "result": {"errors", "units", "documents", "trajectory", "reference", "world", "indices"},
    "indices": {"errors", "units", "trajectory", "reference"},
    "report": {"errors", "documents", "trajectory", "reference", "indices", "result", "world"},
    "sweep": {
        "errors",
        "documents",
        "numerics",
        "reference",
        "trajectory",
        "world",
        "community",
        "scenario",
        "engine",
        "indices",
        "result",
        "version",
    },
    "check": {"scenario", "world", "community", "sweep", "engine"},
    "schema": {"units", "community", "scenario"},
    "init": {"errors", "community"},
    "cli": {"errors", "version", "documents", "scenario", "sweep", "result", "report", "check", "schema", "init"},
    "__main__": {"cli"},
    "__init__": {"version"},
}


def room(module: str) -> str:
    return module.split(".")[1]


def imports():
    """(file, own room, own module, imported module) of every import inside sim."""
    for path in SIM.rglob("*.py"):
        own = ".".join(path.relative_to(SIM.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{own}: relative import"
            yield from ((own, name) for name in names if name.split(".")[0] == "sim")


def test_arrows_point_down():
    floor = {name: height for height, names in enumerate(FLOORS) for name in names}
    wrong = []
    for own, name in imports():
        mine = room(own)
        theirs = room(name) if "." in name else "the face"
        if mine == theirs and (mine not in PARTS or own.split(".")[2] in name or shares_no_part(name)):
            continue
        allowed = BESIDE.get(mine) or {other for other, height in floor.items() if mine in floor and height < floor[mine]}
        if theirs not in allowed:
            wrong.append(f"{own} imports {name}")
    assert not wrong


def shares_no_part(name: str) -> bool:
    """A module of a part's room that holds no Part itself: a law or a kernel that one part split off."""
    text = SIM.parent.joinpath(*name.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    return "(Part)" not in text


def test_nothing_heavy_in_the_face():
    text = (SIM / "__init__.py").read_text(encoding="utf-8") + (SIM / "__main__.py").read_text(encoding="utf-8")
    assert "import numpy" not in text
    assert "import pandas" not in text
