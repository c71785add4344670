"""The equations M(constants) = F of one program: its matrix to hundreds of bits and its Jacobian in float64.

The unknowns are the distinct sizes of the program other than 1. Values are fixed-point integers in NumPy object
arrays, so precision costs little; the Jacobian comes from one run forwards (every value on every input) and one
backwards (every output by every value), since a size that multiplies v and feeds w moves output y by dy/dw * v.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
        real, imaginary = self._run(constants, bits)
        parts = [real.ravel(), imaginary.ravel()] if self.program.field == "complex" else [real.ravel()]
        found: Integers = np.concatenate(parts) - goal
        return found

    def _run(self, constants: list[int], bits: int) -> tuple[Integers, Integers]:
        """The matrix at constants scaled by 2^bits: real and imaginary parts, ``(outputs, inputs)``."""
        n = self.program.inputs
        eye = np.array([[int(i == j) << bits for j in range(n)] for i in range(n)], object)
        zero = np.array([0] * n, object)
        values = [(eye[k], zero) for k in range(n)]
        unknown = iter(self.unknown)
        for row in self.program.rows():
            real, imaginary = zero, zero
            for _, turn, ref in row:
                a, b = values[ref]
                which = next(unknown)
                if which >= 0:
                    a, b = (a * constants[which]) >> bits, (b * constants[which]) >> bits
                if turn % 2:
                    a, b = -b, a
                real, imaginary = (real - a, imaginary - b) if turn >= 2 else (real + a, imaginary + b)
            values.append((real, imaginary))
        found = [values[n + d] for d in self.program.outputs.tolist()]
        return np.array([a for a, _ in found]), np.array([b for _, b in found])

    def jacobian(self, constants: Floats) -> Floats:
        """The derivative of all entries by the logarithms of the constants, rows as in :meth:`residual`."""
        values, weights = self._both_ways(constants)
        n, columns = self.program.inputs, np.zeros((len(constants), len(weights[0]), self.program.inputs), complex)
        at = 0
        for d, row in enumerate(self.program.rows()):
            for _, turn, ref in row:
                if (which := self.unknown[at]) >= 0:
                    columns[which] += np.outer(weights[n + d] * (1j**turn * constants[which]), values[ref])
                at += 1
        flat = columns.reshape(len(constants), -1)
        return np.hstack([flat.real, flat.imag] if self.program.field == "complex" else [flat.real]).T

    def _both_ways(self, constants: Floats) -> tuple[list[Any], NDArray[np.complex128]]:
        """Every value by the inputs, and every output by every value."""
        program, n = self.program, self.program.inputs
        rows = list(program.rows())
        padded = np.append(constants, 1.0)
        factors = (padded[list(self.unknown)] * 1j ** program.turns).tolist()
        values: list[Any] = list(np.eye(n, dtype=complex))
        starts = program.starts.tolist()
        for d, row in enumerate(rows):
            value = np.zeros(n, complex)
            for at, (_, _, ref) in enumerate(row, starts[d]):
                value = value + factors[at] * values[ref]
            values.append(value)
        weights = np.zeros((n + len(rows), len(program.outputs)), complex)
        weights[n + program.outputs, np.arange(len(program.outputs))] = 1.0
        for d in range(len(rows) - 1, -1, -1):
            for at, (_, _, ref) in enumerate(rows[d], starts[d]):
                weights[ref] += factors[at] * weights[n + d]
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
