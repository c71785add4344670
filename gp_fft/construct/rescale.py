"""A program times a constant, with the constant put where it costs least.

Every value is kept as it is or times the factor; a term from one kind to the other takes the factor into its size.
Where that size was something else than 1 already the factor is free, so the best border between the two kinds runs
through the multiplications of the program: the least cut, moved on by one value at a time
while that saves where the factor may cancel a size.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from gp_fft.construct.builder import ONE, Builder, scaled
from gp_fft.program import Program, Term

_NEVER = 1 << 20  # capacity of an edge that no least cut cuts


def rescale(program: Program, factor: float) -> Program:
    """The program of ``factor`` times the matrix; the factor is above zero."""
    if factor == 1.0:
        return program
    inputs, values = program.inputs, len(_rows(program))
    if np.abs(np.concatenate([program.sizes * factor, program.sizes / factor]) - 1.0).min(initial=1.0) > ONE:
        return _Border(program, factor, _least_cut(program)).program()
    starts = (_least_cut(program), [at >= inputs for at in range(values)], [False] * values)
    borders = [_Border(program, factor, carries) for carries in starts]
    return min(borders, key=lambda border: border.descend()).program()


def _rows(program: Program) -> list[list[Term]]:
    """A row for every input, empty, for every definition, and for every output one more, which may carry the factor."""
    last: list[list[Term]] = [[(1.0, 0, program.inputs + d)] for d in program.outputs.tolist()]
    return [*([] for _ in range(program.inputs)), *program.rows(), *last]


@lru_cache(maxsize=256)
def _least_cut(program: Program) -> list[bool]:
    """Which values carry a factor that meets no constant by chance, so that the fewest products are new.

    A least cut (L. R. Ford and D. R. Fulkerson 1956): a value that is used as it is costs one product if any of its
    users carries the factor, a product one more if some of its users carry it and some do not.
    """
    rows = _rows(program)
    known = len(rows)
    edges: list[tuple[int, int, int]] = [(known, at, _NEVER) for at in range(program.inputs)]
    edges += [(at, known + 1, _NEVER) for at in range(known - len(program.outputs), known)]
    users: dict[tuple[int, float], list[int]] = {}
    for at, row in enumerate(rows):
        for size, _, ref in row:
            users.setdefault((ref, size), []).append(at)
            edges.append((at, ref, _NEVER))  # what carries the factor is used only by what carries it
    node = known + 2
    for (ref, size), group in users.items():
        any_user, some_not = node, node + 1
        node += 2
        edges += [(any_user, at, _NEVER) for at in group]
        edges.append((ref, any_user, 1) if size == 1.0 else (some_not, any_user, 1))
        edges += [(at, some_not, _NEVER) for at in group]
    begin, end, capacity = (np.array(side, np.int32) for side in zip(*set(edges), strict=True))
    graph = sparse.csr_matrix((capacity, (begin, end)), shape=(node, node))
    left = graph - csgraph.maximum_flow(graph, known, known + 1).flow
    left.eliminate_zeros()
    plain = set(csgraph.breadth_first_order(left, known, return_predecessors=False).tolist())
    return [at not in plain for at in range(known)]


class _Border:
    """Which values carry the factor, as it moves."""

    def __init__(self, program: Program, factor: float, carries: Sequence[bool]) -> None:
        self.whole = program
        self.factor = factor
        self.rows = _rows(program)
        self.outputs = range(len(self.rows) - len(program.outputs), len(self.rows))
        self.carries = list(carries)
        for at in self.outputs:
            self.carries[at] = True
        self.users: list[set[int]] = [set() for _ in self.rows]
        for at, row in enumerate(self.rows):
            for _, _, ref in row:
                self.users[ref].add(at)
        self.products: Counter[tuple[float, int]] = Counter()
        for at in range(len(self.rows)):
            self._count(at, 1)

    def _terms(self, at: int) -> list[Term]:
        """The row of a value as it stands between the two kinds."""
        step = {(True, True): 1.0, (False, False): 1.0, (True, False): self.factor, (False, True): 1.0 / self.factor}
        return [
            scaled((1.0, turn, ref), size * step[self.carries[at], self.carries[ref]])
            for size, turn, ref in self.rows[at]
        ]

    def _count(self, at: int, times: int) -> None:
        for size, _, ref in self._terms(at):
            if size != 1.0:
                key = float(f"{size:.13g}"), ref
                self.products[key] += times
                if not self.products[key]:
                    del self.products[key]

    def _flip(self, at: int) -> None:
        for place in (at, *self.users[at]):
            self._count(place, -1)
        self.carries[at] = not self.carries[at]
        for place in (at, *self.users[at]):
            self._count(place, 1)

    def descend(self) -> int:
        """Move values across the border while that saves multiplications; return how many there are."""
        fixed = set(self.outputs) | set(range(self.whole.inputs))
        before = -1
        while before != len(self.products):
            before = len(self.products)
            for at in range(len(self.rows)):
                if at not in fixed:
                    now = len(self.products)
                    self._flip(at)
                    if len(self.products) > now:
                        self._flip(at)
        return len(self.products)

    def program(self) -> Program:
        """The program with the border where it is."""
        build = Builder(self.whole.inputs, self.whole.field)
        values = list(build.x)
        for at in range(self.whole.inputs, len(self.rows)):
            values.append(build.resolve(self._terms(at), values))
        return build.program([values[at] for at in self.outputs], self.whole.title)
