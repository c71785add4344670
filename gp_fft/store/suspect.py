"""Which definition of a program is wrong, if one alone is: the one whose change would mend the whole matrix.

If definition d is off by the row e, the matrix is off by w e, where w is what leads from d to the outputs: a matrix of
rank one that betrays both w and e. Of several definitions with the same w the one is named in which a coefficient
alone can be wrong, e being a multiple of a value that it refers to. Over GF(2) it is the same modulo 2.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.program import Program
from gp_fft.program.values import over_inputs

WRONG = 1e-10  # relative error from which on a matrix is held to be wrong
_PARALLEL = 1e-6


def suspect(program: Program, matrix: NDArray[Any]) -> int | None:
    """The definition to blame if ``program`` does not compute ``matrix``; None if it does up to round-off.

    If no single one is to blame, the output with the largest error.
    """
    if program.field == "gf2":
        return _suspect_bits(program, program.matrix() != matrix)
    gap = program.matrix() - matrix
    if np.linalg.norm(gap) <= WRONG * np.linalg.norm(matrix):
        return None
    left, sizes, right = np.linalg.svd(gap)
    worst = int(program.outputs[np.linalg.norm(gap, axis=1).argmax()])
    if len(sizes) > 1 and sizes[1] > _PARALLEL * sizes[0]:
        return worst
    ways = _ways(program)
    possible = [d for d in range(program.definitions) if _parallel(ways[d], left[:, 0])]
    values, rows = over_inputs(program.inputs, program.rows(), program.field), list(program.rows())
    for d in possible:
        if any(_parallel(values[ref].conj(), right[0].conj()) for _, _, ref in rows[d]):
            return d
    return possible[0] if possible else worst


def _suspect_bits(program: Program, gap: NDArray[np.bool_]) -> int | None:
    """The definition to blame if a program over GF(2) differs where ``gap`` says."""
    if not gap.any():
        return None
    left = gap.any(axis=1)
    right = gap[left.argmax()]
    if (gap != np.outer(left, right)).any():
        return int(program.outputs[gap.sum(axis=1).argmax()])
    rows = list(program.rows())
    ways = np.zeros((program.inputs + program.definitions, len(program.outputs)), np.bool_)
    ways[program.inputs + program.outputs, np.arange(len(program.outputs))] = True
    for d in range(program.definitions - 1, -1, -1):
        for _, _, ref in rows[d]:
            ways[ref] ^= ways[program.inputs + d]
    possible = [d for d in range(program.definitions) if (ways[program.inputs + d] == left).all()]
    values = over_inputs(program.inputs, rows, "gf2") != 0
    for d in possible:
        if any((values[ref] == right).all() for _, _, ref in rows[d]):
            return d
    return possible[0] if possible else int(program.outputs[left.argmax()])


def _parallel(one: NDArray[Any], unit: NDArray[Any]) -> bool:
    """Whether a vector is a multiple, not zero, of a unit vector."""
    length = float(np.linalg.norm(one))
    return length > 0 and abs(np.vdot(unit, one)) > (1 - _PARALLEL) * length


def _ways(program: Program) -> NDArray[np.complex128]:
    """What leads from every definition to each output."""
    ways = np.zeros((program.inputs + program.definitions, len(program.outputs)), np.complex128)
    ways[program.inputs + program.outputs, np.arange(len(program.outputs))] = 1
    rows = list(program.rows())
    for d in range(program.definitions - 1, -1, -1):
        for size, turn, ref in rows[d]:
            ways[ref] += size * 1j**turn * ways[program.inputs + d]
    return ways[program.inputs :]
