"""What numpy and scipy say a transform does to signals: the opinion from outside to verify against.

Nothing here reads gp-fft's own matrices (except for the transform `matrix`, which is nothing but its matrix).
Two-dimensional transforms act along both axes of the signal, whose values stand in row-major order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft

from gp_fft.transforms import Transform

Array = npt.NDArray[Any]
Signals = Callable[[Array], Array]


@dataclass(frozen=True)
class ShiftRule:
    """How moving the input by one place shows in the output."""

    inputs: Signals
    outputs: Signals


def reference(transform: Transform) -> Signals:
    """The function of numpy.fft or scipy.fft that maps ``(batch, inputs)`` to ``(batch, outputs)``.

    Signals of a real transform must be real.
    """
    name, shape = transform.name.removesuffix("-2d"), transform.shape
    if name == "matrix":
        return lambda x: x @ transform.matrix.T
    if name in ("conv", "toeplitz"):
        return _convolution(name, shape, transform.kernel)
    along = _axis_function(name, transform.norm)

    def apply(x: Array) -> Array:
        values = x.reshape(len(x), *shape)
        for axis in range(1, values.ndim):
            values = np.moveaxis(along(np.moveaxis(values, axis, -1)), -1, axis)
        return values.reshape(len(x), -1)

    return apply


def shift_rule(transform: Transform) -> ShiftRule | None:
    """The shift property along the last axis, or None where a transform has none (dct, dst)."""
    name, n = transform.name.removesuffix("-2d"), transform.shape[-1]
    k = np.arange(n)
    turn = np.exp(-2j * np.pi * k / n)
    rules: dict[str, tuple[Signals, Signals]] = {
        "dft": (_roll, lambda y: y * turn),
        "idft": (_roll, lambda y: y * turn.conj()),
        "rdft": (_roll, lambda y: _packed(_unpacked(y) * turn[: n // 2 + 1], n)),
        "dht": (_roll, lambda y: y * turn.real - y[..., -k] * turn.imag),
        "wht": (lambda x: x[..., k ^ min(1, n - 1)], lambda y: y * np.where(k & 1, -1, 1)),
        "conv": (_roll, _roll),
    }
    if name not in rules:
        return None

    def last_axis(function: Signals) -> Signals:
        return lambda x: function(x.reshape(-1, n)).reshape(x.shape)

    return ShiftRule(*map(last_axis, rules[name]))


def _axis_function(name: str, norm: Any) -> Signals:
    """The one-dimensional transform along the last axis; `norm` is scipy's word."""
    if name[:3] in ("dct", "dst"):
        function, kind = getattr(scipy.fft, name[:3]), int(name[3])
        return lambda x: function(x, type=kind, norm=norm)
    functions: dict[str, Signals] = {
        "dft": lambda x: np.fft.fft(x, norm=norm),
        "idft": lambda x: np.fft.ifft(x, norm=norm),
        "rdft": lambda x: _packed(np.fft.rfft(x, norm=norm), x.shape[-1]),
        "dht": lambda x: _hartley(np.fft.fft(x, norm=norm)),
        "wht": lambda x: _walsh(x) / x.shape[-1] ** {"backward": 0.0, "ortho": 0.5, "forward": 1.0}[norm],
    }
    return functions[name]


def _convolution(name: str, shape: tuple[int, ...], kernel: tuple[float, ...]) -> Signals:
    """Circular convolution with `kernel`; Toeplitz is the first part of one of 2n-1 points."""
    sizes = shape if name == "conv" else tuple(2 * n - 1 for n in shape)
    axes = tuple(range(1, len(shape) + 1))
    taps = np.reshape(kernel, sizes)
    if name == "toeplitz":  # its kernel counts displacements 0, 1, ..., n-1, then -1, -2, ..., -(n-1)
        for axis, n in enumerate(shape):
            taps = np.take(taps, [*range(n), *range(2 * n - 2, n - 1, -1)], axis)
    spectrum = np.fft.fftn(taps)

    def apply(x: Array) -> Array:
        values = np.fft.fftn(x.reshape(len(x), *shape), s=sizes, axes=axes)
        result = np.fft.ifftn(values * spectrum, axes=axes)[(slice(None), *map(slice, shape))]
        return np.reshape(result if np.iscomplexobj(x) else result.real, (len(x), -1))

    return apply


def _roll(x: Array) -> Array:
    return np.roll(x, 1, axis=-1)


def _hartley(spectrum: Array) -> Array:
    values: Array = spectrum.real - spectrum.imag
    return values


def _walsh(x: Array) -> Array:
    if x.shape[-1] == 1:
        return x
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate([_walsh(first + second), _walsh(first - second)], axis=-1)


def _packed(spectrum: Array, n: int) -> Array:
    """Real and imaginary parts in the order Re 0, Re 1, Im 1, Re 2, ..., without those that are always 0."""
    pairs = np.stack([spectrum.real, spectrum.imag], axis=-1).reshape(*spectrum.shape[:-1], -1)
    return np.delete(pairs, 1, axis=-1)[..., :n]


def _unpacked(y: Array) -> Array:
    parts = np.insert(y, 1, 0.0, axis=-1)
    parts = np.concatenate([parts, np.zeros((*y.shape[:-1], parts.shape[-1] % 2))], axis=-1)
    return parts[..., 0::2] + 1j * parts[..., 1::2]
