"""Leave a term out."""

from numba import njit

from gp_fft.kernels.edits import drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import least_harm
from gp_fft.kernels.operator import NUMBERS, Operator


@njit(**INNER)
def leave_out(b, s):
    """Leave out the one of a few random terms whose loss does the least harm."""
    best = least_harm(b, s, 0.0)
    if best >= 0:
        touch(b, b.terms[best].row)
        drop_term(b, best)


OPERATOR = Operator("leave-out", "approximation", 0.25, "leave a term out", leave_out, place=1, fields=NUMBERS)
