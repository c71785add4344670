"""Round a constant: to 1, or to another one that its value is multiplied by anyway, or to one that the set lists."""

from numba import njit

from gp_fft.kernels.edits import touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import queue
from gp_fft.kernels.near_picks import least_harm
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.picks import random_user
from gp_fft.kernels.products import set_size
from gp_fft.kernels.rng import draw_unit

ONE = 0.8  # chance that a constant is rounded to 1


@njit(**INNER)
def round_constant(b, s):
    """Round, for all terms that share the product, the one of a few random constants that suffers least."""
    best = least_harm(b, s, 1.0)
    if best < 0:
        return
    ref = b.terms[best].ref
    old = b.terms[best].size
    size = 1.0 if draw_unit(b.state) < ONE else b.terms[random_user(b, ref)].size
    if size == old:
        return
    slot = b.values[ref].users
    while slot >= 0:
        after = b.terms[slot].unext
        if b.terms[slot].size == old:
            touch(b, b.terms[slot].row)
            set_size(b, slot, size, b.terms[slot].turn)
        slot = after
    queue(b, ref)  # what is used once, and now as it is, is put in place


OPERATOR = Operator(
    "round", "approximation", 0.15, "round a constant to 1, or to another one", round_constant, place=2, fields=NUMBERS
)
