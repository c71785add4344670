"""Define a pair of terms and write one of the two in it."""

from numba import njit

from gp_fft.kernels.constants import intern
from gp_fft.kernels.edits import touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import new_sum, random_pair, rows_with_both, write_in
from gp_fft.kernels.prospects import NOTHING, prospect
from gp_fft.kernels.rng import draw_unit

DRAWS = 4  # pairs of which the most promising is taken
DOUBT = 2.0  # by how many operations a less promising one may be taken


@njit(**INNER)
def substitute(b):
    """Define e = p + r q for a pair of one sum and replace p by e - r q there and in other sums that hold both."""
    i, j = _promising_pair(b)
    if i < 0:
        return
    home = b.terms[i].row
    ref_p = b.terms[i].ref
    ref_q = b.terms[j].ref
    ratio = intern(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    chance = 0.5 if draw_unit(b.state) < 0.5 else 1.0
    count = rows_with_both(b, ref_p, ref_q)
    e = new_sum(b, ref_p, ref_q, ratio, turn)
    if e < 0:
        return
    for k in range(count):
        row = b.values[k].pair_a
        if row != home and draw_unit(b.state) >= chance:
            continue
        touch(b, row)
        write_in(b, row, ref_p, e, ref_q, ratio, turn)


@njit(**INNER)
def _promising_pair(b):
    """Of a few random pairs of one sum the one whose substitution can save most, give or take DOUBT; or (-1, -1)."""
    best = 0.5 * NOTHING
    best_i = -1
    best_j = -1
    for _ in range(DRAWS):
        i, j = random_pair(b)
        if i < 0:
            continue
        saves = prospect(b, i, j) + DOUBT * draw_unit(b.state)
        if saves > best:
            best = saves
            best_i = i
            best_j = j
    return best_i, best_j


OPERATOR = Operator(
    "substitute",
    "rewrite",
    0.20,
    "define e = p + r q, write p as e - r q: the pair that promises most",
    substitute,
    place=5,
)
