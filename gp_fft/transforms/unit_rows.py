"""Matrices as the literature on transform coding compares them: orthonormal rows, and a Markov process that goes in.

There the target C is orthonormal, and an approximation T has each row brought to length 1, C^ = S T with
S = sqrt(diag(T T^T)^-1) (R. J. Cintra and F. M. Bayer, A DCT approximation for image compression, 2011). What goes in
is a first-order Markov process of unit variance, whose neighbours have the correlation rho = 0.95.
"""

from functools import lru_cache

import numpy as np

from gp_fft.transforms.fitting import Real, divided
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.scaling import BOTH, OUTPUTS, UNIFORM
from gp_fft.transforms.transform import Transform

RHO = 0.95
ORTHOGONAL = 1e-9
"""The largest cosine between two rows that are called orthogonal."""
_KEPT = 64  # transforms of which something is remembered


@lru_cache(maxsize=_KEPT)
def lengths(transform: Transform) -> Real:
    """``(outputs,)`` the length of each row of a transform, its factors left out."""
    sizes: Real = np.linalg.norm(transform.plain.matrix, axis=1)
    return sizes


@lru_cache(maxsize=_KEPT)
def orthonormal(transform: Transform) -> Matrix:
    """The target C: the matrix of a transform with orthogonal rows, each brought to length 1."""
    unit: Matrix = transform.plain.matrix / lengths(transform)[:, None]
    return unit


@lru_cache(maxsize=_KEPT)
def cosines(transform: Transform) -> Real:
    """``(outputs, outputs)`` the sizes of the cosines between the rows of a transform; 0 with a row of zeros."""
    sizes = np.where(lengths(transform) > 0.0, lengths(transform), 1.0)
    unit = transform.plain.matrix / sizes[:, None]
    between: Real = np.abs(unit @ unit.conj().T)
    return between


def comparable(matrix: Matrix, transform: Transform, free: str, signed: bool = True) -> Matrix:
    """C^, the matrix of a program as it is compared with :func:`orthonormal`.

    Its rows are divided by the lengths of those of the transform; where outputs are free each is brought to length 1,
    where one common factor is, all together to that of C. A row of zeros stays. A free factor has the sign that brings
    its row nearer to that of C, or is positive, as in the literature, if not ``signed``.
    """
    if free in (OUTPUTS, BOTH):
        rows = divided(matrix, transform, free) if free == BOTH else matrix
        return _to_length(rows, 1.0, orthonormal(transform) if signed else None)
    if free == UNIFORM:
        rows, target = matrix / lengths(transform)[:, None], orthonormal(transform)
        flat = _to_length(rows.reshape(1, -1), len(rows) ** 0.5, target.reshape(1, -1) if signed else None)
        return flat.reshape(rows.shape)
    return divided(matrix, transform, free) / lengths(transform)[:, None]


def _to_length(rows: Matrix, length: float, target: Matrix | None) -> Matrix:
    """Each row times the real number that gives it this length, with the sign that fits a target."""
    sizes = np.sqrt((np.abs(rows) ** 2).sum(axis=1))
    sizes[sizes == 0.0] = 1.0
    if target is not None:
        sizes[(rows.conj() * target).real.sum(axis=1) < 0.0] *= -1.0
    scaled: Matrix = rows * (length / sizes)[:, None]
    return scaled


@lru_cache(maxsize=_KEPT)
def correlations(transform: Transform) -> Real:
    """``(inputs, inputs)`` R, rho^|i - j| of a Markov process; of a 2-D transform one along each axis."""
    plane = transform.name.endswith("-2d") and int(np.prod(transform.shape)) == transform.inputs
    whole = np.ones((1, 1))
    for n in transform.shape if plane else (transform.inputs,):
        places = np.arange(n)
        whole = np.kron(whole, RHO ** np.abs(places[:, None] - places))
    return whole


def row_weights(transform: Transform) -> Real:
    """``(outputs,)`` what the square of a distance of rows counts when the rows of the target are of length 1."""
    weights: Real = lengths(transform) ** -2.0
    return weights
