"""Cosines and entries of transforms as integers scaled by a power of two, to any number of bits, by ball arithmetic."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from flint import arb, ctx

from gp_fft.transforms.exact import Terms


@lru_cache(maxsize=4096)
def entry(terms: Terms, order: int, bits: int) -> tuple[int, int]:
    """Real and imaginary part of the sum of c zeta_order^k, scaled by 2^bits, off by a few units at most."""
    turns = [Fraction(k, order) for k, _ in terms]
    real = sum((c * cosine(t, bits) for t, (_, c) in zip(turns, terms, strict=True)), Fraction(0))
    quarter = Fraction(1, 4)
    imaginary = sum((c * cosine(t - quarter, bits) for t, (_, c) in zip(turns, terms, strict=True)), Fraction(0))
    return round(real), round(imaginary)


@lru_cache(maxsize=1 << 14)
def cosine(turns: Fraction, bits: int) -> int:
    """cos(2 pi turns) times 2^bits, off by a unit at most."""
    with ctx.workprec(bits + 32):
        return fixed((arb(2 * turns.numerator) / turns.denominator).cos_pi(), bits)


def fixed(ball: arb, bits: int) -> int:
    """The midpoint of a ball times 2^bits, rounded down."""
    mantissa, exponent = (int(part) for part in ball.mid().man_exp())
    shift = exponent + bits
    return mantissa << shift if shift >= 0 else mantissa >> -shift
