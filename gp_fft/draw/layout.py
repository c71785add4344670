"""Where everything stands in a drawing of a program: columns left to right, lanes top to bottom, no drawing
here.

Inputs stand in natural order in the first column and outputs in natural order in the last. A value that is
read in several columns runs on as a *wire* in a lane of its own, and *branches* leave it to its users. Every
branch spans exactly one column gap, so no line runs through a node (this is the idea of dummy nodes:
Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981). Where
it saves many crossings, a gap of wires alone is added behind the inputs or before the outputs: it holds the
permutation, such as the bit reversal of the textbooks, and the butterflies stay clean.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product

import networkx as nx

from gp_fft.draw.columns import choose_columns
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
    wires: dict[
        str, tuple[Point, ...]
    ]  # how a value runs on to later columns, from its node; only where it does
    branches: dict[tuple[str, str], tuple[Point, Point]]  # the last, straight piece of every edge
    width: float
    height: float

    def widened(self, gaps: Mapping[tuple[float, float], float]) -> "Layout":
        """The same layout with some column gaps, named by the columns beside them, of another width."""
        points = [*self.places.values(), *self.ports.values(), *chain.from_iterable(self.wires.values())]
        columns = sorted({x for x, _ in points})
        there = {columns[0]: columns[0]}
        for left, right in pairwise(columns):
            there[right] = there[left] + gaps.get((left, right), right - left)

        def moved(point: Point) -> Point:
            return there[point[0]], point[1]

        return Layout(
            places={name: moved(point) for name, point in self.places.items()},
            ports={name: moved(point) for name, point in self.ports.items()},
            wires={name: tuple(map(moved, points)) for name, points in self.wires.items()},
            branches={edge: (moved(start), moved(end)) for edge, (start, end) in self.branches.items()},
            width=there[columns[-1]],
            height=self.height,
        )


def lay_out(graph: nx.DiGraph) -> Layout:
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
    nodes = graph.nodes
    inputs = sum(1 for name in names if nodes[name]["kind"] == "input")
    returned = sorted((n for n in names if nodes[n]["kind"] == "output"), key=lambda n: nodes[n]["index"])
    sources = [[number[source] for source in graph.predecessors(name)] for name in names]
    outputs = [number[name] for name in returned]
    plain = [
        [graph.edges[names[s], names[v]]["coefficient"] == 1 for s in read] for v, read in enumerate(sources)
    ]
    column = choose_columns(inputs, sources, outputs).tolist()
    tried = [
        _arrange(Grid(sources, outputs, column, plain, lead=lead, tail=tail))
        for lead, tail in product((False, True), repeat=2)
    ]
    return _measure(names, min(tried, key=lambda arranged: arranged.untidiness))


@dataclass(frozen=True)
class _Arranged:
    """A grid with the lane of every mark."""

    grid: Grid
    lanes: list[Lanes]
    count: int
    untidiness: float


def _arrange(grid: Grid) -> _Arranged:
    """Choose the lanes of one grid; an added gap must save enough crossings to be worth its room."""
    gaps = grid.gaps()
    lanes, count = choose_lanes([len(marks) for marks in grid.marks], gaps)
    crossings = count_crossings(lanes, gaps, count)
    return _Arranged(grid, lanes, count, (crossings + 1) * WORTH_A_GAP ** (grid.lead + BEFORE_OUTPUTS * grid.tail))


def _measure(names: Sequence[str], arranged: _Arranged) -> Layout:
    """Turn columns and lanes into picture coordinates."""
    grid = arranged.grid
    tops = [
        dict(zip(marks, lane.tolist(), strict=True))
        for marks, lane in zip(grid.marks, arranged.lanes, strict=True)
    ]
    x = _column_positions(grid, tops)

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
    return Layout(places, ports, wires, branches, x[-1], LANE * (arranged.count - 1))


def _column_positions(grid: Grid, tops: Sequence[dict[int, int]]) -> list[float]:
    """Place the columns; a gap is the wider the further its lines climb and the more there are."""
    climbs = [0] * (len(tops) - 1)
    for value, columns in enumerate(grid.stands):
        for c, there in pairwise(columns):
            climbs[there - 1] = max(climbs[there - 1], abs(tops[c][value] - tops[there][value]))
        start = columns[0]
        for source in grid.sources[value]:
            top = tops[grid.leaves(source, value)][source]
            climbs[start - 1] = max(climbs[start - 1], abs(tops[start][value] - top))
    crowds = Counter(grid.column[value] - 1 for value, read in enumerate(grid.sources) for _ in read)
    x = [0.0]
    for c, climb in enumerate(climbs):
        crowded = max(0.0, crowds[c] / max(len(tops[c]), len(tops[c + 1])) - 2.0)
        x.append(x[-1] + min(WIDEST_GAP, NARROWEST_GAP + CLIMB * climb + CROWD * crowded))
    return x
