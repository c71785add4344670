"""The Fourier transforms: dft, idft, the DFT of real input, and the Hartley transform.

Signs, orders and factors follow numpy.fft (and with it FFTW): a forward DFT has exp(-2 pi i jk/n). The Hartley
transform is that of R. N. Bracewell (1983), the layout of the real DFT that of FFTPACK (P. N. Swarztrauber, 1982).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gp_fft.transforms.coded import Wave
from gp_fft.transforms.exact import Number, cosine, root, sine
from gp_fft.transforms.family import Array, Family, ShiftRule, roll


def dft(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] exp(-2 pi i jk/n); numpy.fft.fft."""
    return Wave(n, n, n, lambda k, j: -k * j, root)


def idft(n: int, ortho: bool) -> Wave:
    """y[k] = 1/n sum x[j] exp(+2 pi i jk/n); numpy.fft.ifft."""
    return Wave(n, n, n, lambda k, j: k * j, root)


def rdft(n: int, ortho: bool) -> Wave:
    """Re y[0], Re y[1], Im y[1], Re y[2] ... of the DFT of real input; numpy.fft.rfft as FFTPACK packs it."""
    return Wave(n, 4 * n, n, lambda k, j: 4 * ((k + 1) // 2) * j + n * ((k + 1) % 2) * (k > 0), cosine)


def dht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (cos(2 pi jk/n) + sin(2 pi jk/n)), the discrete Hartley transform."""
    return Wave(n, n, n, lambda k, j: k * j, _cas)


def _cas(k: int, order: int) -> Number:
    return cosine(k, order) + sine(k, order)


def _fft(x: Array, norm: Any) -> Array:
    return np.fft.fft(x, norm=norm)


def _ifft(x: Array, norm: Any) -> Array:
    return np.fft.ifft(x, norm=norm)


def _rfft(x: Array, norm: Any) -> Array:
    return _packed(np.fft.rfft(x, norm=norm), x.shape[-1])


def _hartley(x: Array, norm: Any) -> Array:
    spectrum = np.fft.fft(x, norm=norm)
    values: Array = spectrum.real - spectrum.imag
    return values


def _packed(spectrum: Array, n: int) -> Array:
    """Real and imaginary parts in the order Re 0, Re 1, Im 1, Re 2, ..., without those that are always 0."""
    pairs = np.stack([spectrum.real, spectrum.imag], axis=-1).reshape(*spectrum.shape[:-1], -1)
    return np.delete(pairs, 1, axis=-1)[..., :n]


def _unpacked(y: Array) -> Array:
    parts = np.insert(y, 1, 0.0, axis=-1)
    parts = np.concatenate([parts, np.zeros((*y.shape[:-1], parts.shape[-1] % 2))], axis=-1)
    return parts[..., 0::2] + 1j * parts[..., 1::2]


def _turn(n: int) -> Array:
    """What a shift by one place multiplies the spectrum with, ``(n,)`` complex128."""
    turns: Array = np.exp(-2j * np.pi * np.arange(n) / n)
    return turns


def _dft_shift(n: int) -> ShiftRule:
    return ShiftRule(roll, lambda y: y * _turn(n))


def _idft_shift(n: int) -> ShiftRule:
    return ShiftRule(roll, lambda y: y * _turn(n).conj())


def _rdft_shift(n: int) -> ShiftRule:
    return ShiftRule(roll, lambda y: _packed(_unpacked(y) * _turn(n)[: n // 2 + 1], n))


def _dht_shift(n: int) -> ShiftRule:
    return ShiftRule(roll, lambda y: y * _turn(n).real - y[..., -np.arange(n)] * _turn(n).imag)


DFT = Family("dft", "discrete Fourier transform", dft, _fft, shift=_dft_shift, field="complex")
IDFT = Family(
    "idft", "inverse discrete Fourier transform", idft, _ifft, shift=_idft_shift, field="complex", inverse=True
)
RDFT = Family(
    "rdft",
    "DFT of real input: Re 0, Re 1, Im 1, Re 2, Im 2, ...",
    rdft,
    _rfft,
    shift=_rdft_shift,
    two_dimensional=False,
    no_2d_because="products of real and imaginary parts are not the parts of a two-dimensional DFT",
)
DHT = Family("dht", "discrete Hartley transform", dht, _hartley, shift=_dht_shift)
