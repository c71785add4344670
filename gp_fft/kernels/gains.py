"""What sharing one pair of terms would save, in operations, counted exactly before anything is changed."""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import allowed, price, recall
from gp_fft.kernels.edits import depends
from gp_fft.kernels.fingerprints import add_prints, find_proportional, print_of
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.limits import fits, joined, level_of
from gp_fft.kernels.pairs import comes_first, pair_count, size_uses, slots_key
from gp_fft.kernels.workbench import (
    ADD_LIMIT,
    DEAREST,
    DEPTH_LIMIT,
    LISTED,
    MERGING,
    NOBODY,
    PER_ADD,
    PER_SCALE,
    UNIT,
)

LONG_ROW = 12  # in longer sums only pairs that occur twice are looked up among the values
NEVER = np.int64(1 << 40)  # a price that nothing is worth
FIRST, SECOND = np.bool_(False), np.bool_(True)  # of the two terms of a pair; not literals, see ``workbench.py``


@njit(**INNER)
def first_term(b, i, j):
    """Order two terms as the pair key does."""
    a = b.terms[i]
    c = b.terms[j]
    if comes_first(c.ref, c.size, c.turn, a.ref, a.size, a.turn):
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
    apart = ref_a != ref_b and b.state[LISTED] <= 1  # then no term can belong to two occurrences
    while slot >= 0:
        row = b.terms[slot].row
        if row != except_row:
            k = b.values[row].first
            while k >= 0:
                same = b.terms[k].ref == other_ref and k != slot and slots_key(b.terms, slot, k) == key
                if same and (apart or _is_new(b, times, slot, k)):
                    b.values[times].pair_a = k if through_b else slot
                    b.values[times].pair_b = slot if through_b else k
                    times += 1
                    break
                k = b.terms[k].next
        slot = b.terms[slot].unext
    return times


@njit(**INNER)
def _is_new(b, times, i, j):
    """Is (i, j) not against the order of the key, as it may be for one reference, and neither listed already?"""
    a = b.terms[i]
    c = b.terms[j]
    if a.ref == c.ref and comes_first(c.ref, c.size, c.turn, a.ref, a.size, a.turn):
        return False
    for k in range(times):
        first = b.values[k].pair_a
        second = b.values[k].pair_b
        if first in (i, j) or second in (i, j):
            return False
    return True


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
    """What the scales ask for that vanish when the listed occurrences are taken out."""
    freed = 0
    for k in range(times):
        size = b.terms[b.values[k].pair_a].size
        if size != 1.0 and not _seen_before(b, k, FIRST) and not _survives(b, times, ref_a, size):
            freed += price(b, size)
        size = b.terms[b.values[k].pair_b].size
        if size != 1.0 and not _seen_before(b, k, SECOND):
            if ref_a == ref_b and _a_has(b, times, size):
                continue
            if not _survives(b, times, ref_b, size):
                freed += price(b, size)
    return freed


@njit(**INNER)
def _a_has(b, times, size):
    for k in range(times):  # noqa: SIM110 - Numba compiles no generator expression
        if b.terms[b.values[k].pair_a].size == size:
            return True
    return False


@njit(**INNER)
def _alpha(b, choice, ratio):
    """What a new definition may multiply the first value by: 1, what makes the second 1, or as a listed occurrence."""
    if choice == -2:
        return 1.0
    if choice == -1:
        return recall(b, 1.0 / ratio)
    return b.terms[b.values[choice].pair_a].size


