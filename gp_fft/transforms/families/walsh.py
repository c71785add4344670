"""The Walsh-Hadamard transform, in natural order, as scipy.linalg.hadamard has it, and in order of sequency."""

import numpy as np

from gp_fft.transforms.coded import Indices, Wave
from gp_fft.transforms.exact import root
from gp_fft.transforms.family import Array, Family, ShiftRule


def wht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (-1)^(ones in j & k), natural order; scipy.linalg.hadamard."""
    return Wave(n, 2, n, _common_ones, root)


def walsh(n: int, ortho: bool) -> Wave:
    """The same rows in order of sequency, the number of changes of sign: row k is the bit-reversed Gray code of k."""
    bits = n.bit_length() - 1
    return Wave(n, 2, n, lambda k, j: _common_ones(_reversed(k ^ (k >> 1), bits), j), root)


def _reversed(k: Indices, bits: int) -> Indices:
    """The lowest ``bits`` of k in the other order."""
    return np.asarray(sum(((k >> b) & 1) << (bits - 1 - b) for b in range(bits)) + 0 * k, np.int64)


def _common_ones(k: Indices, j: Indices) -> Indices:
    """The number of binary ones that k and j have in common, for both below 256."""
    shared = (k & j)[..., None] >> np.arange(8)
    return np.asarray((shared & 1).sum(axis=-1), np.int64)


def _natural(x: Array, norm: str) -> Array:
    scale: float = x.shape[-1] ** {"backward": 0.0, "ortho": 0.5, "forward": 1.0}[norm]
    values: Array = _butterflies(x) / scale
    return values


def _by_sequency(x: Array, norm: str) -> Array:
    """The natural order sorted by the changes of sign along each row, counted."""
    rows = _butterflies(np.eye(x.shape[-1]))
    changes = np.count_nonzero(np.diff(rows, axis=0), axis=0)
    return _natural(x, norm)[..., np.argsort(changes)]


def _butterflies(x: Array) -> Array:
    if x.shape[-1] == 1:
        return x
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate([_butterflies(first + second), _butterflies(first - second)], axis=-1)


def _shift(n: int) -> ShiftRule:
    """Neighbours change places: every odd output changes its sign."""
    k = np.arange(n)
    return ShiftRule(lambda x: x[..., k ^ min(1, n - 1)], lambda y: y * np.where(k & 1, -1, 1))


def _sequency_shift(n: int) -> ShiftRule:
    """Neighbours change places: in this order the outputs of the upper half change their sign."""
    k = np.arange(n)
    return ShiftRule(lambda x: x[..., k ^ min(1, n - 1)], lambda y: y * np.where(2 * k >= n, -1, 1))


FAMILY = (
    Family("wht", "Walsh-Hadamard transform, natural order", wht, _natural, shift=_shift, powers_of_two=True),
    Family(
        "walsh",
        "Walsh-Hadamard transform, order of sequency",
        walsh,
        _by_sequency,
        shift=_sequency_shift,
        powers_of_two=True,
    ),
)
