"""Replace a definition by another value that repairs all its users with as many additions: a step along a plateau.

Take v away and each user u = s v + a + rest lacks ``s v + a``. A value w serves them all if every one of these is a
multiple of w and one other value that exists; it costs nothing if w is a sum of two values. The first user says what w
can be, one candidate for each other value; the other users and the sum of two are look-ups of fingerprints.
"""

from numba import njit

from gp_fft.kernels.holes import fill, list_users
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operator import Operator
from gp_fft.kernels.picks import random_row
from gp_fft.kernels.workbench import NOBODY, ZERO

CANDIDATES = 600  # values that are tried in the place of one definition, at most
MOST_USERS = 8


@njit(**INNER)
def repair(b):
    """Take one definition away and let its users use another value, found by fingerprints, that repairs them all."""
    cone = (random_row(b), NOBODY, NOBODY)
    count = list_users(b, cone, MOST_USERS)
    if count >= 2:
        fill(b, cone, ZERO, count, CANDIDATES)


OPERATOR = Operator(
    "repair",
    "rewrite",
    0.10,
    "take a definition away and add another value that repairs all its users",
    repair,
    place=8,
    fields=(),
)
