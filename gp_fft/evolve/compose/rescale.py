"""A program times a constant, with the constant put where it costs least.

Every value is kept as it is or times the factor; a term from one kind to the other takes the factor into its size.
Where that size was something else than 1 already the factor is free, so the best border between the two kinds runs
through the multiplications of the program. It is found by moving one value at a time across while that saves.
"""

from __future__ import annotations

from collections import Counter

from gp_fft.evolve.compose.builder import Builder, scaled, turned
from gp_fft.program import Program, Term


def rescale(program: Program, factor: float) -> Program:
    """The program of ``factor`` times the matrix; the factor is above zero."""
    borders = [_Border(program, factor, late) for late in (False, True)]
    best = min(borders, key=lambda border: border.descend())
    return best.program()


class _Border:
    """Which values carry the factor; ``late`` begins with none but the outputs, else all but the inputs do."""

    def __init__(self, program: Program, factor: float, late: bool) -> None:
        self.whole = program
        self.factor = factor
        self.rows: list[list[Term]] = [[] for _ in range(program.inputs)] + list(program.rows())
        self.outputs = [program.inputs + d for d in program.outputs.tolist()]
        self.carries = [not late and at >= program.inputs for at in range(len(self.rows))]
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
            terms = self._terms(at)
            values.append(build.sum(*(turned(scaled(values[ref], size), turn) for size, turn, ref in terms)))
        return build.program([values[at] for at in self.outputs], self.whole.title)
