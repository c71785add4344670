"""Add a term where it helps."""

from numba import njit

from gp_fft.kernels.edits import add_term, depends, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import any_value, contest, instead
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.picks import random_row
from gp_fft.kernels.products import listed_near
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.workbench import NOBODY, ZERO

PLAIN = 0.7  # chance that a new term gets the size 1


@njit(**INNER)
def add_best(b, s):
    """Add to a random row the one of a few random values that lowers the error most."""
    row = random_row(b)
    best = NOBODY
    most = 0.0
    turn = ZERO
    size = 1.0
    for _ in range(2 * contest(b)):
        value = any_value(b)
        if value != row and s.adjoints.shape[0] > 0:
            gain, t, length = instead(b, s, row, NOBODY, value)
            if gain > most:
                best = value
                most = gain
                turn = t
                size = length
    if best < 0 or size <= 0.0 or depends(b, best, row):
        return
    touch(b, row)
    add_term(b, row, best, 1.0 if draw_unit(b.state) < PLAIN else listed_near(b, size), turn)


OPERATOR = Operator(
    "add-best", "approximation", 0.2, "add a term where it lowers the error", add_best, place=5, fields=NUMBERS
)
