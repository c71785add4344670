"""Polynomials with whole coefficients: the cyclotomic ones, remainders, and the way down a tree of remainders.

A polynomial is the tuple of its coefficients, that of z^0 first. A modulus is a set of numbers d and stands for the
product of the cyclotomic polynomials Phi_d, so z^n - 1 is the set of the divisors of n (S. Winograd 1978).
"""

from __future__ import annotations

from functools import cache
from math import gcd

from gp_fft.construct.builder import Builder, scaled
from gp_fft.program import Program, Term

Polynomial = tuple[int, ...]
Modulus = frozenset[int]


def remainder(given: Polynomial, modulus: Polynomial) -> Polynomial:
    """The remainder, as many coefficients as the degree of the modulus, whose leading coefficient is 1."""
    rest = list(given)
    degree = len(modulus) - 1
    for top in range(len(rest) - 1, degree - 1, -1):
        factor = rest[top]
        for k, c in enumerate(modulus):
            rest[top - degree + k] -= factor * c
    return tuple((rest + [0] * degree)[:degree])


def quotient(given: Polynomial, divisor: Polynomial) -> Polynomial:
    """The quotient; the leading coefficient of the divisor is 1."""
    rest = list(given)
    degree = len(divisor) - 1
    result = [0] * (len(rest) - degree)
    for top in range(len(rest) - 1, degree - 1, -1):
        result[top - degree] = rest[top]
        for k, c in enumerate(divisor):
            rest[top - degree + k] -= result[top - degree] * c
    return tuple(result)


@cache
def cyclotomic(d: int) -> Polynomial:
    """Phi_d, whose roots are the primitive d-th roots of one."""
    rest: Polynomial = (-1, *[0] * (d - 1), 1)
    for e in range(1, d):
        if d % e == 0:
            rest = quotient(rest, cyclotomic(e))
    return rest


@cache
def polynomial(modulus: Modulus) -> Polynomial:
    """The product of the cyclotomic polynomials of a modulus."""
    product: list[int] = [1]
    for d in sorted(modulus):
        factor = cyclotomic(d)
        longer = [0] * (len(product) + len(factor) - 1)
        for j, a in enumerate(product):
            for k, b in enumerate(factor):
                longer[j + k] += a * b
        product = longer
    return tuple(product)


def ramanujan(d: int, j: int) -> int:
    """The sum of the j-th powers of the primitive d-th roots of one (S. Ramanujan 1918)."""
    common = gcd(d, j)
    return sum(_moebius(d // e) * e for e in range(1, common + 1) if common % e == 0)


def _moebius(n: int) -> int:
    """The Moebius function: the coefficient of z^(phi - 1) in Phi_n is minus it."""
    return -cyclotomic(n)[-2]


def reduction(modulus: Modulus) -> tuple[Program, list[int]]:
    """The program from a polynomial modulo ``modulus`` to its remainders by every Phi_d, and the d in their order."""
    build = Builder(len(polynomial(modulus)) - 1, "real")
    values: list[Term] = []
    order: list[int] = []
    _descend(build, build.x, modulus, values, order)
    return build.program(values, "reduction"), order


def _descend(build: Builder, given: list[Term], modulus: Modulus, values: list[Term], order: list[int]) -> None:
    if len(modulus) == 1:
        order += modulus
        values += given
        return
    for child in _split(modulus)[1]:
        rows = [[scaled(term, c) for term, c in zip(given, row, strict=True)] for row in _remainders(modulus, child)]
        _descend(build, [build.sum(*row) for row in rows], child, values, order)


@cache
def _remainders(modulus: Modulus, child: Modulus) -> list[tuple[int, ...]]:
    """The matrix that takes a remainder by ``modulus`` to that by a part of it."""
    degree = len(polynomial(modulus)) - 1
    powers = [remainder((0,) * k + (1,), polynomial(child)) for k in range(degree)]
    return list(zip(*powers, strict=True))


@cache
def _split(modulus: Modulus) -> tuple[int, tuple[Modulus, ...]]:
    """Additions of the cheapest way down, and the two parts of its first step."""
    if len(modulus) == 1:
        return 0, ()
    best: tuple[int, tuple[Modulus, ...]] | None = None
    for power in sorted({e for d in modulus for e in range(2, d + 1) if d % e == 0}):
        divided = frozenset(d for d in modulus if d % power == 0)
        parts = (modulus - divided, divided)
        if all(parts):
            rows = [row for part in parts for row in _remainders(modulus, part)]
            adds = sum(sum(map(bool, row)) - 1 for row in rows) + sum(_split(part)[0] for part in parts)
            if best is None or adds < best[0]:
                best = adds, parts
    assert best is not None
    return best
