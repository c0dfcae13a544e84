"""The same pictures for documents: figures/*.png of a saved result, by matplotlib without a screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report.charts import TimeAxis
from sim.report.curves import Panel, curves_of, hazard_panels, service_panels
from sim.report.fonts import FALLBACK, chinese_family
from sim.report.losses import floor_of, waterfall
from sim.report.maps import FULL, OPENED, TownMap, depth_rgba, town_map
from sim.report.numbers import points, small_points
from sim.report.palette import BLUE, GREEN, INK, ORANGE, PAPER, QUIET, RED, RULE, SERIES, SERVICE
from sim.report.saved import Saved, read_saved
from sim.report.view import depth_legend, limits_of, time_axis
from sim.report.words import Words

DPI = 160
FOOT_IN = 0.2
INDICES = ("maintenance", "recovery", "development")
STYLE: dict[str, Any] = {
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": QUIET,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "legend.frameon": False,
    "figure.dpi": DPI,
    "text.parse_math": False,  # a dollar in a name or a title is a dollar
}


def write_figures(folder: Path, lang: str = "zh") -> list[Path]:
    """Write indices, curves, causes and, where depth was kept, map into figures/; what a result lacks is not drawn."""
    saved, words = read_saved(folder), Words(lang)
    target = Path(folder) / "figures"
    target.mkdir(exist_ok=True)
    family = chinese_family()
    drawings: dict[str, Callable[[Saved, Words], Figure | None]] = {
        "indices": indices_figure,
        "curves": curves_figure,
        "causes": causes_figure,
        "map": map_figure,
    }
    written = []
    with matplotlib.rc_context(STYLE | {"font.family": [family, FALLBACK] if family else [FALLBACK]}):
        for name, draw in drawings.items():
            figure = draw(saved, words)
            if figure is not None:
                written.append(save(figure, target / f"{name}.png", family))
    return written


def save(figure: Figure, path: Path, family: str | None) -> Path:
    """Write a figure; without a Chinese font, say on it in English what its boxes are."""
    if family is None:
        figure.text(0.01, 0.004, "No font with Chinese glyphs is installed: Chinese names show as boxes.", fontsize=7, color=RED)
    FigureCanvasAgg(figure)
    figure.savefig(path, dpi=DPI, facecolor=PAPER)
    return path


def footer(figure: Figure, saved: Saved, words: Words) -> None:
    """Where the picture comes from, so that it can stand alone, below everything else."""
    kind = words("headline.synthetic") if saved.synthetic else words("headline.modelled")
    seed = f"{words('identity.seed')} {saved.summary['seed']}"
    text = " · ".join((words.own(saved.community_title), kind, saved.version, seed))
    foot = FOOT_IN / figure.get_figheight()
    figure.set_layout_engine("constrained", rect=(0, foot, 1, 1 - foot))
    figure.text(0.995, 0.2 * foot, text, ha="right", va="bottom", fontsize=6.5, color=QUIET)


def indices_figure(saved: Saved, words: Words) -> Figure:
    """The three scores with interval and band of single outcomes."""
    figure = Figure(figsize=(7.2, 2.5), layout="constrained")
    axes = figure.add_subplot()
    scores = [saved.summary["indices"][name] for name in INDICES]
    for row, score in enumerate(scores):
        if score is None:
            axes.text(50, row, words("indices.missing"), ha="center", va="center", color=QUIET)
            continue
        axes.barh(row, score["p95"] - score["p5"], left=score["p5"], height=0.52, color="#cfe3f1")
        axes.barh(row, score["hi"] - score["lo"], left=score["lo"], height=0.26, color=BLUE)
        axes.plot([score["value"]] * 2, [row - 0.36, row + 0.36], color=INK, lw=2)
    labels = [
        f"{words(f'indices.{name}')}  {points(score['value'] if score else None)}"
        for name, score in zip(INDICES, scores, strict=True)
    ]
    lowest = min([0.0] + [score["p5"] for score in scores if score])
    axes.set(yticks=range(3), yticklabels=labels, xlim=(lowest, 100), ylim=(2.6, -0.6))
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_title(words("figures.indices"))
    handles = [Line2D([], [], color=INK, lw=2), Patch(color=BLUE), Patch(color="#cfe3f1")]
    meanings = [words(f"figures.{key}") for key in ("value", "interval", "band")]
    axes.legend(handles, meanings, loc="upper center", bbox_to_anchor=(0.45, -0.16), ncols=3, fontsize=8)
    footer(figure, saved, words)
    return figure


def curves_figure(saved: Saved, words: Words) -> Figure | None:
    """Hazard, town and service curves on one axis of local time."""
    curves = curves_of(saved.result.series)
    tested = {name: row["tested"] for name, row in saved.summary["services"].items()}
    panels = hazard_panels(curves, limits_of(saved)) + service_panels(curves, tested)
    if not panels:
        return None
    axis = time_axis(saved, curves)
    figure = Figure(figsize=(7.2, 0.5 + 1.05 * len(panels)), layout="constrained")
    rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(rows, panels, strict=True):
        draw_panel(axes, panel, axis, words)
    rows[-1].set_xlim(*(dates(axis, time_s) for time_s in (axis.from_s, axis.to_s)))
    rows[-1].xaxis.set_major_locator(AutoDateLocator(minticks=4, maxticks=8))
    rows[-1].xaxis.set_major_formatter(DateFormatter("%H:%M\n%m-%d"))
    rows[-1].set_xlabel(words("figures.time"))
    footer(figure, saved, words)
    return figure


def dates(axis: TimeAxis, time_s: Any) -> Any:
    """matplotlib's days of run seconds, on the local wall clock."""
    return date2num(np.asarray(axis.at(time_s), "int64").astype("datetime64[ms]"))


