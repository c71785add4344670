"""The total error energy of the literature on approximations of the DCT."""

import numpy as np

from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import comparable, orthonormal, row_weights


def energy(matrix: Matrix, transform: Transform, free: str) -> float:
    """``pi ||C - C^||^2``: the energy of the differences of the rows as filters, over all frequencies."""
    return _energy(matrix, transform, free, signed=True)


def published(matrix: Matrix, transform: Transform, free: str) -> float:
    """The same with positive factors, where a row with the wrong sign stays so."""
    return _energy(matrix, transform, free, signed=False)


def _energy(matrix: Matrix, transform: Transform, free: str, signed: bool) -> float:
    gap = orthonormal(transform) - comparable(matrix, transform, free, signed)
    return float(np.pi * (np.abs(gap) ** 2).sum())


MEASURE = Measure(
    "energy",
    "total error energy",
    "",
    "pi ||C - C^||^2, Frobenius norm",
    "R. J. Cintra and F. M. Bayer, 2011",
    energy,
    published,
    orthogonal_target=True,
    square=True,
    rows=row_weights,
)
