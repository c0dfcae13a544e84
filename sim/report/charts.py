"""The pictures a reader can move: curves over local time as Bokeh models, drawn by the page without any request."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from bokeh.layouts import column
from bokeh.models import (
    BoxAnnotation,
    ColumnDataSource,
    DatetimeTickFormatter,
    HoverTool,
    Label,
    LayoutDOM,
    Legend,
    LegendItem,
    Range1d,
    Span,
)
from bokeh.plotting import figure

from sim.report.curves import Curve, Panel
from sim.report.palette import INK, QUIET, RED, RULE, SANS, SERIES, SERVICE
from sim.report.words import Words

FRAME_PX, LEFT_PX = 88, 62
TOOLS = "xpan,xwheel_zoom,reset"


class TimeAxis(NamedTuple):
    """Run seconds on the local wall clock: the run's start, the part first shown, the event window (all but start in s)."""

    start: datetime
    from_s: float
    to_s: float
    window_s: tuple[float, float]

    def at(self, time_s: Any) -> Any:
        """Milliseconds of the wall clock, counted as if it were UTC: the axis knows no time zones."""
        offset = self.start.utcoffset()
        wall_s = self.start.timestamp() + (offset.total_seconds() if offset else 0.0)
        return 1000.0 * (wall_s + np.asarray(time_s, np.float64))


def time_curves(panels: Sequence[Panel], axis: TimeAxis, words: Words) -> LayoutDOM:
    """Panels one above the other on one time axis; only the lowest carries the times."""
    shared = Range1d(float(axis.at(axis.from_s)), float(axis.at(axis.to_s)))
    plots = [panel_plot(panel, axis, shared, words, last=panel is panels[-1]) for panel in panels]
    return column(plots, sizing_mode="stretch_width")


def panel_plot(panel: Panel, axis: TimeAxis, shared: Range1d, words: Words, last: bool) -> Any:
    """One panel: bands, lines, limits, the event window in grey."""
    plot = figure(
        frame_height=FRAME_PX,
        x_range=shared,
        y_range=value_range(panel),
        x_axis_type="datetime",
        tools=TOOLS,
        active_drag="xpan",
        toolbar_location=None,
        sizing_mode="stretch_width",
        min_border_left=LEFT_PX,
        min_border_right=18,
        output_backend="canvas",
    )
    window = [float(axis.at(time_s)) for time_s in axis.window_s]
    plot.add_layout(BoxAnnotation(left=window[0], right=window[1], fill_color=QUIET, fill_alpha=0.07, line_color=None))
    items = [draw_curve(plot, curve, axis, panel, words) for curve in panel.curves]
    for key, value in panel.limits.items():
        draw_limit(plot, value, words(f"series.{key}", limit=f"{value:g}", stage=f"{value:g}"))
    title = words(f"service.{panel.key}") if panel.service else words(f"series.{panel.key}")
    plot.title.update(
        text=f"{title} ({words(f'unit.{panel.unit}')})", text_font=SANS, text_font_size="13px", text_color=INK, offset=14 - LEFT_PX
    )
    if len(items) > 1:
        plot.add_layout(heading(items), "above")
    dress(plot, last, words)
    return plot


def value_range(panel: Panel) -> Range1d:
    """0 to 100 for shares; else from 0, or from just below the least for a level, to just above the greatest and the limits."""
    if panel.unit == "percent":
        return Range1d(-4, 106)
    tops = [np.nanmax(curve.high) for curve in panel.curves] + list(panel.limits.values())
    feet = [np.nanmin(curve.low) for curve in panel.curves] + [0.0]
    span = max(tops) - min(feet) or 1.0
    return Range1d(float(min(feet)), float(max(tops) + 0.12 * span))


def draw_curve(plot: Any, curve: Curve, axis: TimeAxis, panel: Panel, words: Words) -> LegendItem:
    """The band and the median of one series, with its hover, and its row in the legend."""
    colour = SERVICE if panel.service else SERIES[curve.name]
    label = words("curves.satisfied") if panel.service else words(f"series.{curve.name}")
    source = ColumnDataSource(
        {
            "t": axis.at(curve.time_s),
            "low": curve.low.astype("f4"),
            "mid": curve.middle.astype("f4"),
            "high": curve.high.astype("f4"),
        }
    )
    plot.varea("t", "low", "high", source=source, fill_color=colour, fill_alpha=0.2)
    line = plot.line("t", "mid", source=source, line_color=colour, line_width=1.8)
    digits = "0,0" if panel.unit in ("persons", "customers", "buildings") else "0.0"
    unit = words(f"unit.{panel.unit}")
    tips = [(words("curves.hover_time"), "@t{%F %H:%M}"), (label, f"@mid{{{digits}}} {unit} (@low{{{digits}}}–@high{{{digits}}})")]
    plot.add_tools(HoverTool(renderers=[line], tooltips=tips, formatters={"@t": "datetime"}, mode="vline"))
    return LegendItem(label=label, renderers=[line])


def draw_limit(plot: Any, value: float, text: str) -> None:
    """A dashed line at a limit with its words."""
    plot.add_layout(Span(location=value, dimension="width", line_color=RED, line_dash="dashed", line_width=1))
    label = Label(x=6, y=value, x_units="screen", text=text, text_color=RED, text_font=SANS, text_font_size="11px", y_offset=1)
    plot.add_layout(label)


def heading(items: list[LegendItem]) -> Legend:
    """What the lines of a panel are, in a row between its name and the frame."""
    legend = Legend(items=items, orientation="horizontal", location="top_left", border_line_color=None, background_fill_alpha=0)
    legend.update(
        label_text_font=SANS, label_text_font_size="12px", label_text_color=INK, padding=0, margin=0, spacing=14, glyph_width=18
    )
    legend.update(glyph_height=14, label_height=14)
    return legend


def dress(plot: Any, last: bool, words: Words) -> None:
    """Quiet axes and grid; local times below the lowest panel only."""
    plot.outline_line_color = None
    quieten(plot)
    plot.yaxis.ticker.desired_num_ticks = 4
    plot.yaxis.formatter.use_scientific = False
    day = words("curves.midnight_format")
    clock = DatetimeTickFormatter(hours="%H:%M", minutes="%H:%M", hourmin="%H:%M", days="%H:%M", months=day)
    clock.update(context=day, context_which="all", hide_repeats=True)
    plot.xaxis.formatter = clock
    plot.xaxis.ticker.desired_num_ticks = 9
    plot.xaxis.visible = last


def quieten(plot: Any) -> None:
    """Axes and grid that stand back behind the data."""
    for axis in plot.axis:
        axis.update(axis_line_color=RULE, major_tick_line_color=RULE, minor_tick_line_color=None, axis_label_text_font=SANS)
        axis.update(major_label_text_color=QUIET, major_label_text_font=SANS, major_label_text_font_size="11px")
        axis.update(axis_label_text_font_style="normal", axis_label_text_color=QUIET, axis_label_text_font_size="12px")
    for grid in plot.grid:
        grid.update(grid_line_color=RULE, grid_line_alpha=0.7)
