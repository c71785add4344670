"""Add a term where it helps."""

from numba import njit

from gp_fft.kernels.edits import touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import ADDED, best_instead, put
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.picks import random_row

PLAIN = 0.7  # chance that a new term gets the size 1


@njit(**INNER)
def add_best(b, s):
    """Add to a random row the one of a few random values that lowers the error most."""
    row = random_row(b)
    value, turn, size = best_instead(b, s, row, ADDED, 0.0)
    if value >= 0:
        touch(b, row)
        put(b, row, value, turn, size, PLAIN)


OPERATOR = Operator(
    "add-best", "approximation", 0.2, "add a term where it lowers the error", add_best, place=5, fields=NUMBERS
)
