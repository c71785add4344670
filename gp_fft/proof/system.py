"""The equations M(constants) = F of one program: its matrix to hundreds of bits and its Jacobian in float64.

The unknowns are the distinct sizes of the program other than 1. Values are fixed-point integers in NumPy object
arrays, so precision costs little; the Jacobian comes from one run forwards (every value on every input) and one
backwards (every output by every value), since a size that multiplies v and feeds w moves output y by dy/dw * v.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gp_fft.program import Program
from gp_fft.transforms.balls import entry
from gp_fft.transforms.coded import ExactMatrix

SAME = 1e-10  # relative difference up to which two sizes are held to be one constant that has drifted

Integers = NDArray[np.object_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class System:
    """The program whose constants are sought, the exact matrix that it must compute, and the sizes as unknowns."""

    program: Program
    target: ExactMatrix
    start: tuple[float, ...]  # (unknowns,) the sizes as the program has them
    unknown: tuple[int, ...]  # (terms,) the unknown of each term, -1 where the size is 1

    @classmethod
    def of(cls, program: Program, target: ExactMatrix, same: float = SAME, apart: bool = False) -> System:
        """The system of a program; sizes that differ by no more than ``same`` (relative) are one unknown.

        With ``apart`` that holds only for sizes of the same reference, so that no product is counted twice.
        """
        heads = _heads(np.unique(program.sizes).tolist(), same)
        numbers: dict[tuple[float, int], int] = {}
        unknown = []
        for size, ref in zip(program.sizes.tolist(), program.refs.tolist(), strict=True):
            head = heads[size]
            key = (head, ref if apart else 0)
            unknown.append(-1 if head == 1.0 else numbers.setdefault(key, len(numbers)))
        return cls(program, target, tuple(head for head, _ in numbers), tuple(unknown))

    def goal(self, bits: int) -> Integers:
        """The entries of F scaled by 2^bits, rounded; in a complex field the imaginary parts after the real ones."""
        parts = np.array([entry(number.terms, number.order, bits) for number in self.target.numbers], object).T
        used = parts if self.program.field == "complex" else parts[:1]
        return used[:, self.target.index].ravel()

    def residual(self, constants: list[int], goal: Integers, bits: int) -> Integers:
        """M - F scaled by 2^bits at constants that are scaled alike, laid out as the goal."""
        difference: Integers = self._run(constants, bits).ravel()[: len(goal)] - goal
        return difference

    def _run(self, constants: list[int], bits: int) -> Integers:
        """The matrix at constants scaled by 2^bits, real parts before imaginary ones: ``(2, outputs, inputs)``."""
        n = self.program.inputs
        units = np.zeros((n, 2, n), object)
        units[range(n), 0, range(n)] = 1 << bits
        values, unknown = list(units), iter(self.unknown)
        for row in self.program.rows():
            total = np.zeros((2, n), object)
            for _, turn, ref in row:
                value, which = values[ref], next(unknown)
                if which >= 0:
                    value = value * constants[which] >> bits
                if turn % 2:
                    value = np.array([-value[1], value[0]])
                total = total - value if turn >= 2 else total + value
            values.append(total)
        return np.array([values[n + d] for d in self.program.outputs.tolist()]).swapaxes(0, 1)

    def jacobian(self, constants: Floats) -> Floats:
        """The derivative of all entries by the logarithms of the constants, rows as in :meth:`residual`."""
        program, n = self.program, self.program.inputs
        factors = np.append(constants, 1.0)[list(self.unknown)] * 1j**program.turns
        values, weights = self._both_ways(factors)
        columns = np.zeros((len(constants), len(program.outputs), n), complex)
        users = np.repeat(np.arange(program.definitions), np.diff(program.starts))
        for which, user, factor, ref in zip(self.unknown, users, factors, program.refs, strict=True):
            if which >= 0:
                columns[which] += np.outer(weights[n + user] * factor, values[ref])
        flat = columns.reshape(len(constants), -1)
        return np.hstack([flat.real, flat.imag] if program.field == "complex" else [flat.real]).T

    def _both_ways(self, factors: NDArray[np.complex128]) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """Every value by the inputs, and every output by every value, for one factor a term."""
        program, n = self.program, self.program.inputs
        rows = [list(range(a, b)) for a, b in itertools.pairwise(program.starts.tolist())]
        values = np.zeros((n + len(rows), n), complex)
        values[:n] = np.eye(n)
        weights = np.zeros((n + len(rows), len(program.outputs)), complex)
        weights[n + program.outputs, np.arange(len(program.outputs))] = 1.0
        for d, row in enumerate(rows):
            for at in row:
                values[n + d] += factors[at] * values[program.refs[at]]
        for d in range(len(rows) - 1, -1, -1):
            for at in rows[d]:
                weights[program.refs[at]] += factors[at] * weights[n + d]
        return values, weights


def _heads(sizes: list[float], same: float) -> dict[float, float]:
    """For every size, in ascending order, the one that stands for all that follow each other so closely."""
    heads: dict[float, float] = {}
    head = last = 0.0
    for size in sizes:
        if abs(size - 1.0) <= same:
            head = 1.0
        elif size - last > same * size or head == 1.0:
            head = size
        heads[size], last = head, size
    return heads
