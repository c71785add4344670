"""Cyclic convolutions cut by the cyclotomic factors of z^n - 1, skew ones by those of z^n + 1, and Hankel products.

S. Winograd, "On computing the discrete Fourier transform" (1978). With a fixed kernel the constants are sums of its
values, added exactly and rounded once.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache

from gp_fft.construct.builder import Builder, negated
from gp_fft.construct.hankel import hankel_product
from gp_fft.construct.methods.transpose import transpose
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.polynomials import divisors_of, ramanujan, reduction, totient
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import Number, rational

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
    data = [build.x[-m % n] for m in range(n)]
    return build.program(circular_hankel(build, kernel, data, weight), title)


def skew_circular(kernel: tuple[float, ...], weight: float, title: str) -> Program:
    """The same where what goes round comes back with the other sign: by the factors of z^n + 1 alone."""
    n = len(kernel)
    build = Builder(n, "real")
    data = [build.x[0], *(negated(build.x[n - m]) for m in range(1, n))]
    return build.program(skew_hankel(build, kernel, data, weight), title)


def skew_hankel(build: Builder, kernel: tuple[float, ...], data: list[Term], weight: float) -> list[Term]:
    """``y[r] = sum kernel[r + m] data[m]`` for a kernel that goes on with the other sign."""
    n = len(kernel)
    taps = tuple((0, Fraction(tap)) for tap in (*kernel, *(-tap for tap in kernel)))
    modulus = divisors_of(2 * n) - divisors_of(n)
    return convolution(build, data, modulus, lambda d, rest: factor_product(build, 1, taps, d, rest, weight))


def circular_hankel(build: Builder, kernel: tuple[float, ...], data: list[Term], weight: float) -> list[Term]:
    """``y[r] = sum kernel[r + m] data[m]`` for a kernel that begins anew at its end."""
    taps = tuple((0, Fraction(tap)) for tap in kernel)
    modulus = divisors_of(len(kernel))
    return convolution(build, data, modulus, lambda d, rest: factor_product(build, 1, taps, d, rest, weight))


def hankel(kernel: tuple[float, ...], weight: float, title: str) -> Program:
    """``y[r] = sum kernel[r + m] x[m]`` for a fixed real kernel of 2n-1 values."""
    build = Builder((len(kernel) + 1) // 2, "real")
    entries = [rational(Fraction(tap)) for tap in kernel]
    return build.program(hankel_product(build, entries, build.x, weight), title)


def toeplitz(kernel: tuple[float, ...], weight: float, title: str) -> Program:
    """``y[r] = sum T[r - m] x[m]``: a Hankel product with the data in reversed order."""
    n = (len(kernel) + 1) // 2
    build = Builder(n, "real")
    made = hankel((*kernel[: n - 1 : -1], *kernel[:n]), weight, title)
    return build.program(build.apply(made, build.x[::-1]), title)


_KINDS = {"conv": circular, "skewconv": skew_circular, "hankel": hankel, "toeplitz": toeplitz}


def _products(transform: Transform, parts: Parts) -> Iterator[Program]:
    for weight in WEIGHTS:
        yield _KINDS[transform.name](transform.kernel, weight, transform.title)


METHOD = Method("convolution", tuple(_KINDS), lambda transform: len(transform.shape) == 1, _products)
