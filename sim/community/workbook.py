"""The recipe's figures as an Excel sheet: what a planner collects them in, with unit, source and place to ask.

Cells to fill are yellow; the last column writes the line as it goes into the recipe. The sheet is never read back.
"""

import csv
import io
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple

from sim.community.figures import SITE_KINDS
from sim.community.form import RecipeForm
from sim.community.keys import Key, keys_of
from sim.community.recipe import recipe_of
from sim.documents import parse_yaml
from sim.units import UNITS

SITE_ROWS = 60  # of the sheet, filled or empty
MADE = datetime(2024, 9, 16)  # the same bytes for the same recipe
HEADINGS = (
    "键 key",
    "名称",
    "meaning",
    "单位 unit",
    "数值 value",
    "来源 source",
    "已核实 verified",
    "何处可查",
    "where to find it",
)
SITE_HEADINGS = {
    "kind": "类别", "name": "名称", "count": "数量", "shelter": "避难", "indoor": "室内", "floor_area": "面积", "toilets": "厕位",
    "staff": "人员", "sill": "地坪高",
}  # fmt: skip
LINE_HEADING = "写入配方的一行 line for the recipe"
GUIDE = (
    "本表帮助收集社区数字；程序读取的是 community.yaml。",
    "1. 在黄色单元格填数值、来源、是否核实；2. 把最后一列的整行抄入 community.yaml 中同名的键。",
    "“已核实”只在向负责该数字的部门查到原始数字时填 TRUE；其余填 FALSE，报告会标明。",
    "由这些数字生成的建筑、道路、人口都是合成的，不对应任何真实地址或个人；请勿填写个人信息。",
    "This sheet helps to collect the figures; the program reads community.yaml. Fill the yellow cells, then copy the last column.",
    "verified is TRUE only where the figure was read at the body that is responsible for it; all else is FALSE and marked so.",
    "Buildings, roads and people are made from these figures: synthetic, no real address or person. Enter no personal data.",
)


class Row(NamedTuple):
    """A figure of the recipe as it stands in the sheet."""

    key: Key
    number: float
    unit: str
    source: str
    verified: bool

    @property
    def line(self) -> str:
        """As YAML, the key's last part."""
        source, verified = self.source.replace('"', "'"), "true" if self.verified else "false"
        value = f"{self.number:g} {self.unit}".strip()
        return f'{self.key.last}: {{value: {value}, source: "{source}", verified: {verified}}}'


def figures_workbook(text: str, name: str) -> bytes:
    """The sheet for a recipe's text (YAML). InputError lists the recipe's mistakes."""
    import xlsxwriter

    document = parse_yaml(text, name)
    recipe_of(document)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "renxing 韧性", "created": MADE})
    write_guide(book)
    write_figures(book, [row_of(key, document.value) for key in keys_of(RecipeForm) if key.form == "figure"])
    write_assumptions(book, [key for key in keys_of(RecipeForm) if key.form != "figure" and "[]" not in key.path], document.value)
    write_sites(book, document.value["sites"])
    book.close()
    return out.getvalue()


