"""Cyclic convolutions cut by the cyclotomic factors of z^n - 1: a small Hankel product for each, and back.

S. Winograd, "On computing the discrete Fourier transform" (1978). With a fixed kernel the constants are sums of its
values, added exactly and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from gp_fft.construct.builder import Builder
from gp_fft.construct.hankel import hankel_product
from gp_fft.construct.methods.transpose import transpose
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.polynomials import divisors_of, ramanujan, reduction, totient
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import Number, rational

WEIGHTS = (1.0, 2.0, 0.0)  # of a multiplication in additions

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


def circular(kernel: tuple[float, ...], weight: float, title: str) -> Program:
    """``y[r] = sum kernel[r - m] x[m]`` for a fixed real kernel; a multiplication counts as ``weight`` additions."""
    n = len(kernel)
    build = Builder(n, "real")
    taps = [Fraction(tap) for tap in kernel]

    def product(d: int, data: list[Term]) -> list[Term]:
        entries = [_entry(taps, d, k) for k in range(2 * len(data) - 1)]
        return hankel_product(build, entries, data, lambda entry: entry.value().real, weight)

    data = [build.x[-m % n] for m in range(n)]
    return build.program(convolution(build, data, divisors_of(n), product), title)


def _entry(taps: list[Fraction], d: int, k: int) -> Number:
    """The k-th entry of the Hankel matrix of Phi_d: the kernel from its k-th value on, as that factor sees it."""
    n = len(taps)
    return rational(sum((taps[(k + j) % n] * Fraction(ramanujan(d, j), n) for j in range(n)), Fraction(0)))


def _circulars(transform: Transform, parts: Parts) -> Iterator[Program]:
    for weight in WEIGHTS:
        yield circular(transform.kernel, weight, transform.title)


METHOD = Method("convolution", ("conv",), lambda transform: len(transform.shape) == 1, _circulars)
