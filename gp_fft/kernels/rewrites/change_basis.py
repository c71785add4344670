"""Write sums of two values in the sum and the difference of the two."""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import add_term, drop_term, slot_in, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import new_sum, random_pair, rows_with_both
from gp_fft.kernels.workbench import ZERO

HALF = np.int64(2)  # the turn that changes the sign


@njit(**INNER)
def change_basis(b):
    """For a pair (p, q) that occurs together, define u = p + r q, v = p - r q and rewrite all sums of both in them."""
    i, j = random_pair(b)
    if i < 0:
        return
    ref_a = b.terms[i].ref
    ref_b = b.terms[j].ref
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    count = rows_with_both(b, ref_a, ref_b)
    u = new_sum(b, ref_a, ref_b, ratio, turn)
    v = new_sum(b, ref_a, ref_b, ratio, (turn + 2) & 3)
    if u < 0 or v < 0:
        return
    for k in range(count):
        row = b.values[k].pair_a
        touch(b, row)
        _into_basis(b, row, ref_a, (u, v), 0.5, ZERO, ZERO)
        _into_basis(b, row, ref_b, (u, v), 0.5 / ratio, (4 - turn) & 3, HALF)


@njit(**INNER)
def _into_basis(b, row, ref, basis, factor, turn, sign):
    """Replace every term ``s ref`` of a row by ``s factor i^turn (u + i^sign v)``; ``basis`` is (u, v)."""
    slot = slot_in(b, row, ref)
    while slot >= 0:
        size = b.terms[slot].size * factor
        total = (b.terms[slot].turn + turn) & 3
        drop_term(b, slot)
        add_term(b, row, basis[0], size, total)
        add_term(b, row, basis[1], size, (total + sign) & 3)
        slot = slot_in(b, row, ref)


OPERATOR = Operator(
    "change-basis",
    "rewrite",
    0.10,
    "rewrite sums of p and q in p + r q and p - r q",
    change_basis,
    place=4,
    fields=("complex", "real"),  # halves are no bits
)
