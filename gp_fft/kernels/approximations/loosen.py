"""Give a term a constant of its own."""

from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.near_picks import contest, random_slot
from gp_fft.kernels.operator import NUMBERS, Operator
from gp_fft.kernels.products import best_size, listed_near, set_size
from gp_fft.kernels.sight import weight
from gp_fft.kernels.workbench import NOBODY


@njit(**INNER)
def loosen(b, s):
    """Give the one of a few random terms that gains most from it the size that fits it best."""
    best = NOBODY
    most = 0.0
    wanted = 1.0
    for _ in range(2 * contest(b)):
        slot = random_slot(b)
        if slot >= 0:
            t = b.terms[slot]
            size = best_size(b, s, slot)
            gain = (size - t.size) * (size - t.size) * weight(s, t.row, t.ref)
            if size > 0.0 and gain > most:
                best = slot
                most = gain
                wanted = size
    if best >= 0:
        set_size(b, best, listed_near(b, wanted), b.terms[best].turn)


OPERATOR = Operator(
    "loosen", "approximation", 0.1, "give a term a constant of its own", loosen, place=6, fields=NUMBERS
)
