"""Holes: what sums lack when definitions are taken away, and the values that fill them, found by fingerprints.

Without the definitions of a *cone* (up to three, -1 for none) a sum lacks a hole: those of its terms that refer to
them. Together with another of its terms, or alone, the hole may be a multiple of a new value plus a multiple of one
that exists; then that new value *serves* the sum with as many additions as before.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import recall
from gp_fft.kernels.edits import add_term, depends, drop_term, touch
from gp_fft.kernels.fingerprints import add_prints, find_proportional, is_zero, print_of, turn_step
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.pairs import size_uses
from gp_fft.kernels.picks import new_sum, value_at
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.workbench import INPUTS, NOBODY, ROWS, ZERO

STRICT = np.bool_(True)
FREE, BARRED = np.int64(0), np.int64(1)  # marks of values in ``pair_a``: what depends on the cone is no part of another


@njit(**INNER)
def in_cone(cone, value):
    """Is a value one of those that are taken away?"""
    return value == cone[0] or value == cone[1] or value == cone[2]


@njit(**INNER)
def list_users(b, cone, most):
    """List the sums outside a cone that use it in ``pair_b`` and mark all that depends on it; return how many.

    0 if there are more than ``most``, or if the cone holds an output.
    """
    for k in range(b.state[INPUTS] + b.state[ROWS]):
        b.values[value_at(b, k)].pair_a = FREE
    height = 0
    for k in range(3):
        if cone[k] >= 0:
            if b.values[cone[k]].output >= 0:
                return 0
            b.values[cone[k]].pair_a = BARRED
            b.values[height].stack = cone[k]
            height += 1
    count = 0
    while height > 0:
        height -= 1
        source = b.values[height].stack
        slot = b.values[source].users
        while slot >= 0:
            user = b.terms[slot].row
            if b.values[user].pair_a == FREE:
                b.values[user].pair_a = BARRED
                b.values[height].stack = user
                height += 1
            slot = b.terms[slot].unext
    for k in range(3):
        slot = b.values[cone[k]].users if cone[k] >= 0 else -1
        while slot >= 0:
            user = b.terms[slot].row
            if not in_cone(cone, user) and not _listed(b, count, user):
                if count == most:
                    return 0
                b.values[count].pair_b = user
                count += 1
            slot = b.terms[slot].unext
    return count


@njit(**INNER)
def _listed(b, count, user):
    for k in range(count):  # noqa: SIM110 - Numba compiles no generator expression
        if b.values[k].pair_b == user:
            return True
    return False


@njit(**INNER)
def first_lost(b, user, cone):
    """The first term of a sum that refers to the cone, or -1; the hole is measured in multiples of it."""
    slot = b.values[user].first
    while slot >= 0 and not in_cone(cone, b.terms[slot].ref):
        slot = b.terms[slot].next
    return slot


@njit(**INNER)
def lack(b, user, cone, j):
    """The fingerprint of the hole of a sum and its term j (or -1), as a multiple of the first term of the hole."""
    first = b.terms[first_lost(b, user, cone)]
    z = (0.0, 0.0, 0.0, 0.0)
    slot = b.values[user].first
    while slot >= 0:
        t = b.terms[slot]
        if slot == j or in_cone(cone, t.ref):
            z = add_prints(b, z, print_of(b, t.ref), t.size / first.size, (t.turn - first.turn) & 3)
        slot = t.next
    return z


@njit(**INNER)
def lost(b, user, cone):
    """How many terms of a sum refer to the cone."""
    count = 0
    slot = b.values[user].first
    while slot >= 0:
        if in_cone(cone, b.terms[slot].ref):
            count += 1
        slot = b.terms[slot].next
    return count


@njit(**INNER)
def _is_there(b, value, size):
    """Is ``size`` times a value the value itself or a product that the program holds?"""
    size = recall(b, size)
    return size == 1.0 or size_uses(b, value, size) > 0


@njit(**INNER)
def remedy(b, user, cone, z, strict):
    """How a value with the fingerprint ``z`` serves a sum: what it lacks is ``s (i^turn z + size i^k value)``.

    ``strict``: the value may not depend on the cone, so that several sums can be served at once without a circle;
    otherwise it may, but not on the sum. Returns (the term
    beside the hole or -1, turn or -1 if it does not serve, value or -1 for none, size, k).
    """
    several = lost(b, user, cone) > 1
    j = b.values[user].first
    begun = False
    while j >= 0 or (several and not begun):
        if j < 0:
            begun = True
        elif in_cone(cone, b.terms[j].ref):
            j = b.terms[j].next
            continue
        whole = lack(b, user, cone, j)
        for turn in range(0, 4, turn_step(b)):
            d = add_prints(b, whole, z, 1.0, (turn + 2) & 3)
            if is_zero(d):
                return j, turn, NOBODY, 1.0, ZERO
            value, size, k = find_proportional(b, d[0], d[1], d[2], d[3], NOBODY)
            if value < 0 or in_cone(cone, value) or not _is_there(b, value, size):
                continue
            if b.values[value].pair_a == FREE or not (strict or depends(b, value, user)):
                return j, turn, value, size, k
        if j >= 0:
            j = b.terms[j].next
    return NOBODY, NOBODY, NOBODY, 1.0, ZERO


@njit(**INNER)
def serve(b, user, cone, z, w, strict):
    """Fill the hole of a sum with ``w = (row, size, turn)``, of which the fingerprint is ``z``; False if that fails."""
    j, turn, value, size, k = remedy(b, user, cone, z, strict)
    if turn < 0:
        return False
    first = b.terms[first_lost(b, user, cone)]
    s = first.size
    total = first.turn
    touch(b, user)
    if j >= 0:
        drop_term(b, j)
    slot = first_lost(b, user, cone)
    while slot >= 0:
        drop_term(b, slot)
        slot = first_lost(b, user, cone)
    add_term(b, user, w[0], s * w[1], (total + turn + w[2]) & 3)
    if value >= 0:
        add_term(b, user, value, s * size, (total + k) & 3)
    return True


@njit(**INNER)
def find_sum(b, z):
    """How to have the value with the fingerprint ``z`` from what does not depend on the cone: (p, turn, q, size, k).

    ``z = i^turn p + size i^k q``, or without q (-1) ``z = size i^turn p``; p is -1 if it is no sum of two.
    """
    p, size, turn = find_proportional(b, z[0], z[1], z[2], z[3], NOBODY)
    if p >= 0 and b.values[p].pair_a == FREE:
        return p, turn, NOBODY, size, ZERO
    values = b.state[INPUTS] + b.state[ROWS]
    start = draw_below(b.state, values)
    for at in range(values):
        p = value_at(b, (start + at) % values)
        if b.values[p].pair_a == BARRED:
            continue
        for turn in range(0, 4, turn_step(b)):
            d = add_prints(b, z, print_of(b, p), 1.0, (turn + 2) & 3)
            q, size, k = find_proportional(b, d[0], d[1], d[2], d[3], NOBODY)
            if q >= 0 and q != p and b.values[q].pair_a == FREE and _is_there(b, q, size):
                return p, turn, q, size, k
    return NOBODY, ZERO, NOBODY, 1.0, ZERO


@njit(**INNER)
def make(b, found):
    """The value that :func:`find_sum` has found, defined if it is not there: (row or -1, size, turn)."""
    p, turn, q, size, k = found
    if p < 0 or q < 0:
        return p, size, turn
    row = new_sum(b, p, q, size, (k - turn) & 3)
    if row >= 0:
        b.values[row].pair_a = FREE
    return row, 1.0, turn


@njit(**INNER)
def _serves_others(b, cone, begin, end, first, z):
    """Does a value with the fingerprint ``z`` serve all listed sums but the first?"""
    for k in range(begin, end):
        user = b.values[k].pair_b
        if user != first and remedy(b, user, cone, z, STRICT)[1] < 0:
            return False
    return True


@njit(**INNER)
def fill(b, cone, begin, end, most):
    """Fill the holes of the listed sums ``begin .. end - 1`` with one value; False, and nothing done, if none does.

    Each value that there is, taken from what the shortest of these sums lacks, leaves one candidate: ``most`` of them
    are tried, from a random place on.
    """
    user = b.values[begin].pair_b
    for k in range(begin + 1, end):
        if b.values[b.values[k].pair_b].length < b.values[user].length:
            user = b.values[k].pair_b
    several = lost(b, user, cone) > 1
    values = b.state[INPUTS] + b.state[ROWS]
    start = draw_below(b.state, values)
    tried = 0
    for at in range(values):
        value = value_at(b, (start + at) % values)
        if in_cone(cone, value) or (b.values[value].pair_a == BARRED and depends(b, value, user)):
            continue
        j = b.values[user].first
        begun = False
        while (j >= 0 or (several and not begun)) and tried < most:
            begun = j < 0
            again = j >= 0 and b.terms[j].ref == value and cone[1] < 0  # the definition that was taken away
            if j < 0 or not (in_cone(cone, b.terms[j].ref) or again):
                whole = lack(b, user, cone, j)
                for turn in range(0, 4, turn_step(b)):
                    z = add_prints(b, whole, print_of(b, value), 1.0, turn)
                    tried += 1
                    if not is_zero(z) and _serves_others(b, cone, begin, end, user, z):
                        w = make(b, find_sum(b, z))
                        if w[0] >= 0:
                            for k in range(begin, end):
                                other = b.values[k].pair_b
                                serve(b, other, cone, z, w, np.bool_(other != user))
                            return True
            if j >= 0:
                j = b.terms[j].next
    return False