def draw_panel(axes: Axes, panel: Panel, axis: TimeAxis, words: Words) -> None:
    """One panel: the event window in grey, bands and medians, limits."""
    axes.axvspan(*(dates(axis, time_s) for time_s in axis.window_s), color=QUIET, alpha=0.07, lw=0)
    for curve in panel.curves:
        colour = SERVICE if panel.service else SERIES[curve.name]
        label = None if len(panel.curves) == 1 else words(f"series.{curve.name}")
        axes.fill_between(dates(axis, curve.time_s), curve.low, curve.high, color=colour, alpha=0.2, lw=0)
        axes.plot(dates(axis, curve.time_s), curve.middle, color=colour, lw=1.3, label=label)
    for key, value in panel.limits.items():
        axes.axhline(value, color=RED, ls="--", lw=0.8)
        text = words(f"series.{key}", limit=f"{value:g}", stage=f"{value:g}")
        axes.annotate(text, (0.005, value), xycoords=("axes fraction", "data"),
                      xytext=(0, 1), textcoords="offset points", color=RED, fontsize=7)  # fmt: skip
    title = words(f"service.{panel.key}") if panel.service else words(f"series.{panel.key}")
    axes.set_title(f"{title} ({words(f'unit.{panel.unit}')})")
    axes.grid(color=RULE, lw=0.5)
    axes.set_ylim(*((-4, 106) if panel.unit == "percent" else (0, None)))
    if len(panel.curves) > 1:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 0.94), ncols=4, fontsize=7.5, borderaxespad=0)


def causes_figure(saved: Saved, words: Words) -> Figure | None:
    """Waterfalls from 100 down to maintenance and recovery."""
    falls = [
        (name, waterfall(saved.summary["causes"], column), saved.summary["indices"][name]["value"])
        for name, column in (("maintenance", "m_points"), ("recovery", "r_points"))
        if saved.summary["indices"][name] is not None
    ]
    if not falls:
        return None
    heights = [len(steps) + 2 for _, steps, _ in falls]
    figure = Figure(figsize=(7.2, 0.6 + 0.27 * sum(heights)), layout="constrained")
    for axes, (name, steps, value) in zip(
        figure.subplots(len(falls), 1, squeeze=False, height_ratios=heights)[:, 0], falls, strict=True
    ):
        draw_fall(axes, steps, value, words)
        axes.set_title(words(f"causes.{name}_title", value=points(value)))
    footer(figure, saved, words)
    return figure


