"""Terms where not all are allowed: what makes no allowed term together stands apart, what is not listed is spelled."""

from numba import njit

from gp_fft.kernels.constants import MOST_DIGITS, allowed, count_digits, intern, nearest, recall
from gp_fft.kernels.fingerprints import turn_step
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import link_term, queue, unlink_term
from gp_fft.kernels.workbench import BITS, BROKEN, CHECKED, FORBIDDEN, INTACT, LISTED, SAME


@njit(**INNER)
def add_checked(b, row, ref, size, turn):
    """The same where not all terms are allowed: those of one axis that make no allowed size together stay apart.

    Over the bits two equal terms vanish. A size that is not allowed is written in listed ones, and where a third term
    of one axis would be written in fewer, it is.
    """
    if b.state[BITS] != 0:
        turn = turn & 0
    size = intern(b, size)
    if turn % turn_step(b) != 0:
        _forbid(b, row, ref, size, turn)
    elif allowed(b, size):
        _add_allowed(b, row, ref, size, turn)
    elif count_digits(b, size) <= MOST_DIGITS:
        rest = size
        while abs(rest) > SAME * size:
            digit = nearest(b, abs(rest))
            _add_allowed(b, row, ref, digit, turn if rest > 0 else (turn + 2) & 3)
            rest -= digit if rest > 0 else -digit
    else:
        _forbid(b, row, ref, size, turn)
    if b.state[LISTED] > 1:
        _respell(b, row, ref, turn & 1)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def _forbid(b, row, ref, size, turn):
    """Put a term there all the same, so that a walk over the row finds what it counts on; the step will be undone."""
    link_term(b, row, ref, size, turn)
    b.state[BROKEN] = FORBIDDEN


@njit(**INNER)
def _add_allowed(b, row, ref, size, turn):
    """Add an allowed term: what it makes one allowed term, or nothing, with is taken in, again and again."""
    slot = _partner(b, row, ref, size, turn)
    while slot >= 0:
        t = b.terms[slot]
        old_turn = t.turn
        total = t.size + size if old_turn == turn else t.size - size
        nothing = b.state[BITS] != 0 or abs(total) < 1e-9 * (t.size + size)
        unlink_term(b, slot)
        if nothing:
            return
        size = recall(b, abs(total))
        turn = old_turn if total > 0 else (old_turn + 2) & 3
        slot = _partner(b, row, ref, size, turn)
    link_term(b, row, ref, size, turn)


@njit(**INNER)
def _partner(b, row, ref, size, turn):
    """A term of a row that makes one allowed term, or nothing, with another one; -1 for none."""
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        if t.ref == ref and ((t.turn ^ turn) & 1) == 0:
            total = t.size + size if t.turn == turn else abs(t.size - size)
            if b.state[BITS] != 0 or total < 1e-9 * (t.size + size) or allowed(b, recall(b, total)):
                return slot
        slot = t.next
    return -1


@njit(**INNER)
def _respell(b, row, ref, axis):
    """Write what the terms of one reference and axis in a row come to in as few listed constants as greed finds."""
    total = 0.0
    count = 0
    if b.state[BROKEN] != INTACT:
        return
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        if t.ref == ref and (t.turn & 1) == axis:
            total += t.size if t.turn < 2 else -t.size
            count += 1
        slot = t.next
    if count < 3 or count_digits(b, total) >= count:
        return
    slot = b.values[row].first
    while slot >= 0:
        after = b.terms[slot].next
        if b.terms[slot].ref == ref and (b.terms[slot].turn & 1) == axis:
            unlink_term(b, slot)
        slot = after
    rest = total
    while abs(rest) > SAME * abs(total):
        digit = nearest(b, abs(rest))
        link_term(b, row, ref, digit, axis if rest > 0 else axis + 2)
        rest -= digit if rest > 0 else -digit


@njit(**INNER)
def users_allow(b, value, size, turn):
    """May every user of a value have ``size i^turn`` times the coefficient that it has?"""
    if b.state[CHECKED] == 0:
        return True
    if turn % turn_step(b) != 0:
        return False
    slot = b.values[value].users
    while slot >= 0:
        if not allowed(b, recall(b, b.terms[slot].size * size)):
            return False
        slot = b.terms[slot].unext
    return True
