"""The constants of an approximate program, refitted all at once by least squares.

A parameter is a product that is paid for once: the terms of one reference with one size other than 1. Gauss and
Newton's method with the damping of Levenberg (1944) and Marquardt (1963); every parameter changes the matrix by an
outer product, so the normal equations need no Jacobian. Where constants are listed, each is moved to the listed one
nearest to its best value, one after the other, as long as that helps.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import intern, nearest
from gp_fft.kernels.edits import touch
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.links import link_term, unlink_term
from gp_fft.kernels.picks import value_at
from gp_fft.kernels.refit import coefficient
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.sight import NOTHING, alike, look, missed, pull, weight
from gp_fft.kernels.workbench import INPUTS, LARGEST, LISTED, ROWS, SAME, SMALLEST, TURNS

MOST = 48  # parameters that are refitted at once; of more, so many in a row from a random one on
LEAST = 1e-7  # the smallest size that a refit gives
DAMPING, STRONGER = 1e-7, 1e-3  # where the equations are regular, and where they are not
ENOUGH = 1e-4  # a round that lowers the squared error by less, relative, is the last


@njit(**INNER)
def set_size(b, slot, size, turn):
    """Give a term another coefficient, in place; nothing is combined."""
    row = b.terms[slot].row
    ref = b.terms[slot].ref
    touch(b, row)
    size = intern(b, size)
    unlink_term(b, slot)
    link_term(b, row, ref, size, turn)


@njit(**ONCE)
def _gather(b, s):
    """List the parameters: ``heads`` and ``next`` of their terms, ``sizes``; return how many."""
    count = 0
    values = b.state[INPUTS] + b.state[ROWS]
    start = draw_below(b.state, values)
    for k in range(values):
        value = value_at(b, (start + k) % values)
        first = count
        slot = b.values[value].users
        while slot >= 0:
            size = b.terms[slot].size
            if size != 1.0:
                p = first
                while p < count and s.sizes[p] != size:
                    p += 1
                if p < count:
                    s.next[slot] = s.heads[p]
                    s.heads[p] = slot
                elif count < MOST:
                    s.sizes[p] = size
                    s.heads[p] = slot
                    s.next[slot] = -1
                    count += 1
            slot = b.terms[slot].unext
    return count


@njit(**ONCE)
def _normal(b, s, count):
    """The normal equations of a change of all parameters."""
    m = s.target.shape[0]
    for p in range(count):
        for i in range(m):
            s.sums[p, i] = 0.0
        slot = s.heads[p]
        while slot >= 0:
            turned = coefficient(1.0, b.terms[slot].turn)
            row = b.terms[slot].row
            for i in range(m):
                s.sums[p, i] += turned * s.adjoints[row, i]
            slot = s.next[slot]
    for p in range(count):
        ref = b.terms[s.heads[p]].ref
        s.right[p] = missed(s, s.sums, p, ref).real
        for q in range(p + 1):
            other = b.terms[s.heads[q]].ref
            one = complex(0.0, 0.0)
            for i in range(m):
                one += s.sums[p, i] * s.sums[q, i].conjugate()
            s.normal[p, q] = (one * alike(s, ref, other)).real


@njit(**ONCE)
def _solve(s, count, damping):
    """Solve the damped normal equations in place, by Cholesky's method; False where they are singular."""
    for p in range(count):
        s.normal[p, p] = s.normal[p, p] * (1.0 + damping) + 1e-300
    for p in range(count):
        for q in range(p + 1):
            total = s.normal[p, q]
            for k in range(q):
                total -= s.normal[p, k] * s.normal[q, k]
            if p == q:
                if total <= 1e-14 * s.normal[p, p]:
                    return False
                s.normal[p, p] = np.sqrt(total)
            else:
                s.normal[p, q] = total / s.normal[q, q]
    for p in range(count):
        total = s.right[p]
        for k in range(p):
            total -= s.normal[p, k] * s.right[k]
        s.right[p] = total / s.normal[p, p]
    for p in range(count - 1, -1, -1):
        total = s.right[p]
        for k in range(p + 1, count):
            total -= s.normal[k, p] * s.right[k]
        s.right[p] = total / s.normal[p, p]
    return True


