"""Multiply a definition by a constant."""

from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import replace_term, touch
from gp_fft.kernels.fingerprints import reprint, unprint
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row
from gp_fft.kernels.rng import draw_below


@njit(**INNER)
def rescale(b):
    """Multiply a definition by the inverse of a constant in it or by one on it, and its users by the opposite."""
    row = random_row(b)
    v = b.values[row]
    if v.output >= 0 or v.length == 0:
        return
    k = draw_below(b.state, v.length + v.uses)
    if k < v.length:
        slot = v.first
        for _ in range(k):
            slot = b.terms[slot].next
        factor = intern(b, 1.0 / b.terms[slot].size)
    else:
        slot = v.users
        for _ in range(k - v.length):
            slot = b.terms[slot].unext
        factor = b.terms[slot].size
    if factor != 1.0:
        _scale_row(b, row, factor)


@njit(**INNER)
def _scale_row(b, row, factor):
    """Multiply a row by ``factor`` and all its users by the inverse."""
    touch(b, row)
    v = b.values[row]
    for _ in range(v.length):  # terms are put back in front, so walk to the last one each time
        slot = v.first
        for _ in range(v.length - 1):
            slot = b.terms[slot].next
        replace_term(b, slot, b.terms[slot].size * factor, b.terms[slot].turn)
    unprint(b, row)
    v.z1r *= factor
    v.z1i *= factor
    v.z2r *= factor
    v.z2i *= factor
    reprint(b, row)
    slot = v.users
    count = v.uses
    inverse = 1.0 / factor
    for _ in range(count):
        slot = v.users
        for _ in range(count - 1):
            slot = b.terms[slot].unext
        touch(b, b.terms[slot].row)
        replace_term(b, slot, b.terms[slot].size * inverse, b.terms[slot].turn)


OPERATOR = Operator(
    "rescale",
    "rewrite",
    0.15,
    "multiply a definition by a constant and its users by the inverse",
    rescale,
    place=3,
)
