"""The typed form of what is known about a program beyond its float error, as it stands in a program file.

A certificate holds all that a re-check needs besides program and transform: the field, and for every size of the
program the exact number that it stands for, as a short expression such as ``cos(pi/8)`` or ``(sqrt(5)-1)/4``. What
is written here is only a claim: :mod:`gp_fft.proof` checks it.
"""

import math

import msgspec

from gp_fft.program.cost import EXACT

VERSION = 1
PROVED = "proved"
APPROXIMATE = "approximate"
WRONG = "WRONG PROOF"  # of a file that claims a proof which does not hold
LIMIT_EXPRESSION = 20_000
"""Most characters of one exact number."""


class Constant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One size of the program and the exact number that it is the nearest float64 of."""

    size: float
    exact: str


class Residues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prime and a root of unity modulo it, for the second check."""

    prime: int
    root: int


class Factors(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The exact factors of a scaled program, one for each output, and one for each input; a side without is empty."""

    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


class Certificate(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="equality"
):
    """The claim that the matrix of a program, with its exact constants, equals that of its transform.

    Of a scaled transform it is that each entry is the one of the transform times the exact factors of its output and
    its input.
    """

    version: int
    statement: str
    field: str  # in words
    order: int  # N: constants lie in Q(2 cos(2 pi / N)), entries in Q(zeta_N)
    reading: str  # how floats in the transform are read, see gp_fft.proof.target
    constants: tuple[Constant, ...]
    residues: Residues
    checked: tuple[str, ...]
    hash: str  # of the program
    factors: Factors | None = None  # where the program is scaled


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="bound"):
    """The claim that a program, its sizes taken as the exact values of their floats, is no further off than that."""

    version: int
    statement: str
    bound: float  # of the relative Frobenius error
    hash: str


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One error of a program, by the word of its measure: it surely lies between these two floats."""

    measure: str
    low: float
    high: float


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="interval"):
    """The claim that the errors of an approximate program, its sizes and factors the exact values of their floats, lie
    in these intervals, each so narrow that about fifteen digits of the error are known."""

    version: int
    statement: str
    free: str  # what is free at the border, a word of transforms.FREE; some measures depend on it
    errors: tuple[Range, ...]  # the relative error first
    hash: str

    @property
    def digits(self) -> str:
        """The relative error to three digits, or as many as it takes to be right."""
        return digits(self.errors[0].low, self.errors[0].high) if self.errors else "?"


class Unproved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="unproved"):
    """The note that a proof was tried, and why there is none."""

    version: int
    status: str
    reason: str
    hash: str


Claimed = Certificate | Bound | Interval
Evidence = Claimed | Unproved


def status(evidence: Evidence | None, error: float) -> str:
    """What the evidence says of a program with this float error: proved, exact to 1e-15 but unproved, or approximate.

    For an approximate program also its proved error, for a matrix from a file a rigorous bound. Evidence is believed
    here; gp_fft.proof.standing checks it. These are the only words for a proof in the house; :func:`short` makes one of
    them, for tables.
    """
    if isinstance(evidence, Certificate):
        return PROVED
    if isinstance(evidence, Bound):
        return f"{APPROXIMATE}, error proved below {upper(evidence.bound)}"
    if isinstance(evidence, Interval):
        return f"{APPROXIMATE}, error {evidence.digits} {PROVED}"
    if isinstance(evidence, Unproved) and evidence.status == APPROXIMATE:
        return APPROXIMATE
    return unproved(error)


def short(standing: str) -> str:
    """The words of :func:`status` for tables: proved, unproved, approximate, WRONG PROOF, or a bound such as <1e-15.

    An approximate program is called so whether its error is proved or not; beside it stands the error itself.
    """
    if standing.endswith("unproved"):
        return "unproved"
    if standing.startswith(APPROXIMATE) and standing.endswith(PROVED):
        return APPROXIMATE
    return f"<{standing.rpartition(' ')[2]}" if "below" in standing else standing


def unproved(error: float) -> str:
    """The word for a program of which nothing but its float error is known."""
    if not error < EXACT:
        return APPROXIMATE
    return f"exact to 1e{math.ceil(math.log10(max(error, 1e-15)) - 1e-9):03d} but unproved"


def upper(bound: float) -> str:
    """A positive number with two digits, rounded up."""
    if bound == 0:
        return "0"
    exponent = math.floor(math.log10(bound)) - 1
    digits = math.ceil(bound / 10.0**exponent)
    return f"{digits * 10.0**exponent:.1e}"


def digits(low: float, high: float) -> str:
    """A number between two floats to three digits, or to as many more as it takes that both ends round alike.

    >>> digits(0.06899, 0.06901), digits(0.06904999, 0.06905001)
    ('0.0690', '0.06905')
    """
    for places in range(3, 17):
        text = f"{low:#.{places}g}"
        if text == f"{high:#.{places}g}":
            return text
    return f"{low:g} to {high:g}"
