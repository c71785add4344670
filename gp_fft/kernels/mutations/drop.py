"""Drop a term."""

from numba import njit

from gp_fft.kernels.edits import drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_term


@njit(**INNER)
def mutate_drop(b, row):
    """Drop a random term of the row."""
    if b.values[row].length == 0 or (b.values[row].length == 1 and b.values[row].output < 0):
        return -1
    touch(b, row)
    drop_term(b, random_term(b, row))
    return row


OPERATOR = Operator("drop", "mutation", 0.18, "drop a random term", mutate_drop, place=2)
