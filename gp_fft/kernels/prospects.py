"""What a substitution can save, estimated before it is made, so that those that promise something are tried.

Defining ``e = p + r q`` and writing p as ``e - r q`` pays in four ways: where the ratio is r the term q vanishes, a
product of q may no longer be needed, the new one may be there already, and with another term of its row the new term
may make a pair that exists elsewhere and can be shared.
"""

from numba import njit

from gp_fft.kernels.constants import allowed, price, recall
from gp_fft.kernels.edits import slot_in
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.pairs import pair_count, size_uses, terms_key
from gp_fft.kernels.workbench import PER_ADD, PER_SCALE, SAME

NOTHING = -1e9


@njit(**INNER)
def _makes_a_pair(b, p, q, size, turn):
    """Would the term q, with this size and turn, make a pair with a term of its row other than p that exists?"""
    old = b.terms[q]
    k = b.values[old.row].first
    while k >= 0:
        w = b.terms[k]
        if k != p and k != q and pair_count(b, terms_key(old.ref, size, turn, w.ref, w.size, w.turn)) > 0:
            return True
        k = w.next
    return False


@njit(**INNER)
def _row_saves(b, p, q, ratio, turn):
    """What a row saves in which the term p becomes ``e = p + ratio i^turn q``, whereby the term q changes its size."""
    t = b.terms[p]
    old = b.terms[q]
    axis = (t.turn + turn - old.turn) & 3
    if axis & 1:
        return -b.numbers[PER_ADD]
    size = old.size - t.size * ratio if axis == 0 else old.size + t.size * ratio
    saved = 0.0
    if old.size != 1.0 and size_uses(b, old.ref, old.size) == 1:
        saved += b.numbers[PER_SCALE] * price(b, old.size)
    if abs(size) < SAME * old.size:
        return saved + b.numbers[PER_ADD]
    new_turn = old.turn if size > 0 else (old.turn + 2) & 3
    size = recall(b, abs(size))
    if not allowed(b, size):
        return -b.numbers[PER_ADD]
    if size != 1.0 and size_uses(b, old.ref, size) == 0:
        saved -= b.numbers[PER_SCALE] * price(b, size)
    return saved + b.numbers[PER_ADD] if _makes_a_pair(b, p, q, size, new_turn) else saved


@njit(**INNER)
def prospect(b, i, j):
    """The most that defining terms i and j of one row as ``e = p + ratio i^turn q`` can save in all rows with p and q.

    Less than -1e8 if that is one row alone: what is used once is put back, so nothing would come of it.
    """
    ref_q = b.terms[j].ref
    ratio = recall(b, b.terms[j].size / b.terms[i].size)
    turn = (b.terms[j].turn - b.terms[i].turn) & 3
    rows = 0
    saved = -b.numbers[PER_ADD]
    if not allowed(b, ratio):
        return NOTHING
    if ratio != 1.0 and size_uses(b, ref_q, ratio) == 0:
        saved -= b.numbers[PER_SCALE] * price(b, ratio)
    slot = b.values[b.terms[i].ref].users
    while slot >= 0:
        q = slot_in(b, b.terms[slot].row, ref_q)
        if q >= 0:
            rows += 1
            saved += _row_saves(b, slot, q, ratio, turn)
        slot = b.terms[slot].unext
    return saved if rows > 1 else NOTHING
