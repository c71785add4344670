"""Share: define the pair of terms that saves most once, replace it everywhere, until nothing is saved.

Only pairs of rows that the step has touched can have become worth sharing, so only those are looked at; their
occurrences elsewhere are counted in the workbench's table. A pair whose value exists already (same fingerprint up to
scale and turn) is replaced by that value. The greedy rule is that of multiple-constant multiplication
(Hartley 1996, "Subexpression sharing in filters using canonic signed digit multipliers"), with a little noise.
"""

from typing import NamedTuple

from numba import njit

from gp_fft.kernels.apart import users_allow
from gp_fft.kernels.constants import allowed, intern, recall
from gp_fft.kernels.edits import add_term, depends, drop_term, drop_terms, open_row, total_cost, touch
from gp_fft.kernels.fingerprints import evaluate_print, find_proportional
from gp_fft.kernels.gains import first_term, fresh_gain, host_of, keep_allowed, occurrences, pair_gain
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.limits import fits, level_of, note_level, refresh
from gp_fft.kernels.links import queue
from gp_fft.kernels.pairs import slots_key
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.settle import replace_uses, settle
from gp_fft.kernels.workbench import (
    ADD_LIMIT,
    BROKEN,
    DEPTH_LIMIT,
    DIRTY,
    INPUTS,
    INTACT,
    LISTED,
    MERGING,
    NOBODY,
    ROWS,
    SHARING,
    ZERO,
)

PATIENCE = 8  # extractions that lower nothing before sharing ends
MANY_PAIRS = 20_000  # of more, not every single extraction is preceded by a look at all
NEARLY = 0.85  # what counts as nearly as good as the best, when there are so many


class Pair(NamedTuple):
    """The sum ``a + ratio i^turn b`` of two values."""

    a: int
    b: int
    ratio: float
    turn: int


@njit(**INNER)
def extract(b, i, j):
    """Define the pair of terms (i, j) once, or find it among the values, and use it wherever it occurs."""
    i, j = first_term(b, i, j)
    key = slots_key(b.terms, i, j)
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    host = -1
    if b.state[MERGING]:
        host, scale, host_turn = host_of(b, i, j, ratio, turn)
        if host == b.terms[i].row:
            host = -1
    if host >= 0:
        count = occurrences(b, i, j, key, host)
        if b.state[LISTED] != 0:
            count = keep_allowed(b, count, scale)
        longer = host >= b.state[INPUTS] and b.values[host].length > 2
        listed = allowed(b, recall(b, 1.0 / scale)) and allowed(b, recall(b, ratio / scale))
        if longer and listed and not depends(b, ref_a, host) and not depends(b, ref_b, host):
            _rewrite(b, host, Pair(ref_a, ref_b, ratio, turn), 1.0 / scale, (4 - host_turn) & 3)
    else:
        count = occurrences(b, i, j, key, NOBODY)
        _, alpha = fresh_gain(b, count, ref_a, ref_b, ratio)
        host = open_row(b)
        if host < 0:
            return
        touch(b, host)
        add_term(b, host, ref_a, alpha, ZERO)
        add_term(b, host, ref_b, alpha * ratio, turn)
        evaluate_print(b, host)
        note_level(b, host)
        scale = 1.0 / alpha
        host_turn = 0
    guarded = b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] > 0
    for k in range(count):
        slot = b.values[k].pair_a
        row = b.terms[slot].row
        if depends(b, host, row):
            continue
        size = b.terms[slot].size * scale
        if guarded and not fits(b, slot, b.values[k].pair_b, level_of(b, host, intern(b, size))):
            continue
        total = (b.terms[slot].turn + host_turn) & 3
        touch(b, row)
        drop_term(b, slot)
        drop_term(b, b.values[k].pair_b)
        add_term(b, row, host, size, total)


@njit(**ONCE)
def _rewrite(b, row, pair, size, turn):
    """Let a longer row be the pair itself: ``row = size i^turn pair``."""
    touch(b, row)
    drop_terms(b, row)
    add_term(b, row, pair.a, size, turn)
    add_term(b, row, pair.b, size * pair.ratio, (turn + pair.turn) & 3)


