"""The picture of a front for a file: error over operations on log scales, beside published ones and baselines."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gp_fft.files import ProgramFile
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import cost
from gp_fft.report.charts import BLUE, GREEN, STAIRS, lowest_decade, within_sight
from gp_fft.report.listing import name
from gp_fft.store.alternatives import Alternatives, measure_of, measured, title
from gp_fft.store.runs import Run

KINDS = ("svg", "png", "pdf")
MARKS = {"square": "s", "triangle": "^", "inverted_triangle": "v", "x": "x", "cross": "+"}  # of Bokeh and of matplotlib
LINES = {"solid": "-", "dashed": "--", "dotted": ":"}


def check_kind(path: Path) -> None:
    """Raise UsageError for a file that no picture goes to."""
    if path.suffix[1:] not in KINDS:
        raise UsageError(f"the plot goes to a file that ends in .svg, .png or .pdf, not {path.name!r}")


def plot(run: Run, front: Sequence[ProgramFile], others: Alternatives, path: Path) -> None:
    """Draw the front of a run and the staircases beside it into ``path``; equal fronts give equal SVG."""
    check_kind(path)
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    model = run.settings.cost
    points = sorted(zip((cost(file.program, model) for file in front), measured(run, front), strict=True))
    steps = within_sight(others, points)
    known = [error for _, error in points] + [step.error for stairs in steps.values() for step in stairs]
    floor = lowest_decade(known)
    with mpl.rc_context({"svg.hashsalt": "gp-fft", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(9, 6), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for each, stairs in steps.items():
            colour, line, mark = STAIRS.get(each, ("#858e97", "dotted", "x"))
            axes.step(
                [step.cost for step in stairs], [step.error for step in stairs], where="post", color=colour,
                linestyle=LINES[line], marker=MARKS[mark], markersize=4, linewidth=0.9, label=title(each),
            )  # fmt: skip
        x, y = [point for point, _ in points], [error or floor for _, error in points]
        axes.step(x, y, where="post", color=BLUE, linewidth=1.6, marker="D", markersize=4.5, label="gp-fft")
        exact = [point for point, error in points if error == 0.0]
        axes.plot(exact, [floor] * len(exact), "o", color=GREEN, markersize=8)
        _scales(axes, floor, x + [step.cost for stairs in steps.values() for step in stairs], bool(exact))
        axes.set_xlabel(f"cost ({model})")
        axes.set_ylabel(measure_of(run).title)
        axes.set_title(name(front[0].transform.plain))
        axes.legend(frameon=False)
        buffer = io.BytesIO()
        kind = path.suffix[1:]
        figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None, dpi=120)
    atomic_write(path, buffer.getvalue())


def _scales(axes: Any, floor: float, costs: Sequence[float], exact: bool) -> None:
    """Log scales, plain numbers on that of costs, and the word exact for the lowest error."""
    from matplotlib.ticker import LogFormatter, LogLocator, NullLocator

    axes.set_yscale("log")
    axes.grid(alpha=0.25)
    if exact:
        axes.axhline(floor, color=GREEN, linewidth=0.5)
        axes.annotate("exact", (0.01, floor), xycoords=("axes fraction", "data"), va="bottom", color=GREEN)
    if min(costs) > 0:
        axes.set_xscale("log")
        near = max(costs) < 20 * min(costs)
        axes.xaxis.set_major_locator(LogLocator(subs=range(1, 10) if near else (1, 2, 3, 5)))
        axes.xaxis.set_major_formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=(10, 10)))
        axes.xaxis.set_minor_locator(NullLocator())
