"""Rader: a DFT of prime size as a cyclic convolution with fixed constants, cut into small Hankel matrices.

With a generator g of the residues the sum over x[g^m] w^(g^(r+m)) is a Hankel form (C. M. Rader 1968). It falls apart
over the factors Phi_d of z^(p-1) - 1: remainders of the data, one Hankel matrix of size phi(d) for each, and the
remainders transposed (S. Winograd 1978). Factors of z^((p-1)/2) - 1 have real constants and make the cosine part,
those of z^((p-1)/2) + 1 the sine part, so real data cost half. Constants are sums of roots of unity, added
exactly and rounded once. For the power of a prime the units are convolved in the same way, and two transforms of
n/p points do what lies at the multiples of p, in the data and in the outputs (S. Winograd 1978 for 9).
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd

from flint import fmpz

from gp_fft.construct.builder import ZERO, Builder, negated, scaled
from gp_fft.construct.methods.convolution import convolution, factor_product
from gp_fft.construct.methods.lift import lift
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.polynomials import divisors_of, totient
from gp_fft.construct.spectrum import from_pairs, to_pairs
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

WEIGHTS = (1.0, 2.0, 0.0)  # of a multiplication in additions; few multiplications are best for nesting
SMALL = 3  # so many programs of n/p points are tried


def prime_base(n: int) -> int | None:
    """The odd prime that n is a power of; None if there is none."""
    factors = fmpz(n).factor()
    return int(factors[0][0]) if n % 2 and len(factors) == 1 else None


def generator(n: int) -> int:
    """The least number whose powers are all units modulo n, the power of an odd prime."""
    order = totient(n)
    steps = [order // int(p) for p, _ in fmpz(order).factor()]
    return next(g for g in range(2, n) if gcd(g, n) == 1 and all(pow(g, step, n) != 1 for step in steps))


@cache
def rader(p: int, weight: float) -> Program:
    """``rdft p`` for an odd prime p; a multiplication counts as ``weight`` additions."""
    build = Builder(p, "real")
    first = ZERO

    def mean(total: Term) -> Term:
        """What the factor z - 1 gives: x[0] and the mean of the roots times the total."""
        nonlocal first
        first = build.sum(build.x[0], total)
        return build.sum(first, scaled(total, -1.0 - 1.0 / (p - 1)))

    pairs = _over_units(build, weight, mean)
    return build.program(from_pairs([(first, ZERO), *(pairs[k] for k in sorted(pairs))], p), f"rdft {p}")


@lru_cache(maxsize=64)
def rader_power(small: Program, p: int, weight: float) -> Program:
    """``rdft n`` for n the power of an odd prime p from a program of ``rdft n/p``."""
    m = small.inputs
    n = m * p
    build = Builder(n, "real")
    folded = to_pairs(build.apply(small, [build.sum(*build.x[j::m]) for j in range(m)]))
    spread = to_pairs(build.apply(small, build.x[::p]))
    units = _over_units(build, weight, lambda total: ZERO)
    pairs = [folded[0]]
    for k in range(1, n // 2 + 1):
        if k % p:
            (re, im), (near_re, near_im) = units[k], spread[k % m]
            pairs.append((build.sum(re, near_re), build.sum(im, near_im)))
        else:
            pairs.append(folded[k // p])
    return build.program(from_pairs(pairs, n), f"rdft {n}")


def _over_units(build: Builder, weight: float, mean: Callable[[Term], Term]) -> dict[int, tuple[Term, Term]]:
    """Real and imaginary part of the sum over the units j of x[j] w^(jk), for the units k up to n/2."""
    n = build.inputs
    powers = _units(n)
    order = len(powers)
    pairs = [(build.x[powers[m]], build.x[powers[m + order // 2]]) for m in range(order // 2)]
    divisors, low = divisors_of(order), divisors_of(order // 2)

    kernel = tuple((-power, Fraction(1)) for power in powers)

    def product(d: int, data: list[Term]) -> list[Term]:
        if d == 1:
            return [mean(data[0])]
        if d % (n - order):  # the characters of this order live on fewer residues
            return [ZERO] * len(data)
        return factor_product(build, n, kernel, d, data, weight)

    cosines = convolution(build, [build.sum(a, b) for a, b in pairs], low, product)
    sines = convolution(build, [build.difference(a, b) for a, b in pairs], divisors - low, product)
    parts = {}
    for r, (re, im) in enumerate(zip(cosines, sines, strict=True)):
        k = powers[r]
        parts[min(k, n - k)] = re, im if 2 * k < n else negated(im)
    return parts


@cache
def _units(n: int) -> list[int]:
    """The units modulo n as the powers of the generator."""
    g = generator(n)
    return [pow(g, m, n) for m in range(totient(n))]


def _raders(transform: Transform, parts: Parts) -> Iterator[Program]:
    n, p = transform.inputs, prime_base(transform.inputs)
    small = parts.known("rdft", n // p)[:SMALL] if p and p < n else []
    for weight in WEIGHTS:
        for real in [rader_power(part, n // part.inputs, weight) for part in small] or [rader(n, weight)]:
            yield lift(real, transform.title) if transform.name == "dft" else real


METHOD = Method("rader", ("rdft", "dft"), lambda transform: prime_base(transform.inputs) is not None, _raders)
