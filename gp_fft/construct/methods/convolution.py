"""Cyclic convolutions cut by the cyclotomic factors of z^n - 1: a small Hankel product for each, and back.

S. Winograd, "On computing the discrete Fourier transform" (1978). With a fixed kernel the constants are sums of its
values, added exactly and rounded once.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

from gp_fft.construct.builder import Builder
from gp_fft.construct.hankel import hankel_product
from gp_fft.construct.methods.transpose import transpose
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.polynomials import divisors_of, ramanujan, reduction, totient
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import Number

WEIGHTS = (1.0, 2.0, 0.0)  # of a multiplication in additions

Kernel = tuple[tuple[int, Fraction], ...]
"""The values of a kernel, each a power of a root of one and its factor."""

Product = Callable[[int, list[Term]], list[Term]]


def convolution(build: Builder, data: list[Term], modulus: frozenset[int], product: Product) -> list[Term]:
    """A Hankel form of the product of Phi_d over d in ``modulus``: remainders, a product for each, both turned round.

    ``product(d, remainder)`` is the Hankel matrix that the factor Phi_d sees times the remainder of the data.
    """
    down, order = reduction(modulus)
    rest = build.apply(down, data)
    products: list[Term] = []
    for d in order:
        products += product(d, rest[len(products) : len(products) + totient(d)])
    return build.apply(transpose(down, "expansion"), products)


def factor_product(build: Builder, order: int, kernel: Kernel, d: int, data: list[Term], weight: float) -> list[Term]:
    """The Hankel matrix of a kernel of ``order``-th roots of one, as the factor Phi_d sees it, times data."""
    entries = [_entry(order, kernel, d, k) for k in range(2 * len(data) - 1)]
    return hankel_product(build, entries, data, weight)


@lru_cache(maxsize=4096)
def _entry(order: int, kernel: Kernel, d: int, k: int) -> Number:
    n = len(kernel)
    shares = [Fraction(ramanujan(d, j), n) for j in range(n)]
    return Number.of(order, ((kernel[(k + j) % n][0], kernel[(k + j) % n][1] * shares[j]) for j in range(n)))


def circular(kernel: tuple[float, ...], weight: float, title: str) -> Program:
    """``y[r] = sum kernel[r - m] x[m]`` for a fixed real kernel; a multiplication counts as ``weight`` additions."""
    n = len(kernel)
    build = Builder(n, "real")
    taps = tuple((0, Fraction(tap)) for tap in kernel)
    data = [build.x[-m % n] for m in range(n)]
    values = convolution(build, data, divisors_of(n), lambda d, rest: factor_product(build, 1, taps, d, rest, weight))
    return build.program(values, title)


def _circulars(transform: Transform, parts: Parts) -> Iterator[Program]:
    for weight in WEIGHTS:
        yield circular(transform.kernel, weight, transform.title)


METHOD = Method("convolution", ("conv",), lambda transform: len(transform.shape) == 1, _circulars)
