"""The charts of a page, made with Bokeh: front, fronts over time, convergence, rates, operators, lineage, heat maps.

Every function returns a Bokeh figure; the page embeds its JSON and colours it for light or dark. Selecting a point
of the front calls ``gpfft.select(index)`` of the page. The heat maps come empty: the page fills them.
"""

import math
from collections.abc import Sequence
from typing import Any

from bokeh.models import BasicTicker, ColumnDataSource, CustomJS, FixedTicker, HoverTool, NumeralTickFormatter, Range1d
from bokeh.models.annotations import Legend
from bokeh.plotting import figure

from gp_fft.program.cost import EXACT
from gp_fft.store.alternatives import Alternative, Alternatives

BLUE, ORANGE, GREEN, GREY = "#3b8fd0", "#d97318", "#1f9e78", "#858e97"
MOMENTS = ("#8a6fd0", "#3b8fd0", "#1c99a0", "#2f9e56", "#b08410", "#dd6a3a")
"""The fronts of a run from its first to its last moment; like all colours here they show on white and on black."""
STAIRS = {
    "published": (ORANGE, "solid", "square"),
    "greedy-refit": ("#8a6fd0", "dashed", "triangle"),
    "greedy": ("#9d79d1", "dotted", "inverted_triangle"),
    "rounding": ("#1c99a0", "dotted", "x"),
    "svd": ("#b08410", "dotted", "x"),
    "outputs": ("#dd6a3a", "dotted", "x"),
    "magnitude-dense": ("#858e97", "dotted", "x"),
    "magnitude-fast": ("#5f6f7f", "dotted", "cross"),
}
"""How a staircase beside the front is drawn: its colour, its line and its marks."""
NOTHING = 0.9  # an error from which on a program does next to nothing
BEYOND = 1.25  # times the dearest program of a front where none is exact: up to there others are drawn
TOOLS = "pan,wheel_zoom,box_zoom,reset"
SHOWN_LINES = 14
CHARS = 64
Record = dict[str, Any]


def plain_figure(x: str, y: str, height: int = 320, tools: str = TOOLS, **more: Any) -> Any:
    """A figure without logo and frame, as wide as the page lets it be."""
    chart = figure(x_axis_label=x, y_axis_label=y, height=height, tools=tools, sizing_mode="stretch_width", **more)
    chart.toolbar.logo = None
    chart.toolbar.autohide = True
    chart.background_fill_color = chart.border_fill_color = chart.outline_line_color = None
    for axis in chart.axis:
        axis.axis_label_text_font_style = "normal"
        axis.minor_tick_line_color = None
    return chart


def lowest_decade(errors: Sequence[float]) -> float:
    """Where exact programs are drawn on a log scale of errors: a decade below the smallest error above zero."""
    return 10.0 ** (math.floor(math.log10(min([e for e in errors if e > 0.0], default=0.1))) - 1)


def error_axis(chart: Any, floor: float, errors: Sequence[float]) -> None:
    """Label the decades of errors, and the lowest one "exact"; within a decade or two, numbers between as well."""
    decades = range(round(math.log10(floor)) + 1, 2)
    shown = [error for error in errors if error > 0.0]
    few = len(shown) == len(errors) and bool(shown) and max(shown) < 100.0 * min(shown)
    between = [round(k * 10.0**d, -d) for d in decades for k in (2.0, 3.0, 5.0, 7.0)] if few else []
    if few and max(shown) < 3.0 * min(shown):
        between = [float(f"{error:.2g}") for error in {min(shown), max(shown)}]
    chart.yaxis.ticker = FixedTicker(ticks=sorted([floor, *(10.0**k for k in decades), *between]))
    labels = {floor: "exact"} | {10.0**k: f"1e{k}" for k in decades} | {tick: f"{tick:g}" for tick in between}
    chart.yaxis.major_label_overrides = labels


