"""Two factors: n = first * second points by Good and Thomas or by Cooley and Tukey.

The prime-factor algorithm needs coprime factors and no twiddles (I. J. Good 1958, L. H. Thomas 1963); that of
J. W. Cooley and J. W. Tukey (1965) takes any factors and multiplies by twiddles in between.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gp_fft.construct.builder import ZERO, Builder
from gp_fft.construct.parts import Method, Parts
from gp_fft.program import Program
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import root


def prime_factor(outer: Program, inner: Program, title: str) -> Program:
    """``dft n`` from programs of two coprime sizes: the inner one runs on the rows, the outer on the columns."""
    first, second = outer.inputs, inner.inputs
    n = first * second
    build = Builder(n, "complex")
    middle = [build.apply(inner, [build.x[(second * j + first * k) % n] for k in range(second)]) for j in range(first)]
    y = [ZERO] * n
    for k in range(second):
        for j, value in enumerate(build.apply(outer, [middle[j][k] for j in range(first)])):
            y[chinese(j, first, k, second)] = value
    return build.program(y, title)


def cooley_tukey(outer: Program, inner: Program, title: str) -> Program:
    """``dft n`` from programs of any two sizes: inner ones, twiddles, outer ones.

    Rows and columns are numbered from -size/2 to size/2, so twiddles come in conjugate pairs: fewer constants, and
    conjugate columns where the data are real.
    """
    first, second = outer.inputs, inner.inputs
    n = first * second
    build = Builder(n, "complex")
    middle = {j: build.apply(inner, [build.x[(j + first * m) % n] for m in range(second)]) for j in balanced(first)}
    y = [ZERO] * n
    for k in balanced(second):
        column = {j: build.times(middle[j][k], root(-j * k, n).value()) for j in balanced(first)}
        for j, value in enumerate(build.apply(outer, [column[j] for j in sorted(column, key=lambda j: j % first)])):
            y[(k + second * j) % n] = value
    return build.program(y, title)


def balanced(n: int) -> list[int]:
    """The residues modulo n nearest to zero, in order."""
    return list(range(-((n - 1) // 2), n // 2 + 1))


def chinese(a: int, first: int, b: int, second: int) -> int:
    """The number below ``first * second`` that is a modulo first and b modulo second."""
    return next(k for k in range(a, first * second, first) if k % second == b)


def divisors(n: int) -> list[int]:
    """The divisors of n without 1 and n."""
    return [d for d in range(2, n) if n % d == 0]


def coprime(n: int) -> list[int]:
    """The divisors d of n that have no factor in common with n / d."""
    return [d for d in divisors(n) if math.gcd(d, n // d) == 1]


def _over(
    split: Callable[[int], list[int]], join: Callable[[Program, Program, str], Program]
) -> Callable[[Transform, Parts], Iterator[Program | None]]:
    def make(transform: Transform, parts: Parts) -> Iterator[Program | None]:
        for first in split(transform.inputs):
            outer, inner = parts.best("dft", first), parts.best("dft", transform.inputs // first)
            yield join(outer, inner, transform.title) if outer and inner else None

    return make


PRIME_FACTOR = Method(
    "prime-factor",
    ("dft",),
    lambda transform: bool(coprime(transform.inputs)),
    _over(coprime, prime_factor),
    smaller=True,
)
COOLEY_TUKEY = Method(
    "cooley-tukey",
    ("dft",),
    lambda transform: bool(divisors(transform.inputs)),
    _over(divisors, cooley_tukey),
    smaller=True,
)