@njit(**INNER)
def fresh_gain(b, times, ref_a, ref_b, ratio):
    """Best gain of a new definition ``alpha a + alpha ratio b`` over the choices of alpha; returns (gain, alpha)."""
    freed = _freed_scales(b, times, ref_a, ref_b)
    if b.state[LISTED] != 0:
        fewest, best = _cheapest_listed(b, times, ref_a, ref_b, ratio)
        return b.numbers[PER_ADD] * (times - 1) + b.numbers[PER_SCALE] * (freed - fewest), best
    distinct = 0
    for k in range(times):
        if not _seen_before(b, k, FIRST):
            distinct += 1
    fewest = 1 << 30
    best = 1.0
    for choice in range(-2, min(times, 4)):
        alpha = _alpha(b, choice, ratio)
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
    return b.numbers[PER_ADD] * (times - 1) + b.numbers[PER_SCALE] * (freed - UNIT * fewest), best


@njit(**INNER)
def _cheapest_listed(b, times, ref_a, ref_b, ratio):
    """The least that the products of a new definition ask for, where constants are listed; returns (price, alpha)."""
    least = NEVER
    best = 1.0
    for choice in range(-2, min(times, 4)):
        alpha = _alpha(b, choice, ratio)
        beta = recall(b, alpha * ratio)
        if not (allowed(b, alpha) and allowed(b, beta)):
            continue
        asked = np.int64(0)
        if alpha != 1.0 and not _survives(b, times, ref_a, alpha):
            asked += price(b, alpha)
        if beta != 1.0 and not _survives(b, times, ref_b, beta):
            asked += price(b, beta)
        for k in range(times):
            size = recall(b, b.terms[b.values[k].pair_a].size / alpha)
            if not allowed(b, size):
                asked = NEVER
                break
            if size != 1.0 and not _seen_before(b, k, FIRST):
                asked += price(b, size)
        if asked < least:
            least = asked
            best = alpha
    return least, best


@njit(**INNER)
def keep_allowed(b, times, scale):
    """Of the listed occurrences keep those whose first term times ``scale`` is allowed; return how many there are."""
    kept = 0
    for k in range(times):
        if allowed(b, recall(b, b.terms[b.values[k].pair_a].size * scale)):
            b.values[kept].pair_a = b.values[k].pair_a
            b.values[kept].pair_b = b.values[k].pair_b
            kept += 1
    return kept


@njit(**INNER)
def _host_gain(b, times, ref_a, ref_b, host, scale):
    """Gain of using ``scale * host`` for the pair in all listed occurrences."""
    fresh = 0
    for k in range(times):
        if not _seen_before(b, k, FIRST):
            size = recall(b, b.terms[b.values[k].pair_a].size * scale)
            if size != 1.0 and size_uses(b, host, size) == 0:
                fresh += price(b, size)
    return b.numbers[PER_ADD] * times + b.numbers[PER_SCALE] * (_freed_scales(b, times, ref_a, ref_b) - fresh)


@njit(**INNER)
def host_of(b, i, j, ratio, turn):
    """A value proportional to ``a + ratio i^turn b``, with the size and turn of ``pair = size i^turn value``."""
    z = add_prints(b, print_of(b, b.terms[i].ref), print_of(b, b.terms[j].ref), ratio, turn)
    host, size, host_turn = find_proportional(b, z[0], z[1], z[2], z[3], NOBODY)
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
            if b.state[LISTED] != 0:
                times = keep_allowed(b, times, scale)
            gain = _host_gain(b, times, ref_a, ref_b, host, scale)
            if guarded and not fits(b, i, j, level_of(b, host, recall(b, b.terms[i].size * scale))):
                return 0.0
            if gain > 0 and not depends(b, host, b.terms[i].row):
                return gain
            return 0.0
    if count < 2 and not (ratio == 1.0 and b.terms[i].size != 1.0):
        return 0.0
    if b.numbers[PER_ADD] * (count - 1) + 2.0 * b.numbers[PER_SCALE] * b.state[DEAREST] * count <= floor:
        return 0.0
    if guarded and not fits(b, i, j, joined(b, i, j)):
        return 0.0
    times = occurrences(b, i, j, key, NOBODY)
    gain, _ = fresh_gain(b, times, ref_a, ref_b, ratio)
    return gain