def front_chart(
    programs: Sequence[dict[str, Any]], model: str, others: Alternatives | None = None, measure: str = "relative error"
) -> Any:
    """Error over cost, both on log scales; hovering shows a program, a click selects it.

    ``others`` are staircases of what else there is; a click on a step of theirs says what it is and where it is from.
    """
    errors = [0.0 if program["exact"] else max(program["error"], 1e-16) for program in programs]
    points = [(program["cost"], error) for program, error in zip(programs, errors, strict=True)]
    steps = within_sight(others or {}, points)
    known = [step.error for stairs in steps.values() for step in stairs]
    floor = lowest_decade([*errors, *known])
    source = ColumnDataSource(
        {
            "x": [program["cost"] for program in programs],
            "y": [error or floor for error in errors],
            "error": ["exact" if error == 0.0 else f"{error:.2e}" for error in errors],
            "marker": ["circle" if error == 0.0 else "diamond" for error in errors],
            "colour": [GREEN if error == 0.0 else BLUE for error in errors],
            "text": [_excerpt(program["lines"]) for program in programs],
        },
        name="front",
    )
    costs = [program["cost"] for program in programs]
    wide = {"x_axis_type": "log"} if min(costs) > 0 else {}
    chart = plain_figure(f"cost ({model})", measure, 420, TOOLS + ",tap", y_axis_type="log", name="front", **wide)
    for name, stairs in steps.items():
        _draw_stairs(chart, name, stairs, floor)
    chart.step(source.data["x"], source.data["y"], mode="after", color=GREY, alpha=0.7, line_width=1.2)
    points = chart.scatter(
        "x", "y", source=source, marker="marker", size=11, fill_color="colour", line_color="colour",
        fill_alpha=0.75, nonselection_fill_alpha=0.75, selection_line_color=ORANGE, selection_line_width=4,
        nonselection_line_alpha=1.0, nonselection_line_color="colour", selection_fill_color="colour",
    )  # fmt: skip
    tip = (
        f"<div style='font:12px sans-serif'><b>@x {model}</b>, error @error</div>"
        "<pre style='font:11px monospace;margin:4px 0 0'>@text</pre>"
    )
    chart.add_tools(HoverTool(renderers=[points], tooltips=tip, mode="mouse"))
    choose = CustomJS(code="if (cb_obj.indices.length) window.gpfft.select(cb_obj.indices[0], 'front')")
    source.selected.js_on_change("indices", choose)
    error_axis(chart, floor, [*errors, *known])
    if wide:
        _cost_axis(chart, [*costs, *(step.cost for stairs in steps.values() for step in stairs)])
    _legend_above(chart)
    for legend in chart.legend:
        legend.ncols, legend.click_policy = 4, "hide"
    return chart


def within_sight(others: Alternatives, points: Sequence[tuple[float, float]]) -> dict[str, list[Alternative]]:
    """What is drawn beside a front, whose points are pairs of cost and error (0 if exact), on log scales.

    Left out are steps that do next to nothing, and those that cost no less than the cheapest exact program.
    """
    most = min((cost for cost, error in points if error == 0.0), default=BEYOND * max(cost for cost, _ in points))
    seen = {
        name: [step for step in stairs if 0 < step.cost < most and EXACT <= step.error < NOTHING]
        for name, stairs in others.items()
    }
    return {name: stairs for name, stairs in seen.items() if stairs}


def _draw_stairs(chart: Any, name: str, stairs: Sequence[Alternative], floor: float) -> None:
    """One staircase beside the front; its legend entry hides it."""
    colour, dash, marker = STAIRS.get(name, (GREY, "dotted", "x"))
    x, y = [step.cost for step in stairs], [max(step.error, floor) for step in stairs]
    told = [f"{step.label}, {step.cost:g} operations, error {step.error:.3g}; {step.source}" for step in stairs]
    source = ColumnDataSource({"x": x, "y": y, "told": told}, name=f"beside-{name}")
    legend = name.replace("-", " ")
    chart.step("x", "y", source=source, mode="after", color=colour, line_dash=dash, alpha=0.7, legend_label=legend)
    points = chart.scatter(
        "x", "y", source=source, marker=marker, size=6, color=colour, alpha=0.8, legend_label=legend,
        nonselection_alpha=0.8, selection_line_color=ORANGE, selection_line_width=3,
    )  # fmt: skip
    tip = "<div style='font:12px sans-serif;max-width:30em'>@told</div>"
    chart.add_tools(HoverTool(renderers=[points], tooltips=tip, mode="mouse"))
    say = "if (cb_obj.indices.length) window.gpfft.tell(source.data.told[cb_obj.indices[0]])"
    source.selected.js_on_change("indices", CustomJS(args={"source": source}, code=say))


def _cost_axis(chart: Any, costs: Sequence[float]) -> None:
    """Plain numbers on a log scale of costs, some of every decade."""
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))
    near = max(costs) < 20 * min(costs)
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8) if near else (1, 2, 3, 5)
    ticks = [step * 10.0**decade for decade in range(low, high + 1) for step in steps]
    chart.xaxis.ticker = FixedTicker(ticks=ticks)
    chart.xaxis.major_label_overrides = {tick: f"{tick:g}" for tick in ticks}


