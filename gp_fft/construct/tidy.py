"""Tidying: the same program without values that are zero or that stand there twice up to sign and turn.

Two values are the same if their rows of the whole matrix are, so this also finds what no comparison of terms can,
such as the conjugates that a complex program computes apart when its input becomes real.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.construct.builder import ZERO, Builder
from gp_fft.program import Program, Term
from gp_fft.program.values import over_inputs

SAME = 1e-12  # largest distance of two rows of length about 1 that are taken for the same


def tidy(program: Program) -> Program:
    """An equal program that costs no more."""
    build = Builder(program.inputs, program.field)
    vectors = over_inputs(program.inputs, program.rows(), program.field)
    marks = vectors @ np.random.default_rng(1).standard_normal(program.inputs)  # which tell most of them apart
    values = list(build.x)
    for row in program.rows():
        twin = _twin(vectors[: len(values) + 1], marks, (0, 1, 2, 3) if program.field == "complex" else (0, 2))
        values.append(build.resolve(row if twin is None else [twin], values))
    return build.program([values[program.inputs + d] for d in program.outputs.tolist()], program.title)


def _twin(vectors: NDArray[Any], marks: NDArray[Any], turns: tuple[int, ...]) -> Term | None:
    """An earlier value, with a turn, that the last one equals; ZERO if it is zero; None if it is new."""
    at = len(vectors) - 1
    scale = float(np.abs(vectors[at]).max())
    if scale < SAME:
        return ZERO
    for turn in turns:
        near = np.flatnonzero(np.abs(marks[:at] - marks[at] * 1j**-turn) < 1e-9 * max(scale, 1.0))
        for ref in near.tolist():
            if np.abs(vectors[ref] - vectors[at] * 1j**-turn).max() < SAME * scale:
                return 1.0, turn, ref
    return None
