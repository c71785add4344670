"""Products of cyclotomic polynomials: what they sum up to, and the way down a tree of remainders.

A modulus is a set of numbers d and stands for the product of the cyclotomic polynomials Phi_d, so z^n - 1 is the set
of the divisors of n (S. Winograd 1978).
"""

from functools import cache
from math import gcd, prod

from flint import fmpz, fmpz_poly

from gp_fft.construct.builder import Builder
from gp_fft.program import Program, Term

Modulus = frozenset[int]


def divisors_of(n: int) -> Modulus:
    """The modulus z^n - 1: all divisors of n."""
    return frozenset(d for d in range(1, n + 1) if n % d == 0)


def totient(n: int) -> int:
    """How many of the numbers up to n have no factor in common with it: the degree of Phi_n."""
    return int(fmpz(n).euler_phi())


@cache
def polynomial(modulus: Modulus) -> fmpz_poly:
    """The product of the cyclotomic polynomials of a modulus."""
    return prod(map(fmpz_poly.cyclotomic, modulus), start=fmpz_poly([1]))


def ramanujan(d: int, j: int) -> int:
    """The sum of the j-th powers of the primitive d-th roots of one (S. Ramanujan 1918, by O. Hoelder 1936)."""
    order = d // gcd(d, j)
    return int(fmpz(order).moebius_mu()) * totient(d) // totient(order)


def reduction(modulus: Modulus) -> tuple[Program, list[int]]:
    """The program from a polynomial modulo ``modulus`` to its remainders by every Phi_d, and the d in their order."""
    build = Builder(polynomial(modulus).degree(), "real")
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
        rest = [build.combine(row, given) for row in _remainders(modulus, child)]
        _descend(build, rest, child, values, order)


@cache
def _remainders(modulus: Modulus, child: Modulus) -> list[list[int]]:
    """The matrix that takes a remainder by ``modulus`` to that by a part of it."""
    divisor = polynomial(child)
    powers = [fmpz_poly([0] * k + [1]) % divisor for k in range(polynomial(modulus).degree())]
    return [[int(power[j]) for power in powers] for j in range(divisor.degree())]


@cache
def _split(modulus: Modulus) -> tuple[int, tuple[Modulus, ...]]:
    """Additions of the cheapest way down, and the two parts of its first step."""
    if len(modulus) == 1:
        return 0, ()
    ways = []
    for power in sorted({e for d in modulus for e in divisors_of(d) - {1}}):
        divided = frozenset(d for d in modulus if d % power == 0)
        parts = (modulus - divided, divided)
        if all(parts):
            rows = [row for part in parts for row in _remainders(modulus, part)]
            adds = sum(sum(map(bool, row)) - 1 for row in rows) + sum(_split(part)[0] for part in parts)
            ways.append((adds, parts))
    return min(ways, key=lambda way: way[0])
