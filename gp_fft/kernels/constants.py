"""The constants of a workbench: one float64 for each, so that equal constants are equal bit by bit and do not drift."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import mix
from gp_fft.kernels.workbench import CONSTANTS_USED, KNOWN, ROWS, SAME

_FINE = 18  # mantissa bits below a cell: cells are about 6e-11 wide, relative


@njit(**INNER)
def recall(b, size):
    """The known constant that this size stands for, or the size itself; nothing is added."""
    if abs(size - 1.0) < SAME:
        return 1.0
    mask = b.numbers.shape[0] - KNOWN - 1
    bits = np.float64(size).view(np.int64) + (1 << (_FINE - 1))
    cell = bits >> _FINE
    low = bits & ((1 << _FINE) - 1)
    other = cell  # a size near the border of its cell may be known in the next one
    if low < (1 << (_FINE - 3)):
        other = cell - 1
    elif low > (1 << _FINE) - (1 << (_FINE - 3)):
        other = cell + 1
    for key in (cell, other):
        slot = np.int64(mix(np.uint64(key))) & mask
        while b.numbers[KNOWN + slot] != 0.0:
            if abs(b.numbers[KNOWN + slot] - size) <= SAME * size:
                return b.numbers[KNOWN + slot]
            slot = (slot + 1) & mask
        if other == cell:
            break
    return size


@njit(**INNER)
def intern(b, size):
    """Return the one float64 that stands for this constant, remembering it if it is new and there is room."""
    known = recall(b, size)
    mask = b.numbers.shape[0] - KNOWN - 1
    if known == 1.0 or b.state[CONSTANTS_USED] * 10 > mask * 9:
        return known
    bits = np.float64(known).view(np.int64) + (1 << (_FINE - 1))
    slot = np.int64(mix(np.uint64(bits >> _FINE))) & mask
    while b.numbers[KNOWN + slot] != 0.0:
        if b.numbers[KNOWN + slot] == known:
            return known
        slot = (slot + 1) & mask
    b.numbers[KNOWN + slot] = known
    b.state[CONSTANTS_USED] += 1
    return known


@njit(**INNER)
def forget_constants(b):
    """Keep only the constants that the program uses, once the table is half full."""
    if b.state[CONSTANTS_USED] * 2 < b.numbers.shape[0] - KNOWN:
        return
    for at in range(KNOWN, b.numbers.shape[0]):
        b.numbers[at] = 0.0
    b.state[CONSTANTS_USED] = 0
    for k in range(b.state[ROWS]):
        slot = b.values[b.values[k].rows_list].first
        while slot >= 0:
            intern(b, b.terms[slot].size)
            slot = b.terms[slot].next
