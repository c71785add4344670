"""Define a sum of two values and use it."""

from numba import njit

from gp_fft.kernels.edits import add_term, open_row, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_turn, random_value
from gp_fft.kernels.workbench import ZERO


@njit(**INNER)
def mutate_define(b, row):
    """Define a random sum of two values and add it to the row."""
    first = random_value(b, row)
    second = random_value(b, row)
    if first < 0 or second < 0 or first == second:
        return -1
    touch(b, row)
    fresh = open_row(b)
    if fresh < 0:
        return -1
    touch(b, fresh)
    add_term(b, fresh, first, 1.0, ZERO)
    add_term(b, fresh, second, 1.0, random_turn(b))
    add_term(b, row, fresh, 1.0, random_turn(b))
    return fresh


OPERATOR = Operator("define", "mutation", 0.05, "define a random sum of two values and use it", mutate_define, place=5)
