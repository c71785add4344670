"""The picture of the house: rooms on their floors, imports as thin lines, and the way of one program as a thick one."""

from __future__ import annotations

import io
from itertools import pairwise

import networkx
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from tests.house import FLOORS, TREES, imports, room

BESIDE = ("gp_fft", "gp_fft.__main__")  # the face and the command `python -m gp_fft` are no rooms
WAY = ("cli", "store", "search", "kernels", "search", "store", "proof", "store", "report")
STOPS = {"cli": "1", "search": "2 4", "evolution": "3", "kernels": "3", "store": "5 7", "proof": "6", "report": "8"}
ACROSS = {  # where on its floor a room stands; in the middle unless it says otherwise
    **dict.fromkeys(("gp_fft.cli", "gp_fft.api", "gp_fft.kernels", "gp_fft.evolution"), -3.2),
    **dict.fromkeys(("gp_fft.hunt", "gp_fft.draw", "gp_fft.files", "gp_fft.fourier"), 3.2),
    **dict.fromkeys(("gp_fft.search", "primitives"), -1.7),
    **dict.fromkeys(("gp_fft.proof", "gp_fft.ground"), 1.7),
}
WIDE, HIGH = 2.3, 0.62
INK, PALE, WARM = "#1f2d3d", "#dfe7f1", "#c4541a"


def arrows() -> list[tuple[str, str]]:
    """Who imports whom, as the files say, but for what follows from others: a room stands on all that is below."""
    pairs = set()
    for name, tree in TREES.items():
        if room(name) not in BESIDE:
            pairs |= {(room(name), room(other)) for other in imports(tree)}
    house = networkx.DiGraph((one, other) for one, other in pairs if one != other and other not in BESIDE)
    return sorted(networkx.transitive_reduction(house).edges)


def house_picture() -> str:
    """The picture as SVG."""
    figure = Figure(figsize=(7.6, 7.4), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    where = {name: (ACROSS.get(name, 0.0), float(floor)) for name, floor in FLOORS.items() if name not in BESIDE}
    for floor in range(10):
        axes.axhspan(floor - 0.5, floor + 0.5, color="#f6f8fb" if floor % 2 else "#ffffff", zorder=0)
        axes.text(-4.7, floor, str(floor), color="#8795a8", va="center", ha="right", fontsize=9)
    for one, other in arrows():
        (x, y), (to_x, to_y) = where[one], where[other]
        axes.plot([x, to_x], [y - HIGH / 2, to_y + HIGH / 2], color="#9fb0c6", linewidth=0.9, zorder=1)
    _draw_way(axes, where)
    for name, place in where.items():
        _draw_room(axes, name.removeprefix("gp_fft."), place)
    axes.set_xlim(-4.9, 4.6)
    axes.set_ylim(-0.6, 9.6)
    axes.set_axis_off()
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def _draw_way(axes: Axes, where: dict[str, tuple[float, float]]) -> None:
    """The way of one program, from room to room."""
    points = [where[f"gp_fft.{name}"] for name in WAY]
    style = {"arrowstyle": "-|>", "color": WARM, "linewidth": 1.8, "shrinkA": 14, "shrinkB": 14}
    for one, other in pairwise(points):
        axes.annotate("", other, one, arrowprops={**style, "connectionstyle": "arc3,rad=0.2"}, zorder=2)


def _draw_room(axes: Axes, name: str, place: tuple[float, float]) -> None:
    """One room with its name, and the numbers of the way that passes it."""
    x, y = place
    box = FancyBboxPatch(
        (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, boxstyle="round,pad=0,rounding_size=0.12",
        facecolor=PALE, edgecolor=INK, linewidth=1, zorder=3,
    )  # fmt: skip
    axes.add_patch(box)
    stops = STOPS.get(name, "")
    axes.text(x - (0.25 if stops else 0), y, name, color=INK, ha="center", va="center", fontsize=11, zorder=4)
    numbers = {"color": WARM, "weight": "bold", "fontsize": 11, "ha": "right", "va": "center"}
    axes.text(x + WIDE / 2 - 0.12, y, stops, zorder=4, **numbers)
