"""The largest error of one entry of the matrix, relative to the largest entry of the transform."""

import numpy as np

from gp_fft.transforms.fitting import divided
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform


def worst_entry(matrix: Matrix, transform: Transform, free: str) -> float:
    """``max |M - F| / max |F|``, factors fitted as for the relative error."""
    target = transform.plain.matrix
    return float(np.abs(divided(matrix, transform, free) - target).max() / np.abs(target).max())


MEASURE = Measure(
    "worst-entry",
    "error of the worst entry",
    "",
    "max over i, j of |M_ij - F_ij| / max over i, j of |F_ij|",
    "the max norm (G. H. Golub and C. F. Van Loan, Matrix Computations, 1996)",
    worst_entry,
)
