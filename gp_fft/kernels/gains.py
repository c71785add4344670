"""What sharing one pair of terms would save, in operations, counted exactly before anything is changed."""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import recall
from gp_fft.kernels.edits import depends
from gp_fft.kernels.fingerprints import find_proportional, turned
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.limits import fits, joined, level_of
from gp_fft.kernels.pairs import pair_count, size_uses, slots_key
from gp_fft.kernels.workbench import ADD_LIMIT, DEPTH_LIMIT, MERGING, NOBODY, PER_ADD, PER_SCALE

LONG_ROW = 12  # in longer sums only pairs that occur twice are looked up among the values
FIRST, SECOND = np.bool_(False), np.bool_(True)  # of the two terms of a pair; not literals, see ``workbench.py``


@njit(**INNER)
def first_term(b, i, j):
    """Order two terms as the pair key does."""
    a = b.terms[i]
    c = b.terms[j]
    if c.ref < a.ref or (c.ref == a.ref and (c.turn & 1) < (a.turn & 1)):
        return j, i
    return i, j


@njit(**INNER)
def occurrences(b, i, j, key, except_row):
    """List all pairs of terms with this key in ``pair_a``, ``pair_b``; return how many there are."""
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    through_b = b.values[ref_b].uses < b.values[ref_a].uses
    times = 0
    slot = b.values[ref_b].users if through_b else b.values[ref_a].users
    other_ref = ref_a if through_b else ref_b
    while slot >= 0:
        row = b.terms[slot].row
        if row != except_row and (ref_a != ref_b or (b.terms[slot].turn & 1) == 0):
            k = b.values[row].first
            while k >= 0:
                if b.terms[k].ref == other_ref and k != slot and slots_key(b.terms, slot, k) == key:
                    b.values[times].pair_a = k if through_b else slot
                    b.values[times].pair_b = slot if through_b else k
                    times += 1
                    break
                k = b.terms[k].next
        slot = b.terms[slot].unext
    return times


@njit(**INNER)
def _seen_before(b, k, second):
    """Does the k-th occurrence repeat the (reference, size) of an earlier one?"""
    size = b.terms[b.values[k].pair_b if second else b.values[k].pair_a].size
    for other in range(k):  # noqa: SIM110 - Numba compiles no generator expression
        if b.terms[b.values[other].pair_b if second else b.values[other].pair_a].size == size:
            return True
    return False


@njit(**INNER)
def _uses_in(b, times, ref, size):
    """How many terms ``size * ref`` the listed occurrences hold."""
    uses = 0
    for k in range(times):
        t = b.terms[b.values[k].pair_a]
        if t.ref == ref and t.size == size:
            uses += 1
        t = b.terms[b.values[k].pair_b]
        if t.ref == ref and t.size == size:
            uses += 1
    return uses


@njit(**INNER)
def _survives(b, times, ref, size):
    return size_uses(b, ref, size) > _uses_in(b, times, ref, size)


@njit(**INNER)
def _freed_scales(b, times, ref_a, ref_b):
    """Scales that vanish when the listed occurrences are taken out."""
    freed = 0
    for k in range(times):
        size = b.terms[b.values[k].pair_a].size
        if size != 1.0 and not _seen_before(b, k, FIRST) and not _survives(b, times, ref_a, size):
            freed += 1
        size = b.terms[b.values[k].pair_b].size
        if size != 1.0 and not _seen_before(b, k, SECOND):
            if ref_a == ref_b and _a_has(b, times, size):
                continue
            if not _survives(b, times, ref_b, size):
                freed += 1
    return freed


@njit(**INNER)
def _a_has(b, times, size):
    for k in range(times):  # noqa: SIM110 - Numba compiles no generator expression
        if b.terms[b.values[k].pair_a].size == size:
            return True
    return False


