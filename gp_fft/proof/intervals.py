"""The errors of an approximate program as rigorous intervals, in ball arithmetic, from program and transform alone.

Sizes and factors are taken for the dyadic fractions that their floats are, entries of the transform for the exact
numbers that they stand for. Every value is a ball that surely holds the true one (F. Johansson, Arb, 2017); precision
is raised until the balls are far narrower than a float64 tells, then the ends are rounded outwards. Over GF(2) the
wrong bits are counted.
"""

import math
from collections.abc import Iterator

from flint import arb, arb_mat, ctx, fmpq

from gp_fft.files.certificate import VERSION, Interval, Range, digits
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.program.cost import EXACT
from gp_fft.proof import bits
from gp_fft.proof.target import check_belongs, from_outside
from gp_fft.transforms import FREE, Transform
from gp_fft.transforms.enclosure import Enclosure
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.measures import MEASURES, RELATIVE, check_measure

PRECISIONS = (128, 512, 2048)
NARROW = 1e-12
"""An interval is at most so wide, relative to its upper end, so that the digits that are shown are right."""
LEAST = 0.9 * EXACT
"""The least relative error that is proved: what is off by less may be exact, with its constants rounded to floats."""
TOO_SMALL = f"the error of the program is below {EXACT:g}: it may be exact but for the rounding of its constants"
_SHARP = 60  # bits of an error that are known before its ends are rounded to floats
LIMIT_ENTRIES = 1 << 13
"""Entries of a matrix up to which the measures are computed that multiply matrices."""


def interval(program: Program, transform: Transform, free: str = "") -> Interval:
    """Intervals of the relative error and of every other measure that means something for the transform.

    ``free`` is what is free at the border, a word of FREE, which some measures depend on; by itself the least that the
    factors of the transform need. A measure without a finite value, such as the loss of gain without an inverse, is
    left out. DataError where the relative error is too small to be told from none, or beyond all floats.
    """
    free = free or transform.scaling.kind
    named = tuple(_named(transform))
    errors = [Range(name, *_outwards(ball)) for name, ball in _balls(program, transform, free, named)]
    errors = sorted((error for error in errors if error.high < math.inf), key=lambda e: named.index(e.measure))
    if not errors or errors[0].measure != RELATIVE:
        raise DataError("the error of the program is beyond all floats")
    if errors[0].low < LEAST:
        raise DataError(TOO_SMALL)
    return Interval(VERSION, _statement(transform, errors[0]), free, tuple(errors), program.content_hash)


def check_interval(claim: Interval, program: Program, transform: Transform) -> None:
    """DataError unless every error of the program surely lies in its interval, and the intervals are narrow."""
    check_belongs(claim, program, transform)
    words, named = list(FREE), [error.measure for error in claim.errors]
    if claim.free not in FREE or words.index(claim.free) < words.index(transform.scaling.kind):
        raise DataError(f"the program has other factors than the intervals say are free: {claim.free[:20]!a}")
    if not named or named[0] != RELATIVE or len(set(named)) < len(named) or not set(named) <= set(_named(transform)):
        raise DataError(f"the intervals are not those of errors that {transform.title} has, {RELATIVE} first")
    if claim.statement != _statement(transform, claim.errors[0]):
        raise DataError(f"the intervals do not state what those of {transform.title} state")
    found = dict(_balls(program, transform, claim.free, tuple(named)))
    for error in claim.errors:
        ball, low, high = found.get(error.measure), error.low, error.high
        if not (0 <= low <= high < math.inf and high - low <= NARROW * high):
            raise DataError(f"the interval of {error.measure}, {low:g} to {high:g}, is none that tells the error")
        if ball is None or not (arb(low) <= ball and ball <= arb(high)):
            raise DataError(f"the error {error.measure} of the program is not {digits(low, high)}")
    if claim.errors[0].low < LEAST:
        raise DataError(TOO_SMALL)


