"""Halves of real transforms: sums and differences first, two transforms of about half the size behind them.

DCT II: II of the sums and IV of the differences (W.-H. Chen, C. H. Smith and S. C. Fralick 1977); DCT IV: rotations,
then II and the sine transform II (G. Plonka and M. Tasche 2005); DCT I and DST I: I and III (Z. Wang 1984); the
Walsh-Hadamard transform: itself twice (J. L. Shanks 1969).
"""

from collections.abc import Callable, Iterator

from gp_fft.construct.builder import ZERO, Builder, scaled
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import cosine, sine


def fold(sums: Program, differences: Program, title: str) -> Program:
    """``dct2 n``, ``dct1 n``, ``dst1 n``: even outputs are made of x[j] + x[n-1-j], odd ones of x[j] - x[n-1-j]."""
    n = sums.inputs + differences.inputs
    build = Builder(n, "real")
    pairs = list(zip(build.x[: n // 2], build.x[::-1], strict=False))
    middle = [scaled(build.x[n // 2], 2.0)] if n % 2 else []
    y = [ZERO] * n
    y[::2] = build.apply(sums, [*(build.sum(a, b) for a, b in pairs), *middle])
    y[1::2] = build.apply(differences, [build.difference(a, b) for a, b in pairs])
    return build.program(y, title)


def fourth(cosines: Program, sines: Program, title: str) -> Program:
    """``dct4 n`` from ``dct2 n/2`` and ``dst2 n/2``; their factor 2 goes into the rotations."""
    half = cosines.inputs
    n = 2 * half
    build = Builder(n, "real")
    a, b = [], []
    for j in range(half):
        c, s = (2.0 * part(2 * j + 1, 8 * n).value().real for part in (cosine, sine))
        pair = build.x[j], build.x[n - 1 - j]
        a.append(build.combine((c, s), pair))
        b.append(build.combine((-s, c), pair))
    u = [*build.apply(rescale(cosines, 0.5), a), ZERO]
    v = [ZERO, *build.apply(rescale(sines, 0.5), b)]
    pairs = [(build.sum(*pair), build.difference(*pair)) for pair in zip(u, v, strict=True)]
    return build.program([value for total, gap in pairs for value in (gap, total)][1:-1], title)


def walsh(part: Program, _: Program, title: str) -> Program:
    """``wht n`` from ``wht n/2`` twice."""
    n = 2 * part.inputs
    build = Builder(n, "real")
    pairs = list(zip(build.x[: n // 2], build.x[n // 2 :], strict=True))
    sums = build.apply(part, [build.sum(a, b) for a, b in pairs])
    return build.program([*sums, *build.apply(part, [build.difference(a, b) for a, b in pairs])], title)


Join = Callable[[Program, Program, str], Program]
Split = Callable[[int], tuple[tuple[str, int], tuple[str, int]]]

_TABLE: dict[str, tuple[int, int, Split, Join]] = {  # least size, its remainder by 2, the parts, how they are joined
    "dct2": (2, 0, lambda n: (("dct2", n // 2), ("dct4", n // 2)), fold),
    "dct4": (2, 0, lambda n: (("dct2", n // 2), ("dst2", n // 2)), fourth),
    "dct1": (3, 1, lambda n: (("dct1", n // 2 + 1), ("dct3", n // 2)), fold),
    "dst1": (3, 1, lambda n: (("dst3", n // 2 + 1), ("dst1", n // 2)), fold),
    "wht": (2, 0, lambda n: (("wht", n // 2), ("wht", n // 2)), walsh),
}


def _applies(transform: Transform) -> bool:
    least, remainder, _, _ = _TABLE[transform.name]
    return transform.inputs >= least and transform.inputs % 2 == remainder


def _joined(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    _, _, split, join = _TABLE[transform.name]
    yield parts.join(join, transform.title, *split(transform.inputs))


METHOD = Method("halves", tuple(_TABLE), _applies, _joined, smaller=True)
