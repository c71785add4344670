"""Two factors: n = first * second points by Good and Thomas or by Cooley and Tukey.

The prime-factor algorithm needs coprime factors and no twiddles (I. J. Good 1958, L. H. Thomas 1963); that of
J. W. Cooley and J. W. Tukey (1965) takes any factors and multiplies by twiddles in between.
"""

import math
from collections.abc import Callable, Iterator

from gp_fft.construct.builder import ZERO, Builder
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.polynomials import divisors_of
from gp_fft.program import Program
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import root


def prime_factor(outer: Program, inner: Program, title: str) -> Program:
    """``dft n`` from programs of two coprime sizes: the inner one runs on the rows, the outer on the columns."""
    first, second = outer.inputs, inner.inputs
    n = first * second
    build = Builder(n, "complex")
    rows = [build.apply(inner, [build.x[(second * j + first * k) % n] for k in range(second)]) for j in range(first)]
    columns = [build.apply(outer, column) for column in zip(*rows, strict=True)]
    return build.program([columns[k % second][k % first] for k in range(n)], title)


def cooley_tukey(outer: Program, inner: Program, title: str) -> Program:
    """``dft n`` from programs of any two sizes: inner ones, twiddles, outer ones.

    Rows and columns are numbered from -size/2 to size/2, so twiddles come in conjugate pairs: fewer constants, and
    conjugate columns where the data are real.
    """
    first, second = outer.inputs, inner.inputs
    n = first * second
    build = Builder(n, "complex")
    middle = {j: build.apply(inner, [build.x[(j + first * m) % n] for m in range(second)]) for j in _balanced(first)}
    y = [ZERO] * n
    for k in _balanced(second):
        column = [ZERO] * first
        for j, row in middle.items():
            column[j] = build.times(row[k], root(-j * k, n).value())
        for j, value in enumerate(build.apply(outer, column)):
            y[(k + second * j) % n] = value
    return build.program(y, title)


def _balanced(n: int) -> range:
    """The residues modulo n nearest to zero, in order."""
    return range(-((n - 1) // 2), n // 2 + 1)


def divisors(n: int) -> list[int]:
    """The divisors of n without 1 and n."""
    return sorted(divisors_of(n) - {1, n})


def coprime(n: int) -> list[int]:
    """The divisors d of n that have no factor in common with n / d."""
    return [d for d in divisors(n) if math.gcd(d, n // d) == 1]


def _method(
    name: str, split: Callable[[int], list[int]], join: Callable[[Program, Program, str], Program], rank: int
) -> Method:
    def make(transform: Transform, parts: Parts) -> Iterator[Program | None]:
        for first in split(transform.inputs):
            yield parts.join(join, transform.title, ("dft", first), ("dft", transform.inputs // first))

    return Method(name, ("dft",), lambda transform: bool(split(transform.inputs)), make, smaller=True, rank=rank)


METHOD = (
    _method("prime-factor", coprime, prime_factor, rank=0),
    _method("cooley-tukey", divisors, cooley_tukey, rank=1),
)
