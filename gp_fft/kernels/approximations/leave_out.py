"""Leave a term out."""

from numba import njit

from gp_fft.kernels.edits import drop_term, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import contest, random_slot
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.sight import coefficient, pull, weight
from gp_fft.kernels.workbench import NOBODY


@njit(**INNER)
def _harm(b, s, slot):
    """By what the squared error would grow without a term."""
    t = b.terms[slot]
    c = coefficient(t.size, t.turn)
    along = c.conjugate() * pull(s, t.row, t.ref)
    return 2.0 * along.real + t.size * t.size * weight(s, t.row, t.ref)


@njit(**INNER)
def leave_out(b, s):
    """Leave out the one of a few random terms whose loss does the least harm."""
    best = NOBODY
    least = 0.0
    for _ in range(contest(b)):
        slot = random_slot(b)
        if slot >= 0:
            harm = _harm(b, s, slot)
            if best < 0 or harm < least:
                best = slot
                least = harm
    if best >= 0:
        touch(b, b.terms[best].row)
        drop_term(b, best)


OPERATOR = Operator("leave-out", "approximation", 0.25, "leave a term out", leave_out, place=1, fields=NUMBERS)
