"""A program in the making whose values are terms: signs, turns and scales wait for the sum that uses them.

Embedding a program on such values costs nothing for a permutation, a sign or a turn of its inputs, and a scale
meets the constants inside the program instead of standing before it. A sum that exists is not made again.
"""

from collections.abc import Iterable, Mapping, Sequence

from gp_fft.program import Program, Term

ZERO: Term = (0.0, 0, 0)
"""The value zero; it leaves every sum."""

Pair = tuple[Term, Term]
"""The real and the imaginary part of a complex value in a real program."""

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
    """The rows of a program on ``inputs`` values of a field; ``x`` are its inputs as values.

    A ``plain`` one makes a row of every sum as it is written: nothing is merged or turned round.
    """

    def __init__(self, inputs: int, field: str, plain: bool = False) -> None:
        self.inputs = inputs
        self.field = field
        self.plain = plain
        self.x: list[Term] = [(1.0, 0, k) for k in range(inputs)]
        self.rows: list[list[Term]] = []
        self._known: dict[tuple[Term, ...], int] = {}

    def sum(self, *values: Term) -> Term:
        """The sum of values: a row, new unless it is there up to a turn; a single term is its own sum."""
        terms = [value for value in values if value[0]] if self.plain else self._collected(values)
        if not terms:
            return ZERO
        if len(terms) == 1:
            return terms[0]
        if self.plain:
            return self._row(terms)
        turn = terms[0][1] if self.field == "complex" else terms[0][1] & 2
        key = tuple(turned(term, -turn) for term in terms)
        if key not in self._known:
            self._known[key] = self._row(key)[2]
        return 1.0, turn, self._known[key]

    def _collected(self, values: Iterable[Term]) -> list[Term]:
        """The terms of a sum without what vanishes, sorted; over GF(2) what is there twice does."""
        terms = collected(values)
        return [(1.0, 0, ref) for size, _, ref in terms if size % 2] if self.field == "gf2" else terms

    def _row(self, terms: Iterable[Term]) -> Term:
        self.rows.append(list(terms))
        return 1.0, 0, self.inputs + len(self.rows) - 1

    def difference(self, value: Term, other: Term) -> Term:
        """One value minus another."""
        return self.sum(value, negated(other))

    def times(self, value: Term, factor: complex) -> Term:
        """A complex factor times a value: free for a turn, else a cosine and a sine term."""
        return self.sum(scaled(value, factor.real), scaled(turned(value, 1), factor.imag))

    def times_pair(self, pair: Pair, factor: complex) -> Pair:
        """A complex factor times a complex value in a real program."""
        return self.combine((factor.real, -factor.imag), pair), self.combine((factor.imag, factor.real), pair)

    def combine(self, factors: Iterable[float], values: Iterable[Term]) -> Term:
        """The sum of values, each times its real factor."""
        return self.sum(*map(scaled, values, factors))

    def resolve(self, row: Iterable[Term], values: Sequence[Term] | Mapping[int, Term]) -> Term:
        """The sum of a row of terms whose references stand for ``values``."""
        return self.sum(*(turned(scaled(values[ref], size), turn) for size, turn, ref in row))

    def apply(self, program: Program, arguments: Sequence[Term]) -> list[Term]:
        """The outputs of a program applied to values; on complex data a real program runs on both parts."""
        values = list(arguments)
        for row in program.rows():
            values.append(self.resolve(row, values))
        return [values[program.inputs + d] for d in program.outputs.tolist()]

    def program(self, outputs: Iterable[Term], title: str) -> Program:
        """The finished program: every output a definition of its own, its sum where that is free."""
        taken: list[int] = []
        for value in outputs:
            place = value[2] - self.inputs
            if value[:2] != (1.0, 0) or place < 0 or place in taken:
                place = self._row([value] if value[0] else [])[2] - self.inputs
            taken.append(place)
        return Program.build(self.inputs, self.field, self.rows, taken, title)


def collected(values: Iterable[Term]) -> list[Term]:
    """The terms of a sum, those of equal or opposite direction of one reference added up, sorted."""
    totals: dict[tuple[int, int], float] = {}
    for size, turn, ref in values:
        if size:
            key = ref, turn % 2
            totals[key] = totals.get(key, 0.0) + (size if turn < 2 else -size)
    return [scaled((1.0, turn, ref), total) for (ref, turn), total in sorted(totals.items()) if abs(total) > ONE]
