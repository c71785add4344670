"""Digits of exact numbers by ball arithmetic: correctly rounded floats, and integers scaled by a power of two.

A number is given as the sum of ``c * zeta_order^k`` over its terms ``(k, c)``, zeta_m = exp(2 pi i / m). FLINT's balls
(F. Johansson, Arb, 2017) surely hold it; more bits are taken until a whole ball rounds to one float (A. Ziv, 1991), so
that equal numbers give equal floats, bit for bit, on every machine.
"""

from fractions import Fraction
from functools import lru_cache
from math import lcm

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly

Terms = tuple[tuple[int, Fraction], ...]

MOST_BITS = 1 << 20
"""Bits that are tried before a number is called a tie between two floats."""
_FIRST_BITS = 128


def rounded(terms: Terms, order: int, square: Fraction) -> complex:
    """``sqrt(square)`` times the sum, real and imaginary part each correctly rounded to float64; no part is -0.0."""
    return complex(_rounded(terms, order, square), _rounded(*_turned(terms, order), square))


def entry(terms: Terms, order: int, bits: int) -> tuple[int, int]:
    """Real and imaginary part of the sum, scaled by 2^bits, off by a unit at most."""
    with ctx.workprec(bits + 64):
        return fixed(_real(terms, order), bits), fixed(_real(*_turned(terms, order)), bits)


def parts(terms: Terms, order: int, square: Fraction) -> tuple[arb, arb]:
    """``sqrt(square)`` times the sum as balls, real and imaginary part, to the precision of the context."""
    factor = arb(fmpq(square.numerator, square.denominator)).sqrt()
    return _real(terms, order) * factor, _real(*_turned(terms, order)) * factor


def cosine(k: int, order: int, bits: int) -> int:
    """cos(2 pi k / order) times 2^bits, off by a unit at most."""
    return fixed(_cosine(k, order, bits + 32), bits)


def fixed(ball: arb, bits: int) -> int:
    """The midpoint of a ball times 2^bits, rounded down."""
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    shift = exponent + bits
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def nearest(ball: arb) -> float | None:
    """The float64 to which every number of the ball rounds, or None if there is none."""
    with ctx.workprec(MOST_BITS):
        low, high = float(ball.lower()), float(ball.upper())
    return low + 0.0 if low == high else None


def reduced(terms: Terms, order: int) -> fmpq_poly:
    """The sum as a polynomial in zeta_order below the degree of its minimal polynomial: equal for equal sums."""
    places = [fmpq(0)] * order
    for k, c in terms:
        places[k % order] += fmpq(c.numerator, c.denominator)
    return fmpq_poly(places) % fmpq_poly(fmpz_poly.cyclotomic(order))


def _rounded(terms: Terms, order: int, square: Fraction) -> float:
    """``sqrt(square)`` times the real part, to the nearest float64."""
    bits = _FIRST_BITS
    while bits <= MOST_BITS:
        with ctx.workprec(bits):
            value = nearest(_real(terms, order) * arb(fmpq(square.numerator, square.denominator)).sqrt())
        if value is not None:
            return value
        if bits == _FIRST_BITS:  # zero, or half-way between two floats: the ball of a fraction is a point in the end
            twice = reduced((*terms, *((-k, c) for k, c in terms)), order)
            if twice.degree() < 1:
                terms = ((0, Fraction(int(twice[0].p), 2 * int(twice[0].q))),)
        bits *= 2
    raise ArithmeticError("a number lies on the border between two floats")


def _real(terms: Terms, order: int) -> arb:
    """The real part of the sum, to the precision of the context."""
    return sum((_cosine(k, order, ctx.prec) * fmpq(c.numerator, c.denominator) for k, c in terms), arb(0))


def _turned(terms: Terms, order: int) -> tuple[Terms, int]:
    """-i times the sum, whose real part is the imaginary one of the sum, in an order that holds i."""
    whole = lcm(4, order)
    return tuple((k * (whole // order) - whole // 4, c) for k, c in terms), whole


@lru_cache(maxsize=1 << 14)
def _cosine(k: int, order: int, bits: int) -> arb:
    with ctx.workprec(bits):
        return arb.cos_pi_fmpq(fmpq(2 * k, order))
