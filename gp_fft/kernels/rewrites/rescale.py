"""Multiply a definition by a constant; where factors at the border are free, an output or an input too."""

from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import journal_row, replace_term, slot_in, touch
from gp_fft.kernels.fingerprints import reprint, unprint
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import SIGNS, new_sum, random_pair, random_row, random_user, rows_with_both, write_in
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.rules import FREE_INPUTS, FREE_OUTPUTS, ONE_FACTOR
from gp_fft.kernels.workbench import INPUTS, ROWS, SCALING

AT_INPUTS = 0.25  # of the steps that may scale an input
AT_SUMS = 0.3  # of the steps that may scale single outputs


@njit(**INNER)
def rescale(b):
    """Multiply a definition by the inverse of a constant in it or by one on it, and its users by the opposite."""
    if b.state[SCALING] == FREE_INPUTS and draw_unit(b.state) < AT_INPUTS:
        _rescale_input(b)
        return
    if b.state[SCALING] >= FREE_OUTPUTS and draw_unit(b.state) < AT_SUMS:
        _rescale_sum(b)
        return
    row = random_row(b)
    v = b.values[row]
    if v.length == 0 or (v.output >= 0 and b.state[SCALING] < ONE_FACTOR):
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
    if factor == 1.0:
        return
    if v.output >= 0 and b.state[SCALING] < FREE_OUTPUTS:
        _scale_outputs(b, factor)
    else:
        _scale_row(b, row, factor)


@njit(**INNER)
def _rescale_input(b):
    """Multiply all uses of an input by the inverse of one of their constants: it comes in multiplied by that itself."""
    value = draw_below(b.state, b.state[INPUTS])
    v = b.values[value]
    if v.uses == 0:
        return
    factor = b.terms[random_user(b, value)].size
    if factor == 1.0:
        return
    journal_row(b, value)
    _scale_print(b, value, factor)
    _scale_users(b, value, 1.0 / factor)


@njit(**INNER)
def _rescale_sum(b):
    """For two values p and q of an output define u = q + i^turn p, and let outputs with both be ``p + size u`` or so.

    Two outputs ``p + s q`` and ``p - s q`` times factors of their own are such a pair again, with one product for both.
    """
    i, j = random_pair(b)
    if i < 0 or b.values[b.terms[i].row].output < 0:
        return
    p = b.terms[i].ref
    q = b.terms[j].ref
    turn = (b.terms[i].turn - b.terms[j].turn + 2 * draw_below(b.state, SIGNS)) & 3
    count = rows_with_both(b, p, q)
    u = new_sum(b, q, p, 1.0, turn)
    if u < 0:
        return
    for k in range(count):
        row = b.values[k].pair_a
        touch(b, row)
        write_in(b, row, q, u, p, 1.0, turn)
        slot = slot_in(b, row, p)
        if slot >= 0 and b.values[row].output >= 0 and b.terms[slot].size != 1.0:
            _scale_row(b, row, intern(b, 1.0 / b.terms[slot].size))


@njit(**INNER)
def _scale_outputs(b, factor):
    """Multiply all outputs by one factor."""
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        if b.values[row].output >= 0 and b.values[row].length > 0:
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
    _scale_print(b, row, factor)
    _scale_users(b, row, 1.0 / factor)


@njit(**INNER)
def _scale_print(b, value, factor):
    """Multiply the fingerprint of a value."""
    v = b.values[value]
    unprint(b, value)
    v.z1r *= factor
    v.z1i *= factor
    v.z2r *= factor
    v.z2i *= factor
    reprint(b, value)


@njit(**INNER)
def _scale_users(b, value, factor):
    """Multiply every term that refers to a value; terms are put back in front of the list, so the last one is next."""
    count = b.values[value].uses
    for _ in range(count):
        slot = b.values[value].users
        for _ in range(count - 1):
            slot = b.terms[slot].unext
        touch(b, b.terms[slot].row)
        replace_term(b, slot, b.terms[slot].size * factor, b.terms[slot].turn)


OPERATOR = Operator(
    "rescale",
    "rewrite",
    0.15,
    "multiply a definition by a constant and its users by the inverse; with --scaling outputs and inputs, too",
    rescale,
    place=3,
    fields=("complex", "real"),  # bits have no constants
)
