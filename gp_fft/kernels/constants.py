"""The constants of a bench: one float64 for each, so that equal constants are equal bit by bit and do not drift."""

from __future__ import annotations

import numpy as np
from numba import njit

from gp_fft.kernels.bench import BROKEN, CONSTANTS_USED, SAME
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import mix


@njit(**INNER)
def intern(b, size):
    """Return the one float64 that stands for this constant, so that equal constants are equal bit by bit."""
    if abs(size - 1.0) < SAME:
        return 1.0
    mask = b.constants.shape[0] - 1
    bits = np.float64(size).view(np.int64) + (1 << 17)
    cell = bits >> 18
    low = bits & ((1 << 18) - 1)
    other = cell
    if low < (1 << 15):
        other = cell - 1
    elif low > (1 << 18) - (1 << 15):
        other = cell + 1
    for key in (cell, other):
        slot = np.int64(mix(np.uint64(key))) & mask
        while b.constants[slot] != 0.0:
            known = b.constants[slot]
            if abs(known - size) <= SAME * size:
                return known
            slot = (slot + 1) & mask
        if other == cell:
            break
    if b.state[CONSTANTS_USED] * 2 > mask:
        b.state[BROKEN] = 1
        return size
    slot = np.int64(mix(np.uint64(cell))) & mask
    while b.constants[slot] != 0.0:
        slot = (slot + 1) & mask
    b.constants[slot] = size
    b.state[CONSTANTS_USED] += 1
    return size
