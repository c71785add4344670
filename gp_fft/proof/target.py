"""The exact matrix that a proof is about: how the floats of a matrix file or of a kernel are to be read.

A named transform without a kernel has exact entries. Floats from outside are either taken for the dyadic fractions
that they are (reading "exact"), or, where every one of them is the float64 nearest to a fraction with a small
denominator, for those fractions (reading "fractions": 0.1 means 1/10). The certificate says which.
"""

from __future__ import annotations

from fractions import Fraction

from gp_fft.ground.errors import DataError
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import ExactMatrix, Terms

EXACT_READING = "exact"
FRACTIONS = "fractions"
LARGEST_DENOMINATOR = 1000


def from_outside(transform: Transform) -> bool:
    """Whether entries of the transform are floats that somebody gave."""
    return transform.name == "matrix" or bool(transform.kernel)


def readings(transform: Transform) -> list[str]:
    """The ways in which the entries of the transform can be read, the literal one first."""
    exact = transform.exact
    if not from_outside(transform) or _fractions(exact) in (None, exact):
        return [EXACT_READING]
    return [EXACT_READING, FRACTIONS]


def target(transform: Transform, reading: str) -> ExactMatrix:
    """The exact matrix of a transform; DataError if it cannot be read that way."""
    if reading == EXACT_READING:
        return transform.exact
    found = _fractions(transform.exact) if reading == FRACTIONS and from_outside(transform) else None
    if found is None:
        raise DataError(f"the entries of {transform.title} cannot be read as {reading[:40]!a}")
    return found


def statement(transform: Transform, reading: str) -> str:
    """The sentence that a certificate proves."""
    told = f"every entry of the matrix of the program equals that of {transform.title}"
    if not from_outside(transform):
        return told
    if reading == FRACTIONS:
        return f"{told}, each given float read as the simplest fraction that rounds to it"
    return f"{told}, each given float read as the dyadic fraction that it is"


def _fractions(exact: ExactMatrix) -> ExactMatrix | None:
    """The matrix with every coefficient replaced by the fraction that rounds to it, or None if one has none."""
    known: dict[Terms, Terms] = {}
    for terms in {terms for row in exact.entries for terms in row}:
        short = tuple((k, c.limit_denominator(LARGEST_DENOMINATOR)) for k, c in terms)
        if any(_float(new) != old for (_, new), (_, old) in zip(short, terms, strict=True)):
            return None
        known[terms] = short
    return ExactMatrix(exact.order, tuple(tuple(known[terms] for terms in row) for row in exact.entries))


def _float(number: Fraction) -> Fraction:
    return Fraction(number.numerator / number.denominator)
