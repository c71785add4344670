"""Write a sum as a multiple of another one plus the rest."""

from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import add_term, depends, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row, random_term, random_user


@njit(**INNER)
def difference(b):
    """Write one sum as a multiple of another sum that shares a term with it, plus the rest."""
    row = random_row(b)
    if b.values[row].length < 2:
        return
    i = random_term(b, row)
    ref = b.terms[i].ref
    k = random_user(b, ref)
    other = b.terms[k].row
    if other == row or b.values[other].length < 2 or depends(b, other, row):
        return
    size = intern(b, b.terms[i].size / b.terms[k].size)
    turn = (b.terms[i].turn - b.terms[k].turn) & 3
    touch(b, row)
    add_term(b, row, other, size, turn)
    k = b.values[other].first
    while k >= 0:
        t = b.terms[k]
        add_term(b, row, t.ref, t.size * size, (t.turn + turn + 2) & 3)
        k = t.next


OPERATOR = Operator(
    "difference",
    "rewrite",
    0.14,
    "write a sum as a multiple of another plus the rest",
    difference,
    place=6,
)
