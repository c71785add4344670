"""The exact rewrites that shake a program: each keeps the matrix, most raise the cost until it is shared again.

Every rewrite takes the bench alone, draws what it needs from the stream in the bench, touches the rows that it edits,
and does nothing where it does not apply. ``share`` (see ``share.py``) follows each of them.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import add_term, depends, drop_term, open_row, queue, slot_in, touch
from gp_fft.kernels.fingerprints import evaluate_print, find_proportional, reprint, turned, unprint
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.prospects import NOTHING, prospect
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.settle import inline_all, inline_at
from gp_fft.kernels.workbench import BROKEN, INPUTS, INTACT, MARK, OUT_OF_RANGE, RNG, ROWS, SIGNS_ONLY, ZERO

DRAWS = 4  # pairs of which a substitution takes the most promising
DOUBT = 2.0  # by how many operations a less promising one may be taken
HALF = np.int64(2)  # the turn that changes the sign
MANY = 40  # definitions that are inlined at once, at most


@njit(**INNER)
def random_row(b):
    """A random row of the program."""
    return b.values[draw_below(b.state, RNG, b.state[ROWS])].rows_list


@njit(**INNER)
def random_term(b, row):
    """A random term of a row (which must have one)."""
    slot = b.values[row].first
    for _ in range(draw_below(b.state, RNG, b.values[row].length)):
        slot = b.terms[slot].next
    return slot


@njit(**INNER)
def random_user(b, value):
    """A random term that refers to a value (which must be used)."""
    slot = b.values[value].users
    for _ in range(draw_below(b.state, RNG, b.values[value].uses)):
        slot = b.terms[slot].unext
    return slot


@njit(**INNER)
def _neighbour(b, row):
    """A row next to this one in the program: a user or a definition that it refers to; the row itself if none."""
    v = b.values[row]
    if v.uses > 0 and (draw_unit(b.state, RNG) < 0.5 or v.length == 0):
        return b.terms[random_user(b, row)].row
    if v.length > 0:
        ref = b.terms[random_term(b, row)].ref
        if ref >= b.state[INPUTS]:
            return ref
    return row


@njit(**INNER)
def _inline_row(b, row):
    """Inline a row into its users; an output stays, a definition goes."""
    if b.values[row].uses > 0:
        inline_all(b, row)
        queue(b, row)


@njit(**INNER)
def inline_some(b):
    """Inline one to four definitions, half of the time neighbours; now and then a single use of one."""
    row = random_row(b)
    if draw_unit(b.state, RNG) < 0.15:
        if b.values[row].uses > 0:
            inline_at(b, random_user(b, row))
        return
    near = draw_unit(b.state, RNG) < 0.5
    for _ in range(1 + draw_below(b.state, RNG, 4)):
        if b.state[BROKEN] != INTACT:
            return
        if not b.values[row].alive:
            row = random_row(b)
        after = _neighbour(b, row) if near else random_row(b)
        _inline_row(b, row)
        row = after


@njit(**INNER)
def inline_many(b):
    """Inline up to a fifth of all definitions, but no more than MANY: sharing them again takes the square of that."""
    for _ in range(2 + draw_below(b.state, RNG, min(MANY, 2 + b.state[ROWS] // 5))):
        if b.state[BROKEN] != INTACT:
            return
        _inline_row(b, random_row(b))


@njit(**INNER)
def expand(b):
    """Inline everything: each output becomes a sum of inputs, whatever the sizes that occur on the way."""
    for row in range(b.state[INPUTS], b.values.shape[0]):
        if b.values[row].alive and b.values[row].uses > 0:
            while b.values[row].users >= 0 and b.state[BROKEN] in (INTACT, OUT_OF_RANGE) and b.stop[0] == 0:
                inline_at(b, b.values[row].users)
            queue(b, row)
    if b.state[BROKEN] == OUT_OF_RANGE:
        b.state[BROKEN] = INTACT


@njit(**INNER)
def rescale(b):
    """Multiply a definition by the inverse of a constant in it or by one on it, and its users by the opposite."""
    row = random_row(b)
    v = b.values[row]
    if v.output >= 0 or v.length == 0:
        return
    k = draw_below(b.state, RNG, v.length + v.uses)
    if k < v.length:
        slot = v.first
        for _ in range(k):
            slot = b.terms[slot].next
        factor = intern(b, 1.0 / b.terms[slot].size)
    else:
        slot = v.users
        for _ in range(k - v.length):
            slot = b.terms[slot].unext
        factor = b.terms[slot].size
    if factor != 1.0:
        scale_row(b, row, factor)


@njit(**INNER)
def scale_row(b, row, factor):
    """Multiply a row by ``factor`` and all its users by the inverse."""
    touch(b, row)
    v = b.values[row]
    for _ in range(v.length):  # terms are put back in front, so walk to the last one each time
        slot = v.first
        for _ in range(v.length - 1):
            slot = b.terms[slot].next
        ref = b.terms[slot].ref
        size = b.terms[slot].size * factor
        turn = b.terms[slot].turn
        drop_term(b, slot)
        add_term(b, row, ref, size, turn)
    unprint(b, row)
    v.z1r *= factor
    v.z1i *= factor
    v.z2r *= factor
    v.z2i *= factor
    reprint(b, row)
    slot = v.users
    count = v.uses
    inverse = 1.0 / factor
    for _ in range(count):
        slot = v.users
        for _ in range(count - 1):
            slot = b.terms[slot].unext
        user = b.terms[slot].row
        size = b.terms[slot].size * inverse
        turn = b.terms[slot].turn
        touch(b, user)
        drop_term(b, slot)
        add_term(b, user, row, size, turn)


@njit(**INNER)
def _pick_pair(b):
    """A random row with two terms or more and two of its terms of different references; (-1, -1) if unlucky."""
    row = random_row(b)
    if b.values[row].length < 2:
        return -1, -1
    i = random_term(b, row)
    j = random_term(b, row)
    if b.terms[i].ref == b.terms[j].ref:
        return -1, -1
    return i, j


@njit(**INNER)
def _new_sum(b, ref_a, ref_b, ratio, turn):
    """Define ``a + ratio i^turn b``; return the row or -1."""
    row = open_row(b)
    if row >= 0:
        touch(b, row)
        add_term(b, row, ref_a, 1.0, ZERO)
        add_term(b, row, ref_b, ratio, turn)
        evaluate_print(b, row)
    return row


@njit(**INNER)
def _rows_with_both(b, ref_a, ref_b):
    """List the rows that use both values in ``pair_a`` (each row once); return how many."""
    b.state[MARK] += 1
    stamp = b.state[MARK]
    found = 0
    slot = b.values[ref_a].users
    while slot >= 0:
        row = b.terms[slot].row
        if b.values[row].mark != stamp and slot_in(b, row, ref_b) >= 0:
            b.values[row].mark = stamp
            b.values[found].pair_a = row
            found += 1
        slot = b.terms[slot].unext
    return found


@njit(**INNER)
def change_basis(b):
    """For a pair (p, q) that occurs together, define u = p + r q, v = p - r q and rewrite all sums of both in them."""
    i, j = _pick_pair(b)
    if i < 0:
        return
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    found = _rows_with_both(b, ref_a, ref_b)
    u = _new_sum(b, ref_a, ref_b, ratio, turn)
    v = _new_sum(b, ref_a, ref_b, ratio, (turn + 2) & 3)
    if u < 0 or v < 0:
        return
    for k in range(found):
        row = b.values[k].pair_a
        touch(b, row)
        _into_basis(b, row, ref_a, (u, v), 0.5, ZERO, ZERO)
        _into_basis(b, row, ref_b, (u, v), 0.5 / ratio, (4 - turn) & 3, HALF)


@njit(**INNER)
def _into_basis(b, row, ref, basis, factor, turn, sign):
    """Replace every term ``s ref`` of a row by ``s factor i^turn (u + i^sign v)``; ``basis`` is (u, v)."""
    slot = slot_in(b, row, ref)
    while slot >= 0:
        size = b.terms[slot].size * factor
        total = (b.terms[slot].turn + turn) & 3
        drop_term(b, slot)
        add_term(b, row, basis[0], size, total)
        add_term(b, row, basis[1], size, (total + sign) & 3)
        slot = slot_in(b, row, ref)


@njit(**INNER)
def _promising_pair(b):
    """Of a few random pairs of one sum the one whose substitution can save most, give or take DOUBT; or (-1, -1)."""
    best = 0.5 * NOTHING
    best_i = -1
    best_j = -1
    for _ in range(DRAWS):
        i, j = _pick_pair(b)
        if i < 0:
            continue
        saves = prospect(b, i, j) + DOUBT * draw_unit(b.state, RNG)
        if saves > best:
            best = saves
            best_i = i
            best_j = j
    return best_i, best_j


@njit(**INNER)
def substitute(b):
    """Define e = p + r q for a pair of one sum and replace p by e - r q there and in other sums that hold both."""
    i, j = _promising_pair(b)
    if i < 0:
        return
    home = b.terms[i].row
    ref_p = b.terms[i].ref
    ref_q = b.terms[j].ref
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    chance = 0.5 if draw_unit(b.state, RNG) < 0.5 else 1.0
    found = _rows_with_both(b, ref_p, ref_q)
    e = _new_sum(b, ref_p, ref_q, ratio, turn)
    if e < 0:
        return
    for k in range(found):
        row = b.values[k].pair_a
        if row != home and draw_unit(b.state, RNG) >= chance:
            continue
        touch(b, row)
        slot = slot_in(b, row, ref_p)
        while slot >= 0:
            size = b.terms[slot].size
            total = b.terms[slot].turn
            drop_term(b, slot)
            add_term(b, row, e, size, total)
            add_term(b, row, ref_q, size * ratio, (total + turn + 2) & 3)
            slot = slot_in(b, row, ref_p)


@njit(**INNER)
def difference(b):
    """Write one sum as a multiple of another sum that shares a term with it, plus the rest."""
    row = random_row(b)
    if b.values[row].length < 2:
        return
    i = random_term(b, row)
    ref = b.terms[i].ref
    k = random_user(b, ref)
    other = b.terms[k].row
    if other == row or b.values[other].length < 2 or depends(b, other, row):
        return
    size = intern(b, b.terms[i].size / b.terms[k].size)
    turn = (b.terms[i].turn - b.terms[k].turn) & 3
    touch(b, row)
    add_term(b, row, other, size, turn)
    k = b.values[other].first
    while k >= 0:
        t = b.terms[k]
        add_term(b, row, t.ref, t.size * size, (t.turn + turn + 2) & 3)
        k = t.next


@njit(**INNER)
def resubstitute(b):
    """Write a sum as a value plus a multiple of another value, where the fingerprints say that they add up to it."""
    row = random_row(b)
    if b.values[row].length < 2:
        return
    v = b.values[row]
    values = b.state[INPUTS] + b.state[ROWS]
    start = draw_below(b.state, RNG, values)
    size = 1.0
    if draw_unit(b.state, RNG) < 0.5:
        size = b.terms[random_term(b, random_row_with_terms(b, row))].size
    step = 2 if b.state[SIGNS_ONLY] else 1
    for k in range(values):
        at = (start + k) % values
        f = at if at < b.state[INPUTS] else b.values[at - b.state[INPUTS]].rows_list
        if f == row or slot_in(b, row, f) >= 0:
            continue
        w = b.values[f]
        for turn in range(0, 4, step):
            x1, y1 = turned(w.z1r, w.z1i, turn)
            x2, y2 = turned(w.z2r, w.z2i, turn)
            g, scale, g_turn = find_proportional(
                b, v.z1r - size * x1, v.z1i - size * y1, v.z2r - size * x2, v.z2i - size * y2, row
            )
            if g >= 0 and g != f and slot_in(b, row, g) < 0 and not depends(b, f, row) and not depends(b, g, row):
                touch(b, row)
                while b.values[row].first >= 0:
                    drop_term(b, b.values[row].first)
                add_term(b, row, f, size, turn)
                add_term(b, row, g, scale, g_turn)
                return


@njit(**INNER)
def random_row_with_terms(b, otherwise):
    """A random row that has terms, or the given one."""
    row = random_row(b)
    return row if b.values[row].length > 0 else otherwise
