"""What a transform lacks to decorrelate a first-order Markov process."""

import numpy as np
from flint import arb

from gp_fft.transforms.enclosure import Enclosure, squares
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.scaling import BOTH, OUTPUTS
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import comparable, correlations, row_weights


def efficiency(matrix: Matrix, transform: Transform, free: str) -> float:
    """In %: ``100 sum_i |r_ii| / sum_ij |r_ij|`` of ``r = C^ R C^^T``, with rows of length 1 whatever is free.

    An output that is dropped would count for decorrelated: with a row of zeros it is 0.
    """
    rows = comparable(matrix, transform, free if free == BOTH else OUTPUTS)
    if not rows.any(axis=1).all():
        return 0.0
    between = np.abs(rows @ correlations(transform) @ rows.conj().T)
    return 100.0 * float(np.trace(between) / between.sum())


def lack(matrix: Matrix, transform: Transform, free: str) -> float:
    """What is missing to 100%."""
    return max(0.0, 100.0 - efficiency(matrix, transform, free))


def ball(case: Enclosure) -> arb:
    """The lack in ball arithmetic."""
    rows = case.comparable(unit_rows=True)
    if any(size.is_zero() for size in squares(rows)):
        return arb(100)
    between, n = rows * case.correlations * rows.transpose(), rows.nrows()
    whole = sum(map(abs, between.entries()), arb(0))
    return 100 - 100 * sum((abs(between[k, k]) for k in range(n)), arb(0)) / whole


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
    weights=correlations,
    rows=row_weights,
    ball=ball,
)
