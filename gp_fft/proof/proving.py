"""Proving a program: exact constants are guessed, put into a certificate, and count only if its check accepts them."""

import itertools
import random
from dataclasses import dataclass, replace
from functools import lru_cache

from gp_fft.files import ProgramFile
from gp_fft.files.certificate import (
    APPROXIMATE,
    VERSION,
    WRONG,
    Bound,
    Certificate,
    Claimed,
    Constant,
    Evidence,
    Factors,
    Interval,
    Unproved,
    status,
    unproved,
)
from gp_fft.ground.arguments import expect
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.border import Bordered
from gp_fft.program.cost import EXACT, keep_to, set_of
from gp_fft.proof import bits, checking, modular
from gp_fft.proof.bounds import bound, check_bound
from gp_fft.proof.checking import Sides
from gp_fft.proof.closed import closed_form
from gp_fft.proof.intervals import check_interval, interval
from gp_fft.proof.solve import NotFound, Solution, solve
from gp_fft.proof.target import check_fits, from_outside, readings, target
from gp_fft.transforms import Scaling, Transform


@dataclass(frozen=True)
class Outcome:
    """What came of trying to prove a program.

    ``program`` has the correctly rounded sizes if it is proved, otherwise it is the one that was given; so has
    ``transform`` the correctly rounded factors, where it is a scaled one.
    """

    program: Program
    evidence: Evidence
    transform: Transform

    @property
    def proved(self) -> bool:
        """Whether the program computes its transform exactly."""
        return isinstance(self.evidence, Certificate)


def prove(program: Program, transform: Transform, clock: Clock | None = None, free: str = "") -> Outcome:
    """Look for exact constants with which ``program`` computes ``transform``, and prove that it does.

    Of an approximate program the errors are proved instead, as rigorous intervals; some depend on what is ``free`` at
    its border, a word of transforms.FREE, by itself the least that its factors need.
    Programs and transforms that do not fit raise :class:`DataError`; a program without a proof is an outcome that
    says why: exact-looking but an approximation, or with constants that were not recognised.
    Only for a matrix of floats there is something between: a rigorous bound of the error. Over GF(2) there are no
    constants, and the proof is the matrix itself, multiplied out in whole numbers. Raises TimeOver when
    the clock is over before there is an outcome.

    >>> from gp_fft import dft
    >>> from gp_fft.construct.textbook import split_radix
    >>> outcome = prove(split_radix(dft(8)), dft(8))
    >>> outcome.proved, outcome.evidence.constants[0].exact
    (True, 'sqrt(2)/2')
    """
    expect(program, Program, "prove")
    expect(transform, Transform, "prove, after the program,")
    check_fits(program, transform)
    error = transform.error(program)
    if not error < EXACT:
        return Outcome(program, _approximate(program, transform, free), transform)
    if transform.field == "gf2":
        return Outcome(program, bits.prove(program, transform), transform)
    failure = NotFound("", approximate=True)
    for apart, reading in itertools.product((False, True), readings(transform)):
        try:
            return _prove(program, transform, reading, apart, clock or Clock())
        except NotFound as reason:
            failure = reason
    if from_outside(transform):
        return Outcome(program, bound(program, transform), transform)
    words = APPROXIMATE if failure.approximate else unproved(error)
    return Outcome(program, Unproved(VERSION, words, failure.reason, program.content_hash), transform)


def _approximate(program: Program, transform: Transform, free: str) -> Interval | Unproved:
    """The intervals of the errors of an approximate program; a note where they are beyond all floats."""
    try:
        return interval(program, transform, free)
    except DataError as reason:
        return Unproved(VERSION, APPROXIMATE, str(reason), program.content_hash)


def _prove(program: Program, transform: Transform, reading: str, apart: bool, clock: Clock) -> Outcome:
    """The proof under one reading of the transform; NotFound if there is none.

    The constants of a scaled program are found together with its factors, which are products at its border then.
    """
    reason, goal, bordered = "", target(transform, reading), Bordered.of(program, transform.scaling)
    listed = set_of(program).constants is not None
    for solution in solve(bordered.program, goal, max(transform.shape), apart, clock, listed):
        clock.check()
        try:
            inner, exact, scaled = _unbordered(solution, bordered, transform)
            keep_to(inner.program, set_of(inner.program))
            certificate = _certificate(inner, exact, scaled, reading, clock)
            checking.check(certificate, inner.program, scaled, random.Random(certificate.hash + "check"), clock)
            return Outcome(inner.program, certificate, scaled)
        except DataError as failure:
            reason = str(failure)
    raise NotFound(f"the constants that were found do not prove it: {reason}")


def _unbordered(solution: Solution, bordered: Bordered, transform: Transform) -> tuple[Solution, Sides, Transform]:
    """A solution without the products at its border; the exact factors that these undo, and the transform with them."""
    if not bordered.scaling:
        return solution, ((), ()), transform
    field, parted = solution.field, replace(bordered, program=solution.program).parted()
    keep_to(parted.program, set_of(parted.program))
    known = {1.0: field.whole(1), **solution.constants}
    sides = [
        [field.inverse(known[abs(value)]) * (1 if value > 0 else -1) for value in side]
        for side in (parted.outputs, parted.inputs)
    ]
    rounded = Scaling(*(tuple(map(field.rounded, side)) for side in sides))
    used = set(parted.program.sizes.tolist())
    constants = {size: element for size, element in solution.constants.items() if size in used}
    exact = (sides[0] if rounded.outputs else (), sides[1] if rounded.inputs else ())
    return Solution(parted.program, field, constants), exact, transform.scaled(rounded)


def _certificate(solution: Solution, exact: Sides, transform: Transform, reading: str, clock: Clock) -> Certificate:
    """The certificate of a solution, not yet checked; its root of unity is drawn from the hash of the program."""
    program, field = solution.program, solution.field
    residues = modular.draw(field.order, random.Random(program.content_hash))
    constants = []
    for size, value in sorted(solution.constants.items()):
        clock.check()
        constants.append(Constant(size, closed_form(value, field)))
    factors = Factors(*(tuple(closed_form(value, field) for value in side) for side in exact))
    return Certificate(
        version=VERSION,
        order=field.order,
        reading=reading,
        constants=tuple(constants),
        residues=residues,
        hash=program.content_hash,
        factors=factors if transform.scaling else None,
        **checking.describe(program, transform, reading, field.order, residues.prime),
    )


def check(evidence: Claimed, program: Program, transform: Transform, rng: random.Random | None = None) -> None:
    """Check a certificate, a bound or intervals from scratch, in seconds; :class:`DataError` says where it fails."""
    if isinstance(evidence, Bound):
        check_bound(evidence, program, transform)
    elif isinstance(evidence, Interval):
        check_interval(evidence, program, transform)
    else:
        checking.check(evidence, program, transform, rng)


def standing(file: ProgramFile) -> str:
    """What may be said of a program file, its evidence checked now: proved, exact but unproved, or approximate.

    Of a file that claims a proof which does not hold, WRONG PROOF. Every command, page and table that words the
    standing of a program asks here; :func:`gp_fft.files.certificate.short` makes one word of it.
    """
    if isinstance(file.proof, Claimed) and not _holds(file.proof, file.program, file.transform):
        return WRONG
    return status(file.proof, file.error)


@lru_cache(maxsize=256)
def _holds(evidence: Claimed, program: Program, transform: Transform) -> bool:
    """Whether a check passes; the same evidence for the same content is checked once in a process."""
    try:
        check(evidence, program, transform)
    except DataError:
        return False
    return True
