"""The trace of a burst: which operator at which step reached a new lowest cost, in a small ring of fixed size."""

from numba import njit

from gp_fft.kernels.jit import INNER

KEPT = 32  # new lows of one burst that are remembered; of more, the latest
STEP, OPERATOR, COST = 0, 1, 2  # columns of a trace, ``(KEPT + 1, 3)`` float64; its first row holds their number


@njit(**INNER)
def note(trace, step, operator, cost):
    """Remember a new lowest cost, over the oldest one if the ring is full."""
    row = 1 + int(trace[0, 0]) % KEPT
    trace[row, STEP] = step
    trace[row, OPERATOR] = operator
    trace[row, COST] = cost
    trace[0, 0] += 1.0