@njit(**INNER)
def within(b, size):
    """The size nearest to one of any magnitude that a term may have, see ``REACH``; never 0."""
    return min(max(LEAST, b.numbers[SMALLEST], size), b.numbers[LARGEST])


@njit(**INNER)
def _move(b, s, count, by):
    """Set every parameter to what it was plus ``by`` times its change."""
    for p in range(count):
        size = s.sizes[p] + by * s.right[p]
        if b.state[TURNS] == 1:
            size = max(LEAST, size)
        flip = 2 if size < 0.0 else 0
        size = within(b, abs(size))
        if abs(size - 1.0) < SAME:
            size = 1.0 + 4 * SAME  # a unit is another program, which a round-off must not choose
        if by == 0.0:
            size = s.sizes[p]
        slot = s.heads[p]
        while slot >= 0:
            after = s.next[slot]
            was_flipped = by == 0.0 and s.sizes[p] + s.right[p] < 0.0 and b.state[TURNS] > 1
            turn = (b.terms[slot].turn + (2 if was_flipped else flip)) & 3
            set_size(b, slot, size, turn)
            slot = after


@njit(**INNER)
def best_size(b, s, slot):
    """The coefficient of a term, on its axis, that fits best; negative for the other direction."""
    t = b.terms[slot]
    heavy = weight(s, t.row, t.ref)
    if heavy == 0.0:
        return t.size
    along = coefficient(1.0, t.turn).conjugate() * pull(s, t.row, t.ref)
    return t.size + along.real / heavy


@njit(**INNER)
def listed_near(b, size):
    """The constant nearest to a size of either sign that a term may have: itself where any is allowed, never 0."""
    return within(b, abs(size)) if b.state[LISTED] == 0 else nearest(b, abs(size))


@njit(**ONCE)
def _round_each(b, s, rounds, error):
    """Move constants to the listed one nearest to their best value, one after the other, while that helps."""
    for _ in range(rounds):
        helped = False
        start = draw_below(b.state, b.state[ROWS])
        for k in range(b.state[ROWS]):
            row = b.values[(start + k) % b.state[ROWS]].rows_list
            slot = b.values[row].first
            while slot >= 0:
                after = b.terms[slot].next
                old = b.terms[slot].size
                turn = b.terms[slot].turn
                best = best_size(b, s, slot)
                if b.state[TURNS] == 1:
                    best = max(LEAST, best)
                size = nearest(b, abs(best))
                flip = 2 if best < 0.0 else 0
                wanted = -size if flip else size
                if abs(wanted - best) < (1.0 - ENOUGH) * abs(old - best):
                    set_size(b, slot, size, (turn + flip) & 3)
                    changed = look(b, s)
                    if changed < (1.0 - ENOUGH) * error:
                        error = changed
                        helped = True
                    else:
                        set_size(b, slot, old, turn)
                        look(b, s)
                slot = after
        if not helped:
            break
    return error


@njit(**INNER)
def refit(b, s, rounds):
    """Refit the constants in at most so many rounds; return the squared relative error reached."""
    error = look(b, s)
    if b.state[LISTED] != 0:
        return _round_each(b, s, rounds, error)
    damping = DAMPING
    for _ in range(rounds):
        count = _gather(b, s)
        if count == 0 or error < NOTHING:
            return error
        _normal(b, s, count)
        if not _solve(s, count, damping):
            damping = STRONGER  # from the next round on
            continue
        _move(b, s, count, 1.0)
        after = look(b, s)
        if not after <= error:
            _move(b, s, count, 0.0)
            return look(b, s)
        if after > (1.0 - ENOUGH) * error:
            return after
        error = after
    return error
