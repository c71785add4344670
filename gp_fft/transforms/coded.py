"""How a formula is written down: a matrix as a few distinct exact values and an index of which stands where.

An angle is a whole number of 1/order turns, so that it is reduced, and equal entries are found, without error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gp_fft.transforms.exact import ExactMatrix, Number, square_root

Indices = NDArray[np.int64]
Angle = Callable[[Indices, Indices], Indices]


@dataclass(frozen=True)
class Value:
    """One exact entry: ``number * sqrt(square)``; the root is kept apart because it is cheap so."""

    number: Number
    square: Fraction = Fraction(1)

    def __mul__(self, other: Value) -> Value:
        return Value(self.number * other.number, self.square * other.square)

    def exact(self) -> Number:
        """The entry as a sum of roots of unity."""
        return self.number * square_root(self.square)

    def rounded(self) -> complex:
        """The entry correctly rounded to float64."""
        return self.number.value(self.square)


@dataclass(frozen=True)
class Coded:
    """A matrix with entry ``values[index[i, j]]``; ``index`` is ``(outputs, inputs)`` int64."""

    values: tuple[Value, ...]
    index: Indices

    def array(self) -> NDArray[np.complex128]:
        """``(outputs, inputs)`` complex128, each part correctly rounded."""
        table = np.array([value.rounded() for value in self.values], np.complex128)
        return table[self.index]

    def exact(self) -> ExactMatrix:
        """The exact matrix."""
        return ExactMatrix.from_numbers([value.exact() for value in self.values], self.index)

    def kronecker(self, other: Coded) -> Coded:
        """The Kronecker product, as numpy.kron lays it out; only pairs that occur are multiplied."""
        m, n = self.index.shape
        p, q = other.index.shape
        pairs = self.index[:, None, :, None] * len(other.values) + other.index[None, :, None, :]
        used, index = np.unique(pairs.reshape(m * p, n * q), return_inverse=True)
        places = (divmod(int(pair), len(other.values)) for pair in used)
        values = [self.values[a] * other.values[b] for a, b in places]
        return _merged(values, index.reshape(m * p, n * q))


@dataclass(frozen=True)
class Wave:
    """A matrix of one wave: the entry is sqrt(rows[k] columns[j]) * wave(2 pi angle(k, j) / order).

    ``period`` is scipy's N: ``norm="ortho"`` divides by sqrt(N) and ``"forward"`` by N (``"backward"`` for an
    inverse). The squares in ``rows`` and ``columns`` are 1 where nothing is said (index: square).
    """

    n: int
    order: int
    period: int
    angle: Angle
    kind: Callable[[int, int], Number]
    rows: dict[int, Fraction] = field(default_factory=dict)
    columns: dict[int, Fraction] = field(default_factory=dict)

    def coded(self, scale: Fraction) -> Coded:
        """The matrix times sqrt(scale) as distinct values and index; rows are outputs."""
        k, j = np.meshgrid(np.arange(self.n), np.arange(self.n), indexing="ij")
        angles = (self.angle(k, j) % self.order).tolist()
        known: dict[tuple[int, Fraction], int] = {}
        index = np.empty((self.n, self.n), np.int64)
        for row, line in enumerate(angles):
            square = self.rows.get(row, Fraction(1)) * scale
            squares = [square * self.columns[c] if c in self.columns else square for c in range(self.n)]
            index[row] = [known.setdefault(key, len(known)) for key in zip(line, squares, strict=True)]
        return _merged([Value(self.kind(angle, self.order), square) for angle, square in known], index)


def _merged(values: list[Value], index: Indices) -> Coded:
    """The coded matrix in which every value occurs once."""
    places: dict[Value, int] = {}
    renamed = np.array([places.setdefault(value, len(places)) for value in values], np.int64)
    return Coded(tuple(places), renamed[index])
