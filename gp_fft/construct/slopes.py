"""How the matrix of a program follows its terms: values forwards, what each adds to the outputs backwards.

The matrix is linear in every single coefficient: the term ``c * reference`` of definition d adds to it ``c`` times the
outer product of what d adds to the outputs and of the value that is referred to (reverse accumulation, S. Linnainmaa
1970). So the error after a term is dropped, or a product set to another size, is known without another run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gp_fft.construct.baseline import Rows
from gp_fft.program.values import over_inputs

Array = NDArray[np.complexfloating | np.floating]
Product = tuple[float, int]
"""A size and the reference that it is multiplied to: what a multiplication is paid for once."""


@dataclass(frozen=True)
class Slopes:
    """The values of a program, and what each adds to its outputs."""

    inputs: int
    values: Array  # (inputs + definitions, inputs)
    above: Array  # (inputs + definitions, outputs)

    @classmethod
    def of(cls, inputs: int, rows: Rows, outputs: list[int], field: str) -> Slopes:
        """Run the rows forwards on the unit vectors, then backwards from the outputs."""
        values = over_inputs(inputs, rows, field)
        above = np.zeros((len(values), len(outputs)), values.dtype)
        for k, d in enumerate(outputs):
            above[inputs + d, k] = 1.0
        for d in range(len(rows) - 1, -1, -1):
            for size, turn, ref in rows[d]:
                above[ref] += (size * _TURNS[turn] if turn % 2 else size * (1 - turn)) * above[inputs + d]
        return cls(inputs, values, above)

    def matrix(self, outputs: list[int]) -> Array:
        """The whole matrix, ``(outputs, inputs)``."""
        return self.values[[self.inputs + d for d in outputs]]

    def term(self, definition: int, turn: int) -> Array:
        """What a unit of a term of this definition, with this turn, adds to the outputs: ``(outputs,)``."""
        factor = _TURNS[turn] if turn % 2 else 1 - turn
        column: Array = factor * self.above[self.inputs + definition]
        return column


_TURNS = {1: 1j, 3: -1j}


def products(rows: Rows) -> dict[Product, list[tuple[int, int]]]:
    """The distinct products other than by 1, each with the terms that use it, as (definition, place in its row)."""
    found: dict[Product, list[tuple[int, int]]] = {}
    for d, row in enumerate(rows):
        for place, (size, _, ref) in enumerate(row):
            if size != 1.0:
                found.setdefault((size, ref), []).append((d, place))
    return found