def _statement(transform: Transform, error: Range) -> str:
    """The sentence that is proved first; the other intervals are meant in the same way."""
    divided = " and its factors divided out" if transform.scaling else ""
    how = ", in exact arithmetic with its sizes as they are" + divided if transform.field != "gf2" else ""
    read = "the floats of " if from_outside(transform) and transform.field != "gf2" else ""
    return (
        f"the program{how}, differs from {read}{transform.title} by a "
        f"relative error of {digits(error.low, error.high)}, from {error.low!r} to {error.high!r}"
    )


def _named(transform: Transform) -> Iterator[str]:
    """The measures that mean something for a transform and that balls can tell, the relative error first."""
    for entry in MEASURES.values():
        try:
            check_measure(entry.name, transform)
        except UsageError:
            continue
        if entry.ball is not None:
            yield entry.name


def _balls(program: Program, transform: Transform, free: str, named: tuple[str, ...]) -> Iterator[tuple[str, arb]]:
    """The errors by name, each to far more digits than a float has; those that cannot be told are left out."""
    if transform.field == "gf2":
        wrong, ones = bits.wrong_bits(program, transform)
        with ctx.workprec(PRECISIONS[0]):
            yield RELATIVE, arb(fmpq(wrong, ones)).sqrt()
        return
    left = list(named)
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            case = _enclosure(program, transform, free)
            values = {name: _value(MEASURES[name], case) for name in left if _affordable(MEASURES[name], case)}
        for name, value in values.items():
            if value is not None and value.is_finite() and value.rel_accuracy_bits() >= _SHARP:
                left.remove(name)
                yield name, value
        if not left:
            return


def _value(entry: Measure, case: Enclosure) -> arb | None:
    try:
        return entry.ball(case) if entry.ball else None
    except (ArithmeticError, ValueError):  # the balls are too wide, or there is no inverse
        return None


def _affordable(entry: Measure, case: Enclosure) -> bool:
    """Whether a measure takes no time that matters; one of reals is not asked of a program on complex data."""
    if entry.real_square and case.pairs:
        return False
    light = not entry.real_square and entry.weights(case.transform.plain) is None
    return light or case.left.nrows() * case.left.ncols() <= LIMIT_ENTRIES


def _enclosure(program: Program, transform: Transform, free: str) -> Enclosure:
    """The program in balls, its factors divided out, to the precision of the context."""
    pairs = "complex" in (program.field, transform.field)
    rows, columns = (side.tolist() for side in transform.scaling.over(transform.outputs, transform.inputs))
    lines = _lines(program, pairs)
    if transform.scaling:
        widened = [arb(factor) for factor in columns] * (2 if pairs else 1)
        lines = [
            [entry / (arb(factor) * column) for entry, column in zip(line, widened, strict=True)]
            for line, factor in zip(lines, rows, strict=True)
        ]
    return Enclosure(arb_mat(lines), transform, free, pairs)


def _lines(program: Program, pairs: bool) -> list[list[arb]]:
    """The rows of the matrix of the program, imaginary parts behind the real ones if ``pairs``."""
    n = program.inputs
    zero = arb_mat(1, n)
    reals = [arb_mat([[int(j == k) for j in range(n)]]) for k in range(n)]
    imaginaries = [zero] * n
    for row in program.rows():
        real, imaginary = zero, zero
        for size, turn, ref in row:
            a, b = reals[ref], imaginaries[ref]
            if size != 1.0:
                a, b = a * arb(size), b * arb(size) if pairs else b
            if turn % 2:
                a, b = -b, a
            real, imaginary = (real - a, imaginary - b) if turn >= 2 else (real + a, imaginary + b)
        reals.append(real)
        imaginaries.append(imaginary)
    outputs = [n + output for output in program.outputs.tolist()]
    return [reals[k].entries() + (imaginaries[k].entries() if pairs else []) for k in outputs]


def _outwards(ball: arb) -> tuple[float, float]:
    """Two floats between which the number of a ball, which is not negative, surely lies."""
    with ctx.workprec(PRECISIONS[-1]):
        low, high = float(ball.lower()), float(ball.upper())
    return max(0.0, math.nextafter(low, -math.inf)), math.nextafter(high, math.inf)
