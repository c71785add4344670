"""The lapped transforms: the modified discrete cosine transform of 2n inputs and n outputs, and its inverse.

J. P. Princen, A. W. Johnson and A. B. Bradley (1987). There is no window and no factor 2. The inverse divides by n, so
that the overlapping halves of ``imdct`` of ``mdct`` add up to the signal; ``"forward"`` has that in the other one, and
the rows of an ``"ortho"`` one are orthonormal.
"""

from typing import Any

import numpy as np

from gp_fft.transforms.coded import Wave
from gp_fft.transforms.exact import cosine
from gp_fft.transforms.family import Array, Family


def mdct(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] cos(pi (2j+1+n)(2k+1)/(4n)), 2n inputs."""
    return Wave(n, 8 * n, n, lambda k, j: (2 * j + 1 + n) * (2 * k + 1), cosine, inputs=2 * n)


def imdct(n: int, ortho: bool) -> Wave:
    """y[j] = 1/n sum x[k] cos(pi (2j+1+n)(2k+1)/(4n)), 2n outputs."""
    return Wave(2 * n, 8 * n, n, lambda j, k: (2 * j + 1 + n) * (2 * k + 1), cosine, inputs=n)


def _turns(steps: Array, n: int) -> Array:
    """exp(pi i steps/(4n))."""
    turns: Array = np.exp(0.25j * np.pi * steps / n)
    return turns


def _by_fft(x: Array, norm: Any) -> Array:
    """2n inputs by numpy.fft: the angle is that of a DFT of 2n points, but for a turn of each input and output."""
    n = x.shape[-1] // 2
    spectrum = np.fft.fft(x * _turns(-2 * np.arange(2 * n), n))[..., :n]
    values: Array = (spectrum * _turns(-(n + 1) * (2 * np.arange(n) + 1), n)).real
    values /= float(n) ** {"backward": 0.0, "ortho": 0.5, "forward": 1.0}[norm]
    return values


def _inverse_by_fft(x: Array, norm: Any) -> Array:
    """2n outputs by numpy.fft, of n inputs and as many zeros."""
    n = x.shape[-1]
    wide = np.concatenate([x * _turns((n + 1) * 2 * np.arange(n), n), np.zeros_like(x)], axis=-1)
    values: Array = (2 * n * np.fft.ifft(wide) * _turns(2 * np.arange(2 * n) + 1 + n, n)).real
    values /= float(n) ** {"backward": 1.0, "ortho": 0.5, "forward": 0.0}[norm]
    return values


FAMILY = (
    Family(
        "mdct",
        "modified discrete cosine transform, 2n inputs and n outputs",
        mdct,
        _by_fft,
        sides=lambda n: (n, 2 * n),
    ),
    Family(
        "imdct",
        "inverse of the modified discrete cosine transform, n inputs and 2n outputs",
        imdct,
        _inverse_by_fft,
        sides=lambda n: (2 * n, n),
        inverse=True,
    ),
)
