"""Let one value stand in for another that is nearly proportional; an output borrows another's in the same way."""

from numba import njit

from gp_fft.kernels.edits import drop_terms, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import queue
from gp_fft.kernels.near_picks import WHOLE, best_instead, put
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.picks import random_row

PLAIN = 0.5  # chance that the value stands in as it is


@njit(**INNER)
def stand_in(b, s):
    """Write a random row as a multiple of the one of a few random values that does the least harm."""
    row = random_row(b)
    value, turn, size = best_instead(b, s, row, WHOLE, 0.0)
    if value >= 0:
        touch(b, row)
        drop_terms(b, row)
        put(b, row, value, turn, size, PLAIN)
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
