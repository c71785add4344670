"""Give a term another coefficient."""

from numba import njit

from gp_fft.kernels.edits import add_term, drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row, random_term, random_turn
from gp_fft.kernels.rng import draw_unit


@njit(**INNER)
def mutate_reweight(b, row):
    """Give a random term of the row another turn or another constant of the program."""
    if b.values[row].length == 0:
        return -1
    slot = random_term(b, row)
    size = b.terms[slot].size
    turn = b.terms[slot].turn
    if draw_unit(b.state) < 0.5:
        turn = random_turn(b)
    else:
        other = random_row(b)
        if b.values[other].length == 0:
            return -1
        size = 1.0 if draw_unit(b.state) < 0.5 else b.terms[random_term(b, other)].size
    ref = b.terms[slot].ref
    touch(b, row)
    drop_term(b, slot)
    add_term(b, row, ref, size, turn)
    return row


OPERATOR = Operator(
    "reweight",
    "mutation",
    0.07,
    "give a term another turn or constant of the program",
    mutate_reweight,
    place=4,
)
