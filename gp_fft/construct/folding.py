"""Fast programs of matrices with the symmetries of cosines: butterflies from both ends, then sums that are shared.

Where every row reads the same, or with the other sign, from both ends, sums and differences of the ends halve the
matrix: the even rows work on the sums, the odd ones on the differences (W.-H. Chen, C. H. Smith and S. C. Fralick, A
fast computational algorithm for the discrete cosine transform, 1977); so again, as long as it goes. What is left is
made of pairs, the one that most rows use first (C. Paar, Optimized arithmetic for Reed-Solomon encoders, 1997).
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from gp_fft.construct.builder import Builder, scaled
from gp_fft.program import Program, Term

Real = NDArray[np.float64]
Pair = tuple[int, int, float]
"""Two columns, and the coefficient of the second where the first has 1."""


def folded(matrix: Real, title: str) -> Program:
    """A program that computes a real matrix ``(outputs, inputs)``; its constants are those of the matrix."""
    build = Builder(matrix.shape[1], "real")
    return build.program(_fold(build, list(build.x), matrix), title)


def _fold(build: Builder, x: list[Term], matrix: Real) -> list[Term]:
    """The rows of a matrix applied to values."""
    n = len(x)
    mirrored = matrix[:, ::-1]
    even = (matrix == mirrored).all(axis=1)
    odd = (matrix == -mirrored).all(axis=1) & ~even
    if n < 2 or n % 2 or not (even | odd).all():
        return _shared(build, x, matrix)
    sums = [build.sum(x[j], x[n - 1 - j]) for j in range(n // 2)]
    gaps = [build.difference(x[j], x[n - 1 - j]) for j in range(n // 2)]
    halves = iter(_fold(build, sums, matrix[even, : n // 2])), iter(_fold(build, gaps, matrix[odd, : n // 2]))
    return [next(halves[0 if is_even else 1]) for is_even in even]


def _shared(build: Builder, x: list[Term], matrix: Real) -> list[Term]:
    """The rows as sums, in which pairs that occur in several are made once."""
    values = list(x)
    rows = [{j: c for j, c in enumerate(row) if c} for row in matrix.tolist()]
    while True:
        pairs = Counter(pair for row in rows for pair in _pairs(row))
        if not pairs or (most := max(pairs.values())) < 2:
            break
        first, second, ratio = min(pair for pair, times in pairs.items() if times == most)
        values.append(build.sum(values[first], scaled(values[second], ratio)))
        for row in rows:
            if (first, second, ratio) in _pairs(row):
                row[len(values) - 1] = row.pop(first)
                del row[second]
    return [build.sum(*(scaled(values[j], c) for j, c in row.items())) for row in rows]


def _pairs(row: dict[int, float]) -> set[Pair]:
    return {(i, j, row[j] / row[i]) for i in row for j in row if i < j}
