"""Remove a definition."""

from numba import njit

from gp_fft.kernels.edits import drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row


@njit(**INNER)
def mutate_undefine(b, _):
    """Remove a random definition from all its users; the row that needs help most has no say in it."""
    row = random_row(b)
    if b.values[row].output >= 0 or b.values[row].uses == 0:
        return -1
    touch(b, row)
    while b.values[row].users >= 0:
        slot = b.values[row].users
        touch(b, b.terms[slot].row)
        drop_term(b, slot)
    return row


OPERATOR = Operator("undefine", "mutation", 0.05, "remove a definition from all its users", mutate_undefine, place=6)
