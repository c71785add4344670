"""What people published to stand in for a transform: the table of approximations that evolved fronts are compared with.

Each is a matrix of small numbers, a transform by a name of its own, whose rows are brought to the lengths of those that
they approximate by one factor an output. In a codec the quantiser absorbs these factors.
"""

import csv
from dataclasses import dataclass
from functools import cache

import msgspec
import numpy as np

from gp_fft.ground import shipped
from gp_fft.transforms.scaling import Scaling
from gp_fft.transforms.transform import Transform, get
from gp_fft.transforms.unit_rows import lengths


@dataclass(frozen=True)
class Approximation:
    """One published approximation; its figures are against the orthogonal transform, each row brought to length 1."""

    transform: str  # the matrix as its authors have it
    approximates: str
    n: int
    adds: int  # with the factors of the outputs not counted
    shifts: int
    energy: float  # total error energy
    mse: float  # of a first-order Markov input with rho = 0.95, as are the next two
    coding_gain: float  # dB
    efficiency: float  # per cent
    relative: float  # relative Frobenius error
    by: str  # who, in a word or two
    source: str

    @property
    def matrix(self) -> Transform:
        """The transform whose matrix it is."""
        return get(self.transform, self.n)

    def factors(self, transform: Transform) -> Scaling:
        """What its outputs are multiplied by to have the lengths of those of ``transform``."""
        return Scaling(tuple((lengths(transform) / np.linalg.norm(self.matrix.matrix, axis=1)).tolist()))


@cache
def _table() -> tuple[Approximation, ...]:
    """Every row of dct_approximations.csv, in its order."""
    text = (shipped.folder("_reference") / "dct_approximations.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Approximation, strict=False) for row in csv.DictReader(text.splitlines()))


def rows() -> tuple[Approximation, ...]:
    """Every published approximation."""
    return _table()


def of(transform: Transform) -> tuple[Approximation, ...]:
    """The published approximations of a transform, under whatever norm, by their additions; empty if there are none.

    >>> from gp_fft.transforms import get
    >>> [(row.transform, row.adds) for row in of(get("dct2", 8))][:2]
    [('bc2012', 14), ('pmc2014', 14)]
    """
    same = (row for row in _table() if (row.approximates, (row.n,)) == (transform.name, transform.shape))
    return tuple(sorted(same, key=lambda row: (row.adds, row.shifts, row.relative)))
