"""Split radix over parts: n points from one transform of n/2 and two of n/4, for every n that 4 divides.

With twiddles w^k and w^(3k) (R. Yavne 1968, P. Duhamel and H. Hollmann 1984), and with the conjugate pair w^k and
w^(-k) (I. Kamar and Y. Elcherif 1989), whose constants are shared better.
"""

from collections.abc import Iterator

from gp_fft.construct.builder import Builder
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.textbook import split
from gp_fft.program import Program
from gp_fft.transforms import Transform


def split_radix(half: Program, quarter: Program, other: int, title: str) -> Program:
    """``dft n`` from programs of n/2 and n/4 points; ``other`` is 3 or -1, the offset of the second odd part."""
    n = 2 * half.inputs
    build = Builder(n, "complex")
    odd = [build.x[(4 * m + other) % n] for m in range(n // 4)]
    parts = build.apply(half, build.x[::2]), build.apply(quarter, build.x[1::4]), build.apply(quarter, odd)
    return build.program(split(build, *parts, other), title)


def _splits(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    half, quarter = parts.best("dft", transform.inputs // 2), parts.best("dft", transform.inputs // 4)
    if half and quarter:
        for other in (-1, 3):
            yield split_radix(half, quarter, other, transform.title)


METHOD = Method("split-radix", ("dft",), lambda transform: transform.inputs % 4 == 0, _splits, smaller=True, rank=1)