@njit(**INNER)
def fresh_gain(b, times, ref_a, ref_b, ratio):
    """Best gain of a new definition ``alpha a + alpha ratio b`` over the choices of alpha; returns (gain, alpha)."""
    distinct = 0
    for k in range(times):
        if not _seen_before(b, k, FIRST):
            distinct += 1
    freed = _freed_scales(b, times, ref_a, ref_b)
    fewest = 1 << 30
    best = 1.0
    for choice in range(-2, min(times, 4)):
        if choice == -2:
            alpha = 1.0
        elif choice == -1:
            alpha = recall(b, 1.0 / ratio)
        else:
            alpha = b.terms[b.values[choice].pair_a].size
        beta = recall(b, alpha * ratio)
        fresh = distinct
        if _a_has(b, times, alpha):
            fresh -= 1
        if alpha != 1.0 and not _survives(b, times, ref_a, alpha):
            fresh += 1
        if beta != 1.0 and not _survives(b, times, ref_b, beta) and not (ref_a == ref_b and alpha == beta):
            fresh += 1
        if fresh < fewest:
            fewest = fresh
            best = alpha
    return b.numbers[PER_ADD] * (times - 1) + b.numbers[PER_SCALE] * (freed - fewest), best


@njit(**INNER)
def _host_gain(b, times, ref_a, ref_b, host, scale):
    """Gain of using ``scale * host`` for the pair in all listed occurrences."""
    fresh = 0
    for k in range(times):
        if not _seen_before(b, k, FIRST):
            size = recall(b, b.terms[b.values[k].pair_a].size * scale)
            if size != 1.0 and size_uses(b, host, size) == 0:
                fresh += 1
    return b.numbers[PER_ADD] * times + b.numbers[PER_SCALE] * (_freed_scales(b, times, ref_a, ref_b) - fresh)


@njit(**INNER)
def host_of(b, i, j, ratio, turn):
    """A value proportional to ``a + ratio i^turn b``, with the size and turn of ``pair = size i^turn value``."""
    va = b.values[b.terms[i].ref]
    vb = b.values[b.terms[j].ref]
    x, y = turned(vb.z1r, vb.z1i, turn)
    z1r = va.z1r + ratio * x
    z1i = va.z1i + ratio * y
    x, y = turned(vb.z2r, vb.z2i, turn)
    host, size, host_turn = find_proportional(b, z1r, z1i, va.z2r + ratio * x, va.z2i + ratio * y, NOBODY)
    if host == b.terms[i].ref or host == b.terms[j].ref:
        return -1, 1.0, 0
    return host, size, host_turn


@njit(**INNER)
def pair_gain(b, i, j, floor):
    """What sharing the pair of terms (i, j) would save; pairs that cannot beat ``floor`` return 0."""
    i, j = first_term(b, i, j)
    key = slots_key(b.terms, i, j)
    ratio = recall(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    count = pair_count(b, key)
    guarded = b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] > 0
    if b.state[MERGING] and (count > 1 or b.values[b.terms[i].row].length <= LONG_ROW):
        host, scale, _ = host_of(b, i, j, ratio, turn)
        if host >= 0 and host != b.terms[i].row:
            times = occurrences(b, i, j, key, host)
            gain = _host_gain(b, times, ref_a, ref_b, host, scale)
            if guarded and not fits(b, i, j, level_of(b, host, recall(b, b.terms[i].size * scale))):
                return 0.0
            if gain > 0 and not depends(b, host, b.terms[i].row):
                return gain
            return 0.0
    if count < 2 and not (ratio == 1.0 and b.terms[i].size != 1.0):
        return 0.0
    if b.numbers[PER_ADD] * (count - 1) + 2.0 * b.numbers[PER_SCALE] * count <= floor:
        return 0.0
    if guarded and not fits(b, i, j, joined(b, i, j)):
        return 0.0
    times = occurrences(b, i, j, key, NOBODY)
    gain, _ = fresh_gain(b, times, ref_a, ref_b, ratio)
    return gain