def _excerpt(lines: Sequence[str]) -> str:
    """The first lines of a program, cut to a tooltip."""
    shown = [line if len(line) <= CHARS else line[: CHARS - 1] + "…" for line in lines[:SHOWN_LINES]]
    more = len(lines) - len(shown)
    return "\n".join([*shown, f"… and {more} more"] if more > 0 else shown)


def fronts_chart(records: Sequence[Record], model: str) -> Any:
    """The whole front at several moments, the later the warmer."""
    moments = sorted({round((len(records) - 1) * share) for share in (0.0, 0.06, 0.15, 0.35, 0.6, 1.0)})
    floor = lowest_decade([error for k in moments for error, _ in records[k]["front"]])
    chart = plain_figure(f"cost ({model})", "relative error", y_axis_type="log")
    chart.add_layout(Legend(click_policy="hide"), "right")
    for place, k in enumerate(moments):
        points = sorted((cost, max(error, floor)) for error, cost in records[k]["front"])
        x, y = [cost for cost, _ in points], [error for _, error in points]
        colour = MOMENTS[place - len(moments)]
        label = f"{records[k]['seconds']:.3g} s, generation {records[k]['generation']}"
        chart.step(x, y, mode="after", color=colour, line_width=2, legend_label=label)
        chart.scatter(x, y, color=colour, size=5, legend_label=label)
    error_axis(chart, floor, [error for k in moments for error, _ in records[k]["front"]])
    return chart


def search_charts(records: Sequence[Record], model: str, rivals: dict[str, int]) -> dict[str, Any]:
    """The charts of a log, of whatever problem, by their places on the page."""
    return {
        "chart-convergence": convergence_chart(records, rivals),
        "chart-fronts": fronts_chart(records, model),
        "chart-operators": operators_chart(records[-1]["operators"]),
        "chart-rates": rates_chart(records),
    }


def convergence_chart(records: Sequence[Record], rivals: dict[str, int]) -> Any:
    """Best exact count over time, with the published counts as lines; the smallest error if nothing is exact."""
    exact = [record for record in records if record["best_exact_cost"] is not None]
    costs = [record["best_exact_cost"] for record in exact]
    if not exact:
        return _error_chart(records)
    source = _over_time(exact, "convergence", y=costs)
    wide = max(costs) > 8 * min(costs) > 0
    chart = plain_figure("seconds", "best exact cost", y_axis_type="log" if wide else "linear", name="convergence")
    chart.step("x", "y", source=source, mode="after", color=GREEN, line_width=2.5)
    points = chart.scatter("x", "y", source=source, color=GREEN, size=4)
    chart.add_tools(HoverTool(renderers=[points], tooltips="@y after @seconds s, generation @generation"))
    for total in sorted(set(rivals.values()), reverse=True):
        names = ", ".join(name for name, value in rivals.items() if value == total)
        chart.hspan(y=total, line_color=ORANGE, line_dash="dashed", legend_label=f"{names} {total}")
    _legend_above(chart)
    return chart


def _legend_above(chart: Any) -> None:
    """Put the legend, if there is one, above the plot, where it hides nothing."""
    for legend in list(chart.legend):
        chart.add_layout(legend, "above")
        legend.label_text_font_size = "11px"
        legend.spacing = legend.padding = 0


def _error_chart(records: Sequence[Record]) -> Any:
    """Smallest error over time."""
    source = _over_time(records, "convergence", y=[record["best_error"] for record in records])
    chart = plain_figure("seconds", "smallest error (none exact yet)", y_axis_type="log", name="convergence")
    chart.step("x", "y", source=source, mode="after", color=BLUE, line_width=2.5)
    chart.scatter("x", "y", source=source, color=BLUE, size=4)
    return chart


def rates_chart(records: Sequence[Record]) -> Any:
    """Steps per second over time."""
    used = records[1:] or records
    source = _over_time(used, "rates", y=[record["steps_per_second"] for record in used])
    chart = plain_figure("seconds", "steps per second", name="rates")
    chart.varea(x="x", y1=0, y2="y", source=source, color=BLUE, alpha=0.2)
    chart.line("x", "y", source=source, color=BLUE, line_width=2)
    chart.scatter("x", "y", source=source, color=BLUE, size=4)
    chart.y_range.start = 0
    chart.yaxis.formatter = NumeralTickFormatter(format="0,0")
    return chart


