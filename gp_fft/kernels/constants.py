"""The constants of a workbench: one float64 for each, so that equal constants are equal bit by bit and do not drift.

What the primitive set says of a constant is said here alone, as a property of the interned one: whether it is allowed,
and its price. Where the set lists its constants, they are all interned from the beginning and no other is.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import mix
from gp_fft.kernels.workbench import CONSTANTS_USED, KNOWN, LISTED, MASK, ROWS, SAME, UNIT

_FINE = 18  # mantissa bits below a cell: cells are about 6e-11 wide, relative
MOST_DIGITS = 24  # terms that a size is written as
ROUNDED = 3  # terms that a size which comes from a refit is rounded to


@njit(**INNER)
def recall(b, size):
    """The known constant that this size stands for, or the size itself; nothing is added."""
    if abs(size - 1.0) < SAME:
        return 1.0
    mask = b.state[MASK]
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
def _slot(b, known):
    """Where a constant stands in the table, or the empty slot where it would."""
    mask = b.state[MASK]
    bits = np.float64(known).view(np.int64) + (1 << (_FINE - 1))
    slot = np.int64(mix(np.uint64(bits >> _FINE))) & mask
    while b.numbers[KNOWN + slot] != 0.0 and b.numbers[KNOWN + slot] != known:
        slot = (slot + 1) & mask
    return slot


@njit(**INNER)
def intern(b, size):
    """Return the one float64 that stands for this constant, remembering it if it is new, may be, and there is room."""
    known = recall(b, size)
    if known == 1.0 or b.state[LISTED] != 0 or b.state[CONSTANTS_USED] * 10 > b.state[MASK] * 9:
        return known
    slot = _slot(b, known)
    if b.numbers[KNOWN + slot] == 0.0:
        b.numbers[KNOWN + slot] = known
        b.state[CONSTANTS_USED] += 1
    return known


@njit(**INNER)
def allowed(b, size):
    """Does the primitive set allow this constant, as :func:`recall` gives it?"""
    if size == 1.0 or b.state[LISTED] == 0:
        return True
    return b.numbers[KNOWN + _slot(b, size)] == size


@njit(**INNER)
def price(b, size):
    """What a product by this allowed constant asks for, in parts of UNIT."""
    if b.state[LISTED] == 0:
        return UNIT
    return np.int64(b.numbers[KNOWN + b.state[MASK] + 1 + _slot(b, size)])


@njit(**INNER)
def enlist(b, size, asked):
    """Make a constant known for good, at so many parts of UNIT."""
    slot = _slot(b, size)
    b.numbers[KNOWN + slot] = size
    b.numbers[KNOWN + b.state[MASK] + 1 + slot] = asked
    b.state[CONSTANTS_USED] += 1


@njit(**INNER)
def nearest(b, size):
    """The listed constant, 1 among them, that is nearest to a size."""
    first = KNOWN + 2 * (b.state[MASK] + 1)
    low = first
    high = first + b.state[LISTED]
    while high - low > 1:
        middle = (low + high) >> 1
        if b.numbers[middle] <= size:
            low = middle
        else:
            high = middle
    if low + 1 < first + b.state[LISTED] and b.numbers[low + 1] - size < size - b.numbers[low]:
        return b.numbers[low + 1]
    return b.numbers[low]


@njit(**INNER)
def count_digits(b, total):
    """How many listed constants add up to a number, the nearest taken each time; more than MOST_DIGITS if none do."""
    count = 0
    rest = abs(total)
    while rest > SAME * abs(total) and count <= MOST_DIGITS:
        left = abs(rest - nearest(b, rest))
        if left >= rest:
            return MOST_DIGITS + 1
        rest = left
        count += 1
    return count


@njit(**INNER)
def rounded(b, size):
    """The sum of at most ROUNDED listed constants, with signs, that greed finds for a size; 0 for one near nothing."""
    rest = size
    for _ in range(ROUNDED):
        digit = nearest(b, abs(rest))
        if abs(abs(rest) - digit) >= abs(rest) or abs(rest) <= SAME * size:
            break
        rest -= digit if rest > 0 else -digit
    return abs(size - rest)


@njit(**INNER)
def forget_constants(b):
    """Keep only the constants that the program uses, once the table is half full; listed ones stay."""
    if b.state[CONSTANTS_USED] * 2 <= b.state[MASK] or b.state[LISTED] != 0:
        return
    for at in range(KNOWN, KNOWN + b.state[MASK] + 1):
        b.numbers[at] = 0.0
    b.state[CONSTANTS_USED] = 0
    for k in range(b.state[ROWS]):
        slot = b.values[b.values[k].rows_list].first
        while slot >= 0:
            intern(b, b.terms[slot].size)
            slot = b.terms[slot].next
