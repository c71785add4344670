"""The relative Frobenius error: the root mean square of what comes out wrong, of white noise that goes in."""

from gp_fft.transforms.fitting import scaled_to
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.transform import Transform


def relative(matrix: Matrix, transform: Transform, free: str) -> float:
    """``||M - F|| / ||F||``, the free factors fitted by least squares."""
    fitted = scaled_to(matrix, transform, free) if transform.base is None else transform
    return fitted.error(matrix)


MEASURE = Measure(
    "relative",
    "relative error",
    "",
    "||M - F|| / ||F||, Frobenius norms",
    "the root mean square over white input (G. H. Golub and C. F. Van Loan, Matrix Computations, 1996)",
    relative,
    square=True,
)
