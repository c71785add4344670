"""What a transform lacks to decorrelate a first-order Markov process."""

import numpy as np

from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.scaling import BOTH, OUTPUTS
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import comparable, correlations


def efficiency(matrix: Matrix, transform: Transform, free: str) -> float:
    """In %: ``100 sum_i |r_ii| / sum_ij |r_ij|`` of ``r = C^ R C^^T``, with rows of length 1 whatever is free.

    An output that is dropped would count for decorrelated: with a row of zeros it is 0.
    """
    rows = comparable(matrix, transform, free if free == BOTH else OUTPUTS)
    if not rows.any(axis=1).all():
        return 0.0
    between = np.abs(rows @ correlations(transform) @ rows.T)
    return 100.0 * float(np.trace(between) / between.sum())


def lack(matrix: Matrix, transform: Transform, free: str) -> float:
    """What is missing to 100%."""
    return max(0.0, 100.0 - efficiency(matrix, transform, free))


MEASURE = Measure(
    "efficiency",
    "lack of transform efficiency",
    "%",
    "100 - 100 sum over i of |r_ii| / sum over i, j of |r_ij|, r = C^ R C^^T, R_ij = 0.95^|i - j|",
    "V. Britanak, P. Yip and K. R. Rao, Discrete Cosine and Sine Transforms, 2007",
    lack,
    efficiency,
    orthogonal_target=True,
    real_square=True,
)
