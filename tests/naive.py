"""The slow, obvious twins of what the package computes fast: plain numbers, one operation at a time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from gp_fft.program import Program, Term


@dataclass
class Tally:
    """Counts the additions and multiplications of real numbers that were really executed."""

    adds: int = 0
    muls: int = 0


@dataclass(frozen=True)
class CountingScalar:
    """A real number that tells its tally of every addition and multiplication; a change of sign is free."""

    value: float
    tally: Tally = field(compare=False)

    def __add__(self, other: CountingScalar) -> CountingScalar:
        self.tally.adds += 1
        return CountingScalar(self.value + other.value, self.tally)

    def __sub__(self, other: CountingScalar) -> CountingScalar:
        self.tally.adds += 1
        return CountingScalar(self.value - other.value, self.tally)

    def __mul__(self, constant: float) -> CountingScalar:
        self.tally.muls += 1
        return CountingScalar(self.value * constant, self.tally)

    def __neg__(self) -> CountingScalar:
        return CountingScalar(-self.value, self.tally)


@dataclass(frozen=True)
class CountingComplex:
    """A complex number as a pair of counting reals; a turn swaps and negates them, which is free."""

    re: CountingScalar
    im: CountingScalar

    def __add__(self, other: CountingComplex) -> CountingComplex:
        return CountingComplex(self.re + other.re, self.im + other.im)

    def __sub__(self, other: CountingComplex) -> CountingComplex:
        return CountingComplex(self.re - other.re, self.im - other.im)

    def __mul__(self, constant: float) -> CountingComplex:
        return CountingComplex(self.re * constant, self.im * constant)

    def __neg__(self) -> CountingComplex:
        return CountingComplex(-self.re, -self.im)

    def times_i(self) -> CountingComplex:
        return CountingComplex(-self.im, self.re)


Number = CountingScalar | CountingComplex


def counting_number(value: complex, field_name: str, tally: Tally) -> Number:
    """``value`` as a number that counts: a pair of reals on complex data, one real on real data."""
    if field_name == "real":
        return CountingScalar(float(value.real), tally)
    return CountingComplex(CountingScalar(value.real, tally), CountingScalar(value.imag, tally))


def plain_number(number: Number) -> complex:
    """The value of a counting number."""
    return complex(number.value) if isinstance(number, CountingScalar) else complex(number.re.value, number.im.value)


def execute(program: Program, x: list[complex]) -> tuple[list[complex], Tally]:
    """Run ``program`` on the numbers ``x`` as scalar code would; the outputs and what it took."""
    tally = Tally()
    values = [counting_number(value, program.field, tally) for value in x]
    zero = counting_number(0, program.field, tally)
    products: dict[tuple[float, int], Number] = {}  # each distinct product is computed once
    for row in program.rows():
        total = None
        for size, turn, ref in row:
            if size != 1.0 and (size, ref) not in products:
                products[size, ref] = values[ref] * size
            term = values[ref] if size == 1.0 else products[size, ref]
            if turn in (1, 3):
                assert isinstance(term, CountingComplex)
                term = term.times_i()
            if total is None:
                total = -term if turn >= 2 else term
            else:
                total = total - term if turn >= 2 else total + term
        values.append(zero if total is None else total)
    return [plain_number(values[program.inputs + d]) for d in program.outputs.tolist()], tally


def executed_matrix(program: Program) -> tuple[list[list[complex]], Tally]:
    """The matrix of ``program``, run on one basis vector after another, and the tally of one run."""
    columns, tally = [], Tally()
    for k in range(program.inputs):
        column, tally = execute(program, [complex(j == k) for j in range(program.inputs)])
        columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)], tally


@dataclass(frozen=True)
class Score:
    """What is known of one program after its evaluation; see ``gp_fft.kernels.evaluate.Evaluation``."""

    matrix: list[list[complex]]
    error: float
    output_errors: list[float]
    adds: int
    scales: int
    unitless: int


def score(program: Program, target: list[list[complex]]) -> Score:
    """Run ``program`` number by number and compare it with ``target``; the twin of ``evaluate``."""
    matrix, tally = executed_matrix(program)
    norm = sum(abs(entry) ** 2 for line in target for entry in line) ** 0.5
    squares = [
        sum(abs(a - b) ** 2 for a, b in zip(line, wanted, strict=True))
        for line, wanted in zip(matrix, target, strict=True)
    ]
    flops = 1 if program.field == "real" else 2
    unitless = sum(bool(row) and all(size != 1.0 for size, _, _ in row) for row in program.rows())
    return Score(
        matrix,
        error=sum(squares) ** 0.5 / norm,
        output_errors=[square**0.5 / norm for square in squares],
        adds=tally.adds // flops,
        scales=tally.muls // flops,
        unitless=unitless,
    )


def packed_terms(programs: list[Program]) -> list[list[list[Term]]]:
    """The terms of each row of each program, as ``pack`` must lay them out."""
    return [list(program.rows()) for program in programs]


def squared_round_off(program: Program) -> float:
    """What rounding does to the outputs: summed over every operation, its squared size times the square of its way.

    Relative to the outputs, in units of one rounding; sums of up to three terms, over all orders of their terms.
    """
    matrix, _ = executed_matrix(program)
    wrong = 0.0
    for d, row in enumerate(program.rows()):
        way = _way(program, {d: 1.0})
        sums = []
        orders = list(itertools.permutations(range(len(row))))
        for order in orders:
            for length in range(2, len(row) + 1):
                sums.append(_square(_columns(program, [row[k] for k in order[:length]])))
        wrong += sum(sums) / len(orders) * way
    for size, ref in sorted({(size, ref) for row in program.rows() for size, _, ref in row}):
        used = {d: sum(1j**turn for s, turn, r in row if (s, r) == (size, ref)) for d, row in enumerate(program.rows())}
        exact = math.log2(size).is_integer()
        short = (size * 2**20).is_integer()
        roundings = 0 if exact else 1 if short else 2
        wrong += roundings * _square(_columns(program, [(size, 0, ref)])) * _way(program, used)
    return wrong / sum(abs(entry) ** 2 for line in matrix for entry in line)


def _columns(program: Program, terms: list[Term]) -> list[complex]:
    """A sum of terms as a row over the inputs."""
    found = []
    for j in range(program.inputs):
        values = [complex(j == k) for k in range(program.inputs)]
        for row in program.rows():
            values.append(sum((size * 1j**turn * values[ref] for size, turn, ref in row), 0j))
        found.append(sum((size * 1j**turn * values[ref] for size, turn, ref in terms), 0j))
    return found


def _way(program: Program, errors: dict[int, complex]) -> float:
    """The squared size of what arrives at the outputs if definitions are off by these errors."""
    values = [0j] * program.inputs
    for d, row in enumerate(program.rows()):
        values.append(errors.get(d, 0.0) + sum((size * 1j**turn * values[ref] for size, turn, ref in row), 0j))
    return _square([values[program.inputs + d] for d in program.outputs.tolist()])


def _square(row: list[complex]) -> float:
    return sum(abs(value) ** 2 for value in row)


def over_bits(inputs: int, rows: list[list[Term]], outputs: list[int], x: list[int]) -> list[int]:
    """The outputs of rows of references over GF(2) for words ``x``, each row computed when it is asked for."""

    def value(ref: int) -> int:
        total = 0
        for _, _, other in rows[ref - inputs] if ref >= inputs else ():
            total ^= value(other)
        return x[ref] if ref < inputs else total

    return [value(inputs + d) for d in outputs]


def matrix_mod_2(program: Program) -> list[list[int]]:
    """The matrix of a program over GF(2): the ways from inputs to outputs, counted, and odd or even."""
    columns = []
    for k in range(program.inputs):
        ways = [int(j == k) for j in range(program.inputs)]
        for row in program.rows():
            ways.append(sum(ways[ref] for _, _, ref in row))
        columns.append([ways[program.inputs + d] % 2 for d in program.outputs.tolist()])
    return [list(row) for row in zip(*columns, strict=True)]


def levels(program: Program, products: bool) -> int:
    """The level of the highest output, every sum put together in every way; a product is a level if asked for."""
    heights = [0] * program.inputs
    for row in program.rows():
        heights.append(_lowest_tree(sorted(heights[ref] + (products and size != 1.0) for size, _, ref in row)))
    return max(heights[program.inputs + d] for d in program.outputs.tolist())


def _lowest_tree(leaves: list[int]) -> int:
    """The least height of all binary trees on leaves of these heights."""
    if len(leaves) < 2:
        return sum(leaves)
    ways = itertools.combinations(range(len(leaves)), 2)
    return min(
        _lowest_tree([*(leaves[k] for k in range(len(leaves)) if k not in pair), 1 + max(leaves[k] for k in pair)])
        for pair in ways
    )


Value = tuple[str, float, int]  # ("x", 0, k), ("t", 0, d), or ("p", size, reference) for a product of several rows


def steps(program: Program) -> dict[Value, set[Value]]:
    """What each definition and each product that several definitions use is made of."""
    rows = list(program.rows())
    scaled = [(size, ref, d) for d, row in enumerate(rows) for size, _, ref in row if size != 1.0]

    def value(ref: int) -> Value:
        return ("x", 0.0, ref) if ref < program.inputs else ("t", 0.0, ref - program.inputs)

    made: dict[Value, set[Value]] = {}
    for d, row in enumerate(rows):
        made["t", 0.0, d] = set()
        for size, _, ref in row:
            read = value(ref)
            if len({e for other, where, e in scaled if (other, where) == (size, ref)}) > 1:
                made["p", size, ref] = {read}
                read = ("p", size, ref)
            made["t", 0.0, d].add(read)
    return made


def held(program: Program, order: list[Value]) -> int:
    """The most values alive before, between and after the steps in this order, by looking at each moment."""
    made, kept = steps(program), {("t", 0.0, d) for d in program.outputs.tolist()}
    assert sorted(order) == sorted(made)
    most = 0
    for moment in range(len(order) + 1):
        there = {("x", 0.0, k) for k in range(program.inputs)} | set(order[:moment])
        to_come = set().union(*(made[value] for value in order[moment:]))
        assert all(made[value] <= there for value in order[moment : moment + 1])
        most = max(most, len(there & (kept | to_come)))
    return most


def least_held(program: Program) -> int:
    """The least that any order of the steps holds, every one tried."""
    made = steps(program)

    def orders(begun: list[Value]) -> Iterator[list[Value]]:
        if len(begun) == len(made):
            yield begun
        for value in made:
            if value not in begun and all(read in begun or read[0] == "x" for read in made[value]):
                yield from orders([*begun, value])

    return min(held(program, order) for order in orders([]))
