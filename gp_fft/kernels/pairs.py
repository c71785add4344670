"""Pairs of terms: the key that tells equal pairs apart from others, and a table of how often each occurs."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import mix
from gp_fft.kernels.workbench import BROKEN, GAINED, NO_PAIR_LEFT, PAIRS_USED, ROWS, UNCOUNTED


@njit(**INNER)
def pair_key(ref_a, ref_b, ratio, turn):
    """Hash of the pair ``a + ratio i^turn b``; ratios closer than about 1e-11 share a key (but for rare borders)."""
    bits = (np.float64(ratio).view(np.int64) + (1 << 15)) >> 16
    word = np.uint64(bits) * np.uint64(0x9E3779B97F4A7C15)
    word ^= np.uint64(ref_a) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64(ref_b) * np.uint64(0x165667B19E3779F9)
    return mix(word + np.uint64(turn)) | np.uint64(1)


@njit(**INNER)
def comes_first(ref_a, size_a, turn_a, ref_b, size_b, turn_b):
    """Is the first of two terms of one row the first one of their pair: by reference, axis, and last by size?"""
    if ref_a != ref_b:
        return ref_a < ref_b
    if (turn_a ^ turn_b) & 1:
        return (turn_a & 1) == 0
    return size_a < size_b


@njit(**INNER)
def terms_key(ref_a, size_a, turn_a, ref_b, size_b, turn_b):
    """Key of the pair of two terms, whichever comes first; they need not exist."""
    if comes_first(ref_b, size_b, turn_b, ref_a, size_a, turn_a):
        return pair_key(ref_b, ref_a, size_a / size_b, (turn_a - turn_b) & 3)
    return pair_key(ref_a, ref_b, size_b / size_a, (turn_b - turn_a) & 3)


@njit(**INNER)
def slots_key(terms, i, j):
    """Key of the pair of two terms of one row."""
    a = terms[i]
    c = terms[j]
    return terms_key(a.ref, a.size, a.turn, c.ref, c.size, c.turn)


@njit(**INNER)
def pair_count(b, key):
    """How many pairs of terms in the whole program have this key."""
    mask = b.pairs.shape[0] - 1
    slot = np.int64(key >> np.uint64(20)) & mask
    while b.pairs[slot].key != np.uint64(0):
        if b.pairs[slot].key == key:
            return b.pairs[slot].count
        slot = (slot + 1) & mask
    return 0


@njit(**INNER)
def pair_change(b, key, by):
    """Add ``by`` to the count of a key."""
    mask = b.pairs.shape[0] - 1
    slot = np.int64(key >> np.uint64(20)) & mask
    while b.pairs[slot].key != np.uint64(0):
        if b.pairs[slot].key == key:
            b.pairs[slot].count += by
            return
        slot = (slot + 1) & mask
    if b.state[PAIRS_USED] * 10 > mask * 9:
        b.state[BROKEN] = NO_PAIR_LEFT  # counts are rebuilt before the next step
        return
    b.pairs[slot].key = key
    b.pairs[slot].count = by
    b.state[PAIRS_USED] += 1


@njit(**INNER)
def recount_pairs(b):
    """Rebuild the table of pair counts from the rows, dropping keys that are no longer used."""
    for k in range(b.pairs.shape[0]):
        b.pairs[k].key = np.uint64(0)
        b.pairs[k].count = 0
    b.state[PAIRS_USED] = 0
    for k in range(b.state[ROWS]):
        i = b.values[b.values[k].rows_list].first
        while i >= 0:
            j = b.terms[i].next
            while j >= 0:
                pair_change(b, slots_key(b.terms, i, j), GAINED)
                j = b.terms[j].next
            i = b.terms[i].next


@njit(**INNER)
def count_pairs_of(b, slot, by):
    """Add ``by`` to the count of every pair that a term makes in its row."""
    if b.state[UNCOUNTED] != 0:
        return
    row = b.terms[slot].row
    j = b.values[row].first
    while j >= 0:
        if j != slot:
            pair_change(b, slots_key(b.terms, slot, j), by)
        j = b.terms[j].next


@njit(**INNER)
def size_uses(b, ref, size):
    """Number of terms ``size * ref`` in the program."""
    count = 0
    slot = b.values[ref].users
    while slot >= 0:
        if b.terms[slot].size == size:
            count += 1
        slot = b.terms[slot].unext
    return count
