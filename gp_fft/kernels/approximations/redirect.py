"""Let a term refer to a value that serves nearly as well."""

import numpy as np
from numba import njit

from gp_fft.kernels.edits import drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import best_instead, put, random_slot
from gp_fft.kernels.operator import NUMBERS, Operator

PLAIN = 0.7  # chance that the new term gets the size 1


@njit(**INNER)
def redirect(b, s):
    """Let a random term refer to the one of a few random values that does the least harm there."""
    slot = random_slot(b)
    if slot < 0:
        return
    row = b.terms[slot].row
    value, turn, size = best_instead(b, s, row, slot, -np.inf)
    if value >= 0:
        touch(b, row)
        drop_term(b, slot)
        put(b, row, value, turn, size, PLAIN)


OPERATOR = Operator(
    "redirect", "approximation", 0.2, "let a term refer to a value near by", redirect, place=4, fields=NUMBERS
)
