"""The largest relative error of one output, each against its own row of the transform."""

import numpy as np

from gp_fft.transforms.fitting import divided
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import lengths


def worst_output(matrix: Matrix, transform: Transform, free: str) -> float:
    """``max_i ||m_i - f_i|| / ||f_i||``, factors fitted as for the relative error.

    A row of which only zero is wanted is measured by the root mean square of the lengths of all.
    """
    sizes = lengths(transform)
    if not sizes.all():
        sizes = np.where(sizes == 0.0, np.sqrt(np.mean(sizes**2)), sizes)
    gap = divided(matrix, transform, free) - transform.plain.matrix
    return float((np.sqrt((np.abs(gap) ** 2).sum(axis=1)) / sizes).max())


MEASURE = Measure(
    "worst-output",
    "error of the worst output",
    "",
    "max over i of ||m_i - f_i|| / ||f_i||, rows of M and F",
    "the 2-to-infinity norm by rows (G. H. Golub and C. F. Van Loan, Matrix Computations, 1996)",
    worst_output,
)
