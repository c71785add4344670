"""The programs of the textbooks: the definition itself, radix-2 and split radix, to start from or compare.

Radix-2 is decimation in time (J. W. Cooley and J. W. Tukey, 1965) with trivial twiddles removed; split radix
is that of R. Yavne (1968), P. Duhamel and H. Hollmann (1984); on real data both compute only the half that is
not redundant (H. V. Sorensen et al., 1987). The Hartley transform is the real DFT and n - 2 additions, the
Walsh-Hadamard transform is radix-2 without twiddles; two-dimensional transforms go by rows, then by columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod

from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import root

Parts = tuple[Term, Term | None]
"""Real and imaginary part of a complex value in a real program; None is an imaginary part of zero."""

Algorithm = Callable[["_Rows", list[Term]], list[Term]]


class _Rows:
    """The rows of a program in the making; a value is a term, so signs, turns and scales wait for a use."""

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.rows: list[list[Term]] = []

    def sum(self, *terms: Term) -> Term:
        """A new definition, the sum of terms, as a value."""
        self.rows.append(list(terms))
        return (1.0, 0, self.inputs + len(self.rows) - 1)

    def outputs(self, values: Iterable[Term]) -> list[int]:
        """A definition of its own for every value: its sum where that is free, else a new row."""
        taken: list[int] = []
        for size, turn, reference in values:
            place = reference - self.inputs
            if size != 1.0 or turn or place < 0 or place in taken:
                place = self.sum((size, turn, reference))[2] - self.inputs
            taken.append(place)
        return taken


def definition(transform: Transform) -> Program:
    """The dense matrix: one sum an output, an entry with real and imaginary part as two terms."""
    rows: list[list[Term]] = []
    for line in transform.matrix.tolist():
        terms: list[Term] = []
        for reference, entry in enumerate(line):
            for part, turn in ((complex(entry).real, 0), (complex(entry).imag, 1)):
                if part:
                    terms.append((abs(part), turn + 2 * (part < 0), reference))
        rows.append(terms)
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
    rows = _Rows(transform.inputs)
    scale = float(transform.matrix[0, 0].real)
    values: list[Term] = [(scale, 0, place) for place in range(prod(transform.shape))]
    stride = 1
    for n in reversed(transform.shape):
        for first in (block + k for block in range(0, len(values), n * stride) for k in range(stride)):
            axis = slice(first, first + n * stride, stride)
            values[axis] = algorithm(rows, values[axis])
        stride *= n
    outputs = rows.outputs(values)
    return Program.build(transform.inputs, transform.field, rows.rows, outputs, transform.title)


def _turned(value: Term, turn: int) -> Term:
    size, before, reference = value
    return size, (before + turn) % 4, reference


def _scaled(value: Term, factor: float) -> Term:
    size, turn, reference = _turned(value, 2 * (factor < 0))
    return size * abs(factor), turn, reference


def _twiddled(rows: _Rows, value: Term, k: int, n: int) -> Term:
    """exp(2 pi i k / n) times a value: a turn if it is one, else a cosine and a sine term."""
    if 4 * k % n == 0:
        return _turned(value, 4 * k // n)
    w = root(k, n).value()
    return rows.sum(_scaled(value, w.real), _scaled(_turned(value, 1), w.imag))


def _complex_radix2(sign: int) -> Algorithm:
    """Radix-2 with twiddles exp(sign 2 pi i k / n); sign 0 leaves them out, which is Walsh-Hadamard."""

    def algorithm(rows: _Rows, x: list[Term]) -> list[Term]:
        n = len(x)
        if n == 1:
            return x
        even, odd = algorithm(rows, x[::2]), algorithm(rows, x[1::2])
        if not sign:  # natural order: the lowest bit of the output goes with the lowest bit of the input
            pairs = [(rows.sum(e, o), rows.sum(e, _turned(o, 2))) for e, o in zip(even, odd, strict=True)]
            return [y for pair in pairs for y in pair]
        odd = [_twiddled(rows, o, sign * k, n) for k, o in enumerate(odd)]
        upper = [rows.sum(e, o) for e, o in zip(even, odd, strict=True)]
        return upper + [rows.sum(e, _turned(o, 2)) for e, o in zip(even, odd, strict=True)]

    return algorithm


def _complex_split_radix(sign: int) -> Algorithm:
    """Split radix with twiddles exp(sign 2 pi i k / n)."""

    def algorithm(rows: _Rows, x: list[Term]) -> list[Term]:
        n, quarter = len(x), len(x) // 4
        if n == 1:
            return x
        even = algorithm(rows, x[::2])
        if n == 2:
            (other,) = x[1::2]
            return [rows.sum(even[0], other), rows.sum(even[0], _turned(other, 2))]
        first, third = algorithm(rows, x[1::4]), algorithm(rows, x[3::4])
        y = [*even, *even]
        for k in range(quarter):
            u, v = _twiddled(rows, first[k], sign * k, n), _twiddled(rows, third[k], sign * 3 * k, n)
            total, gap = rows.sum(u, v), _turned(rows.sum(u, _turned(v, 2)), sign)
            for place, part in ((k, total), (k + quarter, gap)):
                y[place] = rows.sum(even[place], part)
                y[place + 2 * quarter] = rows.sum(even[place], _turned(part, 2))
        return y

    return algorithm


def _negated(z: Parts) -> Parts:
    return _turned(z[0], 2), z[1] and _turned(z[1], 2)


def _conjugate(z: Parts) -> Parts:
    return z[0], z[1] and _turned(z[1], 2)


def _plus(rows: _Rows, z: Parts, w: Parts) -> Parts:
    """The sum of two complex values, with nothing added to an imaginary part of zero."""
    imaginary = [part for part in (z[1], w[1]) if part is not None]
    return rows.sum(z[0], w[0]), rows.sum(*imaginary) if len(imaginary) == 2 else next(iter(imaginary), None)


def _parts_twiddled(rows: _Rows, z: Parts, k: int, n: int) -> Parts:
    """exp(-2 pi i k / n) times a complex value, 0 <= k < n; a real value is only scaled."""
    if k == 0:
        return z
    w = root(-k, n).value()
    real, imaginary = z
    if imaginary is None:
        return _scaled(real, w.real), _scaled(real, w.imag)
    return (
        rows.sum(_scaled(real, w.real), _scaled(imaginary, -w.imag)),
        rows.sum(_scaled(imaginary, w.real), _scaled(real, w.imag)),
    )


def _half_radix2(rows: _Rows, x: list[Term]) -> list[Parts]:
    """The outputs 0 to n/2 of the DFT of real data by radix-2."""
    n, half = len(x), len(x) // 2
    if n == 1:
        return [(x[0], None)]
    even, odd = _half_radix2(rows, x[::2]), _half_radix2(rows, x[1::2])
    y: dict[int, Parts] = {half // 2: (even[-1][0], _turned(odd[-1][0], 2))} if n > 2 else {}
    for k in range(max(half // 2, 1)):
        other = _parts_twiddled(rows, odd[k], k, n)
        y[k] = _plus(rows, even[k], other)
        y[half - k] = _conjugate(_plus(rows, even[k], _negated(other)))
    return [y[k] for k in range(half + 1)]


def _half_split_radix(rows: _Rows, x: list[Term]) -> list[Parts]:
    """The outputs 0 to n/2 of the DFT of real data by split radix."""
    n, half, quarter = len(x), len(x) // 2, len(x) // 4
    if n <= 2:
        return _half_radix2(rows, x)
    even = _half_split_radix(rows, x[::2])
    first, third = _half_split_radix(rows, x[1::4]), _half_split_radix(rows, x[3::4])
    y: dict[int, Parts] = {}
    for k in range(n // 8 + 1):
        u, v = _parts_twiddled(rows, first[k], k, n), _parts_twiddled(rows, third[k], 3 * k, n)
        total = _plus(rows, u, v)
        y[k] = _plus(rows, even[k], total)
        y[half - k] = _conjugate(_plus(rows, even[k], _negated(total)))
        if k == 0:
            y[quarter] = even[quarter][0], rows.sum(_turned(u[0], 2), v[0])
        elif 2 * k < quarter:
            real, imaginary = _plus(rows, u, _negated(v))
            assert imaginary is not None
            turned = imaginary, _turned(real, 2)
            y[quarter + k] = _plus(rows, _conjugate(even[quarter - k]), turned)
            y[quarter - k] = _plus(rows, even[quarter - k], _conjugate(_negated(turned)))
    return [y[k] for k in range(half + 1)]


def _real_dft(half: Callable[[_Rows, list[Term]], list[Parts]]) -> Algorithm:
    """Re 0, Re 1, Im 1, Re 2, ... from the outputs 0 to n/2."""

    def algorithm(rows: _Rows, x: list[Term]) -> list[Term]:
        return [part for parts in half(rows, x) for part in parts if part is not None]

    return algorithm


def _hartley(half: Callable[[_Rows, list[Term]], list[Parts]]) -> Algorithm:
    """y[k] = Re k - Im k and y[n-k] = Re k + Im k."""

    def algorithm(rows: _Rows, x: list[Term]) -> list[Term]:
        y = list(x)
        for k, (real, imaginary) in enumerate(half(rows, x)):
            y[k] = real
            if imaginary is not None:
                y[k] = rows.sum(real, _turned(imaginary, 2))
                y[-k] = rows.sum(real, imaginary)
        return y

    return algorithm


_RADIX2: dict[str, Algorithm] = {
    "dft": _complex_radix2(-1),
    "idft": _complex_radix2(1),
    "rdft": _real_dft(_half_radix2),
    "dht": _hartley(_half_radix2),
    "wht": _complex_radix2(0),
}
_SPLIT_RADIX: dict[str, Algorithm] = {
    "dft": _complex_split_radix(-1),
    "idft": _complex_split_radix(1),
    "rdft": _real_dft(_half_split_radix),
    "dht": _hartley(_half_split_radix),
}
