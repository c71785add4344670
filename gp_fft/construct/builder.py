"""A program in the making whose values are terms: signs, turns and scales wait for the sum that uses them.

Embedding a program on such values costs nothing for a permutation, a sign or a turn of its inputs, and a scale
meets the constants inside the program instead of standing before it. A sum that exists is not made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gp_fft.program import Program, Term

ZERO: Term = (0.0, 0, 0)
"""The value zero; it leaves every sum."""

ONE = 2e-15  # a size this near to 1 came from rounding


def turned(value: Term, turn: int) -> Term:
    """``i**turn`` times a value."""
    return value[0], (value[1] + turn) % 4, value[2]


def negated(value: Term) -> Term:
    """Minus a value."""
    return turned(value, 2)


def scaled(value: Term, factor: float) -> Term:
    """A real factor times a value."""
    if not factor or not value[0]:
        return ZERO
    size = value[0] * abs(factor)
    return 1.0 if abs(size - 1.0) < ONE else size, (value[1] + 2 * (factor < 0)) % 4, value[2]


class Builder:
    """The rows of a program on ``inputs`` values of a field; ``x`` are its inputs as values."""

    def __init__(self, inputs: int, field: str) -> None:
        self.inputs = inputs
        self.field = field
        self.x: list[Term] = [(1.0, 0, k) for k in range(inputs)]
        self.rows: list[list[Term]] = []
        self._known: dict[tuple[Term, ...], int] = {}

    def sum(self, *values: Term) -> Term:
        """The sum of values: a row, new unless it is there up to a turn; a single term is its own sum."""
        terms = _collected(values)
        if not terms:
            return ZERO
        if len(terms) == 1:
            return terms[0]
        turn = terms[0][1] if self.field == "complex" else terms[0][1] & 2
        key = tuple(turned(term, -turn) for term in terms)
        if key not in self._known:
            self._known[key] = self.inputs + len(self.rows)
            self.rows.append(list(key))
        return 1.0, turn, self._known[key]

    def difference(self, value: Term, other: Term) -> Term:
        """One value minus another."""
        return self.sum(value, negated(other))

    def times(self, value: Term, factor: complex) -> Term:
        """A complex factor times a value: free for a turn, else a cosine and a sine term."""
        return self.sum(scaled(value, factor.real), scaled(turned(value, 1), factor.imag))

    def apply(self, program: Program, arguments: Sequence[Term]) -> list[Term]:
        """The outputs of a program applied to values; on complex data a real program runs on both parts."""
        values = list(arguments)
        for row in program.rows():
            values.append(self.sum(*(turned(scaled(values[ref], size), turn) for size, turn, ref in row)))
        return [values[program.inputs + d] for d in program.outputs.tolist()]

    def program(self, outputs: Iterable[Term], title: str) -> Program:
        """The finished program: every output a definition of its own, its sum where that is free."""
        taken: list[int] = []
        for value in outputs:
            place = value[2] - self.inputs
            if value[:2] != (1.0, 0) or place < 0 or place in taken:
                place = len(self.rows)
                self.rows.append([value] if value[0] else [])
            taken.append(place)
        return Program.build(self.inputs, self.field, self.rows, taken, title)


def _collected(values: Iterable[Term]) -> list[Term]:
    """The terms of a sum, those of equal or opposite direction of one reference added up, sorted."""
    totals: dict[tuple[int, int], float] = {}
    for size, turn, ref in values:
        if size:
            key = ref, turn % 2
            totals[key] = totals.get(key, 0.0) + (size if turn < 2 else -size)
    return [scaled((1.0, turn, ref), total) for (ref, turn), total in sorted(totals.items()) if abs(total) > ONE]
