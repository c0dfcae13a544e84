"""The page of a result: one self-contained HTML file, made from the saved folder alone, that asks the network for nothing."""

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from bokeh.embed import json_item
from bokeh.models import LayoutDOM
from bokeh.resources import Resources
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.report import numbers
from sim.report.charts import TimeAxis, time_curves
from sim.report.curves import Panel, between, curves_of, hazard_panels, service_panels
from sim.report.first import clock
from sim.report.mapplot import map_plot
from sim.report.maps import TownMap, town_map
from sim.report.saved import Saved, read_saved
from sim.report.view import clip, limits_of, time_axis, view
from sim.report.words import Words

DAY_S = 86400.0
FILTERS = ("count", "few", "points", "small_points", "signed", "share", "hours", "tiny")
WHOLE_PERCENT = 99.95  # shown as 100.0


def write_page(folder: Path, lang: str = "zh") -> Path:
    """Write report.html into a result folder, whole or not at all; InputError for a folder or language that there is not."""
    path = Path(folder) / "report.html"
    unfinished = path.with_suffix(".html.part")
    unfinished.write_text(page_text(read_saved(folder), lang), encoding="utf-8")
    os.replace(unfinished, path)
    return path


def page_text(saved: Saved, lang: str) -> str:
    """The whole page."""
    words = Words(lang)
    town = town_map(saved.result.places, saved.result.fields, saved.cell_m)
    charts = {name: embedded(model, name) for name, model in pictures(saved, town, words).items()}
    page = environment().get_template("page.html")
    return page.render(
        **view(saved, town, words),
        t=words,
        name_of=words.name,
        clock=clock,
        reason=lambda index: reason(saved, index, words),
        fonts_missing=False,
        charts=charts,
        chart_ids=Markup(json.dumps(list(charts))),
        css=Markup(style()),
        bokeh_js=Markup(bokeh_js()),
    )


@cache
def environment() -> Environment:
    """Templates, escaping everything that is not marked; an undefined name is an error."""
    made = Environment(loader=PackageLoader("sim", "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters |= {name: getattr(numbers, name) for name in FILTERS}
    made.filters["clip"] = clip
    return made


def style() -> str:
    """The style sheet, inlined."""
    return files("sim.report").joinpath("page.css").read_text(encoding="utf-8")


@cache
def bokeh_js() -> str:
    """Bokeh's own script, core only, safe between script tags."""
    scripts = Resources(mode="inline", components=["bokeh"], minified=True).js_raw
    return "\n".join(scripts).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def embedded(model: LayoutDOM, name: str) -> Markup:
    """A picture as JSON between script tags; `</` and `<!--` cannot end or open anything."""
    return Markup(json.dumps(json_item(model, name), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def reason(saved: Saved, index: str, words: Words) -> str:
    """Why an index has no value, in the page's language where it is one of the reasons we know."""
    why = saved.summary["indices"].get("why", {}).get(index, "")
    return words.name("why", why) or words("none")


def pictures(saved: Saved, town: TownMap | None, words: Words) -> dict[str, LayoutDOM]:
    """Bokeh models by the id of their place: only those that the result has data for."""
    curves = curves_of(saved.result.series)
    axis = time_axis(saved, curves)
    tested = {name: row["tested"] for name, row in saved.summary["services"].items()}
    services = service_panels(curves, tested)
    panels = hazard_panels(curves, limits_of(saved)) + services
    made = {"bokeh-curves": time_curves(cut(panels, axis), axis, words)} if panels else {}
    lasting = [panel for panel in services if whole_s(panel) > axis.to_s + DAY_S]
    if lasting:
        longer = axis._replace(to_s=max(whole_s(panel) for panel in lasting) + DAY_S)
        made["bokeh-long"] = time_curves(cut(lasting, longer), longer, words)
    if town is not None:
        made["bokeh-map"] = map_plot(town, words)
    return made


def whole_s(panel: Panel) -> float:
    """When a service was last not whole in one replication of twenty; minus infinity if it always was."""
    return max((float(curve.time_s[curve.low < WHOLE_PERCENT].max(initial=-np.inf)) for curve in panel.curves), default=-np.inf)


def cut(panels: list[Panel], axis: TimeAxis) -> list[Panel]:
    """Panels with the part of their curves that the axis first shows and a day around it."""
    return [
        panel._replace(curves=[between(curve, axis.from_s - DAY_S, axis.to_s + DAY_S) for curve in panel.curves])
        for panel in panels
    ]
