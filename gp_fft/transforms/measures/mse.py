"""The mean square error of the outputs when a first-order Markov process goes in."""

from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform
from gp_fft.transforms.unit_rows import comparable, correlations, orthonormal, row_weights


def mse(matrix: Matrix, transform: Transform, free: str) -> float:
    """``trace((C - C^) R (C - C^)^H) / N`` with N outputs and R_ij = 0.95^|i - j|."""
    return _mse(matrix, transform, free, signed=True)


def published(matrix: Matrix, transform: Transform, free: str) -> float:
    """The same with positive factors, where a row with the wrong sign stays so."""
    return _mse(matrix, transform, free, signed=False)


def _mse(matrix: Matrix, transform: Transform, free: str, signed: bool) -> float:
    gap = orthonormal(transform) - comparable(matrix, transform, free, signed)
    return max(0.0, float(((gap @ correlations(transform)) * gap.conj()).real.sum()) / len(gap))


MEASURE = Measure(
    "mse",
    "mean square error",
    "",
    "trace((C - C^) R (C - C^)^H) / N, R_ij = 0.95^|i - j|",
    "V. Britanak, P. Yip and K. R. Rao, Discrete Cosine and Sine Transforms, 2007",
    mse,
    published,
    orthogonal_target=True,
    square=True,
    weights=correlations,
    rows=row_weights,
)
