"""What a transform loses of the coding gain that is possible for a first-order Markov process."""

import math
from functools import lru_cache

import numpy as np

from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import comparable, correlations


def gain(matrix: Matrix, transform: Transform, free: str) -> float:
    """The unified coding gain in dB, ``-10/N sum_i log10(A_i B_i)``; minus infinity without an inverse.

    A_i is the variance of output i, ``h_i R h_i^T``, and B_i the energy of the column of the inverse that brings it
    back. A factor of a row changes A_i and B_i alike, so the lengths of rows do not matter.
    """
    rows = comparable(matrix, transform, free)
    try:
        energies = (np.linalg.inv(rows) ** 2).sum(axis=0)
    except np.linalg.LinAlgError:
        return -math.inf
    variances = ((rows @ correlations(transform)) * rows).sum(axis=1)
    with np.errstate(all="ignore"):
        level = float(np.log10(variances * energies).mean())
    return -10.0 * level if math.isfinite(level) else -math.inf


@lru_cache(maxsize=64)
def best_gain(transform: Transform) -> float:
    """The gain of the Karhunen-Loeve transform of the same input in dB, ``-10/N log10 det R``: none has more."""
    return float(-10.0 / math.log(10.0) * np.linalg.slogdet(correlations(transform))[1] / transform.inputs)


def loss(matrix: Matrix, transform: Transform, free: str) -> float:
    """By how many dB the gain is below the best."""
    return max(0.0, best_gain(transform) - gain(matrix, transform, free))


MEASURE = Measure(
    "coding-gain",
    "loss of coding gain",
    "dB",
    "(10/N) sum over i of log10(A_i B_i / (det R)^(1/N)), A_i = h_i R h_i^T, B_i = ||g_i||^2, "
    "h_i rows of C^, g_i columns of its inverse, R_ij = 0.95^|i - j|",
    "J. Katto and Y. Yasuda, 1991",
    loss,
    gain,
    orthogonal_target=True,
    real_square=True,
)
