"""Where everything stands in a drawing of a program: columns left to right, lanes top to bottom, no drawing
here.

Inputs stand in natural order in the first column and outputs in natural order in the last. A value that is
read in several columns runs on as a *wire* in a lane of its own, and *branches* leave it to its users. Every
branch spans exactly one column gap, so no line runs through a node (this is the idea of dummy nodes:
Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981). Where
it saves many crossings, a gap of wires alone is added behind the inputs or before the outputs: it holds the
permutation, such as the bit reversal of the textbooks, and the butterflies stay clean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product

import numpy as np

from gp_fft.draw.columns import choose_columns
from gp_fft.draw.graph import Graph
from gp_fft.draw.grid import Grid
from gp_fft.draw.lanes import Lanes, choose_lanes, count_crossings

Point = tuple[float, float]

LANE = 34.0
RADIUS = 11.0
NARROWEST_GAP = 84.0
CLIMB = 9.0
CROWD = 34.0  # more room for every branch per lane beyond two
WIDEST_GAP = 420.0
WORTH_A_GAP = 1.3
BEFORE_OUTPUTS = 1.05  # a gap before the outputs must be worth a little more than one behind the inputs


@dataclass(frozen=True)
class Layout:
    """Positions in picture units (``LANE`` apart from lane to lane), origin top left, y downward."""

    places: dict[str, Point]  # the centre of every node
    ports: dict[str, Point]  # for every output where its name is written, in the last column
    wires: dict[str, tuple[Point, ...]]  # how a value runs on to later columns, from its node; only where it does
    branches: dict[tuple[str, str], tuple[Point, Point]]  # the last, straight piece of every edge
    width: float
    height: float

    def widened(self, gaps: Mapping[tuple[float, float], float]) -> Layout:
        """The same layout with some column gaps, named by the columns beside them, of another width."""
        points = [*self.places.values(), *self.ports.values(), *chain.from_iterable(self.wires.values())]
        columns = sorted({x for x, _ in points})
        there = {columns[0]: columns[0]}
        for left, right in pairwise(columns):
            there[right] = there[left] + gaps.get((left, right), right - left)
        return self._with_points(lambda point: (there[point[0]], point[1]), there[columns[-1]])

    def moved(self, x: float, y: float) -> Layout:
        """The same layout with its origin at another point of the picture."""
        return self._with_points(lambda point: (point[0] + x, point[1] + y), self.width)

    def _with_points(self, there: Callable[[Point], Point], width: float) -> Layout:
        """The same layout with every point in another place."""
        return Layout(
            places={name: there(point) for name, point in self.places.items()},
            ports={name: there(point) for name, point in self.ports.items()},
            wires={name: tuple(map(there, points)) for name, points in self.wires.items()},
            branches={edge: (there(start), there(end)) for edge, (start, end) in self.branches.items()},
            width=width,
            height=self.height,
        )


def lay_out(graph: Graph) -> Layout:
    """Lay out the graph of a program.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.

    Returns:
        A :class:`Layout` in which no two nodes overlap (their centres are at least ``LANE`` apart), every
        edge goes forward, and inputs and outputs keep their order. A pure function of the graph. Above
        :data:`gp_fft.draw.grid.MOST_MARKS` nodes and pieces of wire, long edges run straight, without
        wires.
    """
    names = list(graph)
    number = {name: k for k, name in enumerate(names)}
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    returned = sorted((graph.nodes[names[k]]["index"], k) for k, kind in enumerate(kinds) if kind == "output")
    outputs = [k for _, k in returned]
    sources = [[number[source] for source in graph.predecessors(name)] for name in names]
    plain = [[edge["coefficient"] == 1 for _, _, edge in graph.in_edges(name, data=True)] for name in names]
    column = choose_columns(kinds.count("input"), sources, outputs).tolist()
    grids = [
        Grid(sources, outputs, column, plain, lead=lead, tail=tail) for lead, tail in product((False, True), repeat=2)
    ]
    _, grid, columns = min(map(_laid, grids), key=lambda laid: laid[0])
    return _measure(names, grid, columns)


def _laid(grid: Grid) -> tuple[float, Grid, list[Lanes]]:
    """Choose the lanes of one grid; an added gap must save enough crossings to be worth its room."""
    gaps = grid.gaps()
    columns, lanes = choose_lanes([len(marks) for marks in grid.marks], gaps)
    crossings = count_crossings(columns, gaps, lanes)
    return (crossings + 1) * WORTH_A_GAP ** (grid.lead + BEFORE_OUTPUTS * grid.tail), grid, columns


def _measure(names: Sequence[str], grid: Grid, columns: Sequence[Lanes]) -> Layout:
    """Turn columns and lanes into picture coordinates."""
    tops = [dict(zip(marks, lane.tolist(), strict=True)) for marks, lane in zip(grid.marks, columns, strict=True)]
    x = _column_positions(grid, columns)

    def point(value: int, c: int) -> Point:
        return x[c], LANE * tops[c][value]

    places = {name: point(value, grid.column[value]) for value, name in enumerate(names)}
    wires: dict[str, tuple[Point, ...]] = {}
    branches: dict[tuple[str, str], tuple[Point, Point]] = {}
    for value, name in enumerate(names):
        if len(grid.stands[value]) > 1:
            wires[name] = tuple(point(value, c) for c in grid.stands[value])
        for source in grid.sources[value]:
            branches[names[source], name] = point(source, grid.leaves(source, value)), places[name]
    ports = {names[value]: point(value, len(x) - 1) for value in grid.outputs}
    height = LANE * (max(map(len, columns)) - 1)  # the fullest column has a mark in every lane
    return Layout(places, ports, wires, branches, x[-1], height)


def _column_positions(grid: Grid, columns: Sequence[Lanes]) -> list[float]:
    """Place the columns; a gap is the wider the further its lines climb and the more there are."""
    crowds = Counter(grid.column[value] - 1 for value, read in enumerate(grid.sources) for _ in read)
    x = [0.0]
    for c, gap in enumerate(grid.gaps()):
        climb = np.abs(columns[c][gap.left] - columns[c + 1][gap.right]).max(initial=0)
        crowded = max(0.0, crowds[c] / max(len(columns[c]), len(columns[c + 1])) - 2.0)
        x.append(x[-1] + min(WIDEST_GAP, NARROWEST_GAP + CLIMB * float(climb) + CROWD * crowded))
    return x
