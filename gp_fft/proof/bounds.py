"""Where nothing is exact, a rigorous bound: the error of a program against a matrix of floats, in ball arithmetic.

Sizes and entries are taken for the dyadic fractions that their floats are; every value is a ball that surely holds
the true one (F. Johansson, Arb, 2017), so the bound holds however the balls are rounded.
"""

from __future__ import annotations

import math
from fractions import Fraction

from flint import acb, arb, ctx, fmpq

from gp_fft.files.certificate import VERSION, Bound, upper
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.transforms import Transform

BITS = 256


def bound(program: Program, transform: Transform) -> Bound:
    """The relative Frobenius error of the program against the floats of the transform, rounded up."""
    value = _least_bound(program, transform)
    return Bound(VERSION, _statement(transform, value), value, program.content_hash)


def check_bound(claim: Bound, program: Program, transform: Transform) -> None:
    """DataError unless the error of the program is surely no greater than claimed."""
    if claim.version != VERSION:
        raise DataError(f"the bound is of version {claim.version}, this gp-fft reads version {VERSION}")
    if claim.hash != program.content_hash:
        raise DataError("the bound belongs to another program: its hash is not that of this one")
    if (len(program.outputs), program.inputs) != transform.matrix.shape:
        raise DataError(f"the program does not have the inputs and outputs of {transform.title}")
    if not 0 <= claim.bound < math.inf or claim.statement != _statement(transform, claim.bound):
        raise DataError(f"the bound does not state what a bound for {transform.title} states")
    if not claim.bound >= _least_bound(program, transform):
        raise DataError(f"the error of the program is not below {upper(claim.bound)}")


def _statement(transform: Transform, value: float) -> str:
    return (
        f"the program, in exact arithmetic with its sizes as they are, differs from the floats of {transform.title} "
        f"by at most {upper(value)} of their Frobenius norm"
    )


def _least_bound(program: Program, transform: Transform) -> float:
    """An upper bound of the error as a float64."""
    with ctx.workprec(BITS):
        gap, norm = arb(0), arb(0)
        for column in range(program.inputs):
            for row, value in enumerate(_column(program, column)):
                entry = complex(transform.matrix[row, column])
                wanted = acb(_ball(entry.real), _ball(entry.imag))
                gap += _square(value - wanted)
                norm += _square(wanted)
        ratio = float((gap / norm).sqrt().upper().mid())
    return math.nextafter(ratio, math.inf) if ratio else 0.0


def _column(program: Program, column: int) -> list[acb]:
    """The outputs for one basis vector."""
    values = [acb(int(k == column)) for k in range(program.inputs)]
    turns = (acb(1), acb(0, 1), acb(-1), acb(0, -1))
    for row in program.rows():
        total = acb(0)
        for size, turn, ref in row:
            total += values[ref] * turns[turn] * _ball(size)
        values.append(total)
    return [values[program.inputs + d] for d in program.outputs.tolist()]


def _square(value: acb) -> arb:
    return value.real**2 + value.imag**2


def _ball(value: float) -> arb:
    """A float64 as it is."""
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))
