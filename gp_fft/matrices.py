"""The formulas: every transform's matrix as a few distinct exact values and an index of which stands where.

Signs, orders and factors follow scipy.fft (and with it FFTW): a forward DFT has exp(-2 pi i jk/n), the
unnormalised cosine and sine transforms carry a factor 2, and ``norm`` means what scipy means by it, with the
cosine and sine transforms made orthogonal by ``"ortho"``. The eight real transforms are those of Z. Wang and
B. R. Hunt (1985), the Hartley transform that of R. N. Bracewell (1983), the real DFT layout that of FFTPACK
(P. N. Swarztrauber, 1982). An angle is a whole number of 1/order turns, so that it is reduced, and equal
entries are found, without error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gp_fft.exact import ExactMatrix, Number, cosine, rational, root, sine, square_root

Indices = NDArray[np.int64]
Angle = Callable[[Indices, Indices], Indices]


@dataclass(frozen=True)
class Value:
    """One exact entry: ``number * sqrt(square)``; the root is kept apart because it is cheap so."""

    number: Number
    square: Fraction = Fraction(1)

    def __mul__(self, other: Value) -> Value:
        return Value(self.number * other.number, self.square * other.square)

    def exact(self) -> Number:
        """The entry as a sum of roots of unity."""
        return self.number * square_root(self.square)

    def rounded(self) -> complex:
        """The entry correctly rounded to float64."""
        return self.number.value(self.square)


@dataclass(frozen=True)
class Coded:
    """A matrix with entry ``values[index[i, j]]``; ``index`` is ``(outputs, inputs)`` int64."""

    values: tuple[Value, ...]
    index: Indices

    def array(self) -> NDArray[np.complex128]:
        """``(outputs, inputs)`` complex128, each part correctly rounded."""
        table = np.array([value.rounded() for value in self.values], np.complex128)
        return table[self.index]

    def exact(self) -> ExactMatrix:
        """The exact matrix."""
        return ExactMatrix.from_numbers([value.exact() for value in self.values], self.index)

    def kronecker(self, other: Coded) -> Coded:
        """The Kronecker product, as numpy.kron lays it out; only pairs that occur are multiplied."""
        m, n = self.index.shape
        p, q = other.index.shape
        pairs = self.index[:, None, :, None] * len(other.values) + other.index[None, :, None, :]
        used, index = np.unique(pairs.reshape(m * p, n * q), return_inverse=True)
        places = (divmod(int(pair), len(other.values)) for pair in used)
        values = [self.values[a] * other.values[b] for a, b in places]
        return _merged(values, index.reshape(m * p, n * q))


@dataclass(frozen=True)
class Wave:
    """A matrix of one wave: the entry is sqrt(rows[k] columns[j]) * wave(2 pi angle(k, j) / order).

    ``period`` is scipy's N: ``norm="ortho"`` divides by sqrt(N) and ``"forward"`` by N (``"backward"`` for an
    inverse). The squares in ``rows`` and ``columns`` are 1 where nothing is said (index: square).
    """

    n: int
    order: int
    period: int
    angle: Angle
    kind: Callable[[int, int], Number]
    rows: dict[int, Fraction] = field(default_factory=dict)
    columns: dict[int, Fraction] = field(default_factory=dict)

    def coded(self, scale: Fraction) -> Coded:
        """The matrix times sqrt(scale) as distinct values and index; rows are outputs."""
        k, j = np.meshgrid(np.arange(self.n), np.arange(self.n), indexing="ij")
        angles = (self.angle(k, j) % self.order).tolist()
        known: dict[tuple[int, Fraction], int] = {}
        index = np.empty((self.n, self.n), np.int64)
        for row, line in enumerate(angles):
            square = self.rows.get(row, Fraction(1)) * scale
            squares = [square * self.columns[c] if c in self.columns else square for c in range(self.n)]
            index[row] = [known.setdefault(key, len(known)) for key in zip(line, squares, strict=True)]
        return _merged([Value(self.kind(angle, self.order), square) for angle, square in known], index)


def _merged(values: list[Value], index: Indices) -> Coded:
    """The coded matrix in which every value occurs once."""
    places: dict[Value, int] = {}
    renamed = np.array([places.setdefault(value, len(places)) for value in values], np.int64)
    return Coded(tuple(places), renamed[index])


def _twice_cosine(k: int, order: int) -> Number:
    return cosine(k, order) * 2


def _cas(k: int, order: int) -> Number:
    return cosine(k, order) + sine(k, order)


_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)


def dft(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] exp(-2 pi i jk/n); scipy.fft.fft."""
    return Wave(n, n, n, lambda k, j: -k * j, root)


def idft(n: int, ortho: bool) -> Wave:
    """y[k] = 1/n sum x[j] exp(+2 pi i jk/n); scipy.fft.ifft."""
    return Wave(n, n, n, lambda k, j: k * j, root)


