"""What the approximations have in common: random terms, and the best of a few candidates."""

import numpy as np
from numba import njit

from gp_fft.kernels.edits import add_term, depends
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.picks import any_value, random_row, random_term
from gp_fft.kernels.products import listed_near
from gp_fft.kernels.refit import coefficient
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.sight import alike, pull, squared, weight
from gp_fft.kernels.workbench import NOBODY, TURNS, ZERO

ROUNDS = 5  # a contest has up to 2^(ROUNDS - 1) candidates
ADDED, WHOLE = -1, -2  # instead of no term, and of all terms of a row


@njit(**INNER)
def contest(b):
    """How many candidates the best is taken of: every scale from one to many is as likely."""
    return 1 << draw_below(b.state, ROUNDS)


@njit(**INNER)
def random_slot(b):
    """A random term of a random row, or -1."""
    row = random_row(b)
    return random_term(b, row) if b.values[row].length > 0 else NOBODY


@njit(**INNER)
def best_turn(b, c):
    """The allowed turn along which a complex number is longest, and that length, negative only if no turn allows it."""
    if b.state[TURNS] == 4 and abs(c.imag) > abs(c.real):
        return (1 if c.imag > 0.0 else 3), abs(c.imag)
    if b.state[TURNS] == 1:
        return 0, c.real
    return (0 if c.real >= 0.0 else 2), abs(c.real)


@njit(**INNER)
def least_harm(b, s, size):
    """Of a few random terms the one that may get another size with the least harm; -1 where all have it.

    The harm is by what the squared error grows, as long as nothing else is changed.
    """
    best = NOBODY
    least = np.inf
    for _ in range(contest(b)):
        slot = random_slot(b)
        if slot >= 0 and b.terms[slot].size != size:
            t = b.terms[slot]
            change = coefficient(t.size - size, t.turn)
            gone = change.conjugate() * pull(s, t.row, t.ref)
            harm = 2.0 * gone.real + (t.size - size) * (t.size - size) * weight(s, t.row, t.ref)
            if harm < least:
                best = slot
                least = harm
    return best


@njit(**INNER)
def instead(b, s, row, old, value):
    """How ``value`` does in a row in the place of a term: (lowering of the squared error, turn, best size).

    ``old``: the term, or ADDED, or WHOLE for all terms; for WHOLE the lowering is above that of an empty row.
    """
    heavy = squared(s.adjoints, row)
    wide = squared(s.vectors, value)
    if heavy == 0.0 or wide == 0.0:
        return -1.0, 0, 0.0
    along = pull(s, row, value)
    lost = 0.0
    if old == WHOLE:
        along += heavy * alike(s, row, value)
    elif old != ADDED:
        t = b.terms[old]
        c = coefficient(t.size, t.turn)
        along += heavy * c * alike(s, t.ref, value)
        back = c.conjugate() * pull(s, row, t.ref)
        lost = 2.0 * back.real + t.size * t.size * heavy * squared(s.vectors, t.ref)
    turn, length = best_turn(b, along)
    return length * length / (heavy * wide) - lost, turn, length / (heavy * wide)


@njit(**INNER)
def best_instead(b, s, row, old, least):
    """Of a few random values the one that lowers the error most in a row in the place of ``old``, and by ``least``.

    Returns (value or -1, turn, best size); ``old`` as for :func:`instead`. What would refer to itself is none.
    """
    best = NOBODY
    most = least
    turn = ZERO
    size = 1.0
    there = b.terms[old].ref if old >= 0 else row
    for _ in range(2 * contest(b)):
        value = any_value(b)
        if value != row and value != there:
            gain, t, length = instead(b, s, row, old, value)
            if length > 0.0 and gain > most:
                best = value
                most = gain
                turn = t
                size = length
    return (NOBODY if best >= 0 and depends(b, best, row) else best), turn, size


@njit(**INNER)
def put(b, row, value, turn, size, plain):
    """Add a term to a row, by this chance with the size 1 and else with that which fits."""
    add_term(b, row, value, 1.0 if draw_unit(b.state) < plain else listed_near(b, size), turn)
