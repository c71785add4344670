"""Circular convolution and Toeplitz matrices: transforms with a kernel of the user's own."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from gp_fft.transforms.coded import ExactMatrix, Indices, Value
from gp_fft.transforms.exact import rational
from gp_fft.transforms.family import Array, Family, ShiftRule, Signals, roll


def conv(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """Circular convolution y[k] = sum kernel[(k-j) mod n] x[j], in every dimension of ``shape`` at once."""
    places = [np.subtract.outer(np.arange(n), np.arange(n)) % n for n in shape]
    return _displaced(places, shape, kernel)


def toeplitz(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """y[k] = sum T[k-j] x[j]; kernel = T[0..n-1] (first column), then T[-1..-(n-1)] (rest of the first row).

    In two dimensions the kernel is ``(2 n1 - 1, 2 n2 - 1)`` values, row by row, each axis in that order.
    """
    gaps = [np.subtract.outer(np.arange(n), np.arange(n)) for n in shape]
    places = [np.where(gap < 0, n - 1 - gap, gap) for gap, n in zip(gaps, shape, strict=True)]
    return _displaced(places, tuple(2 * n - 1 for n in shape), kernel)


def _displaced(places: list[Indices], sizes: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """The matrix of a kernel of the given sizes, read at one place per axis."""
    index = places[0]
    for place, size in zip(places[1:], sizes[1:], strict=True):
        m, p = len(index), len(place)
        index = (index[:, None, :, None] * size + place[None, :, None, :]).reshape(m * p, m * p)
    return ExactMatrix(tuple(Value(rational(Fraction(tap))) for tap in kernel), index.astype(np.int64))


def _toeplitz(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """The first part of a circular convolution of 2n-1 points."""
    taps = np.reshape(kernel, tuple(2 * n - 1 for n in shape))
    for axis, n in enumerate(shape):  # displacements 0, 1, ..., n-1, then -1, -2, ..., -(n-1)
        taps = np.take(taps, [*range(n), *range(2 * n - 2, n - 1, -1)], axis)
    return _by_fft(taps, shape)


def _by_fft(taps: Array, shape: tuple[int, ...]) -> Signals:
    """Circular convolution with ``taps`` by numpy.fft, of which the first ``shape`` values are kept."""
    axes = tuple(range(1, len(shape) + 1))
    spectrum = np.fft.fftn(taps)

    def apply(x: Array) -> Array:
        values = np.fft.fftn(x.reshape(len(x), *shape), s=taps.shape, axes=axes)
        result = np.fft.ifftn(values * spectrum, axes=axes)[(slice(None), *map(slice, shape))]
        return np.reshape(result if np.iscomplexobj(x) else result.real, (len(x), -1))

    return apply


FAMILY = (
    Family(
        "conv",
        "circular convolution with a kernel of n values",
        kernel_formula=conv,
        kernel_oracle=lambda shape, kernel: _by_fft(np.reshape(kernel, shape), shape),
        shift=lambda n: ShiftRule(roll, roll),
    ),
    Family(
        "toeplitz",
        "Toeplitz matrix; kernel: n values down the first column, then n-1 along the rest of the first row",
        kernel_formula=toeplitz,
        kernel_oracle=_toeplitz,
        kernel_size=lambda n: 2 * n - 1,
    ),
)
