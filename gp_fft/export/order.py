"""Statements in an order that keeps few values alive: several ways from the outputs down, then a short local search.

The ways: the order of genfft (:mod:`gp_fft.export.bisect`), and depth first from the outputs, the operand that needs
more registers first (R. Sethi and J. D. Ullman, "The generation of optimal code for arithmetic expressions", JACM
1970), where the next output is the one that needs the fewest statements still, or the next as they are numbered. From
the best ones a local search moves single statements earlier and later as long as that lowers the sum of the fourth
powers of the numbers of values alive, which tells of the most and of the whole at once. No chance is involved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gp_fft.export.bisect import bisected
from gp_fft.export.form import Form
from gp_fft.export.live import Graph

FIRST, STEPS = 20_000, 100_000  # exchanges of neighbours looked at, from every way, and from the best of them
BEST = 2  # ways that the search goes on with
PATIENCE = 20  # exchanges without a gain after which a statement is moved no further, at first


def ordered(form: Form) -> Form:
    """The same statements in a better order; the same for the same statements."""
    graph = Graph.of(form)
    if not form.statements:
        return form
    ways = {tuple(order): None for order in _ways(graph)}

    def rank(order: list[int]) -> tuple[int, list[int]]:
        return sum(alive**4 for alive in graph.alive(order)), order

    tried = sorted((_improved(graph, list(order), FIRST) for order in ways), key=rank)
    best = min((_improved(graph, order, STEPS) for order in tried[:BEST]), key=rank)
    return form.in_order(_improved(graph, best, STEPS, patience=len(best)))


def _ways(graph: Graph) -> Iterator[list[int]]:
    yield list(range(len(graph.makes)))
    yield bisected(graph)
    needs = _needs(graph)
    last = [k for k in range(len(graph.makes)) if not graph.after(k)]
    yield _depth_first(graph, needs, last)
    yield _depth_first(graph, needs, reversed(last))
    yield _fewest_first(graph, needs, last)


def _needs(graph: Graph) -> list[int]:
    """The registers that each statement needs for the tree of all that it is made of, after Sethi and Ullman."""
    needs = list[int]()
    for k in range(len(graph.makes)):
        below = sorted((needs[b] for b in graph.before(k)), reverse=True)
        needs.append(max([1, *(need + place for place, need in enumerate(below))]))
    return needs


def _depth_first(graph: Graph, needs: list[int], roots: Iterable[int]) -> list[int]:
    """All that each root is made of before it, what needs more first."""
    order, done = list[int](), set[int]()
    for root in roots:
        _visit(graph, needs, root, order, done)
    return order


def _visit(graph: Graph, needs: list[int], root: int, order: list[int], done: set[int]) -> None:
    stack = [root]
    while stack:
        here = stack[-1]
        missing = [b for b in graph.before(here) if b not in done]
        if here in done or not missing:
            stack.pop()
            if here not in done:
                done.add(here)
                order.append(here)
        else:
            stack.append(max(missing, key=lambda b: (needs[b], -b)))


def _fewest_first(graph: Graph, needs: list[int], roots: list[int]) -> list[int]:
    """Depth first, the root that has the fewest statements to come first, of equal ones the first."""
    cones = {root: _cone(graph, root) for root in roots}
    order, done = list[int](), set[int]()
    while cones:
        root = min(cones, key=lambda root: (len(cones[root]), root))
        before = len(order)
        _visit(graph, needs, root, order, done)
        del cones[root]
        new = set(order[before:])
        for cone in cones.values():
            cone -= new
    return order


def _cone(graph: Graph, root: int) -> set[int]:
    """The statements that a statement is made of, itself included."""
    cone, todo = {root}, [root]
    while todo:
        for b in graph.before(todo.pop()):
            if b not in cone:
                cone.add(b)
                todo.append(b)
    return cone


def _improved(graph: Graph, order: list[int], steps: int, patience: int = PATIENCE) -> list[int]:
    """The order after moves of single statements, each as far as it is worth, until none is or the steps are used."""
    walk = _Walk(graph, order)
    better = True
    while better and walk.steps < steps:
        better = False
        for statement in list(walk.order):
            for way in (-1, 1):
                better |= walk.move(statement, way, patience)
            if walk.steps >= steps:
                break
    return walk.order


class _Walk:
    """An order in which neighbours change places; only the count between them changes with it."""

    def __init__(self, graph: Graph, order: list[int]) -> None:
        self.graph, self.order = graph, order
        self.place = [0] * len(order)
        for k, statement in enumerate(order):
            self.place[statement] = k
        self.alive = graph.alive(order)
        self.steps = 0

    def move(self, statement: int, way: int, patience: int) -> bool:
        """Move a statement to the best place one way; False where that is where it stands."""
        gain, best, here, stay = 0, 0, 0, 0
        while here - stay < patience and (change := self._swap(statement, way)) is not None:
            here += 1
            gain += change
            if gain < best:
                best, stay = gain, here
        for _ in range(here - stay):
            self._swap(statement, -way)
        return stay > 0

    def _swap(self, statement: int, way: int) -> int | None:
        """Exchange a statement with its neighbour: by how much that changes the sum; None where it cannot be."""
        order, place, graph = self.order, self.place, self.graph
        here = place[statement]
        left = here if way > 0 else here - 1
        if left < 0 or left + 1 == len(order):
            return None
        first, second = order[left], order[left + 1]
        if graph.makes[first] in graph.reads[second]:
            return None
        self.steps += 1
        order[left], order[left + 1] = second, first
        place[first], place[second] = left + 1, left
        before = self.alive[left - 1] if left else 0
        was, now = self.alive[left], before + graph.change(second, left, place)
        if now == was:
            return 0
        self.alive[left] = now
        return now**4 - was**4
