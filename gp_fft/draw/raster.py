"""The picture of a program as PNG and PDF: the marks of the same scene, drawn by matplotlib."""

import io
import warnings
from itertools import groupby
from typing import TYPE_CHECKING, Any

import networkx as nx

from gp_fft.draw.marks import compose
from gp_fft.draw.scene import Label, Node, Scene
from gp_fft.draw.theme import BORDER_WIDTHS, LINE_DASHES, LINE_WIDTHS, NODE_COLOURS, Theme, get_theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


def draw_png(graph: nx.DiGraph, theme: str = "light") -> bytes:
    """Draw the graph of a program as PNG.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: ``"light"`` or ``"dark"``.

    Returns:
        The file. 192 dots per inch, fewer where a side would exceed ``MOST_PIXELS`` pixels.
    """
    scene = compose(graph)
    longest = max(scene.width, scene.height) / POINTS_PER_INCH
    return _save(
        scene,
        get_theme(theme),
        format="png",
        dpi=min(SHARPEST, MOST_PIXELS / longest),
        pil_kwargs={"compress_level": 4},
    )


def draw_pdf(graph: nx.DiGraph, theme: str = "light") -> bytes:
    """Draw the graph of a program as PDF with text that can be searched; arguments as in :func:`draw_png`."""
    scene = compose(graph)
    return _save(scene, get_theme(theme), format="pdf", metadata={"Title": scene.title, "CreationDate": None})


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


def _draw(scene: Scene, theme: Theme) -> "Figure":
    """Put all marks on a figure in which one unit is one point."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / POINTS_PER_INCH, scene.height / POINTS_PER_INCH))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, scene.width)
    axes.set_ylim(scene.height, 0.0)
    axes.set_axis_off()
    _draw_lines(axes, scene, theme)
    for role, nodes in groupby(sorted(scene.nodes, key=lambda node: node.role), key=lambda node: node.role):
        _draw_nodes(axes, role, list(nodes), theme)
    for bordered in (False, True):
        _draw_plates(
            axes, [label for label in scene.labels if label.plate and bordered == label.bordered], theme
        )
    for label in scene.labels:
        _draw_label(axes, label, theme)
    return figure


def _draw_lines(axes: "Axes", scene: Scene, theme: Theme) -> None:
    """Draw the lines, one collection for each run of the same role, in painting order."""
    from matplotlib.collections import LineCollection

    for role, lines in groupby(scene.lines, key=lambda line: line.role):
        dashes = LINE_DASHES[role]
        width = LINE_WIDTHS[role]
        collection = LineCollection(
            [line.points for line in lines],
            colors=getattr(theme, role),
            linewidths=width,
            linestyles=[(0.0, tuple(length / width for length in dashes)) if dashes else "solid"],
            zorder=1,
        )
        axes.add_collection(collection)


def _draw_nodes(axes: "Axes", role: str, nodes: list[Node], theme: Theme) -> None:
    """Draw the nodes of one role."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle, FancyBboxPatch, Patch

    patches: list[Patch] = []
    for node in nodes:
        (x, y), half = node.centre, 0.92 * node.radius
        if role == "shared":
            box = f"round,pad=0,rounding_size={0.25 * node.radius}"
            patches.append(FancyBboxPatch((x - half, y - half), 2 * half, 2 * half, boxstyle=box))
        else:
            patches.append(Circle(node.centre, node.radius))
    fill, border = (getattr(theme, colour) for colour in NODE_COLOURS[role])
    axes.add_collection(
        PatchCollection(patches, facecolor=fill, edgecolor=border, linewidth=BORDER_WIDTHS[role], zorder=2)
    )


def _draw_plates(axes: "Axes", labels: list[Label], theme: Theme) -> None:
    """Draw the plates behind labels that are all bordered or all plain."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import FancyBboxPatch

    patches = []
    for label in labels:
        (x, y), half, tall = label.at, *label.plate_size
        box = f"round,pad=0,rounding_size={0.6 * tall}"
        patches.append(FancyBboxPatch((x - half, y - tall), 2 * half, 2 * tall, boxstyle=box))
    bordered = bool(labels) and labels[0].bordered
    fill, border = (theme.scale_fill, theme.scale) if bordered else (theme.paper, "none")
    axes.add_collection(PatchCollection(patches, facecolor=fill, edgecolor=border, linewidth=0.8, zorder=3))


def _draw_label(axes: "Axes", label: Label, theme: Theme) -> None:
    """Draw one text as it stands, never as a formula."""
    axes.text(
        label.at[0],
        label.at[1] + 0.35 * label.size,
        label.text,
        fontsize=label.size,
        color=getattr(theme, label.role),
        weight="bold" if label.bold else "normal",
        ha=_ALIGNED[label.anchor],
        va="baseline",
        parse_math=False,
        zorder=4,
    )
