"""Tidying: the same program without values that are zero or that stand there twice up to sign and turn.

Two values are the same if their rows of the whole matrix are, so this also finds what no comparison of terms can,
such as the conjugates that a complex program computes apart when its input becomes real.
"""

from __future__ import annotations

import numpy as np

from gp_fft.construct.builder import ZERO, Builder, turned
from gp_fft.program import Program, Term
from gp_fft.program.values import over_inputs

SAME = 1e-12  # largest distance of two rows of length about 1 that are taken for the same


def tidy(program: Program) -> Program:
    """An equal program that costs no more."""
    build = Builder(program.inputs, program.field)
    seen = _Seen(program)
    values = list(build.x)
    for row in program.rows():
        at = len(values)
        twin = seen.twin(at)
        if twin is None:
            values.append(build.resolve(row, values))
        else:
            size, turn, ref = twin
            values.append(turned(values[ref], turn) if size else ZERO)
    return build.program([values[program.inputs + d] for d in program.outputs.tolist()], program.title)


class _Seen:
    """The rows of the matrix of every value, each with one number that tells most of them apart."""

    def __init__(self, program: Program) -> None:
        self.rows = over_inputs(program.inputs, program.rows(), program.field)
        self.turns = range(4) if program.field == "complex" else (0, 2)
        noise = np.random.default_rng(1).standard_normal(program.inputs)
        self.marks = self.rows @ noise

    def twin(self, at: int) -> Term | None:
        """An earlier value, with a turn, that value ``at`` equals; ZERO if it is zero; None if it is new."""
        scale = float(np.abs(self.rows[at]).max())
        if scale < SAME:
            return ZERO
        for turn in self.turns:
            mark = self.marks[at] * 1j**-turn
            near = np.flatnonzero(np.abs(self.marks[:at] - mark) < 1e-9 * max(scale, 1.0))
            for ref in near.tolist():
                if np.abs(self.rows[ref] - self.rows[at] * 1j**-turn).max() < SAME * scale:
                    return 1.0, turn, ref
        return None
