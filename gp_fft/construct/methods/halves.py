"""Halves of real transforms: sums and differences first, two transforms of about half the size behind them.

DCT II: II of the sums and IV of the differences (W.-H. Chen, C. H. Smith and S. C. Fralick 1977); DCT IV: rotations,
then II and the sine transform II (G. Plonka and M. Tasche 2005); DCT I and DST I: I and III (Z. Wang 1984); the
Walsh-Hadamard transform: itself twice (J. L. Shanks 1969).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gp_fft.construct.builder import ZERO, Builder, negated, scaled
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import cosine, sine


def second(low: Program, high: Program, title: str) -> Program:
    """``dct2 n`` from ``dct2 n/2`` and ``dct4 n/2``."""
    n = 2 * low.inputs
    build = Builder(n, "real")
    pairs = list(zip(build.x[: n // 2], build.x[: n // 2 - 1 : -1], strict=True))
    even = build.apply(low, [build.sum(a, b) for a, b in pairs])
    odd = build.apply(high, [build.difference(a, b) for a, b in pairs])
    return build.program([value for two in zip(even, odd, strict=True) for value in two], title)


def fourth(cosines: Program, sines: Program, title: str) -> Program:
    """``dct4 n`` from ``dct2 n/2`` and ``dst2 n/2``; their factor 2 goes into the rotations."""
    half = cosines.inputs
    n = 2 * half
    build = Builder(n, "real")
    a, b = [], []
    for j in range(half):
        c, s = (2.0 * part(2 * j + 1, 8 * n).value().real for part in (cosine, sine))
        x, z = build.x[j], build.x[n - 1 - j]
        a.append(build.sum(scaled(x, c), scaled(z, s)))
        b.append(build.difference(scaled(z, c), scaled(x, s)))
    u = [*build.apply(rescale(cosines, 0.5), a), ZERO]
    v = [ZERO, *build.apply(rescale(sines, 0.5), b)]
    y = [ZERO] * n
    for k in range(half + 1):
        if k < half:
            y[2 * k] = build.sum(u[k], v[k])
        if k:
            y[2 * k - 1] = build.difference(u[k], v[k])
    return build.program(y, title)


def first_cosine(low: Program, high: Program, title: str) -> Program:
    """``dct1 n``, n = 2m + 1, from ``dct1 m+1`` and ``dct3 m``."""
    m = high.inputs
    build = Builder(2 * m + 1, "real")
    pairs = [(build.x[j], build.x[2 * m - j]) for j in range(m)]
    even = build.apply(low, [*(build.sum(a, b) for a, b in pairs), scaled(build.x[m], 2.0)])
    odd = build.apply(high, [build.difference(a, b) for a, b in pairs])
    y = [ZERO] * (2 * m + 1)
    y[::2], y[1::2] = even, odd
    return build.program(y, title)


def first_sine(low: Program, high: Program, title: str) -> Program:
    """``dst1 n``, n = 2m - 1, from ``dst1 m-1`` and ``dst3 m``."""
    m = high.inputs
    build = Builder(2 * m - 1, "real")
    pairs = [(build.x[j], build.x[2 * m - 2 - j]) for j in range(m - 1)]
    odd = build.apply(high, [*(build.sum(a, b) for a, b in pairs), scaled(build.x[m - 1], 2.0)])
    y = [ZERO] * (2 * m - 1)
    y[::2], y[1::2] = odd, build.apply(low, [build.difference(a, b) for a, b in pairs])
    return build.program(y, title)


def walsh(part: Program, _: Program, title: str) -> Program:
    """``wht n`` from ``wht n/2`` twice."""
    n = 2 * part.inputs
    build = Builder(n, "real")
    pairs = list(zip(build.x[: n // 2], build.x[n // 2 :], strict=True))
    sums = build.apply(part, [build.sum(a, b) for a, b in pairs])
    return build.program([*sums, *build.apply(part, [build.sum(a, negated(b)) for a, b in pairs])], title)


Join = Callable[[Program, Program, str], Program]
Split = Callable[[int], tuple[tuple[str, int], tuple[str, int]]]

_TABLE: dict[str, tuple[int, int, Split, Join]] = {  # least size, its remainder by 2, the parts, how they are joined
    "dct2": (2, 0, lambda n: (("dct2", n // 2), ("dct4", n // 2)), second),
    "dct4": (2, 0, lambda n: (("dct2", n // 2), ("dst2", n // 2)), fourth),
    "dct1": (3, 1, lambda n: (("dct1", n // 2 + 1), ("dct3", n // 2)), first_cosine),
    "dst1": (3, 1, lambda n: (("dst1", n // 2), ("dst3", n // 2 + 1)), first_sine),
    "wht": (2, 0, lambda n: (("wht", n // 2), ("wht", n // 2)), walsh),
}


def _applies(transform: Transform) -> bool:
    least, remainder, _, _ = _TABLE[transform.name]
    return transform.inputs >= least and transform.inputs % 2 == remainder


def _joined(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    _, _, split, join = _TABLE[transform.name]
    low, high = (parts.best(name, n) for name, n in split(transform.inputs))
    yield join(low, high, transform.title) if low and high else None


METHOD = Method("halves", tuple(_TABLE), _applies, _joined, smaller=True)