def rdft(n: int, ortho: bool) -> Wave:
    """Re y[0], Re y[1], Im y[1], Re y[2] ... of the DFT of real input; scipy.fft.rfft as FFTPACK packs it."""
    return Wave(n, 4 * n, n, lambda k, j: 4 * ((k + 1) // 2) * j + n * ((k + 1) % 2) * (k > 0), cosine)


def dct1(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + (-1)^k x[n-1] + sum 2 x[j] cos(pi jk/(n-1)), inner j; scipy.fft.dct type 1."""
    ends = dict.fromkeys((0, n - 1), _HALF if ortho else _QUARTER)
    rows = dict.fromkeys((0, n - 1), _HALF) if ortho else {}
    period = 2 * (n - 1)
    return Wave(n, period, period, lambda k, j: k * j, _twice_cosine, rows, ends)


def dct2(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] cos(pi k(2j+1)/(2n)); scipy.fft.dct type 2, the DCT of N. Ahmed et al. (1974)."""
    rows = {0: _HALF} if ortho else {}
    return Wave(n, 4 * n, 2 * n, lambda k, j: k * (2 * j + 1), _twice_cosine, rows)


def dct3(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + 2 sum x[j] cos(pi (2k+1)j/(2n)), j > 0; scipy.fft.dct type 3."""
    first = {0: _HALF if ortho else _QUARTER}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (2 * k + 1) * j, _twice_cosine, columns=first)


def dct4(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] cos(pi (2k+1)(2j+1)/(4n)); scipy.fft.dct type 4."""
    return Wave(n, 8 * n, 2 * n, lambda k, j: (2 * k + 1) * (2 * j + 1), _twice_cosine)


def dst1(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (k+1)(j+1)/(n+1)); scipy.fft.dst type 1."""
    period = 2 * (n + 1)
    return Wave(n, 2 * period, period, lambda k, j: 2 * (k + 1) * (j + 1) - (n + 1), _twice_cosine)


def dst2(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (k+1)(2j+1)/(2n)); scipy.fft.dst type 2."""
    rows = {n - 1: _HALF} if ortho else {}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (k + 1) * (2 * j + 1) - n, _twice_cosine, rows)


def dst3(n: int, ortho: bool) -> Wave:
    """y[k] = (-1)^k x[n-1] + 2 sum x[j] sin(pi (2k+1)(j+1)/(2n)), j < n-1; scipy.fft.dst type 3."""
    last = {n - 1: _HALF if ortho else _QUARTER}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (2 * k + 1) * (j + 1) - n, _twice_cosine, columns=last)


def dst4(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (2k+1)(2j+1)/(4n)); scipy.fft.dst type 4."""
    return Wave(n, 8 * n, 2 * n, lambda k, j: (2 * k + 1) * (2 * j + 1) - 2 * n, _twice_cosine)


def dht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (cos(2 pi jk/n) + sin(2 pi jk/n)), the discrete Hartley transform."""
    return Wave(n, n, n, lambda k, j: k * j, _cas)


def wht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (-1)^(ones in j & k), natural order; scipy.linalg.hadamard."""
    return Wave(n, 2, n, _common_ones, root)


def _common_ones(k: Indices, j: Indices) -> Indices:
    """The number of binary ones that k and j have in common, for both below 256."""
    shared = (k & j)[..., None] >> np.arange(8)
    return np.asarray((shared & 1).sum(axis=-1), np.int64)


def conv(shape: tuple[int, ...], kernel: Sequence[float]) -> Coded:
    """Circular convolution y[k] = sum kernel[(k-j) mod n] x[j], in every dimension of ``shape`` at once."""
    places = [np.subtract.outer(np.arange(n), np.arange(n)) % n for n in shape]
    return _displaced(places, shape, kernel)


def toeplitz(shape: tuple[int, ...], kernel: Sequence[float]) -> Coded:
    """y[k] = sum T[k-j] x[j]; kernel = T[0..n-1] (first column), then T[-1..-(n-1)] (rest of the first row).

    In two dimensions the kernel is ``(2 n1 - 1, 2 n2 - 1)`` values, row by row, each axis in that order.
    """
    gaps = [np.subtract.outer(np.arange(n), np.arange(n)) for n in shape]
    places = [np.where(gap < 0, n - 1 - gap, gap) for gap, n in zip(gaps, shape, strict=True)]
    return _displaced(places, tuple(2 * n - 1 for n in shape), kernel)


def _displaced(places: list[Indices], sizes: tuple[int, ...], kernel: Sequence[float]) -> Coded:
    """The matrix of a kernel of the given sizes, read at one place per axis."""
    index = places[0]
    for place, size in zip(places[1:], sizes[1:], strict=True):
        m, p = len(index), len(place)
        index = (index[:, None, :, None] * size + place[None, :, None, :]).reshape(m * p, m * p)
    return Coded(tuple(Value(rational(Fraction(tap))) for tap in kernel), index.astype(np.int64))