def _over_time(records: Sequence[Record], name: str, **columns: Any) -> ColumnDataSource:
    """A source whose column x the page switches between seconds and generations."""
    seconds = [record["seconds"] for record in records]
    generation = [record["generation"] for record in records]
    return ColumnDataSource({"x": seconds, "seconds": seconds, "generation": generation, **columns}, name=name)


def operators_chart(tallies: dict[str, Sequence[int]]) -> Any:
    """How often each operator was accepted and improved, as shares of how often it was tried."""
    rows = [(name, tally[0], tally[1], tally[2]) for name, tally in tallies.items() if tally[0]][::-1]
    source = ColumnDataSource(
        {
            "name": [row[0] for row in rows],
            "tried": [row[1] for row in rows],
            "accepted": [row[2] for row in rows],
            "improved": [row[3] for row in rows],
            "accepted_share": [min(1.0, accepted / tried) for _, tried, accepted, _ in rows],
            "improved_share": [min(1.0, improved / tried) for _, tried, _, improved in rows],
        }
    )
    chart = plain_figure("share of tries", "", 60 + 26 * max(1, len(rows)), "reset", y_range=[row[0] for row in rows])
    wide = chart.hbar("name", right="accepted_share", height=0.75, source=source, color=BLUE, alpha=0.45,
                      legend_label="accepted")  # fmt: skip
    chart.hbar("name", right="improved_share", height=0.4, source=source, color=ORANGE, legend_label="improved")
    tip = "@name: tried @tried{0,0}, accepted @accepted{0,0}, improved @improved{0,0}"
    chart.add_tools(HoverTool(renderers=[wide], tooltips=tip))
    chart.x_range = Range1d(start=0, end=1)
    chart.xaxis.ticker = FixedTicker(ticks=[0, 0.25, 0.5, 0.75, 1])
    chart.xaxis.major_label_overrides = {0: "0 %", 0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1: "100 %"}
    _legend_above(chart)
    return chart


def lineage_chart(events: Sequence[dict[str, Any]], rivals: dict[str, int]) -> Any:
    """The count after each event of the line; circles where the program is exact, diamonds before that."""
    first = {**events[0], "operator": "start", "after": events[0]["before"], "generation": 0, "error": 1.0}
    shown = [first, *events]
    source = ColumnDataSource(
        {name: [event[name] for event in shown] for name in ("generation", "step", "operator", "before", "after")}
        | {
            "x": list(range(len(shown))),
            "marker": ["circle" if event["error"] == 0.0 else "diamond" for event in shown],
            "colour": [GREEN if event["error"] == 0.0 else BLUE for event in shown],
            "error": ["exact" if event["error"] == 0.0 else f"error {event['error']:.1e}" for event in shown],
        }
    )
    costs = [event["after"] for event in shown]
    axis = "log" if max(costs) > 8 * min(costs) > 0 else "linear"
    chart = plain_figure("event on the line of ancestors", "cost", y_axis_type=axis)
    chart.step("x", "after", source=source, mode="after", color=GREY, line_width=1.5)
    points = chart.scatter("x", "after", source=source, marker="marker", color="colour", size=9)
    tip = "@operator: @before to @after (@error), generation @generation, step @step"
    chart.add_tools(HoverTool(renderers=[points], tooltips=tip))
    for name, total in rivals.items():
        chart.hspan(y=total, line_color=ORANGE, line_dash="dashed", legend_label=f"{name} {total}")
    _legend_above(chart)
    return chart


def heat_chart(name: str, title: str, rows: int, columns: int) -> Any:
    """An empty heat map; the page fills the source of this name with cells and colours."""
    empty: dict[str, list[Any]] = {"x": [], "y": [], "colour": [], "told": []}
    chart = plain_figure(
        "input", "output", 330, "pan,wheel_zoom,reset", title=title, name=name,
        x_range=Range1d(start=-0.5, end=columns - 0.5), y_range=Range1d(start=rows - 0.5, end=-0.5),
    )  # fmt: skip
    source = ColumnDataSource(empty, name=name)
    cells = chart.rect("x", "y", 1, 1, source=source, fill_color="colour", line_color=None, dilate=True)
    chart.grid.visible = False
    for axis in (chart.xaxis, chart.yaxis):
        axis.ticker = BasicTicker(min_interval=1, num_minor_ticks=0)  # inputs and outputs are whole numbers
    chart.add_tools(HoverTool(renderers=[cells], tooltips="y@y from x@x: @told"))
    return chart
