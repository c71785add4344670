"""How an exact matrix is written down: a few distinct values, and an index that says which stands where.

A formula gives each entry as an angle, a whole number of 1/order turns, so that angles are reduced, and equal entries
found, without error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from gp_fft.transforms.exact import Number, rational, square_root

Indices = NDArray[np.int64]
Angle = Callable[[Indices, Indices], Indices]


@dataclass(frozen=True)
class Value:
    """One exact entry: ``number * sqrt(square)``; the root is kept apart because it is cheap so."""

    number: Number
    square: Fraction = Fraction(1)

    def __mul__(self, other: Value) -> Value:
        return Value(self.number * other.number, self.square * other.square)


@dataclass(frozen=True, eq=False)
class ExactMatrix:
    """A matrix with entry ``values[index[i, j]]``; ``index`` is ``(outputs, inputs)`` int64."""

    values: tuple[Value, ...]
    index: Indices

    @classmethod
    def of(cls, values: Sequence[Value], index: Indices) -> ExactMatrix:
        """The matrix in which every value occurs once."""
        places: dict[Value, int] = {}
        renamed = np.array([places.setdefault(value, len(places)) for value in values], np.int64)
        return cls(tuple(places), renamed[index])

    @classmethod
    def of_fractions(cls, rows: Sequence[Sequence[Fraction | int]]) -> ExactMatrix:
        """The matrix of rational entries, rows are outputs."""
        places: dict[Fraction, int] = {}
        index = [[places.setdefault(Fraction(entry), len(places)) for entry in row] for row in rows]
        return cls(tuple(Value(rational(value)) for value in places), np.array(index, np.int64))

    @classmethod
    def from_floats(cls, matrix: NDArray[np.complex128] | NDArray[np.float64]) -> ExactMatrix:
        """The matrix of the dyadic rationals that finite floats are."""
        distinct, index = np.unique(matrix, return_inverse=True)
        parts = [(Fraction(float(v.real)), Fraction(float(v.imag))) for v in distinct]
        numbers = [Number.of(4 if b else 1, [(0, a), (1, b)] if b else [(0, a)]) for a, b in parts]
        return cls(tuple(map(Value, numbers)), index.reshape(matrix.shape))

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The values as sums of roots of unity: entry (i, j) is ``numbers[index[i, j]]``."""
        return tuple(value.number * square_root(value.square) for value in self.values)

    @property
    def order(self) -> int:
        """The least order of a root of unity whose powers make up all entries."""
        return lcm(*(number.order for number in self.numbers))

    def array(self) -> NDArray[np.complex128]:
        """``(outputs, inputs)`` complex128, each part correctly rounded."""
        floats = [value.number.value(value.square) for value in self.values]
        return np.array(floats, np.complex128)[self.index]

    def scaled(self, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> ExactMatrix:
        """The matrix with each row ``(outputs,)`` and each column ``(inputs,)`` times its factor, taken exactly."""
        factors = np.unique(rows, return_inverse=True), np.unique(columns, return_inverse=True)
        (above, row), (beside, column) = factors
        triples = (self.index * len(above) + row[:, None]) * len(beside) + column[None, :]
        used, index = np.unique(triples, return_inverse=True)
        values = []
        for triple in used.tolist():
            rest, b = divmod(triple, len(beside))
            value, a = divmod(rest, len(above))
            factor = Fraction(float(above[a])) * Fraction(float(beside[b]))
            values.append(Value(self.values[value].number * factor, self.values[value].square))
        return self.of(values, index.reshape(self.index.shape))

    def kronecker(self, other: ExactMatrix) -> ExactMatrix:
        """The Kronecker product, as numpy.kron lays it out; only pairs that occur are multiplied."""
        m, n = self.index.shape
        p, q = other.index.shape
        pairs = self.index[:, None, :, None] * len(other.values) + other.index[None, :, None, :]
        used, index = np.unique(pairs.reshape(m * p, n * q), return_inverse=True)
        places = (divmod(int(pair), len(other.values)) for pair in used)
        return self.of([self.values[a] * other.values[b] for a, b in places], index.reshape(m * p, n * q))


@dataclass(frozen=True)
class Wave:
    """A matrix of one wave: the entry is sqrt(rows[k] columns[j]) * wave(2 pi angle(k, j) / order).

    ``period`` is scipy's N: ``norm="ortho"`` divides by sqrt(N) and ``"forward"`` by N (``"backward"`` for an
    inverse). The squares in ``rows`` and ``columns`` are 1 where nothing is said (index: square). There are n
    outputs and, where nothing else is said, n inputs.
    """

    n: int
    order: int
    period: int
    angle: Angle
    kind: Callable[[int, int], Number]
    rows: dict[int, Fraction] = field(default_factory=dict)
    columns: dict[int, Fraction] = field(default_factory=dict)
    inputs: int | None = None

    def matrix(self, scale: Fraction) -> ExactMatrix:
        """The matrix times sqrt(scale); rows are outputs."""
        shape = self.n, self.n if self.inputs is None else self.inputs
        angles = (self.angle(*np.indices(shape)) % self.order).tolist()
        known: dict[tuple[int, Fraction], int] = {}
        index = np.empty(shape, np.int64)
        for row, line in enumerate(angles):
            square = self.rows.get(row, Fraction(1)) * scale
            squares = [square * self.columns[c] if c in self.columns else square for c in range(shape[1])]
            index[row] = [known.setdefault(key, len(known)) for key in zip(line, squares, strict=True)]
        return ExactMatrix.of([Value(self.kind(angle, self.order), square) for angle, square in known], index)
