"""Convolutions, Toeplitz and Hankel matrices: transforms with a kernel of the user's own.

In two dimensions the kernel is an array, row by row, each axis in the order of the one-dimensional kernel.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

import numpy as np

from gp_fft.transforms.coded import ExactMatrix, Indices, Value
from gp_fft.transforms.exact import rational
from gp_fft.transforms.family import Array, Family, ShiftRule, Signals, roll


def conv(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """Circular convolution y[k] = sum kernel[(k-j) mod n] x[j], in every dimension of ``shape`` at once."""
    return _displaced([gap % n for gap, n in zip(_gaps(shape, shape), shape, strict=True)], np.reshape(kernel, shape))


def skewconv(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """Skew-circular (negacyclic) convolution: what goes round comes back with the other sign."""
    taps = np.reshape(kernel, shape)
    for axis in range(len(shape)):
        taps = np.concatenate([taps, -taps], axis)
    return _displaced([gap % (2 * n) for gap, n in zip(_gaps(shape, shape), shape, strict=True)], taps)


def linconv(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """Linear convolution y[k] = sum kernel[k-j] x[j], n inputs and 2n-1 outputs along every axis."""
    gaps = _gaps(tuple(2 * n - 1 for n in shape), shape)
    places = [np.where((gap < 0) | (gap >= n), n, gap) for gap, n in zip(gaps, shape, strict=True)]
    return _displaced(places, np.pad(np.reshape(kernel, shape), (0, 1)))


def toeplitz(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """y[k] = sum T[k-j] x[j]; kernel = T[0..n-1] (first column), then T[-1..-(n-1)] (rest of the first row)."""
    places = [np.where(gap < 0, n - 1 - gap, gap) for gap, n in zip(_gaps(shape, shape), shape, strict=True)]
    return _displaced(places, np.reshape(kernel, tuple(2 * n - 1 for n in shape)))


def hankel(shape: tuple[int, ...], kernel: Sequence[float]) -> ExactMatrix:
    """y[k] = sum H[k+j] x[j]; kernel = H[0..2n-2], down the first column and along the last row."""
    places = [np.add.outer(np.arange(n), np.arange(n)) for n in shape]
    return _displaced(places, np.reshape(kernel, tuple(2 * n - 1 for n in shape)))


def _gaps(outputs: tuple[int, ...], inputs: tuple[int, ...]) -> list[Indices]:
    """k - j along every axis."""
    return [np.subtract.outer(np.arange(m), np.arange(n)) for m, n in zip(outputs, inputs, strict=True)]


def _displaced(places: list[Indices], taps: Array) -> ExactMatrix:
    """The matrix of a kernel that is read at one place per axis."""
    index = places[0]
    for place, size in zip(places[1:], taps.shape[1:], strict=True):
        sides = len(index) * len(place), index.shape[1] * place.shape[1]
        index = (index[:, None, :, None] * size + place[None, :, None, :]).reshape(sides)
    return ExactMatrix(tuple(Value(rational(Fraction(tap))) for tap in taps.ravel().tolist()), index.astype(np.int64))


def _skewconv(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """A circular convolution between turns by exp(i pi j/n)."""
    turns = reduce(np.multiply.outer, (np.exp(1j * np.pi * np.arange(n) / n) for n in shape))
    circular = _by_fft(np.reshape(kernel, shape) * turns, shape)

    def apply(x: Array) -> Array:
        values: Array = circular(x * turns.ravel()) / turns.ravel()
        return np.asarray(values if np.iscomplexobj(x) else values.real)

    return apply


def _linconv(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """A circular convolution of 2n-1 points."""
    taps = np.pad(np.reshape(kernel, shape), [(0, n - 1) for n in shape])
    return _by_fft(taps, shape, tuple(slice(0, 2 * n - 1) for n in shape))


def _toeplitz(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """The first part of a circular convolution of 2n-1 points."""
    taps = np.reshape(kernel, tuple(2 * n - 1 for n in shape))
    for axis, n in enumerate(shape):  # displacements 0, 1, ..., n-1, then -1, -2, ..., -(n-1)
        taps = np.take(taps, [*range(n), *range(2 * n - 2, n - 1, -1)], axis)
    return _by_fft(taps, shape)


def _hankel(shape: tuple[int, ...], kernel: Sequence[float]) -> Signals:
    """The last part of a circular convolution of 2n-1 points with the data in reversed order."""
    taps = np.reshape(kernel, tuple(2 * n - 1 for n in shape))
    last = _by_fft(taps, shape, tuple(slice(n - 1, 2 * n - 1) for n in shape))
    return lambda x: last(x[:, ::-1])


def _skew_roll(x: Array) -> Array:
    """The signals moved by one place, what leaves at the end coming back with the other sign."""
    moved = roll(x)
    moved[..., 0] *= -1
    return moved


def _by_fft(taps: Array, shape: tuple[int, ...], kept: tuple[slice, ...] | None = None) -> Signals:
    """Circular convolution with ``taps`` by numpy.fft, of which the first ``shape`` values, or others, are kept."""
    axes = tuple(range(1, len(shape) + 1))
    spectrum = np.fft.fftn(taps)
    where = (slice(None), *(kept or map(slice, shape)))

    def apply(x: Array) -> Array:
        values = np.fft.fftn(x.reshape(len(x), *shape), s=taps.shape, axes=axes)
        result = np.fft.ifftn(values * spectrum, axes=axes)[where]
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
        "skewconv",
        "skew-circular (negacyclic) convolution with a kernel of n values",
        kernel_formula=skewconv,
        kernel_oracle=_skewconv,
        shift=lambda n: ShiftRule(_skew_roll, _skew_roll),
    ),
    Family(
        "linconv",
        "linear convolution with a kernel of n values, n inputs and 2n-1 outputs",
        kernel_formula=linconv,
        kernel_oracle=_linconv,
        sides=lambda n: (2 * n - 1, n),
    ),
    Family(
        "toeplitz",
        "Toeplitz matrix; kernel: n values down the first column, then n-1 along the rest of the first row",
        kernel_formula=toeplitz,
        kernel_oracle=_toeplitz,
        kernel_size=lambda n: 2 * n - 1,
    ),
    Family(
        "hankel",
        "Hankel matrix; kernel: n values down the first column, then n-1 along the rest of the last row",
        kernel_formula=hankel,
        kernel_oracle=_hankel,
        kernel_size=lambda n: 2 * n - 1,
    ),
)
