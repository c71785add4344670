"""Exact entries: sums of rational multiples of roots of unity, rounded to floats only at the very end.

Every constant of a trigonometric transform lies in a cyclotomic field Q(zeta_m), zeta_m = exp(2 pi i / m):
``2 cos(2 pi k / m) = zeta_m^k + zeta_m^-k``, and square roots of rationals are there by quadratic Gauss sums
(C. F. Gauss, Summatio quarumdam serierum singularium, 1811). Floats are made from these sums in integer
fixed-point arithmetic with an error bound, more digits until the rounding is certain (A. Ziv, 1991): equal
numbers give equal floats, bit for bit, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import gcd, isqrt, lcm

import numpy as np
from numpy.typing import NDArray

Terms = tuple[tuple[int, Fraction], ...]

_FIRST_BITS = 128
_LAST_BITS = 4096


@dataclass(frozen=True)
class Number:
    """An element of Q(zeta_order): the sum of ``c * zeta_order^k`` over its terms ``(k, c)``.

    Terms are sorted by k, hold no zero, and keep ``k < order / 2`` for even orders (zeta^(order/2) is -1).
    Different terms may still stand for the same number; ``equals`` decides that exactly.
    """

    order: int
    terms: Terms

    @classmethod
    def of(cls, order: int, pairs: Iterable[tuple[int, Fraction | int]]) -> Number:
        """The sum of ``c * zeta_order^k`` over ``pairs`` of (k, c), in normal form."""
        total: dict[int, Fraction] = {}
        for power, coefficient in pairs:
            k, c = power % order, Fraction(coefficient)
            if order % 2 == 0 and 2 * k >= order:
                k, c = k - order // 2, -c
            total[k] = total.get(k, Fraction(0)) + c
        return cls(order, tuple(sorted((k, c) for k, c in total.items() if c)))

    def lift(self, order: int) -> Number:
        """The same number written in Q(zeta_order); ``order`` must be a multiple of the present one."""
        if order % self.order:
            raise ValueError(f"order {order} is no multiple of {self.order}")
        step = order // self.order
        return Number.of(order, ((k * step, c) for k, c in self.terms))

    def __add__(self, other: Number) -> Number:
        order = lcm(self.order, other.order)
        return Number.of(order, self.lift(order).terms + other.lift(order).terms)

    def __neg__(self) -> Number:
        return Number(self.order, tuple((k, -c) for k, c in self.terms))

    def __sub__(self, other: Number) -> Number:
        return self + -other

    def __mul__(self, other: Number | Fraction | int) -> Number:
        if not isinstance(other, Number):
            return Number.of(self.order, ((k, c * other) for k, c in self.terms))
        order = lcm(self.order, other.order)
        left, right = self.lift(order).terms, other.lift(order).terms
        return Number.of(order, ((k + q, c * d) for k, c in left for q, d in right))

    __rmul__ = __mul__

    def conjugate(self) -> Number:
        """The complex conjugate."""
        return Number.of(self.order, ((-k, c) for k, c in self.terms))

    def coordinates(self) -> tuple[Fraction, ...]:
        """The unique coordinates in the basis 1, zeta, ..., zeta^(phi(order) - 1)."""
        modulus = cyclotomic_polynomial(self.order)
        degree = len(modulus) - 1
        rest = [Fraction(0)] * max(self.order, degree)
        for k, c in self.terms:
            rest[k] += c
        for top in range(len(rest) - 1, degree - 1, -1):
            if rest[top]:
                for place, c_int in enumerate(modulus[:-1]):
                    rest[top - degree + place] -= rest[top] * c_int
        return tuple(rest[:degree])

    def is_zero(self) -> bool:
        """Whether the number is zero, decided exactly."""
        return not self.terms or not any(self.coordinates())

    def equals(self, other: Number) -> bool:
        """Whether two numbers are the same, decided exactly, whatever their orders and terms."""
        return (self - other).is_zero()

    def value(self, square: Fraction = Fraction(1)) -> complex:
        """``sqrt(square)`` times the number, real and imaginary part each correctly rounded to float64."""
        real = _rounded(self, square)
        minus_i = root(-1, 4)
        return complex(real, _rounded(self * minus_i, square))


def rational(value: Fraction | int) -> Number:
    """The rational number ``value``."""
    return Number.of(1, [(0, value)])


def root(k: int, order: int) -> Number:
    """The root of unity exp(2 pi i k / order), written in lowest terms."""
    common = gcd(k, order)
    return Number.of(order // common, [(k // common, 1)])


def cosine(k: int, order: int) -> Number:
    """cos(2 pi k / order)."""
    return (root(k, order) + root(-k, order)) * Fraction(1, 2)


def sine(k: int, order: int) -> Number:
    """sin(2 pi k / order)."""
    return (root(k, order) - root(-k, order)) * root(-1, 4) * Fraction(1, 2)


@lru_cache(maxsize=256)
def square_root(value: Fraction | int) -> Number:
    """The non-negative square root of a rational number, by Gauss sums.

    For odd square-free f the sum of zeta_f^(j j) over j is sqrt(f) if f = 1 mod 4, i sqrt(f) if f = 3 mod 4;
    sqrt(2) is zeta_8 + zeta_8^-1. Raises ValueError for a negative value.
    """
    number = Fraction(value)
    if number < 0:
        raise ValueError(f"the square root of {number} is not real")
    if number == 0:
        return rational(0)
    outside, inside = _square_free(number.numerator * number.denominator)
    factor = rational(Fraction(outside, number.denominator))
    odd = inside
    if inside % 2 == 0:
        odd = inside // 2
        factor = factor * (root(1, 8) + root(-1, 8))
    gauss = Number.of(odd, ((j * j, 1) for j in range(odd)))
    return factor * (gauss if odd % 4 == 1 else gauss * root(-1, 4))


def _square_free(value: int) -> tuple[int, int]:
    """(s, f) with value = s * s * f and f square-free."""
    outside, inside, divisor = 1, value, 2
    while divisor * divisor <= inside:
        while inside % (divisor * divisor) == 0:
            inside //= divisor * divisor
            outside *= divisor
        divisor += 1
    return outside, inside


@lru_cache(maxsize=256)
def cyclotomic_polynomial(order: int) -> tuple[int, ...]:
    """The coefficients of the cyclotomic polynomial, lowest power first (monic, of degree phi)."""
    radical = _radical(order)
    if radical != order:
        small = cyclotomic_polynomial(radical)
        step = order // radical
        spread = [0] * ((len(small) - 1) * step + 1)
        spread[::step] = small
        return tuple(spread)
    quotient = [-1] + [0] * (order - 1) + [1]
    for divisor in range(1, order):
        if order % divisor == 0:
            quotient = _divide(quotient, cyclotomic_polynomial(divisor))
    return tuple(quotient)


def _radical(order: int) -> int:
    """The product of the primes that divide ``order``."""
    radical, rest, divisor = 1, order, 2
    while rest > 1:
        if rest % divisor == 0:
            radical *= divisor
            while rest % divisor == 0:
                rest //= divisor
        divisor += 1
    return radical


def _divide(dividend: Sequence[int], divisor: Sequence[int]) -> list[int]:
    """The exact quotient of two integer polynomials; the divisor is monic."""
    rest, degree = list(dividend), len(divisor) - 1
    quotient = [0] * (len(rest) - degree)
    for top in range(len(quotient) - 1, -1, -1):
        quotient[top] = rest[top + degree]
        if quotient[top]:
            for place, c in enumerate(divisor):
                rest[top + place] -= quotient[top] * c
    return quotient


def _rounded(number: Number, square: Fraction) -> float:
    """``sqrt(square) * Re(number)`` rounded to the nearest float64, with more bits until that is certain."""
    cosines = _cosine_sum(number)
    if not cosines or not square:
        return 0.0
    if square == 1 and all(turn == 0 for turn in cosines):
        return float(cosines[Fraction(0)])
    bits, tested = _FIRST_BITS, False
    while True:
        value, error = _fixed_sum(cosines, square, bits)
        low, high = (value - error) / (1 << bits), (value + error) / (1 << bits)
        if low == high or bits >= _LAST_BITS:
            return value / (1 << bits) + 0.0
        if not tested and low <= 0.0 <= high:
            if (number + number.conjugate()).is_zero():
                return 0.0
            tested = True
        bits *= 2


def _cosine_sum(number: Number) -> dict[Fraction, Fraction]:
    """Re(number) as coefficients of cos(2 pi t) with turns t from 0 up to, but without, a quarter."""
    total: dict[Fraction, Fraction] = {}
    for k, c in number.terms:
        turn = Fraction(min(k, number.order - k), number.order)
        if turn > Fraction(1, 4):
            turn, c = Fraction(1, 2) - turn, -c
        if turn == Fraction(1, 6):
            turn, c = Fraction(0), c / 2
        if turn != Fraction(1, 4):
            total[turn] = total.get(turn, Fraction(0)) + c
    return {turn: c for turn, c in total.items() if c}


def _fixed_sum(cosines: dict[Fraction, Fraction], square: Fraction, bits: int) -> tuple[int, int]:
    """(value, error bound) of sqrt(square) times the sum of cosines, as integers scaled by 2^bits."""
    common = lcm(*(c.denominator for c in cosines.values()))
    value = size = 0
    for turn, c in cosines.items():
        factor = c.numerator * (common // c.denominator)
        value += factor * _fixed_cosine(turn, bits)
        size += abs(factor)
    value, error = value // common, size // common + 2
    if square == 1:
        return value, error
    scale = isqrt((square.numerator << 2 * bits) // square.denominator)
    return value * scale >> bits, ((error * (scale + 2) + 2 * abs(value)) >> bits) + 2


@lru_cache(maxsize=1 << 15)
def _fixed_cosine(turn: Fraction, bits: int) -> int:
    """cos(2 pi turn) * 2^bits for a turn in 0..1/4, to within 1, by its power series."""
    work = bits + 16
    angle = 2 * _fixed_pi(work) * turn.numerator // turn.denominator
    squared = angle * angle >> work
    term = total = 1 << work
    step = 0
    while abs(term) > 1:
        step += 2
        term = -(term * squared >> work) // ((step - 1) * step)
        total += term
    return (total + (1 << 15)) >> 16


@lru_cache(maxsize=8)
def _fixed_pi(bits: int) -> int:
    """pi * 2^bits to within a few units, by J. Machin's formula (1706)."""
    work = bits + 16

    def inverse_tangent(inverse: int) -> int:
        term = total = (1 << work) // inverse
        step, sign = 1, 1
        while term:
            term //= inverse * inverse
            step, sign = step + 2, -sign
            total += sign * (term // step)
        return total

    return (16 * inverse_tangent(5) - 4 * inverse_tangent(239)) >> 16


@dataclass(frozen=True)
class ExactMatrix:
    """A matrix over Q(zeta_order): ``entries[i][j]`` holds the terms (k, c) of row i, column j.

    Rows are outputs. Entries are normal forms as in ``Number``; equal entries usually share one tuple.
    """

    order: int
    entries: tuple[tuple[Terms, ...], ...]

    @classmethod
    def from_numbers(cls, values: Sequence[Number], index: NDArray[np.int64]) -> ExactMatrix:
        """The matrix with entry ``values[index[i, j]]``; its order is the least that holds all values."""
        order = lcm(*(value.order for value in values)) if values else 1
        terms = [value.lift(order).terms for value in values]
        return cls(order, tuple(tuple(terms[place] for place in row) for row in index.tolist()))

    @classmethod
    def from_floats(cls, matrix: NDArray[np.complex128] | NDArray[np.float64]) -> ExactMatrix:
        """The matrix of the dyadic rationals that finite floats are; order 1 if real, else 4."""
        distinct, index = np.unique(matrix, return_inverse=True)
        parts = ((Fraction(float(v.real)), Fraction(float(v.imag))) for v in distinct)
        values = [rational(a) if not b else Number.of(4, [(0, a), (1, b)]) for a, b in parts]
        return cls.from_numbers(values, index.reshape(matrix.shape))

    @property
    def shape(self) -> tuple[int, int]:
        """(outputs, inputs)."""
        return len(self.entries), len(self.entries[0]) if self.entries else 0

    @cached_property
    def is_rational(self) -> bool:
        """Whether every entry is written as a rational number."""
        return all(k == 0 for row in self.entries for terms in row for k, _ in terms)

    def number(self, row: int, column: int) -> Number:
        """One entry as a number."""
        return Number(self.order, self.entries[row][column])

    def to_array(self) -> NDArray[np.complex128]:
        """``(outputs, inputs)`` complex128, each part correctly rounded."""
        distinct = {terms for row in self.entries for terms in row}
        known = {terms: Number(self.order, terms).value() for terms in distinct}
        array = np.array([[known[terms] for terms in row] for row in self.entries], np.complex128)
        return array.reshape(self.shape)

    def __matmul__(self, other: ExactMatrix) -> ExactMatrix:
        """The exact product; ValueError if the shapes do not fit."""
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"shapes {self.shape} and {other.shape} cannot be multiplied")
        order = lcm(self.order, other.order)
        rows = []
        for i in range(self.shape[0]):
            sums = (self._dot(other, order, i, j) for j in range(other.shape[1]))
            rows.append(tuple(entry.terms for entry in sums))
        return ExactMatrix(order, tuple(rows))

    def _dot(self, other: ExactMatrix, order: int, row: int, column: int) -> Number:
        products = (self.number(row, j) * other.number(j, column) for j in range(self.shape[1]))
        return Number.of(order, (term for product in products for term in product.lift(order).terms))

    def kronecker(self, other: ExactMatrix) -> ExactMatrix:
        """The exact Kronecker product, laid out as numpy.kron does."""
        order = lcm(self.order, other.order)
        return ExactMatrix(
            order,
            tuple(
                tuple((Number(self.order, a) * Number(other.order, b)).terms for a in upper for b in lower)
                for upper in self.entries
                for lower in other.entries
            ),
        )

    def equals(self, other: ExactMatrix) -> bool:
        """Whether two matrices are the same, decided exactly."""
        return self.shape == other.shape and all(
            self.number(i, j).equals(other.number(i, j))
            for i in range(self.shape[0])
            for j in range(self.shape[1])
        )
