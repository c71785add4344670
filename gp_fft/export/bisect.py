"""The order of genfft: cut the graph in the middle between inputs and outputs, and order each half in the same way.

M. Frigo, "A fast Fourier transform compiler", PLDI 1999, section 6: statements are coloured from the inputs on, as far
as all that they read is coloured, and from the outputs on, as far as all that read them are, in turns, until the
colours meet; then all of the first colour come before all of the second. Parts that do not hang together come one
after the other. It uses registers well for any number of them, up to a constant factor.
"""

from __future__ import annotations

from gp_fft.export.live import Graph


def bisected(graph: Graph) -> list[int]:
    """The order of all statements by recursive bisection."""
    order = list[int]()
    stack = [list(range(len(graph.makes)))]
    while stack:
        part = stack.pop()
        if len(part) <= 1:
            order += part
            continue
        pieces = _pieces(graph, part)
        if len(pieces) == 1:
            pieces = _halves(graph, part)
        stack += reversed(pieces)
    return order


def _pieces(graph: Graph, part: list[int]) -> list[list[int]]:
    """The parts of a part that do not hang together, by their first statements."""
    inside, seen, pieces = set(part), set[int](), []
    for start in part:
        if start in seen:
            continue
        seen.add(start)
        piece, todo = [], [start]
        while todo:
            here = todo.pop()
            piece.append(here)
            for near in (*graph.before(here), *graph.after(here)):
                if near in inside and near not in seen:
                    seen.add(near)
                    todo.append(near)
        pieces.append(sorted(piece))
    return pieces


def _halves(graph: Graph, part: list[int]) -> list[list[int]]:
    """What is coloured from the inputs, and what from the outputs."""
    inside = set(part)
    early, late = set[int](), set[int]()
    left = part
    while left:
        level = [k for k in left if all(b in early or b not in inside for b in graph.before(k))]
        early.update(level)
        left = [k for k in left if k not in early]
        level = [k for k in left if all(a in late or a not in inside for a in graph.after(k))]
        late.update(level)
        left = [k for k in left if k not in late]
    return [[k for k in part if k in early], [k for k in part if k in late]]
