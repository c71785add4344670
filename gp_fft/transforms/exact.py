"""Exact numbers: sums of rational multiples of roots of unity, in plain Python, rounded to floats only at the very end.

Every constant of a trigonometric transform lies in a cyclotomic field Q(zeta_m), zeta_m = exp(2 pi i / m):
``2 cos(2 pi k / m) = zeta_m^k + zeta_m^-k``, and square roots of rationals are there by quadratic Gauss sums
(C. F. Gauss, Summatio quarumdam serierum singularium, 1811).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from gp_fft.transforms import balls
from gp_fft.transforms.balls import Terms


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

    def is_zero(self) -> bool:
        """Whether the number is zero, decided exactly."""
        return not balls.reduced(self.terms, self.order)

    def equals(self, other: Number) -> bool:
        """Whether two numbers are the same, decided exactly, whatever their orders and terms."""
        return (self - other).is_zero()

    def value(self, square: Fraction = Fraction(1)) -> complex:
        """``sqrt(square)`` times the number, real and imaginary part each correctly rounded to float64."""
        return balls.rounded(self.terms, self.order, square)


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