def places_to_ask() -> dict[str, dict[str, str]]:
    """Chinese name and where a street finds it, by dotted key."""
    text = files("sim.templates").joinpath("figures.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


def row_of(key: Key, recipe: Any) -> Row:
    """What the recipe says of a figure."""
    figure = at(recipe, key.path)
    number, _, unit = str(figure["value"]).partition(" ")
    return Row(key, float(number), unit, figure["source"], figure["verified"])


def at(recipe: Any, path: str) -> Any:
    """The value at a dotted path; None where the recipe leaves it to its default."""
    for part in path.split("."):
        recipe = recipe.get(part) if isinstance(recipe, dict) else None
    return recipe


def write_guide(book: Any) -> None:
    """First sheet: how to use it."""
    sheet = book.add_worksheet("说明 read me")
    sheet.set_column(0, 0, 120, book.add_format({"text_wrap": True, "valign": "top"}))
    for row, line in enumerate(GUIDE):
        sheet.write_string(row, 0, line)


def write_figures(book: Any, rows: list[Row]) -> None:
    """Second sheet: figures that somebody publishes."""
    sheet = sheet_with(book, "数字 figures", (*HEADINGS, LINE_HEADING), (30, 26, 44, 10, 12, 36, 12, 40, 44, 70))
    fill, ask = book.add_format({"bg_color": "#FFF2B3", "border": 1}), places_to_ask()
    for n, row in enumerate(rows, start=1):
        place = ask[row.key.path]
        for column, text in enumerate((row.key.path, place["name_zh"], row.key.meaning, row.unit)):
            sheet.write_string(n, column, text)
        sheet.write_number(n, 4, row.number, fill)
        sheet.write_string(n, 5, row.source, fill)
        sheet.write_boolean(n, 6, row.verified, fill)
        sheet.write_string(n, 7, place["where_zh"])
        sheet.write_string(n, 8, place["where_en"])
        sheet.write_formula(n, 9, line_formula(row.key.last, n + 1), None, row.line)
    sheet.data_validation(1, 6, len(rows), 6, {"validate": "list", "source": ["TRUE", "FALSE"]})
    sheet.data_validation(1, 4, len(rows), 4, {"validate": "decimal", "criteria": ">=", "value": 0})


def line_formula(last: str, row: int) -> str:
    """Excel's formula of `Row.line` in a row (from 1); `last` is a key of ours, never a user's text."""
    value, source = f'E{row}&IF(D{row}="",""," "&D{row})', f'SUBSTITUTE(F{row},"""","\'")'
    return f'="{last}: {{value: "&{value}&", source: """&{source}&""", verified: "&IF(G{row},"true","false")&"}}"'


def write_assumptions(book: Any, keys: list[Key], recipe: Any) -> None:
    """Third sheet: what nobody publishes and the recipe's writer assumes; sites and visitors stand in the recipe."""
    headings = ("键 key", "meaning", "可用单位 units", "示例 value", "您的假定 yours", "依据 why")
    sheet = sheet_with(book, "假定 assumptions", headings, (34, 70, 24, 30, 24, 50))
    fill = book.add_format({"bg_color": "#FFF2B3", "border": 1})
    for n, key in enumerate(keys, start=1):
        found = at(recipe, key.path)
        shown = ", ".join(f"{name}: {value}" for name, value in found.items()) if isinstance(found, dict) else found
        texts = (key.path, key.meaning, ", ".join(UNITS.get(key.dimension, ())), "" if shown is None else str(shown), "", "")
        for column, text in enumerate(texts):
            sheet.write_string(n, column, text, *([fill] if column >= 4 else []))


def write_sites(book: Any, sites: list[dict[str, Any]]) -> None:
    """Fourth sheet: shelters, clinics, depots and stations, as in the lists that a street keeps of them."""
    columns = list(SITE_HEADINGS)
    headings = (*(f"{chinese} {name}" for name, chinese in SITE_HEADINGS.items()), LINE_HEADING)
    sheet = sheet_with(book, "场所 sites", headings, (20, 26, 12, 12, 12, 16, 12, 12, 14, 110))
    fill = book.add_format({"bg_color": "#FFF2B3", "border": 1})
    for n in range(SITE_ROWS):
        site = {"count": 1, **sites[n]} if n < len(sites) else {}
        for column, name in enumerate(columns):
            sheet.write(n + 1, column, site.get(name), fill)
        sheet.write_formula(n + 1, len(columns), site_formula(n + 2), None, site_line(site))
    sheet.data_validation(1, 0, SITE_ROWS, 0, {"validate": "list", "source": list(SITE_KINDS)})


def site_line(site: dict[str, Any]) -> str:
    """A site as an item of the recipe's list; nothing for an empty row."""
    shown = {name: str(value).lower() if isinstance(value, bool) else value for name, value in site.items() if name != "at"}
    return "- {" + ", ".join(f"{name}: {value}" for name, value in shown.items()) + "}" if site else ""


def site_formula(row: int) -> str:
    """Excel's formula of `site_line` in a row (from 1)."""
    cells = {name: f"{column}{row}" for name, column in zip(SITE_HEADINGS, "ABCDEFGHI", strict=True)}
    cells |= {name: f'IF({cells[name]},"true","false")' for name in ("shelter", "indoor")}
    return f'=IF(A{row}="","","- {{"&' + '&", "&'.join(f'"{name}: "&{cell}' for name, cell in cells.items()) + '&"}")'


def sheet_with(book: Any, name: str, headings: tuple[str, ...], widths: tuple[int, ...]) -> Any:
    """A sheet with its heading row, which stays in sight."""
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "bottom": 1})
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 1)
    return sheet
