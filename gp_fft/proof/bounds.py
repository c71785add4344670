"""Where nothing is exact, a rigorous bound: the error of a program against a matrix of floats, in ball arithmetic.

Sizes and entries are taken for the dyadic fractions that their floats are; every value is a ball that surely holds
the true one (F. Johansson, Arb, 2017), so the bound holds however the balls are rounded.
"""

import math

from flint import acb, arb, ctx

from gp_fft.files.certificate import VERSION, Bound, upper
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.proof.target import check_belongs
from gp_fft.transforms import Transform

BITS = 256


def bound(program: Program, transform: Transform) -> Bound:
    """The relative Frobenius error of the program against the floats of the transform, rounded up."""
    value = _least_bound(program, transform)
    return Bound(VERSION, _statement(transform, value), value, program.content_hash)


def check_bound(claim: Bound, program: Program, transform: Transform) -> None:
    """DataError unless the error of the program is surely no greater than claimed."""
    check_belongs(claim, program, transform)
    if not 0 <= claim.bound < math.inf or claim.statement != _statement(transform, claim.bound):
        raise DataError(f"the bound does not state what a bound for {transform.title} states")
    if not claim.bound >= _least_bound(program, transform):
        raise DataError(f"the error of the program is not below {upper(claim.bound)}")


def _statement(transform: Transform, value: float) -> str:
    divided = " and its factors divided out" if transform.scaling else ""
    return (
        f"the program, in exact arithmetic with its sizes as they are{divided}, differs from the floats of "
        f"{transform.title} "
        f"by at most {upper(value)} of their Frobenius norm"
    )


def _least_bound(program: Program, transform: Transform) -> float:
    """An upper bound of the error as a float64."""
    with ctx.workprec(BITS):
        gap, norm = arb(0), arb(0)
        rows, columns = (side.tolist() for side in transform.scaling.over(transform.outputs, transform.inputs))
        for column in range(program.inputs):
            entries = transform.plain.matrix[:, column].tolist()
            for value, entry, factor in zip(_column(program, column), entries, rows, strict=True):
                gap += _square(value / (arb(factor) * arb(columns[column])) - acb(entry))
                norm += _square(acb(entry))
        ratio = float((gap / norm).sqrt().upper().mid())
    return math.nextafter(ratio, math.inf) if ratio else 0.0


def _column(program: Program, column: int) -> list[acb]:
    """The outputs for one basis vector."""
    values = [acb(int(k == column)) for k in range(program.inputs)]
    turns = (acb(1), acb(0, 1), acb(-1), acb(0, -1))
    for row in program.rows():
        values.append(sum((values[ref] * turns[turn] * arb(size) for size, turn, ref in row), acb(0)))
    return [values[program.inputs + d] for d in program.outputs.tolist()]


def _square(value: acb) -> arb:
    return value.real**2 + value.imag**2
