"""The factors at its border with which a program comes nearest to a transform, where such factors are free.

One factor, or one a row, is a plain least-squares problem. Factors of rows and columns together are found by turns,
which grow from one column over the entries that are not zero: of a program that is proportional to its transform the
first turn finds them, up to what may be multiplied to the rows and divided from the columns.
"""

import numpy as np
from numpy.typing import NDArray

from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.scaling import BOTH, NONE, OUTPUTS, UNSCALED, Scaling
from gp_fft.transforms.transform import Transform

SANE = 1e4
"""Factors that are fitted are at most so large, and at least one part in so many; beyond that none is fitted."""
_ONE = 1e-12  # relative distance from 1 at which there is no factor
_TURNS = 3  # in which factors of rows and columns settle

Real = NDArray[np.float64]


def fit_scaling(matrix: Matrix, transform: Transform, free: str, one: float = _ONE) -> Scaling:
    """The factors, as far as they are ``free``, for which ``transform.scaled(...).error(matrix)`` is about least.

    ``matrix`` is ``(outputs, inputs)``, what a program computes; free is a word of ``FREE``. An output that has nothing
    to do with the transform, or of which only zero is wanted, keeps the factor 1, and so does what is closer to it
    than ``one``.
    """
    if free == NONE or not np.isfinite(matrix).all():
        return UNSCALED
    target = transform.plain.matrix
    if free == BOTH:
        rows, columns = _both(matrix, target)
        return Scaling(_sane(1.0 / rows, one), _sane(1.0 / columns, one))
    if free == OUTPUTS:
        return Scaling(_sane(1.0 / _fitted(matrix, target, 1), one))
    common = _fitted(matrix.reshape(1, -1), target.reshape(1, -1), 1)
    return Scaling(_sane(1.0 / common, one) * len(target))


def scaled_to(matrix: Matrix, transform: Transform, free: str) -> Transform:
    """The transform with the factors that fit a matrix best."""
    return transform.scaled(fit_scaling(matrix, transform, free))


def divided(matrix: Matrix, transform: Transform, free: str) -> Matrix:
    """A matrix with the factors that fit best divided out, or those of a transform that has its own.

    What is left is to be compared with the plain transform.
    """
    if transform.base is not None:
        quotient: Matrix = matrix / np.outer(*transform.scaling.over(*matrix.shape))
        return quotient
    if free == OUTPUTS and np.isfinite(matrix).all():
        return matrix * _fitted(matrix, transform.matrix, 1)[:, None]
    scaling = fit_scaling(matrix, transform, free)
    return matrix / np.outer(*scaling.over(*matrix.shape)) if scaling else matrix


def _fitted(matrix: Matrix, target: Matrix, axis: int) -> Real:
    """For each row (axis 1) or column (axis 0) the real number that brings the matrix nearest to the target."""
    with np.errstate(all="ignore"):
        upper = (matrix.conj() * target).real.sum(axis=axis)
        lower = (np.abs(matrix) ** 2).sum(axis=axis)
        quotient = upper / lower
    return np.where((np.abs(quotient) < SANE) & (np.abs(quotient) > 1 / SANE), quotient, 1.0)


def _both(matrix: Matrix, target: Matrix) -> tuple[Real, Real]:
    """What rows and columns must be multiplied by: grown from the first column, and from a plain start; the better."""
    plain = np.ones(target.shape[0]), np.ones(target.shape[1])
    found = [_settled(matrix, target, *sides) for sides in (_grown(matrix, target), plain)]
    gaps = [np.linalg.norm(matrix * np.outer(*sides) - target) for sides in found]
    return found[int(np.argmin(gaps))]


def _grown(matrix: Matrix, target: Matrix) -> tuple[Real, Real]:
    """Rows by the columns that are known and columns by the rows, from the first column of each part on."""
    there = np.abs(target) > 1e-9 * np.abs(target).max()
    rows, columns = np.ones(target.shape[0]), np.ones(target.shape[1])
    above, beside = np.zeros(len(rows), bool), np.zeros(len(columns), bool)
    while not beside.all():
        new = np.arange(len(columns)) == int(np.argmin(beside))
        while new.any():
            beside |= new
            met = ~above & there[:, beside].any(axis=1)
            rows[met] = _fitted(matrix[met][:, beside] * columns[beside], target[met][:, beside], 1)
            above |= met
            new = ~beside & there[above].any(axis=0)
            columns[new] = _fitted(matrix[above][:, new] * rows[above, None], target[above][:, new], 0)
    return rows, columns


def _settled(matrix: Matrix, target: Matrix, rows: Real, columns: Real) -> tuple[Real, Real]:
    """Rows and columns after some turns more."""
    for _ in range(_TURNS):
        rows = _fitted(matrix * columns, target, 1)
        columns = _fitted(matrix * rows[:, None], target, 0)
    return rows, columns


def _sane(factors: Real, one: float) -> tuple[float, ...]:
    """Factors as floats, those that are 1 but for round-off made so."""
    return tuple(np.where(np.abs(factors - 1.0) <= one, 1.0, factors).tolist())
