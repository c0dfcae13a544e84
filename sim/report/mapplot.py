"""The map as a Bokeh model: water, roads, shelters with how full they were, committee names."""

from typing import Any, NamedTuple

import numpy as np
from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, HoverTool, LabelSet, LayoutDOM
from bokeh.plotting import figure

from sim.report.charts import quieten
from sim.report.maps import FULL, OPENED, TownMap, depth_rgba
from sim.report.numbers import count
from sim.report.palette import GREEN, INK, ORANGE, PAPER, QUIET, RED, RULE, SANS
from sim.report.words import Words

SHELTER_COLOUR = {FULL: ORANGE, OPENED: GREEN}


class Frame(NamedTuple):
    """Width and height on the page, in CSS pixels."""

    width: int
    height: int


FRAME_PX = Frame(1120, 760)  # the most that a page 1,366 px wide holds


def map_plot(town: TownMap, words: Words) -> LayoutDOM:
    """The town to scale; hover a shelter to read its numbers."""
    # bokeh matches aspects of automatic ranges only: the frame itself has the town's shape, within the page
    scale = min(FRAME_PX.width / town.width_m, FRAME_PX.height / town.height_m)
    plot = figure(
        frame_width=round(scale * town.width_m),
        frame_height=round(scale * town.height_m),
        x_range=(0.0, town.width_m),
        y_range=(0.0, town.height_m),
        tools="pan,wheel_zoom,reset",
        toolbar_location="right",
        x_axis_label=words("map.east"),
        y_axis_label=words("map.north"),
        output_backend="canvas",
    )
    plot.toolbar.logo = None
    plot.image_rgba(image=[depth_rgba(town.depth_m)], x=0, y=0, dw=town.width_m, dh=town.height_m)
    draw_roads(plot, town)
    draw_zones(plot, town)
    draw_shelters(plot, town, words)
    quieten(plot)
    plot.outline_line_color = RULE
    plot.grid.grid_line_color = None
    return plot


def draw_roads(plot: Any, town: TownMap) -> None:
    """Roads in grey, those that were blocked in red above them."""
    for shut, colour, width in ((False, "#b4bcc4", 0.8), (True, RED, 2.6)):
        lines = [road for road, blocked in zip(town.roads, town.blocked, strict=True) if blocked == shut]
        xs, ys = ([line[:, axis].round(1).tolist() for line in lines] for axis in (0, 1))
        plot.multi_line(xs, ys, line_color=colour, line_width=width)


def draw_zones(plot: Any, town: TownMap) -> None:
    """Committee names at their centroids."""
    names, x_m, y_m = zip(*town.zones, strict=True) if town.zones else ((), (), ())
    plot.text(
        list(x_m),
        list(y_m),
        list(names),
        text_font=value(SANS),
        text_font_size="11px",
        text_color=QUIET,
        text_align="center",
        text_alpha=0.9,
    )


def draw_shelters(plot: Any, town: TownMap, words: Words) -> None:
    """Designated sites, larger with more room, labelled `held/room`."""
    shelters = town.shelters
    source = ColumnDataSource(
        {
            "x": [shelter.x_m for shelter in shelters],
            "y": [shelter.y_m for shelter in shelters],
            "name": [shelter.name for shelter in shelters],
            "held": [count(shelter.held_n) for shelter in shelters],
            "room": [count(shelter.room_n) for shelter in shelters],
            "refused": [count(shelter.refused_n) for shelter in shelters],
            "label": [f"{shelter.held_n}/{shelter.room_n}" if shelter.room_n > 0 else "" for shelter in shelters],
            "size": [9.0 + 0.45 * float(np.sqrt(max(shelter.room_n, 0))) for shelter in shelters],
            "colour": [SHELTER_COLOUR.get(shelter.state, PAPER) for shelter in shelters],
        }
    )
    dots = plot.scatter("x", "y", size="size", source=source, fill_color="colour", line_color=INK, line_width=0.8, fill_alpha=0.9)
    tips = [(words(f"map.{key}"), f"@{key}") for key in ("name", "held", "room", "refused")]
    plot.add_tools(HoverTool(renderers=[dots], tooltips=tips))
    plot.add_layout(
        LabelSet(x="x", y="y", text="label", source=source, x_offset=8, y_offset=5, text_font=value(SANS), text_font_size="12px",
                 text_color=INK, text_font_style="bold")
    )  # fmt: skip
