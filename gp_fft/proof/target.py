"""The exact matrix that a proof is about: how the floats of a matrix file or of a kernel are to be read.

A named transform without a kernel has exact entries. Floats from outside are either taken for the dyadic fractions
that they are (reading "exact"), or, where every one of them is the float64 nearest to a fraction with a small
denominator, for those fractions (reading "fractions": 0.1 means 1/10). The certificate says which.
"""

from fractions import Fraction

from gp_fft.files.certificate import VERSION, Bound, Claimed, Interval
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.transforms import Scaling, Transform
from gp_fft.transforms.coded import ExactMatrix, Value
from gp_fft.transforms.exact import Number

EXACT_READING = "exact"
FRACTIONS = "fractions"
LARGEST_DENOMINATOR = 1000


def from_outside(transform: Transform) -> bool:
    """Whether entries of the transform are floats that somebody gave; its factors are part of the program."""
    return transform.name == "matrix" or bool(transform.kernel)


def readings(transform: Transform) -> list[str]:
    """The ways in which the entries of the transform can be read, the literal one first."""
    exact, given = transform.plain.exact, from_outside(transform) and transform.field != "gf2"
    short = _fractions(exact) if given else None
    if short is None or short.numbers == exact.numbers:
        return [EXACT_READING]
    return [EXACT_READING, FRACTIONS]


def target(transform: Transform, reading: str) -> ExactMatrix:
    """The exact matrix of a transform, without factors; DataError if it cannot be read that way."""
    exact = transform.plain.exact
    if reading == EXACT_READING:
        return exact
    short = _fractions(exact) if reading == FRACTIONS and from_outside(transform) else None
    if short is None:
        raise DataError(f"the entries of {transform.title} cannot be read as {reading[:40]!a}")
    return short


def check_belongs(claim: Claimed, program: Program, transform: Transform) -> None:
    """DataError unless a claim is of this version, and about this program and a transform of its size."""
    noun = "bound" if isinstance(claim, Bound) else "interval" if isinstance(claim, Interval) else "proof"
    if claim.version != VERSION:
        raise DataError(f"the {noun} is of version {claim.version}, this gp-fft reads version {VERSION}")
    if claim.hash != program.content_hash:
        raise DataError(f"the {noun} belongs to another program: its hash is not that of this one")
    check_fits(program, transform)


def check_fits(program: Program, transform: Transform) -> None:
    """DataError unless a program has the size of a transform, and is over GF(2) where that is."""
    if (len(program.outputs), program.inputs) != transform.matrix.shape:
        raise DataError(f"the program does not have the inputs and outputs of {transform.title}")
    if (program.field == "gf2") != (transform.field == "gf2"):
        raise DataError(
            f"a program on {program.field} data cannot stand for {transform.title}, which is {transform.field}"
        )


def statement(transform: Transform, reading: str) -> str:
    """The sentence that a certificate proves."""
    claim = f"every entry of the matrix of the program equals that of {transform.title}{_times(transform.scaling)}"
    if transform.field == "gf2":
        return f"{claim} over GF(2)"
    if not from_outside(transform):
        return claim
    if reading == FRACTIONS:
        return f"{claim}, each given float read as the simplest fraction that rounds to it"
    return f"{claim}, each given float read as the dyadic fraction that it is"


def _times(scaling: Scaling) -> str:
    """What stands behind the title where the program may come with factors."""
    sides = ["output"] * bool(scaling.outputs) + ["input"] * bool(scaling.inputs)
    return f" times the given {' and '.join(f'factor of its {side}' for side in sides)}" if sides else ""


def _fractions(exact: ExactMatrix) -> ExactMatrix | None:
    """The matrix with every coefficient replaced by the fraction that rounds to it, or None if one has none."""
    numbers = []
    for number in exact.numbers:
        short = tuple((k, c.limit_denominator(LARGEST_DENOMINATOR)) for k, c in number.terms)
        if any(Fraction(float(new)) != old for (_, new), (_, old) in zip(short, number.terms, strict=True)):
            return None
        numbers.append(Value(Number(number.order, short)))
    return ExactMatrix(tuple(numbers), exact.index)