def draw_fall(axes: Axes, steps: list[Any], value: float, words: Words) -> None:
    """One waterfall: a bar a cause, the score at its foot."""
    foot = floor_of(steps)
    names = [
        f"{words.name('service', step.service)} · {words.name('cause_short', step.cause)}"
        if step.service
        else words("causes.rest", n=step.n)
        for step in steps
    ]
    for row, step in enumerate(steps):
        axes.barh(row, -step.points, left=step.top, height=0.62, color=RED if step.service else "#9aa5ae")
        axes.text(step.top + 0.006 * (100 - foot), row, f"−{small_points(step.points)}", va="center", fontsize=7.5)
    axes.barh(len(steps), value - foot, left=foot, height=0.62, color=BLUE)
    axes.set(
        yticks=range(len(steps) + 1),
        yticklabels=[*names, words("causes.end")],
        ylim=(len(steps) + 0.6, -0.6),
        xlim=(foot, 100 + 0.09 * (100 - foot)),
    )
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.grid(axis="x", color=RULE, lw=0.5)
    axes.set_axisbelow(True)


def map_figure(saved: Saved, words: Words) -> Figure | None:
    """Greatest depth, roads and closures, shelters; None where no depth was kept."""
    town = town_map(saved.result.places, saved.result.fields, saved.cell_m)
    if town is None:
        return None
    figure = Figure(figsize=(7.2, max(3.5, 6.4 * town.height_m / town.width_m) + 0.9), layout="constrained")
    axes = figure.add_subplot()
    rgba = depth_rgba(town.depth_m).view(np.uint8).reshape(*town.depth_m.shape, 4)
    axes.imshow(rgba, origin="lower", extent=(0, town.width_m, 0, town.height_m), interpolation="nearest", zorder=1)
    for shut, colour, width in ((False, "#b4bcc4", 0.5), (True, RED, 1.8)):
        axes.add_collection(
            LineCollection(
                [road for road, is_shut in zip(town.roads, town.blocked, strict=True) if is_shut == shut], colors=colour, lw=width
            )
        )
    for name, x_m, y_m in town.zones:
        axes.text(x_m, y_m, name, ha="center", va="center", fontsize=6, color=QUIET)
    draw_shelters(axes, town)
    axes.set(xlim=(0, town.width_m), ylim=(0, town.height_m), xlabel=words("map.east"), ylabel=words("map.north"), aspect="equal")
    axes.set_title(words("figures.map"))
    map_legend(axes, words)
    footer(figure, saved, words)
    return figure


def draw_shelters(axes: Axes, town: TownMap) -> None:
    """Dots with `held/room`."""
    for shelter in town.shelters:
        colour = {FULL: ORANGE, OPENED: GREEN}.get(shelter.state, PAPER)
        axes.plot(
            shelter.x_m, shelter.y_m, "o", ms=4.5 + 0.12 * max(shelter.room_n, 0) ** 0.5, mfc=colour, mec=INK, mew=0.5, zorder=5
        )
        if shelter.room_n > 0:
            axes.annotate(
                f"{shelter.held_n}/{shelter.room_n}",
                (shelter.x_m, shelter.y_m),
                xytext=(4, 3),
                textcoords="offset points",
                fontsize=6.5,
                zorder=6,
            )


def map_legend(axes: Axes, words: Words) -> None:
    """Depth classes, shelters, closures, below the map."""
    handles: list[Any] = [Patch(fc=colour, ec=RULE, label=label) for _, colour, label in depth_legend()]
    handles[0].set_label(f"{words('map.depth')}  {handles[0].get_label()}")
    for key, colour in (("shelter", GREEN), ("shelter_full", ORANGE), ("unused", PAPER)):
        handles.append(Line2D([], [], marker="o", ls="", mfc=colour, mec=INK, mew=0.5, label=words(f"map.{key}")))
    handles.append(Line2D([], [], color=RED, lw=1.8, label=words("map.blocked")))
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=5, fontsize=7, columnspacing=1.2, handlelength=1.4
    )
