"""A program in the terms of a primitive set: every coefficient as a sum of the constants that the set lists.

With powers of two these are canonical signed digits (Avizienis 1961). What cannot be written so is named.
"""

from collections.abc import Iterator
from math import copysign

import numpy as np

from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.program.cost import offence
from gp_fft.transforms import Transform
from primitives import PrimitiveSet

_PARTS = 1 << 20  # constants that are whole multiples of one part in so many add up to nothing but such


def label(chosen: PrimitiveSet, field: str) -> str:
    """What a program on ``field`` says of its set: nothing where it is the usual one, or allows all that there is."""
    return "" if chosen.name == field or chosen.whole(field) else chosen.name


def spelled(program: Program, chosen: PrimitiveSet) -> Program:
    """``program`` with every coefficient that the set does not list written in some that it does.

    Raises :class:`UsageError` that names the first term for which there are none.
    """
    if program.field in chosen.fields and not chosen.whole(program.field):
        rows = [list(_spelled_row(row, chosen)) for row in program.rows()]
        outputs, name = program.outputs.tolist(), label(chosen, program.field)
        program = Program.build(program.inputs, program.field, rows, outputs, program.title, name)
    if fault := offence(program, chosen):
        raise UsageError(f"{program.title} cannot be written in the primitive set {chosen.name!r} like this: {fault}")
    return program


def rounded(program: Program, chosen: PrimitiveSet) -> Program:
    """``program`` with every size that the set does not list replaced by the nearest one that it does."""
    if chosen.constants is None or chosen.whole(program.field):
        return spelled(program, chosen)
    listed = np.unique([1.0, *(size for size, _ in chosen.constants)])
    rows = [
        [(size if chosen.allows(size, turn) else float(listed[np.abs(listed - size).argmin()]), turn, ref)
         for size, turn, ref in row]
        for row in program.rows()
    ]  # fmt: skip
    outputs, name = program.outputs.tolist(), label(chosen, program.field)
    return spelled(Program.build(program.inputs, program.field, rows, outputs, program.title, name), chosen)


def _spelled_row(row: list[Term], chosen: PrimitiveSet) -> Iterator[Term]:
    for size, turn, ref in row:
        digits = [size] if chosen.allows(size, turn) else chosen.digits(size) or [size]
        for digit in digits:
            yield abs(digit), (turn + (2 if copysign(1.0, digit) < 0 else 0)) % 4, ref


def check_expressible(transform: Transform, chosen: PrimitiveSet, nearly: bool = False) -> None:
    """Raise :class:`UsageError`, which names the entry, for a matrix that no program of the set computes.

    A set whose constants are fractions of powers of two adds up to nothing else; of other lists it is not known. Where
    ``nearly`` will do, entries of any size may be approximated.
    """
    if transform.field not in chosen.fields:
        data = " or ".join(chosen.fields)
        raise UsageError(f"primitive set {chosen.name!r} is for {data} data, {transform.title} is {transform.field}")
    turns = chosen.turns_on(transform.field)
    matrix = np.asarray(transform.matrix, np.complex128)
    if 1 not in turns and np.imag(matrix).any():
        raise UsageError(_sentence(transform, chosen, np.imag(matrix) != 0, "which needs a multiplication by i"))
    if 2 not in turns and (np.real(matrix) < 0).any():
        raise UsageError(_sentence(transform, chosen, np.real(matrix) < 0, "which needs a change of sign"))
    if nearly or chosen.constants is None or any(size * _PARTS % 1 for size, _ in chosen.constants):
        return
    for part in (np.real(matrix), np.imag(matrix)):
        wrong = [size for size in np.unique(np.abs(part[part != 0])).tolist() if chosen.digits(size) is None]
        if wrong:
            raise UsageError(_sentence(transform, chosen, np.isin(np.abs(part), wrong), "to which no constants add up"))


def _sentence(transform: Transform, chosen: PrimitiveSet, wrong: np.ndarray, why: str) -> str:
    row, column = (int(at) for at in np.argwhere(wrong)[0])
    entry = complex(transform.matrix[row, column])
    shown = f"{entry:.6g}" if entry.imag else f"{entry.real:.12g}"
    would = f"the set {transform.field!r} allows any constant"
    if chosen.constants:
        would += ", and --front full looks for approximations"
    where = f"entry ({row}, {column}) of {transform.title} is {shown}"
    return f"{where}, {why} in the primitive set {chosen.name!r}; {would}"
