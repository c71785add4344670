"""The layout of drawings: every edge forward, no two nodes overlap, inputs and outputs in their order."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.draw import grid
from gp_fft.draw.columns import LARGEST_EXACT, choose_columns
from gp_fft.draw.graph import to_graph
from gp_fft.draw.lanes import choose_lanes, count_crossings
from gp_fft.draw.layout import LANE, RADIUS, Layout, lay_out
from gp_fft.program import Program
from tests.strategies import programs


def check(program: Program, layout: Layout, wired: bool = True) -> None:
    """Assert every invariant that a layout promises."""
    graph = to_graph(program)
    assert list(layout.places) == list(graph)
    for one, other in combinations(layout.places.values(), 2):
        assert abs(one[0] - other[0]) + abs(one[1] - other[1]) >= LANE > 2 * RADIUS
    assert set(layout.branches) == set(graph.edges)
    for (source, target), (start, end) in layout.branches.items():
        assert start[0] < end[0]
        assert end == layout.places[target]
        assert start == layout.places[source] or start in layout.wires[source]
    for name, points in layout.wires.items():
        assert points[0] == layout.places[name]
        assert all(left[0] < right[0] for left, right in pairwise(points))
    inputs = [layout.places[f"x{k}"] for k in range(program.inputs)]
    outputs = [layout.ports[f"y{k}"] for k in range(len(program.outputs))]
    for ends, x in ((inputs, 0.0), (outputs, layout.width)):
        assert {point[0] for point in ends} == {x}
        assert all(upper[1] < lower[1] for upper, lower in pairwise(ends))
    if wired:
        columns = sorted(
            {x for x, _ in [*layout.places.values(), *outputs]} | {p[0] for w in layout.wires.values() for p in w}
        )
        steps = set(pairwise(columns))
        assert all((start[0], end[0]) in steps for start, end in layout.branches.values())
        marks = [p for w in layout.wires.values() for p in w[1:]] + list(layout.places.values())
        assert len(set(marks)) == len(marks)  # no line runs through a node or along another wire


@settings(max_examples=60, deadline=None)
@given(programs(most=14))
def test_every_edge_goes_forward_and_no_two_nodes_overlap(program):
    check(program, lay_out(to_graph(program)))


@settings(max_examples=15, deadline=None)
@given(programs(most=10))
def test_the_same_holds_when_wires_are_thinned_out(program):
    before, grid.MOST_MARKS = grid.MOST_MARKS, 0
    try:
        check(program, lay_out(to_graph(program)), wired=False)
    finally:
        grid.MOST_MARKS = before


@pytest.mark.parametrize("n", [2, 4, 8, 16, 32, 64])
def test_textbook_programs(n):
    for build in (textbook.radix2, textbook.split_radix):
        program = build(transforms.get("dft", n))
        layout = lay_out(to_graph(program))
        check(program, layout)
        assert layout == lay_out(to_graph(program))
        assert layout.height == LANE * (n - 1)  # a radix-2 program needs no more lanes than it has points


def test_the_butterflies_of_eight_points_look_like_the_textbook():
    layout = lay_out(to_graph(textbook.radix2(transforms.get("dft", 8))))
    tops = {name: place[1] / LANE for name, place in layout.places.items()}
    graph = to_graph(textbook.radix2(transforms.get("dft", 8)))
    for k in range(4):  # the last butterflies: outputs k and k + 4 straight behind their two operands
        operands = {layout.branches[source, f"y{k}"][0][1] / LANE for source in graph.predecessors(f"y{k}")}
        assert operands == {tops[f"y{k}"], tops[f"y{k + 4}"]} == {float(k), float(k + 4)}
    permuted = [layout.wires[f"x{k}"][1][1] / LANE for k in range(8)]
    assert permuted == [0, 4, 2, 6, 1, 5, 3, 7]  # bit reversal


def test_crossings_are_counted_like_pairs_of_lines():
    program = textbook.split_radix(transforms.get("dft", 8))
    graph = to_graph(program)
    number = {name: k for k, name in enumerate(graph)}
    sources = [[number[s] for s in graph.predecessors(name)] for name in graph]
    outputs = [number[f"y{k}"] for k in range(8)]
    column = choose_columns(8, sources, outputs).tolist()
    table = grid.Grid(sources, outputs, column, [[True] * len(read) for read in sources])
    gaps = table.gaps()
    lanes, count = choose_lanes([len(marks) for marks in table.marks], gaps)
    slow = 0
    for c, gap in enumerate(gaps):
        lines = list(zip(lanes[c][gap.left].tolist(), lanes[c + 1][gap.right].tolist(), strict=True))
        slow += sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(lines, 2))
    assert count_crossings(lanes, gaps, count) == slow


def test_columns_keep_wires_short():
    # x0 is needed only at the end: the sum that reads it moves there, not its wire.
    sources = [[], [], [0, 1], [2], [3], [0], [4, 5]]
    assert choose_columns(2, sources, [6]).tolist() == [0, 0, 1, 2, 3, 1, 4]
    assert choose_columns(2, [[], [], [0, 1], [0]], [2, 3]).tolist() == [0, 0, 1, 1]


def test_long_programs_are_placed_without_the_linear_program():
    length = LARGEST_EXACT + 1
    sources = [[], *([k] for k in range(length))]
    assert choose_columns(1, sources, [length]).tolist() == list(range(length + 1))


def test_wide_columns_are_ordered_by_barycenter():
    program = textbook.definition(transforms.get("wht", 2))
    copies = [[(1.0, 0, 2 * k), (1.0, 0, 2 * k + 1)] for k in range(100)]
    wide = Program.build(200, "real", [*copies, *([(2.0, 0, 200 + k)] for k in range(100))], range(100, 200))
    check(wide, lay_out(to_graph(wide)))
    check(program, lay_out(to_graph(program)))