@njit(**INNER)
def _best_pair(b, row, floor, noise):
    """The pair of terms of a row that saves most, if that is more than ``floor``: (gain, i, j), or (floor, -1, -1)."""
    best = floor
    best_i = -1
    best_j = -1
    i = b.values[row].first
    while i >= 0:
        j = b.terms[i].next
        while j >= 0:
            gain = pair_gain(b, i, j, best - noise)
            if gain > 1e-9:
                gain += noise * draw_unit(b.state)
                if gain > best:
                    best = gain
                    best_i = i
                    best_j = j
            j = b.terms[j].next
        i = b.terms[i].next
    return best, best_i, best_j


@njit(**INNER)
def _best_pair_of_all(b, noise):
    """The pair of terms of all dirty rows that saves most: (gain, i, j)."""
    best = 0.0
    best_i = -1
    best_j = -1
    for d in range(b.state[DIRTY]):
        if b.stop[0] != 0:
            break
        row = b.values[d].dirty_list
        if b.values[row].alive:
            gain, i, j = _best_pair(b, row, best, noise)
            if i >= 0:
                best = gain
                best_i = i
                best_j = j
    return best, best_i, best_j


@njit(**INNER)
def _pairs_waiting(b):
    """How many pairs of terms the dirty rows have."""
    pairs = 0
    for d in range(b.state[DIRTY]):
        row = b.values[d].dirty_list
        if b.values[row].alive:
            pairs += b.values[row].length * (b.values[row].length - 1) // 2
    return pairs


@njit(**ONCE)
def _share_coarsely(b, noise):
    """While there are very many pairs, take all that save nearly as much as the best, row by row: one scan for many."""
    extracted = 0
    if _pairs_waiting(b) <= MANY_PAIRS:
        return extracted
    level, _, _ = _best_pair_of_all(b, noise)
    while b.state[BROKEN] == INTACT and b.stop[0] == 0 and level > 1.0 and _pairs_waiting(b) > MANY_PAIRS:
        level *= NEARLY
        d = 0
        while d < b.state[DIRTY]:
            row = b.values[d].dirty_list
            i = 0
            while i >= 0 and b.values[row].alive and b.state[BROKEN] == INTACT and b.stop[0] == 0:
                _, i, j = _best_pair(b, row, level, noise)
                if i >= 0:
                    extract(b, i, j)
                    settle(b)
                    extracted += 1
            d += 1
    return extracted


@njit(**INNER)
def share(b, noise):
    """Extract the best pair of the dirty rows again and again until none saves anything."""
    settle(b)
    if b.state[SHARING] == 0:
        return 0
    extracted = _share_coarsely(b, noise)
    stalled = 0  # a gain is an estimate where several rules meet; what does not lower the cost must not go on for ever
    while b.state[BROKEN] == INTACT and b.stop[0] == 0 and stalled < PATIENCE:
        if b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] > 0:
            refresh(b)
        _, i, j = _best_pair_of_all(b, noise)
        if i < 0:
            break
        before = total_cost(b)
        extract(b, i, j)
        settle(b)
        stalled = 0 if total_cost(b) < before - 1e-9 else stalled + 1
        extracted += 1
    return extracted


@njit(**INNER)
def touch_all(b):
    """Put every row on the dirty list."""
    for k in range(b.state[ROWS]):
        touch(b, b.values[k].rows_list)


@njit(**INNER)
def merge(b):
    """Let definitions that compute proportional vectors become one; return how many were merged away."""
    merged = 0
    for row in range(b.state[INPUTS], b.values.shape[0]):
        v = b.values[row]
        if not v.alive or v.uses == 0:
            continue
        other, size, turn = find_proportional(b, v.z1r, v.z1i, v.z2r, v.z2i, row)
        if other < 0 or depends(b, other, row) or (b.values[other].output < 0 and v.output >= 0):
            continue
        if not users_allow(b, row, size, turn):
            continue
        replace_uses(b, row, other, size, turn)
        queue(b, row)
        settle(b)  # at once: what is gone must not be found by the next
        merged += 1
    return merged
