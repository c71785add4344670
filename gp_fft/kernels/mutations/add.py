"""Add a term."""

from numba import njit

from gp_fft.kernels.edits import add_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_turn, random_value


@njit(**INNER)
def mutate_add(b, row):
    """Add a random term to the row, on an axis of a value that it does not hold yet."""
    for _ in range(8):
        value = random_value(b, row)
        turn = random_turn(b)
        if value >= 0 and not _holds(b, row, value, turn):
            touch(b, row)
            add_term(b, row, value, 1.0, turn)
            return row
    return -1


@njit(**INNER)
def _holds(b, row, value, turn):
    slot = b.values[row].first
    while slot >= 0:
        if b.terms[slot].ref == value and ((b.terms[slot].turn ^ turn) & 1) == 0:
            return True
        slot = b.terms[slot].next
    return False


OPERATOR = Operator("add", "mutation", 0.50, "add a random term", mutate_add, place=1)
