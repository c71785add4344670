"""The Walsh-Hadamard transform, in natural order, as scipy.linalg.hadamard has it."""

import numpy as np

from gp_fft.transforms.coded import Indices, Wave
from gp_fft.transforms.exact import root
from gp_fft.transforms.family import Array, Family, ShiftRule


def wht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (-1)^(ones in j & k), natural order; scipy.linalg.hadamard."""
    return Wave(n, 2, n, _common_ones, root)


def _common_ones(k: Indices, j: Indices) -> Indices:
    """The number of binary ones that k and j have in common, for both below 256."""
    shared = (k & j)[..., None] >> np.arange(8)
    return np.asarray((shared & 1).sum(axis=-1), np.int64)


def _walsh(x: Array, norm: str) -> Array:
    scale: float = x.shape[-1] ** {"backward": 0.0, "ortho": 0.5, "forward": 1.0}[norm]
    values: Array = _butterflies(x) / scale
    return values


def _butterflies(x: Array) -> Array:
    if x.shape[-1] == 1:
        return x
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate([_butterflies(first + second), _butterflies(first - second)], axis=-1)


def _shift(n: int) -> ShiftRule:
    """Neighbours change places: every odd output changes its sign."""
    k = np.arange(n)
    return ShiftRule(lambda x: x[..., k ^ min(1, n - 1)], lambda y: y * np.where(k & 1, -1, 1))


FAMILY = Family("wht", "Walsh-Hadamard transform, natural order", wht, _walsh, shift=_shift, powers_of_two=True)
