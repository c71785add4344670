"""The Fourier transforms: dft, idft and the DFT of real input.

Signs, orders and factors follow numpy.fft (and with it FFTW): a forward DFT has exp(-2 pi i jk/n). The layout of the
real DFT is that of FFTPACK (P. N. Swarztrauber, 1982).
"""

from typing import Any

import numpy as np

from gp_fft.transforms.coded import Wave
from gp_fft.transforms.exact import cosine, root
from gp_fft.transforms.family import Array, Family, ShiftRule, roll, turn


def dft(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] exp(-2 pi i jk/n); numpy.fft.fft."""
    return Wave(n, n, n, lambda k, j: -k * j, root)


def idft(n: int, ortho: bool) -> Wave:
    """y[k] = 1/n sum x[j] exp(+2 pi i jk/n); numpy.fft.ifft."""
    return Wave(n, n, n, lambda k, j: k * j, root)


def rdft(n: int, ortho: bool) -> Wave:
    """Re y[0], Re y[1], Im y[1], Re y[2] ... of the DFT of real input; numpy.fft.rfft as FFTPACK packs it."""
    return Wave(n, 4 * n, n, lambda k, j: 4 * ((k + 1) // 2) * j + n * ((k + 1) % 2) * (k > 0), cosine)


def _rfft(x: Array, norm: Any) -> Array:
    return _packed(np.fft.rfft(x, norm=norm), x.shape[-1])


def _packed(spectrum: Array, n: int) -> Array:
    """Real and imaginary parts in the order Re 0, Re 1, Im 1, Re 2, ..., without those that are always 0."""
    pairs = np.stack([spectrum.real, spectrum.imag], axis=-1).reshape(*spectrum.shape[:-1], -1)
    return np.delete(pairs, 1, axis=-1)[..., :n]


def _unpacked(y: Array) -> Array:
    parts = np.insert(y, 1, 0.0, axis=-1)
    parts = np.concatenate([parts, np.zeros((*y.shape[:-1], parts.shape[-1] % 2))], axis=-1)
    return parts[..., 0::2] + 1j * parts[..., 1::2]


FAMILY = (
    Family(
        "dft",
        "discrete Fourier transform",
        dft,
        np.fft.fft,
        shift=lambda n: ShiftRule(roll, lambda y: y * turn(n)),
        field="complex",
    ),
    Family(
        "idft",
        "inverse discrete Fourier transform",
        idft,
        np.fft.ifft,
        shift=lambda n: ShiftRule(roll, lambda y: y * turn(n).conj()),
        field="complex",
        inverse=True,
    ),
    Family(
        "rdft",
        "DFT of real input: Re 0, Re 1, Im 1, Re 2, Im 2, ...",
        rdft,
        _rfft,
        shift=lambda n: ShiftRule(roll, lambda y: _packed(_unpacked(y) * turn(n)[: n // 2 + 1], n)),
        two_dimensional=False,
        no_2d_because="products of real and imaginary parts are not the parts of a two-dimensional DFT",
    ),
)
