"""Let one value stand in for another that is nearly proportional; an output borrows another's in the same way."""

from numba import njit

from gp_fft.kernels.edits import add_term, depends, drop_terms, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import queue
from gp_fft.kernels.near_picks import any_value, best_turn, contest
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.picks import random_row
from gp_fft.kernels.products import listed_near
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.sight import alike, pull, squared
from gp_fft.kernels.workbench import NOBODY, ZERO

PLAIN = 0.5  # chance that the value stands in as it is


@njit(**INNER)
def stand_in(b, s):
    """Write a random row as a multiple of the one of a few random values that does the least harm."""
    row = random_row(b)
    heavy = squared(s.adjoints, row)
    if heavy == 0.0:
        return
    best = NOBODY
    most = 0.0
    turn = ZERO
    size = 1.0
    for _ in range(2 * contest(b)):
        value = any_value(b)
        wide = squared(s.vectors, value)
        if value == row or wide == 0.0:
            continue
        t, length = best_turn(b, pull(s, row, value) + heavy * alike(s, row, value))
        if length * length / wide > most:
            best = value
            most = length * length / wide
            turn = t
            size = length / (heavy * wide)
    if best < 0 or size <= 0.0 or depends(b, best, row):
        return
    touch(b, row)
    drop_terms(b, row)
    add_term(b, row, best, 1.0 if draw_unit(b.state) < PLAIN else listed_near(b, size), turn)
    queue(b, row)


OPERATOR = Operator(
    "stand-in",
    "approximation",
    0.1,
    "let a value stand in for one nearly proportional",
    stand_in,
    place=3,
    fields=NUMBERS,
)
