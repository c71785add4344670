"""Inline many definitions at once."""

from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.settle import inline_row
from gp_fft.kernels.workbench import BROKEN, INTACT, ROWS

MANY = 40  # definitions that are inlined at once, at most


@njit(**INNER)
def inline_many(b):
    """Inline up to a fifth of all definitions, but no more than MANY: sharing them again takes the square of that."""
    for _ in range(2 + draw_below(b.state, min(MANY, 2 + b.state[ROWS] // 5))):
        if b.state[BROKEN] != INTACT:
            return
        inline_row(b, random_row(b))


OPERATOR = Operator(
    "inline-many",
    "rewrite",
    0.01,
    "put up to a fifth of all definitions back, at most 40",
    inline_many,
    place=2,
)
