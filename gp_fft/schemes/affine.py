"""Indices and exponents with n symbolic: whole-number polynomials in N and in variables that run over multiples of N.

Here n = P N with a power P of the prime of the family and any N >= 1. An index is affine, ``c + d N + sum of a_i v_i``,
where v_i runs from 0 to r_i N - 1. An exponent of w_n is a product of indices, or a sum of such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

Symbol = str
Affine = Mapping[Symbol, int]  # of "1", "N" and variables
Monomial = tuple[Symbol, ...]
Polynomial = Mapping[Monomial, int]
ONE, N = "1", "N"


def plus(one: Affine, other: Affine) -> dict[Symbol, int]:
    """The sum of two indices."""
    total = Counter[Symbol]()
    for part in (one, other):
        for symbol, factor in part.items():
            total[symbol] += factor
    return {symbol: factor for symbol, factor in total.items() if factor}


def times(one: Affine, factor: int) -> dict[Symbol, int]:
    """A whole number times an index."""
    return {symbol: factor * value for symbol, value in one.items() if factor * value}


def variables(one: Affine) -> list[Symbol]:
    """Its variables, sorted."""
    return sorted(symbol for symbol in one if symbol not in (ONE, N))


def product(one: Affine, other: Affine, factor: int = 1) -> Polynomial:
    """A whole number times the product of two indices."""
    total = Counter[Monomial]()
    for a, x in one.items():
        for b, y in other.items():
            total[tuple(sorted(s for s in (a, b) if s != ONE))] += factor * x * y
    return total


def added(one: Polynomial, other: Polynomial) -> Polynomial:
    """The sum of two exponents."""
    total = Counter(one)
    for monomial, value in other.items():
        total[monomial] += value
    return total


def put_in(one: Affine, variable: Symbol, value: Affine) -> dict[Symbol, int]:
    """An index with an index put in for one of its variables."""
    rest = {symbol: factor for symbol, factor in one.items() if symbol != variable}
    return plus(rest, times(value, one.get(variable, 0)))


def put_in_all(polynomial: Polynomial, variable: Symbol, value: Affine) -> Polynomial:
    """An exponent with an index put in for one of its variables."""
    total: Polynomial = Counter()
    for monomial, factor in polynomial.items():
        expanded: Polynomial = {(): factor}
        for symbol in monomial:
            by = value if symbol == variable else {symbol: 1}
            more = Counter[Monomial]()
            for known, x in expanded.items():
                for s, y in by.items():
                    more[tuple(sorted((*known, *(() if s == ONE else (s,)))))] += x * y
            expanded = more
        total = added(total, expanded)
    return total


def reduced(polynomial: Polynomial, parts: int) -> tuple[Fraction, tuple[tuple[Monomial, int], ...]]:
    """An exponent of w_n modulo n = parts * N: what of it is a constant angle, in turns, and the rest, sorted.

    A monomial that N divides counts modulo ``parts``: as N times a whole number it is so many times n/parts.
    """
    angle, rest = Fraction(0), []
    for monomial, value in polynomial.items():
        left = value % parts if N in monomial else value
        if monomial == (N,):
            angle += Fraction(left, parts)
        elif left:
            rest.append((monomial, left))
    return angle % 1, tuple(sorted(rest))
