"""Let a term refer to a value that serves nearly as well."""

from numba import njit

from gp_fft.kernels.edits import add_term, depends, drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import any_value, contest, instead, random_slot
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.products import listed_near
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.workbench import NOBODY, ZERO

PLAIN = 0.7  # chance that the new term gets the size 1


@njit(**INNER)
def redirect(b, s):
    """Let a random term refer to the one of a few random values that does the least harm there."""
    slot = random_slot(b)
    if slot < 0:
        return
    row = b.terms[slot].row
    best = NOBODY
    most = 0.0
    turn = ZERO
    size = 1.0
    for _ in range(2 * contest(b)):
        value = any_value(b)
        if value == row or value == b.terms[slot].ref:
            continue
        gain, t, length = instead(b, s, row, slot, value)
        if length > 0.0 and (best < 0 or gain > most):
            best = value
            most = gain
            turn = t
            size = length
    if best < 0 or depends(b, best, row):
        return
    touch(b, row)
    drop_term(b, slot)
    add_term(b, row, best, 1.0 if draw_unit(b.state) < PLAIN else listed_near(b, size), turn)


OPERATOR = Operator(
    "redirect", "approximation", 0.2, "let a term refer to a value near by", redirect, place=4, fields=NUMBERS
)
