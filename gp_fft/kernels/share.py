"""Share: find the pair of terms whose extraction saves most, define it once, replace it everywhere, until nothing is saved.

Only pairs of rows that the step has touched can have become worth sharing, so only those are looked at; their
occurrences elsewhere are counted in the workbench's table. A pair whose value exists already (same fingerprint up to
scale and turn) is replaced by that value. The greedy rule is that of multiple-constant multiplication
(Hartley 1996, "Subexpression sharing in filters using canonic signed digit multipliers"), with a little noise.
"""

from __future__ import annotations

from numba import njit

from gp_fft.kernels.bench import BROKEN, DIRTY, INPUTS, MERGING, RNG, ROWS, SHARING
from gp_fft.kernels.constants import intern
from gp_fft.kernels.fingerprints import evaluate_print, find_proportional
from gp_fft.kernels.gains import first_term, fresh_gain, host_of, occurrences, pair_gain
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.pairs import slots_key
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.settle import replace_uses, settle
from gp_fft.kernels.workbench import add_term, depends, drop_term, open_row, queue, touch


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
        found = occurrences(b, i, j, key, host)
        if host >= b.state[INPUTS] and b.values[host].length > 2:
            if not depends(b, ref_a, host) and not depends(b, ref_b, host):
                _rewrite(b, host, ref_a, ref_b, 1.0 / scale, ratio, (4 - host_turn) & 3, turn)
    else:
        found = occurrences(b, i, j, key, -1)
        _, alpha = fresh_gain(b, found, ref_a, ref_b, ratio)
        host = open_row(b)
        if host < 0:
            return
        touch(b, host)
        add_term(b, host, ref_a, alpha, 0)
        add_term(b, host, ref_b, alpha * ratio, turn)
        evaluate_print(b, host)
        scale = 1.0 / alpha
        host_turn = 0
    for k in range(found):
        slot = b.values[k].pair_a
        row = b.terms[slot].row
        if depends(b, host, row):
            continue
        size = b.terms[slot].size * scale
        total = (b.terms[slot].turn + host_turn) & 3
        touch(b, row)
        drop_term(b, slot)
        drop_term(b, b.values[k].pair_b)
        add_term(b, row, host, size, total)


@njit(**INNER)
def _rewrite(b, row, ref_a, ref_b, size, ratio, size_turn, turn):
    """Let a longer row be the pair itself: ``row = size i^size_turn (a + ratio i^turn b)``."""
    touch(b, row)
    while b.values[row].first >= 0:
        drop_term(b, b.values[row].first)
    add_term(b, row, ref_a, size, size_turn)
    add_term(b, row, ref_b, size * ratio, (size_turn + turn) & 3)


@njit(**INNER)
def share(b, noise):
    """Extract the best pair of the dirty rows again and again until none saves anything."""
    settle(b)
    extracted = 0
    while b.state[BROKEN] == 0 and b.state[SHARING] != 0:
        best = 0.0
        best_i = -1
        best_j = -1
        for d in range(b.state[DIRTY]):
            row = b.values[d].dirty_list
            if not b.values[row].alive:
                continue
            i = b.values[row].first
            while i >= 0:
                j = b.terms[i].next
                while j >= 0:
                    gain = pair_gain(b, i, j, best - noise)
                    if gain > 1e-9:
                        gain += noise * draw_unit(b.state, RNG)
                        if gain > best:
                            best = gain
                            best_i = i
                            best_j = j
                    j = b.terms[j].next
                i = b.terms[i].next
        if best_i < 0:
            return extracted
        extract(b, best_i, best_j)
        settle(b)
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
        replace_uses(b, row, other, size, turn)
        queue(b, row)
        settle(b)  # at once: what is gone must not be found by the next
        merged += 1
    return merged
