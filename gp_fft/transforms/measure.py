"""What a measure is: one way to say by how much the matrix of an approximate program misses its transform."""

from collections.abc import Callable
from dataclasses import dataclass

from gp_fft.ground.errors import UsageError
from gp_fft.transforms.fitting import Real
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.transform import Transform

Figure = Callable[[Matrix, Transform, str], float]
"""A number of ``(matrix, transform, free)``: the ``(outputs, inputs)`` matrix of a program, what it is to compute, and
which factors at its border are free, a word of ``FREE``. To a scaled transform none are fitted, it has its own."""


def nothing(_: Transform) -> None:
    """No weights: all are 1."""


@dataclass(frozen=True)
class Measure:
    """One error of a program, lower is better; it checks itself when it is made."""

    name: str  # its word on the command line: lower case, with hyphens
    title: str  # on axes and in tables
    unit: str  # "", "dB" or "%"
    formula: str  # as plain text
    source: str  # authors and year
    of: Figure
    """The error, never negative. An exact program has 0, but in ``coding-gain`` and ``efficiency``, where it has what
    its transform has: who searches decides by the relative error what is exact."""
    published: Figure | None = None  # the figure that the literature states, where that is another than the error
    orthogonal_target: bool = False  # means nothing unless the rows of the transform are orthogonal
    real_square: bool = False  # nor unless it is real and has as many outputs as inputs
    square: bool = False
    """Whether it grows with ``sum_i r_i (m_i - f_i) W (m_i - f_i)^H`` over the rows of program and transform, factors
    divided out; then ``weights`` gives W and ``rows`` the r_i. Where outputs are scaled to a length rather than by
    least squares, the error follows this form near the transform alone."""
    weights: Callable[[Transform], Real | None] = nothing
    rows: Callable[[Transform], Real | None] = nothing

    def __post_init__(self) -> None:
        if not self.name.replace("-", "").isalnum() or not self.name.islower():
            raise UsageError(f"a measure of error has a name in lower case such as worst-output, not {self.name!r}")
        if not (self.title.strip() and self.formula.strip() and self.source.strip()):
            raise UsageError(f"the measure {self.name} needs a title, a formula and a source")
