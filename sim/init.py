"""A first folder of one's own: a commented scenario, its recipe and track, and a sheet to collect the recipe's figures in."""

import shutil
from importlib.resources import files
from pathlib import Path

from sim.community.workbook import figures_workbook
from sim.errors import EnvironmentMistake

TEXTS = ("community.yaml", "tables/bebinca_2413_jma.csv", "scenario.yaml")
SHEET = "figures.xlsx"


def write_start(folder: Path) -> list[Path]:
    """Write the files into a new or empty folder and list them; nothing stays of them where one cannot be written.

    EnvironmentMistake where the folder is not empty: what a planner has filled in is never overwritten."""
    if folder.is_dir() and any(folder.iterdir()):
        raise EnvironmentMistake(f"{folder}: is not empty, wanted a new or empty folder; nothing is overwritten")
    if folder.exists() and not folder.is_dir():
        raise EnvironmentMistake(f"{folder}: is a file, wanted a new or empty folder")
    contents = contents_of_start()
    was_there = folder.exists()
    try:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        if was_there:
            folder.mkdir(exist_ok=True)
        raise
    return [folder / name for name in contents]


def contents_of_start() -> dict[str, bytes]:
    """Bytes of every file by its name within the folder."""
    templates = files("sim.templates")
    found = {name: templates.joinpath(*name.split("/")).read_bytes() for name in TEXTS}
    recipe = found["community.yaml"].decode("utf-8")
    return found | {SHEET: figures_workbook(recipe, "community.yaml")}
