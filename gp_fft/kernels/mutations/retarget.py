"""Let a term refer to another value."""

from numba import njit

from gp_fft.kernels.edits import add_term, drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_term, random_value


@njit(**INNER)
def mutate_retarget(b, row):
    """Let a random term refer to another value."""
    if b.values[row].length == 0:
        return -1
    slot = random_term(b, row)
    value = random_value(b, row)
    if value < 0 or value == b.terms[slot].ref:
        return -1
    touch(b, row)
    size = b.terms[slot].size
    turn = b.terms[slot].turn
    drop_term(b, slot)
    add_term(b, row, value, size, turn)
    return row


OPERATOR = Operator("retarget", "mutation", 0.10, "let a term refer to another value", mutate_retarget, place=3)
