"""Rader: a DFT of prime size as a cyclic convolution with fixed constants, cut into small Hankel matrices.

With a generator g of the residues the sum over x[g^m] w^(g^(r+m)) is a Hankel form (C. M. Rader 1968). It falls apart
over the factors Phi_d of z^(p-1) - 1: remainders of the data, one Hankel matrix of size phi(d) for each, and the
remainders transposed (S. Winograd 1978). Factors of z^((p-1)/2) - 1 have real constants and make the cosine part,
those of z^((p-1)/2) + 1 the sine part, so real data cost half. Constants are sums of roots of unity, added
exactly and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

from gp_fft.evolve.compose.builder import ZERO, Builder, scaled
from gp_fft.evolve.compose.hankel import hankel_product
from gp_fft.evolve.compose.lift import lift
from gp_fft.evolve.compose.parts import Method, Parts
from gp_fft.evolve.compose.polynomials import cyclotomic, ramanujan, reduction
from gp_fft.evolve.compose.transpose import transpose
from gp_fft.exact import Number
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

WEIGHTS = (1.0, 2.0, 0.0)  # of a multiplication in additions; few multiplications are best for nesting


def is_prime(n: int) -> bool:
    """Whether n is a prime number."""
    return n > 1 and all(n % d for d in range(2, n))


def generator(p: int) -> int:
    """The least number whose powers are all residues of a prime but 0."""
    return next(g for g in range(1, p) if len({pow(g, k, p) for k in range(p - 1)}) == p - 1)


@cache
def rader(p: int, weight: float) -> Program:
    """``rdft p`` for an odd prime p; a multiplication counts as ``weight`` additions."""
    build = Builder(p, "real")
    half = (p - 1) // 2
    powers = [pow(generator(p), m, p) for m in range(p - 1)]
    pairs = [(build.x[powers[m]], build.x[powers[m + half]]) for m in range(half)]
    divisors = frozenset(d for d in range(1, p) if (p - 1) % d == 0)
    low = frozenset(d for d in divisors if half % d == 0)
    y = [ZERO] * p

    def mean(total: Term) -> Term:
        """What the factor z - 1 gives: x[0] and the mean of the roots times the total."""
        y[0] = build.sum(build.x[0], total)
        return build.sum(y[0], scaled(total, -1.0 - 1.0 / (p - 1)))

    cosines = _convolved(build, [build.sum(a, b) for a, b in pairs], low, powers, weight, mean)
    sines = _convolved(build, [build.difference(a, b) for a, b in pairs], divisors - low, powers, weight, mean)
    for r, (re, im) in enumerate(zip(cosines, sines, strict=True)):
        k, sign = (powers[r], 1.0) if powers[r] <= half else (p - powers[r], -1.0)
        y[2 * k - 1], y[2 * k] = re, scaled(im, sign)
    return build.program(y, f"rdft {p}")


def _convolved(
    build: Builder,
    data: list[Term],
    modulus: frozenset[int],
    powers: list[int],
    weight: float,
    mean: Callable[[Term], Term],
) -> list[Term]:
    """The Hankel form of half the convolution: remainders, a product for each factor, the remainders transposed."""
    down, order = reduction(modulus)
    rest = build.apply(down, data)
    products: list[Term] = []
    for d in order:
        own = rest[len(products) : len(products) + len(cyclotomic(d)) - 1]
        entries = [_entry(d, k, powers) for k in range(2 * len(own) - 1)]
        products += [mean(own[0])] if d == 1 else hankel_product(build, entries, own, _size, weight)
    return build.apply(transpose(down, "expansion"), products)


def _entry(d: int, k: int, powers: list[int]) -> Number:
    """The k-th entry of the Hankel matrix of Phi_d: the roots w^(g^k), w^(g^(k+1)), ... seen by that factor."""
    n = len(powers)
    return Number.of(n + 1, ((-powers[(k + j) % n], Fraction(ramanujan(d, j), n)) for j in range(n)))


def _size(entry: Number) -> float:
    """The real number that an entry is, or is i times."""
    value = entry.value()
    return value.imag if abs(value.imag) > abs(value.real) else value.real


def _raders(transform: Transform, parts: Parts) -> Iterator[Program]:
    for weight in WEIGHTS:
        real = rader(transform.inputs, weight)
        yield lift(real, transform.title) if transform.name == "dft" else real


METHOD = Method(
    "rader", ("rdft", "dft"), lambda transform: transform.inputs > 2 and is_prime(transform.inputs), _raders
)
