"""What the approximations have in common: random terms, and the best of a few candidates."""

from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.picks import random_row, random_term
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.sight import alike, coefficient, pull, squared
from gp_fft.kernels.workbench import INPUTS, NOBODY, ROWS, TURNS

ROUNDS = 5  # a contest has up to 2^(ROUNDS - 1) candidates


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
def any_value(b):
    """A random input or row."""
    at = draw_below(b.state, b.state[INPUTS] + b.state[ROWS])
    return at if at < b.state[INPUTS] else b.values[at - b.state[INPUTS]].rows_list


@njit(**INNER)
def best_turn(b, c):
    """The allowed turn along which a complex number is longest, and that length, negative only if no turn allows it."""
    if b.state[TURNS] == 4 and abs(c.imag) > abs(c.real):
        return (1 if c.imag > 0.0 else 3), abs(c.imag)
    if b.state[TURNS] == 1:
        return 0, c.real
    return (0 if c.real >= 0.0 else 2), abs(c.real)


@njit(**INNER)
def instead(b, s, row, old, value):
    """How ``value`` does in a row in the place of a term: (lowering of the squared error, turn, best size).

    ``old``: the term, or -1 for none, so that the value is added.
    """
    heavy = squared(s.adjoints, row)
    wide = squared(s.vectors, value)
    if heavy == 0.0 or wide == 0.0:
        return -1.0, 0, 1.0
    along = pull(s, row, value)
    lost = 0.0
    if old >= 0:
        t = b.terms[old]
        c = coefficient(t.size, t.turn)
        along += heavy * c * alike(s, t.ref, value)
        back = c.conjugate() * pull(s, row, t.ref)
        lost = 2.0 * back.real + t.size * t.size * heavy * squared(s.vectors, t.ref)
    turn, length = best_turn(b, along)
    return length * length / (heavy * wide) - lost, turn, length / (heavy * wide)
