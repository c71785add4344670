"""Write a sum as two values that add up to it, by their fingerprints."""

from numba import njit

from gp_fft.kernels.edits import add_term, depends, drop_terms, slot_in, touch
from gp_fft.kernels.fingerprints import add_prints, find_proportional, print_of, turn_step
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row, random_term
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.workbench import INPUTS, ROWS


@njit(**INNER)
def resubstitute(b):
    """Write a sum as a value plus a multiple of another value, where the fingerprints say that they add up to it."""
    row = random_row(b)
    if b.values[row].length < 2:
        return
    values = b.state[INPUTS] + b.state[ROWS]
    start = draw_below(b.state, values)
    size = 1.0
    if draw_unit(b.state) < 0.5:
        size = b.terms[random_term(b, _random_row_with_terms(b, row))].size
    step = turn_step(b)
    for k in range(values):
        at = (start + k) % values
        f = at if at < b.state[INPUTS] else b.values[at - b.state[INPUTS]].rows_list
        if f == row or slot_in(b, row, f) >= 0:
            continue
        for turn in range(0, 4, step):
            z = add_prints(b, print_of(b, row), print_of(b, f), size, (turn + 2) & 3)
            g, scale, g_turn = find_proportional(b, z[0], z[1], z[2], z[3], row)
            if g >= 0 and g != f and slot_in(b, row, g) < 0 and not depends(b, f, row) and not depends(b, g, row):
                touch(b, row)
                drop_terms(b, row)
                add_term(b, row, f, size, turn)
                add_term(b, row, g, scale, g_turn)
                return


@njit(**INNER)
def _random_row_with_terms(b, otherwise):
    """A random row that has terms, or the given one."""
    row = random_row(b)
    return row if b.values[row].length > 0 else otherwise


OPERATOR = Operator(
    "resubstitute",
    "rewrite",
    0.05,
    "write a sum as two values that happen to add up to it",
    resubstitute,
    place=7,
)
