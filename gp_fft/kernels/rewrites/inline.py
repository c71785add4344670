"""Inline one to four definitions."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row, random_term, random_user
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.settle import inline_at, inline_row
from gp_fft.kernels.workbench import BROKEN, INPUTS, INTACT

FOUR = np.int64(4)


@njit(**INNER)
def inline_some(b):
    """Inline one to four definitions, half of the time neighbours; now and then a single use of one."""
    row = random_row(b)
    if draw_unit(b.state) < 0.15:
        if b.values[row].uses > 0:
            inline_at(b, random_user(b, row))
        return
    near = draw_unit(b.state) < 0.5
    for _ in range(1 + draw_below(b.state, FOUR)):
        if b.state[BROKEN] != INTACT:
            return
        if not b.values[row].alive:
            row = random_row(b)
        after = _neighbour(b, row) if near else random_row(b)
        inline_row(b, row)
        row = after


@njit(**INNER)
def _neighbour(b, row):
    """A row next to this one in the program: a user or a definition that it refers to; the row itself if none."""
    v = b.values[row]
    if v.uses > 0 and (draw_unit(b.state) < 0.5 or v.length == 0):
        return b.terms[random_user(b, row)].row
    if v.length > 0:
        ref = b.terms[random_term(b, row)].ref
        if ref >= b.state[INPUTS]:
            return ref
    return row


OPERATOR = Operator(
    "inline",
    "rewrite",
    0.08,
    "put one to four definitions back into their users",
    inline_some,
    place=1,
)
