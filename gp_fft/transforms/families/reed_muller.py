"""The Reed-Muller transform over GF(2), from a truth table to the algebraic normal form and back (Zhegalkin 1927).

It is its own inverse, and is called the binary Moebius transform, too.
"""

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family


def reed_muller(n: int) -> ExactMatrix:
    """y[k] = sum of x[j] over all j whose binary ones are among those of k."""
    k, j = np.indices((n, n))
    return ExactMatrix.of_fractions((j & ~k == 0).astype(int).tolist())


def _butterflies(x: Array, norm: str = "backward") -> Array:
    """One variable after the other: the second half of a table is added to by the first."""
    if x.shape[-1] == 1:
        return x
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate([_butterflies(first), _butterflies(first ^ second)], axis=-1)


FAMILY = Family(
    "reed-muller",
    "Reed-Muller transform: the algebraic normal form of a truth table",
    oracle=_butterflies,
    entries=reed_muller,
    field="gf2",
    powers_of_two=True,
    two_dimensional=False,
    no_2d_because="of two axes it is that of a table as long as both together",
)
