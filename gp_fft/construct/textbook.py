"""The programs of the textbooks: the definition itself, radix-2 and split radix, to start from or compare.

Radix-2 is decimation in time (J. W. Cooley and J. W. Tukey, 1965) with trivial twiddles removed; split radix
is that of R. Yavne (1968), P. Duhamel and H. Hollmann (1984); on real data both compute only the half that is
not redundant (H. V. Sorensen et al., 1987). The Hartley transform is the real DFT and n - 2 additions, the
Walsh-Hadamard transform is radix-2 without twiddles; two-dimensional transforms go by rows, then by columns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gp_fft.construct.builder import ZERO, Builder, Pair, negated, scaled, turned
from gp_fft.construct.spectrum import from_pairs, hartley
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import root


@dataclass(frozen=True)
class Start:
    """A program of a known algorithm that a search may start from; ``make`` raises UsageError where there is none."""

    name: str
    make: Callable[[Transform], Program]


Algorithm = Callable[[Builder, list[Term]], list[Term]]
Half = Callable[[Builder, list[Term]], list[Pair]]
"""The outputs 0 to n/2 of the DFT of real data."""


def definition(transform: Transform) -> Program:
    """The dense matrix: one sum an output, an entry with real and imaginary part as two terms."""
    rows = [
        [
            (abs(part), turn + 2 * (part < 0), ref)
            for ref, entry in enumerate(line)
            for part, turn in ((complex(entry).real, 0), (complex(entry).imag, 1))
            if part
        ]
        for line in transform.matrix.tolist()
    ]
    return Program.build(transform.inputs, transform.field, rows, range(len(rows)), transform.title)


def radix2(transform: Transform) -> Program:
    """The radix-2 program of a dft, idft, rdft, dht or wht, also -2d, of sizes 2^k; else UsageError.

    On complex data 16, 56, 176, 496 flops at n = 4, 8, 16, 32.
    """
    return _fast(transform, "radix-2", _RADIX2)


def split_radix(transform: Transform) -> Program:
    """The split-radix program of a dft, idft, rdft or dht, also -2d, of sizes 2^k; else UsageError.

    4 n lg n - 6 n + 8 flops on complex data (56, 168, 456 at n = 8, 16, 32), 2 n lg n - 4 n + 6 on real data.
    """
    return _fast(transform, "split radix", _SPLIT_RADIX)


def _fast(transform: Transform, method: str, algorithms: dict[str, Algorithm]) -> Program:
    """The program that an algorithm makes of a transform, axis by axis; UsageError where it cannot be."""
    algorithm = algorithms.get(transform.name.removesuffix("-2d"))
    if algorithm is None:
        raise UsageError(f"{method} does not apply to {transform.title}, only to {', '.join(algorithms)}")
    if any(n & (n - 1) for n in transform.shape):
        raise UsageError(f"{method} needs a size that is a power of two; {transform.title} was given")
    build = Builder(transform.inputs, transform.field, plain=True)
    values = [scaled(x, float(transform.matrix[0, 0].real)) for x in build.x]
    stride = 1
    for n in reversed(transform.shape):
        for first in (block + k for block in range(0, len(values), n * stride) for k in range(stride)):
            axis = slice(first, first + n * stride, stride)
            values[axis] = algorithm(build, values[axis])
        stride *= n
    return build.program(values, transform.title)


def _radix2(sign: int) -> Algorithm:
    """Radix-2 with twiddles exp(sign 2 pi i k / n); sign 0 leaves them out, which is Walsh-Hadamard."""

    def algorithm(build: Builder, x: list[Term]) -> list[Term]:
        n = len(x)
        if n == 1:
            return x
        even, odd = algorithm(build, x[::2]), algorithm(build, x[1::2])
        odd = [build.times(o, root(sign * k, n).value()) for k, o in enumerate(odd)]
        sums, gaps = list(map(build.sum, even, odd)), list(map(build.difference, even, odd))
        if sign:
            return sums + gaps
        # natural order: the lowest bit of the output goes with the lowest bit of the input
        return [y for pair in zip(sums, gaps, strict=True) for y in pair]

    return algorithm


def _split_radix(sign: int) -> Algorithm:
    """Split radix with twiddles exp(sign 2 pi i k / n)."""

    def algorithm(build: Builder, x: list[Term]) -> list[Term]:
        if len(x) <= 2:
            return _radix2(sign)(build, x)
        even, first, third = (algorithm(build, part) for part in (x[::2], x[1::4], x[3::4]))
        return split(build, even, first, third, sign=sign)

    return algorithm


def split(
    build: Builder, even: Sequence[Term], first: Sequence[Term], second: Sequence[Term], other: int = 3, sign: int = -1
) -> list[Term]:
    """n outputs from n/2 of the even inputs, n/4 of x[1::4] and n/4 of those that stand ``other`` beside x[::4]."""
    n, quarter = 2 * len(even), len(first)
    y = [ZERO] * n
    for k in range(quarter):
        u = build.times(first[k], root(sign * k, n).value())
        v = build.times(second[k], root(sign * other * k, n).value())
        total, gap = build.sum(u, v), turned(build.difference(u, v), sign)
        for place, part in ((k, total), (k + quarter, gap)):
            y[place] = build.sum(even[place], part)
            y[place + 2 * quarter] = build.difference(even[place], part)
    return y


def _conjugate(z: Pair) -> Pair:
    return z[0], negated(z[1])


def _sum(build: Builder, z: Pair, w: Pair) -> Pair:
    return build.sum(z[0], w[0]), build.sum(z[1], w[1])


def _difference(build: Builder, z: Pair, w: Pair) -> Pair:
    return build.difference(z[0], w[0]), build.difference(z[1], w[1])


def _half_radix2(build: Builder, x: list[Term]) -> list[Pair]:
    n, half = len(x), len(x) // 2
    if n == 1:
        return [(x[0], ZERO)]
    even, odd = _half_radix2(build, x[::2]), _half_radix2(build, x[1::2])
    y: dict[int, Pair] = {half // 2: (even[-1][0], negated(odd[-1][0]))} if n > 2 else {}
    for k in range(max(half // 2, 1)):
        twiddled = build.times_pair(odd[k], root(-k, n).value())
        y[k] = _sum(build, even[k], twiddled)
        y[half - k] = _conjugate(_difference(build, even[k], twiddled))
    return [y[k] for k in range(half + 1)]


def _half_split_radix(build: Builder, x: list[Term]) -> list[Pair]:
    n, half, quarter = len(x), len(x) // 2, len(x) // 4
    if n <= 2:
        return _half_radix2(build, x)
    even, first, third = (_half_split_radix(build, part) for part in (x[::2], x[1::4], x[3::4]))
    y: dict[int, Pair] = {}
    for k in range(n // 8 + 1):
        u, v = (build.times_pair(odd[k], root(-j * k, n).value()) for j, odd in ((1, first), (3, third)))
        total = _sum(build, u, v)
        y[k] = _sum(build, even[k], total)
        y[half - k] = _conjugate(_difference(build, even[k], total))
        if k == 0:
            y[quarter] = even[quarter][0], build.difference(v[0], u[0])
        elif 2 * k < quarter:
            re, im = _difference(build, u, v)
            y[quarter + k] = _sum(build, _conjugate(even[quarter - k]), (im, negated(re)))
            y[quarter - k] = _sum(build, even[quarter - k], (negated(im), negated(re)))
    return [y[k] for k in range(half + 1)]


def _real_dft(half: Half) -> Algorithm:
    return lambda build, x: from_pairs(half(build, x), len(x))


def _hartley(half: Half) -> Algorithm:
    return lambda build, x: hartley(build, half(build, x), len(x))


_RADIX2: dict[str, Algorithm] = {
    "dft": _radix2(-1),
    "idft": _radix2(1),
    "rdft": _real_dft(_half_radix2),
    "dht": _hartley(_half_radix2),
    "wht": _radix2(0),
}
_SPLIT_RADIX: dict[str, Algorithm] = {
    "dft": _split_radix(-1),
    "idft": _split_radix(1),
    "rdft": _real_dft(_half_split_radix),
    "dht": _hartley(_half_split_radix),
}
