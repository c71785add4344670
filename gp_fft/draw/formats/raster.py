"""The picture of a program as PNG and PDF: the marks of the same scene, drawn by matplotlib."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gp_fft.draw.format import Format
from gp_fft.draw.marks import draw_scene
from gp_fft.draw.scene import Label, Scene
from gp_fft.draw.theme import BORDER_WIDTHS, LINE_DASHES, LINE_WIDTHS, NODE_COLOURS, Theme

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

POINTS_PER_INCH = 72.0
SHARPEST = 192.0
MOST_PIXELS = 6_000.0
_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "text.usetex": False,
    "pdf.fonttype": 42,
    "axes.unicode_minus": True,
}
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def draw_png(graph: nx.DiGraph, theme: Theme) -> bytes:
    """Draw the graph of a program with 192 dots per inch, fewer where a side would exceed ``MOST_PIXELS`` pixels."""
    scene = draw_scene(graph)
    dots = min(SHARPEST, MOST_PIXELS * POINTS_PER_INCH / max(scene.width, scene.height))
    return _save(scene, theme, format="png", dpi=dots, pil_kwargs={"compress_level": 4})


def draw_pdf(graph: nx.DiGraph, theme: Theme) -> bytes:
    """Draw the graph of a program as PDF with text that can be searched."""
    scene = draw_scene(graph)
    return _save(scene, theme, format="pdf", metadata={"Title": scene.title, "CreationDate": None})


def _save(scene: Scene, theme: Theme, **how: Any) -> bytes:
    """Draw a scene on a figure of its size and save that, whatever the user's own matplotlib settings."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a title may hold any script
        _draw(scene, theme).savefig(buffer, facecolor=theme.paper, **how)
    return buffer.getvalue()


def _draw(scene: Scene, theme: Theme) -> Figure:
    """Put all marks on a figure in which one unit is one point, in painting order; texts as they stand, no formulas."""
    from matplotlib.collections import LineCollection, PatchCollection
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / POINTS_PER_INCH, scene.height / POINTS_PER_INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, scene.width)
    axes.set_ylim(scene.height, 0.0)
    axes.set_axis_off()
    for role, lines in groupby(scene.lines, key=lambda line: line.role):
        width = LINE_WIDTHS[role]
        dashes = [(0.0, tuple(length / width for length in LINE_DASHES[role])) if LINE_DASHES[role] else "solid"]
        points, colour = [line.points for line in lines], getattr(theme, role)
        axes.add_collection(LineCollection(points, colors=colour, linewidths=width, linestyles=dashes, zorder=1))
    patches = (_nodes(scene, theme), _plates(scene.labels, theme))
    for order, shapes in enumerate(patches, start=2):
        axes.add_collection(PatchCollection(shapes, match_original=True, zorder=order))
    for label in scene.labels:
        axes.text(
            label.at[0], label.at[1] + 0.35 * label.size, label.text, fontsize=label.size,
            color=getattr(theme, label.role), weight="bold" if label.bold else "normal", ha=_ALIGNED[label.anchor],
            va="baseline", parse_math=False, zorder=4,
        )  # fmt: skip
    return figure


def _rounded(corner: tuple[float, float], width: float, height: float, radius: float, paint: dict[str, Any]) -> Patch:
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch(corner, width, height, boxstyle=f"round,pad=0,rounding_size={radius}", **paint)


def _nodes(scene: Scene, theme: Theme) -> list[Patch]:
    """The shapes of all nodes."""
    from matplotlib.patches import Circle

    shapes: list[Patch] = []
    for node in scene.nodes:
        fill, border = (getattr(theme, colour) for colour in NODE_COLOURS[node.role])
        paint = {"facecolor": fill, "edgecolor": border, "linewidth": BORDER_WIDTHS[node.role]}
        if node.square:
            corner, side, radius = node.square
            shapes.append(_rounded(corner, side, side, radius, paint))
        else:
            shapes.append(Circle(node.centre, node.radius, **paint))
    return shapes


def _plates(labels: Iterable[Label], theme: Theme) -> list[Patch]:
    """The plates behind labels, those with a border above the others."""
    plates = []
    for label in sorted((label for label in labels if label.plate), key=lambda label: label.bordered):
        half, tall = label.plate_size
        fill, border = (theme.scale_fill, theme.scale) if label.bordered else (theme.paper, "none")
        paint = {"facecolor": fill, "edgecolor": border, "linewidth": 0.8}
        corner = (label.at[0] - half, label.at[1] - tall)
        plates.append(_rounded(corner, 2 * half, 2 * tall, 0.6 * tall, paint))
    return plates


FORMAT = (Format(".png", "picture", draw_png), Format(".pdf", "picture", draw_pdf))
