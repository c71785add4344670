"""Factors at the border as part of the program: the same map with them divided out, and back again.

A program that computes ``D F E`` becomes one that computes ``F`` when each output is multiplied by the inverse of its
factor, and each input too. These products are terms like any others, so all that finds or refines the constants of a
program finds and refines the factors with them.
"""

from dataclasses import dataclass

from gp_fft.program.program import Program
from gp_fft.program.values import Term
from gp_fft.transforms import Scaling


@dataclass(frozen=True)
class Bordered:
    """A program whose first and last products undo a scaling, which tells where they stand."""

    program: Program
    scaling: Scaling
    primitives: str = ""  # of the program inside, which this one need not keep to

    @classmethod
    def of(cls, program: Program, scaling: Scaling) -> "Bordered":
        """The program with the factors of ``scaling`` divided out: at the inputs first, at the outputs last."""
        if not scaling:
            return cls(program, scaling, program.primitives)
        inputs, rows = program.inputs, [list(row) for row in program.rows()]
        outputs, moved = program.outputs.tolist(), list(range(inputs + len(rows)))
        divided = [j for j, factor in enumerate(scaling.inputs) if factor != 1.0]
        for place, j in enumerate(divided):
            moved[j] = inputs + len(rows) + place
        rows = [[(size, turn, moved[ref]) for size, turn, ref in row] for row in rows]
        rows += [[_divided(j, scaling.inputs[j])] for j in divided]
        for k, factor in enumerate(scaling.outputs):
            if factor != 1.0:
                rows.append([_divided(inputs + outputs[k], factor)])
                outputs[k] = len(rows) - 1
        return cls(Program.build(inputs, program.field, rows, outputs, program.title), scaling, program.primitives)

    def parted(self) -> "Parted":
        """The program inside, and what its outputs and inputs are multiplied by here, whatever that has become."""
        inputs, rows = self.program.inputs, list(self.program.rows())
        outputs, back = self.program.outputs.tolist(), list(range(inputs + len(rows)))
        above, below = [1.0] * len(outputs), [1.0] * inputs
        for k, factor in enumerate(self.scaling.outputs):
            if factor != 1.0:
                ((size, turn, ref),) = rows[outputs[k]]
                above[k], outputs[k] = -size if turn else size, ref - inputs
        scaled = {j for j, factor in enumerate(self.scaling.inputs) if factor != 1.0}
        for d, row in enumerate(rows):
            if row and row[0][2] in scaled:
                ((size, turn, j),) = row
                below[j], back[inputs + d] = -size if turn else size, j
        inner = [[(size, turn, back[ref]) for size, turn, ref in row] for row in rows]
        program = Program.build(inputs, self.program.field, inner, outputs, self.program.title, self.primitives)
        return Parted(program, tuple(above), tuple(below))


@dataclass(frozen=True)
class Parted:
    """A program, and the inverses of the factors of its outputs and of its inputs."""

    program: Program
    outputs: tuple[float, ...]
    inputs: tuple[float, ...]

    @property
    def scaling(self) -> Scaling:
        """The factors in floats; DataError for one beyond all measure."""
        return Scaling(tuple(1.0 / value for value in self.outputs), tuple(1.0 / value for value in self.inputs))


def _divided(ref: int, factor: float) -> Term:
    """The term that divides a value by its factor."""
    return 1.0 / abs(factor), 2 if factor < 0 else 0, ref
