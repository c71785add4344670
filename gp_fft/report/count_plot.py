"""The picture of the counts: flops / (n lg n) over n, one panel for each family, every rival with a mark of its own.

The complex DFT has two: one for the powers of two, where the lines of the classical algorithms lie close together, and
one for all n.
"""

import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError
from gp_fft.report.record_tables import families
from gp_fft.store.standings import BEST, COLUMNS, Entry, rivals_at
from gp_fft.transforms import published

Points = dict[int, int]  # counts by size
SHOWN = "dft"  # the family of the large panels
LARGEST = 64  # larger sizes are drawn only where there is a program
PANELS = 5  # small panels in a row
TICKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
STYLES: dict[str, dict[str, Any]] = {
    "radix-2": {"marker": "v", "color": "#8b5cf6", "linestyle": ":", "markersize": 8},
    "split radix": {"marker": "^", "color": "#2563eb", "linestyle": "--", "markersize": 8, "zorder": 3},
    "tangent": {"marker": "D", "color": "#0d9488", "linestyle": "-", "markersize": 10},
    "FFTW": {"marker": "s", "color": "#9ca3af", "linestyle": "", "markersize": 5.5},
    BEST: {"marker": "o", "color": "#d97706", "linestyle": "", "markersize": 10},
}
"""Rivals are open marks of different shapes and sizes, so that equal counts show as one inside the other."""
OURS = (("below the best published", "#15803d", "*", 9.0), ("the same", "#111827", "o", 3.5),
        ("above it", "#b91c1c", "X", 5.5))  # fmt: skip


def plot(entries: Sequence[Entry], path: Path) -> None:
    """Draw the best programs and all rivals into ``path`` (.svg, .png, .pdf); equal counts give equal SVG."""
    kind = path.suffix[1:]
    if kind not in ("svg", "png", "pdf"):
        raise UsageError(f"the plot goes to a file that ends in .svg, .png or .pdf, not {path.name!r}")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    small = [name for name in families(entries) if " " not in name and name != SHOWN and any(_points(entries, name))]
    rows = math.ceil(len(small) / PANELS)
    with mpl.rc_context({"svg.hashsalt": "gp-fft", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(13, 5.5 + 2.5 * rows), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(rows + 1, PANELS, height_ratios=[2.2] + [1.0] * rows)
        ours, rivals = _points(entries, SHOWN)
        powers = _powers(ours), {name: _powers(points) for name, points in rivals.items()}
        _panel(figure.add_subplot(grid[0, :2]), "complex DFT, n a power of two", *powers, 1.2)
        _panel(figure.add_subplot(grid[0, 2:]), "complex DFT, every n", ours, rivals, 1.0)
        for k, name in enumerate(small):
            axes = figure.add_subplot(grid[1 + k // PANELS, k % PANELS])
            _panel(axes, name, *_points(entries, name), 0.75)
        figure.legend(handles=_legend(), loc="outside lower center", ncols=4, frameon=False)
        buffer = io.BytesIO()
        described = {"Date": None, "Description": shown_counts(entries)} if kind == "svg" else None
        figure.savefig(buffer, format=kind, metadata=described, dpi=120)
    atomic_write(path, buffer.getvalue())


def shown_counts(entries: Sequence[Entry]) -> str:
    """What the SVG says in its metadata of the counts that it shows, by transform."""
    plain = (entry for entry in entries if not entry.words[2:] and _in_flops(entry))
    return json.dumps({entry.file.transform.title: entry.flops for entry in plain})


def _in_flops(entry: Entry) -> bool:
    return entry.file.program.field != "gf2"


def _points(entries: Sequence[Entry], family: str) -> tuple[Points, dict[str, Points]]:
    """Counts by size: of the best programs, and of every rival; a single sample has no n lg n to be divided by."""
    same = (entry for entry in entries if entry.family == family and _in_flops(entry))
    mine = [entry for entry in same if entry.size.isdigit() and entry.size != "1"]
    ours = {int(entry.size): entry.flops for entry in mine}
    sizes = [n for n in published.sizes(family) if 1 < n <= max([LARGEST, *ours])]
    known = {n: rivals_at(family, n) for n in sizes}
    rivals = {name: {n: known[n][name] for n in sizes if name in known[n]} for name in COLUMNS}
    return ours, {name: points for name, points in rivals.items() if points}


def _powers(points: Points) -> Points:
    """The same at powers of two only."""
    return {n: total for n, total in points.items() if n & (n - 1) == 0}


def _panel(axes: Any, title: str, ours: Points, rivals: dict[str, Points], scale: float) -> None:
    """One family; ``scale`` is the size of its marks, 1 or more in a large panel."""
    for name, points in rivals.items():
        style = STYLES[name] | {"markersize": scale * STYLES[name]["markersize"]}
        axes.plot(*_scaled(points), fillstyle="none", linewidth=0.9, markeredgewidth=1.1, **style)
    best = rivals.get(BEST, {})
    for (_, colour, marker, size), wanted in zip(OURS, (-1, 0, 1), strict=True):
        some = {n: total for n, total in ours.items() if np.sign(total - best.get(n, total)) == wanted}
        axes.plot(*_scaled(some), marker, color=colour, markersize=scale * size, zorder=5)
    sizes = {n for points in (ours, *rivals.values()) for n in points}
    ticks = TICKS if scale == 1.0 else TICKS[::2]
    axes.set_xscale("log", base=2)
    axes.set_xticks([n for n in ticks if min(sizes) <= n <= max(sizes)], minor=False)
    axes.set_xticks([], minor=True)
    axes.get_xaxis().set_major_formatter(lambda value, _: f"{value:g}")
    low, high = axes.get_ylim()
    if high - low < 0.5:
        axes.set_ylim(low - 0.5, high + 0.5)
    axes.set_title(title)
    axes.grid(alpha=0.25)
    if scale >= 1.0:
        axes.set_xlabel("n")
        axes.set_ylabel("flops / (n lg n)")


def _scaled(points: Points) -> tuple[list[int], list[float]]:
    sizes = sorted(points)
    return sizes, [points[n] / (n * math.log2(n)) for n in sizes]


def _legend() -> list[Any]:
    from matplotlib.lines import Line2D

    rivals = [Line2D([], [], label=name, fillstyle="none", linewidth=0.9, **style) for name, style in STYLES.items()]
    ours = [
        Line2D([], [], linestyle="", marker=marker, color=colour, markersize=size, label=f"gp-fft: {word}")
        for word, colour, marker, size in OURS
    ]
    return rivals + ours
