"""The picture of a program as PNG and PDF: the marks of the same scene, drawn by matplotlib."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph
from gp_fft.draw.layout import Point
from gp_fft.draw.marks import draw_scene
from gp_fft.draw.scene import Label, Node, Scene
from gp_fft.draw.theme import LINE_DASHES, LINE_WIDTHS, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

POINTS_PER_INCH = 72.0
SHARPEST = 192.0
MOST_PIXELS = 6_000.0
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}


def draw_png(graph: Graph, theme: Theme) -> bytes:
    """Draw the graph of a program with 192 dots per inch, fewer where a side would exceed ``MOST_PIXELS`` pixels."""
    scene = draw_scene(graph)
    dots = min(SHARPEST, MOST_PIXELS * POINTS_PER_INCH / max(scene.width, scene.height))
    return _save(scene, theme, format="png", dpi=dots, pil_kwargs={"compress_level": 4})


def draw_pdf(graph: Graph, theme: Theme) -> bytes:
    """Draw the graph of a program as PDF with text that can be searched."""
    scene = draw_scene(graph)
    return _save(scene, theme, format="pdf", metadata={"Title": scene.title, "CreationDate": None})


def _save(scene: Scene, theme: Theme, **how: Any) -> bytes:
    """Draw a scene on a figure of its size and save that, whatever the user's own matplotlib settings."""
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"font.family": "DejaVu Sans", "pdf.fonttype": 42})
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
    for order, patches in enumerate((_nodes(scene.nodes, theme), _plates(scene.labels, theme)), start=2):
        axes.add_collection(PatchCollection(patches, match_original=True, zorder=order))
    for label in scene.labels:
        axes.text(
            label.at[0], label.at[1] + 0.35 * label.size, label.text, fontsize=label.size,
            color=getattr(theme, label.role), weight="bold" if label.bold else "normal", ha=_ALIGNED[label.anchor],
            va="baseline", parse_math=False, zorder=4,
        )  # fmt: skip
    return figure


def _nodes(nodes: Iterable[Node], theme: Theme) -> list[Patch]:
    """The shapes of all nodes."""
    from matplotlib.patches import Circle

    patches: list[Patch] = []
    for node in nodes:
        paint = theme.of_node(node.role)
        if node.square:
            corner, side, rounding = node.square
            patches.append(_box(corner, side, side, rounding, paint))
        else:
            fill, border, width = paint
            patches.append(Circle(node.centre, node.radius, facecolor=fill, edgecolor=border, linewidth=width))
    return patches


def _plates(labels: Iterable[Label], theme: Theme) -> list[Patch]:
    """The plates behind labels, those with a border above the others."""
    patches = []
    for label in sorted((label for label in labels if label.plate), key=lambda label: label.bordered):
        (x, y), (half, tall) = label.at, label.plate_size
        paint = theme.of_plate(label.bordered)
        patches.append(_box((x - half, y - tall), 2 * half, 2 * tall, 0.6 * tall, paint))
    return patches


def _box(corner: Point, width: float, height: float, rounding: float, paint: tuple[str, str, float]) -> Patch:
    """A rectangle with round corners; the fill, the border and its width are the paint."""
    from matplotlib.patches import FancyBboxPatch

    style, (fill, border, line) = f"round,pad=0,rounding_size={rounding}", paint
    return FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=fill, edgecolor=border, linewidth=line)


FORMAT = (Format(".png", "picture", draw_png), Format(".pdf", "picture", draw_pdf))
