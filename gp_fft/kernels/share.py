"""Share: find the pair of terms whose extraction saves most, define it once, replace it everywhere, until nothing is saved.

Only pairs of rows that the step has touched can have become worth sharing, so only those are looked at; their
occurrences elsewhere are counted in the workbench's table. A pair whose value exists already (same fingerprint up to
scale and turn) is replaced by that value. The greedy rule is that of multiple-constant multiplication
(Hartley 1996, "Subexpression sharing in filters using canonic signed digit multipliers"), with a little noise.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.workbench import (
    BROKEN,
    DIRTY,
    INPUTS,
    MERGING,
    RNG,
    ROWS,
    SHARING,
    TODO,
    add_term,
    close_row,
    depends,
    drop_term,
    evaluate_print,
    find_proportional,
    intern,
    open_row,
    pair_count,
    queue,
    size_uses,
    slots_key,
    touch,
    turned,
    unlink_term,
)


@njit(cache=True, error_model="numpy")
def inline_at(b, slot):
    """Replace one term by the definition that it refers to."""
    t = b.terms[slot]
    row = t.row
    source = t.ref
    size = t.size
    turn = t.turn
    touch(b, row)
    drop_term(b, slot)
    k = b.values[source].first
    while k >= 0:
        add_term(b, row, b.terms[k].ref, b.terms[k].size * size, (b.terms[k].turn + turn) & 3)
        k = b.terms[k].next


@njit(cache=True, error_model="numpy")
def inline_all(b, row):
    """Replace every use of a definition by its terms."""
    while b.values[row].users >= 0 and b.state[BROKEN] == 0:
        inline_at(b, b.values[row].users)


@njit(cache=True, error_model="numpy")
def replace_uses(b, value, by, size, turn):
    """Let every user of ``value`` use ``size i^turn by`` instead."""
    while b.values[value].users >= 0 and b.state[BROKEN] == 0:
        slot = b.values[value].users
        t = b.terms[slot]
        row = t.row
        s = t.size * size
        r = (t.turn + turn) & 3
        touch(b, row)
        drop_term(b, slot)
        add_term(b, row, by, s, r)


@njit(cache=True, error_model="numpy")
def _absorb(b, row):
    """An output that is a plain copy of a definition takes over its terms and its users."""
    slot = b.values[row].first
    source = b.terms[slot].ref
    turn = b.terms[slot].turn
    touch(b, row)
    touch(b, source)
    drop_term(b, slot)
    while b.values[source].first >= 0:
        k = b.values[source].first
        ref = b.terms[k].ref
        size = b.terms[k].size
        total = (b.terms[k].turn + turn) & 3
        unlink_term(b, k)
        add_term(b, row, ref, size, total)
    replace_uses(b, source, row, 1.0, (4 - turn) & 3)
    queue(b, source)


@njit(cache=True, error_model="numpy")
def _remove(b, row):
    touch(b, row)
    while b.values[row].first >= 0:
        drop_term(b, b.values[row].first)
    close_row(b, row)


@njit(cache=True, error_model="numpy")
def settle(b):
    """Remove unused rows, copies and zeros, and inline what is used once as it is: none of this costs anything."""
    while b.state[TODO] > 0:
        b.state[TODO] -= 1
        row = b.values[b.state[TODO]].todo_list
        v = b.values[row]
        v.queued = 0
        if not v.alive or b.state[BROKEN] != 0:
            continue
        if v.output >= 0:
            if v.length == 1 and b.terms[v.first].size == 1.0:
                source = b.terms[v.first].ref
                if source >= b.state[INPUTS] and b.values[source].output < 0:
                    _absorb(b, row)
        elif v.uses == 0:
            _remove(b, row)
        elif v.length == 0:
            while b.values[row].users >= 0:
                slot = b.values[row].users
                touch(b, b.terms[slot].row)
                drop_term(b, slot)
            queue(b, row)
        elif v.length == 1 or (v.uses == 1 and b.terms[v.users].size == 1.0):
            inline_all(b, row)
            queue(b, row)


@njit(cache=True, error_model="numpy")
def _first_term(b, i, j):
    """Order two terms as the pair key does."""
    a = b.terms[i]
    c = b.terms[j]
    if c.ref < a.ref or (c.ref == a.ref and (c.turn & 1) < (a.turn & 1)):
        return j, i
    return i, j


@njit(cache=True, error_model="numpy")
def _occurrences(b, i, j, key, except_row):
    """List all pairs of terms with this key in ``pair_a``, ``pair_b``; return how many there are."""
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    through_b = b.values[ref_b].uses < b.values[ref_a].uses
    found = 0
    slot = b.values[ref_b].users if through_b else b.values[ref_a].users
    other_ref = ref_a if through_b else ref_b
    while slot >= 0:
        row = b.terms[slot].row
        if row != except_row and (ref_a != ref_b or (b.terms[slot].turn & 1) == 0):
            k = b.values[row].first
            while k >= 0:
                if b.terms[k].ref == other_ref and k != slot and slots_key(b.terms, slot, k) == key:
                    b.values[found].pair_a = k if through_b else slot
                    b.values[found].pair_b = slot if through_b else k
                    found += 1
                    break
                k = b.terms[k].next
        slot = b.terms[slot].unext
    return found


@njit(cache=True, error_model="numpy")
def _seen_before(b, k, second):
    """Does the k-th occurrence repeat the (reference, size) of an earlier one?"""
    size = b.terms[b.values[k].pair_b if second else b.values[k].pair_a].size
    for other in range(k):
        if b.terms[b.values[other].pair_b if second else b.values[other].pair_a].size == size:
            return True
    return False


@njit(cache=True, error_model="numpy")
def _uses_in(b, found, ref, size):
    """How many terms ``size * ref`` the listed occurrences hold."""
    uses = 0
    for k in range(found):
        t = b.terms[b.values[k].pair_a]
        if t.ref == ref and t.size == size:
            uses += 1
        t = b.terms[b.values[k].pair_b]
        if t.ref == ref and t.size == size:
            uses += 1
    return uses


@njit(cache=True, error_model="numpy")
def _survives(b, found, ref, size):
    return size_uses(b, ref, size) > _uses_in(b, found, ref, size)


@njit(cache=True, error_model="numpy")
def _freed_scales(b, found, ref_a, ref_b):
    """Scales that vanish when the listed occurrences are taken out."""
    freed = 0
    for k in range(found):
        size = b.terms[b.values[k].pair_a].size
        if size != 1.0 and not _seen_before(b, k, False) and not _survives(b, found, ref_a, size):
            freed += 1
        size = b.terms[b.values[k].pair_b].size
        if size != 1.0 and not _seen_before(b, k, True):
            if ref_a == ref_b and _a_has(b, found, size):
                continue
            if not _survives(b, found, ref_b, size):
                freed += 1
    return freed


@njit(cache=True, error_model="numpy")
def _a_has(b, found, size):
    for k in range(found):
        if b.terms[b.values[k].pair_a].size == size:
            return True
    return False


@njit(cache=True, error_model="numpy")
def _fresh_gain(b, found, ref_a, ref_b, ratio):
    """Best gain of a new definition ``alpha a + alpha ratio b`` over the choices of alpha; returns (gain, alpha)."""
    distinct = 0
    for k in range(found):
        if not _seen_before(b, k, False):
            distinct += 1
    freed = _freed_scales(b, found, ref_a, ref_b)
    fewest = 1 << 30
    best = 1.0
    for choice in range(-2, min(found, 4)):
        if choice == -2:
            alpha = 1.0
        elif choice == -1:
            alpha = intern(b, 1.0 / ratio)
        else:
            alpha = b.terms[b.values[choice].pair_a].size
        beta = intern(b, alpha * ratio)
        fresh = distinct
        if _a_has(b, found, alpha):
            fresh -= 1
        if alpha != 1.0 and not _survives(b, found, ref_a, alpha):
            fresh += 1
        if beta != 1.0 and not _survives(b, found, ref_b, beta) and not (ref_a == ref_b and alpha == beta):
            fresh += 1
        if fresh < fewest:
            fewest = fresh
            best = alpha
    return b.weights[0] * (found - 1) + b.weights[1] * (freed - fewest), best


@njit(cache=True, error_model="numpy")
def _host_gain(b, found, ref_a, ref_b, host, scale):
    """Gain of using ``scale * host`` for the pair in all listed occurrences."""
    fresh = 0
    for k in range(found):
        if not _seen_before(b, k, False):
            size = intern(b, b.terms[b.values[k].pair_a].size * scale)
            if size != 1.0 and size_uses(b, host, size) == 0:
                fresh += 1
    return b.weights[0] * found + b.weights[1] * (_freed_scales(b, found, ref_a, ref_b) - fresh)


@njit(cache=True, error_model="numpy")
def _host_of(b, i, j, ratio, turn):
    """A value that is proportional to ``a + ratio i^turn b``, with the size and turn of ``pair = size i^turn value``."""
    va = b.values[b.terms[i].ref]
    vb = b.values[b.terms[j].ref]
    x, y = turned(vb.z1r, vb.z1i, turn)
    z1r = va.z1r + ratio * x
    z1i = va.z1i + ratio * y
    x, y = turned(vb.z2r, vb.z2i, turn)
    return find_proportional(b, z1r, z1i, va.z2r + ratio * x, va.z2i + ratio * y, -1)


@njit(cache=True, error_model="numpy")
def pair_gain(b, i, j, floor):
    """What sharing the pair of terms (i, j) would save; pairs that cannot beat ``floor`` return 0."""
    i, j = _first_term(b, i, j)
    key = slots_key(b.terms, i, j)
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    gain = 0.0
    if b.state[MERGING]:
        host, scale, _ = _host_of(b, i, j, ratio, turn)
        if host >= 0 and host != b.terms[i].row:
            found = _occurrences(b, i, j, key, host)
            gain = _host_gain(b, found, ref_a, ref_b, host, scale)
            if gain > 0 and not depends(b, host, b.terms[i].row):
                return gain
            return 0.0
    count = pair_count(b, key)
    if count < 2 and not (ratio == 1.0 and b.terms[i].size != 1.0):
        return 0.0
    if b.weights[0] * (count - 1) + 2.0 * b.weights[1] * count <= floor:
        return 0.0
    found = _occurrences(b, i, j, key, -1)
    gain, _ = _fresh_gain(b, found, ref_a, ref_b, ratio)
    return gain


@njit(cache=True, error_model="numpy")
def extract(b, i, j):
    """Define the pair of terms (i, j) once, or find it among the values, and use it wherever it occurs."""
    i, j = _first_term(b, i, j)
    key = slots_key(b.terms, i, j)
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    host = -1
    if b.state[MERGING]:
        host, scale, host_turn = _host_of(b, i, j, ratio, turn)
        if host == b.terms[i].row:
            host = -1
    if host >= 0:
        found = _occurrences(b, i, j, key, host)
        if host >= b.state[INPUTS] and b.values[host].length > 2:
            if not depends(b, ref_a, host) and not depends(b, ref_b, host):
                _rewrite(b, host, ref_a, ref_b, 1.0 / scale, ratio, (4 - host_turn) & 3, turn)
    else:
        found = _occurrences(b, i, j, key, -1)
        _, alpha = _fresh_gain(b, found, ref_a, ref_b, ratio)
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


@njit(cache=True, error_model="numpy")
def _rewrite(b, row, ref_a, ref_b, size, ratio, size_turn, turn):
    """Let a longer row be the pair itself: ``row = size i^size_turn (a + ratio i^turn b)``."""
    touch(b, row)
    while b.values[row].first >= 0:
        drop_term(b, b.values[row].first)
    add_term(b, row, ref_a, size, size_turn)
    add_term(b, row, ref_b, size * ratio, (size_turn + turn) & 3)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def touch_all(b):
    """Put every row on the dirty list."""
    for k in range(b.state[ROWS]):
        touch(b, b.values[k].rows_list)


@njit(cache=True, error_model="numpy")
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
        merged += 1
    settle(b)
    return merged
