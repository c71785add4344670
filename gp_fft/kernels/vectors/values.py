"""All vectors of a scheme at all sizes that are scored, its calls answered by the true transform."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.vectors.layout import AIM, CALL, EXACT, GRADED, PRIME, RIGHT, SUM, TURN, VECTORS


@njit(**INNER)
def find_levels(rows, count, level, forms):
    """The level of every row."""
    level[0] = 0
    for i in range(1, count):
        level[i] = level[rows[i, 1]] + forms.change[rows[i, 0]]


@njit(**INNER)
def apply(rows, i, down, s, at, n, values, forms, scores):
    """Write the vector of row i, of a level, at one size, where the vectors begin at ``at``."""
    form, length = rows[i, 0], n
    for _ in range(down):
        length //= forms.limits[PRIME]
    if forms.kind[form] == SUM:
        a, b = values[rows[i, 1]], values[rows[i, 3]]
        one, two = TURN[rows[i, 2]], TURN[rows[i, 4]]
        for k in range(at, at + length):
            values[i, k] = one * a[k] + two * b[k]
    elif forms.kind[form] == CALL:
        a, matrix = values[rows[i, 1]], scores.matrix[down, s]
        for k in range(length):
            total = 0j
            for m in range(length):
                total += scores.oracle[matrix + k * length + m] * a[at + m]
            values[i, at + k] = TURN[rows[i, 2]] * total
    else:
        place = forms.place[form, down, s]
        for k in range(length):
            part = 2 * forms.part[place + k]
            entry = values[rows[i, 1 + part], at + forms.source[place + k]]
            values[i, at + k] = TURN[rows[i, 2 + part]] * (forms.weight[place + k] * entry)


@njit(**INNER)
def answer(rows, root, level, vector, forms, scores):
    """Replace the oracle by the scheme itself: its matrices at the sizes that are scored, the shortest first.

    ``vector``: ``(rows, n)`` to work in. Sizes that are not scored keep the true transform: the leaves.
    """
    for s in range(len(scores.sizes) - 1):
        n = scores.sizes[s]
        for column in range(n):
            for k in range(n):
                vector[0, k] = 1.0 if k == column else 0.0
            for i in range(1, root + 1):
                apply(rows, i, level[i], s, 0, n, vector, forms, scores)
            for other in range(s + 1, len(scores.sizes)):
                length = scores.sizes[other]
                for down in range(1, scores.matrix.shape[0]):
                    length //= forms.limits[PRIME]
                    place = scores.matrix[down, other]
                    for k in range(n if length == n and place >= 0 else 0):
                        scores.oracle[place + k * n + column] = vector[root, k]


@njit(**INNER)
def fill(rows, first, count, level, values, forms, scores):
    """Write the vectors of the rows from ``first`` on into ``values`` ``(rows, total)``."""
    for i in range(first, count):
        if i == 0:
            for k in range(len(scores.given)):
                values[0, k] = scores.given[k]
            continue
        for s in range(len(scores.sizes)):
            for v in range(forms.limits[VECTORS]):
                n = scores.sizes[s]
                apply(rows, i, level[i], s, scores.start[s] + v * n, n, values, forms, scores)


@njit(**INNER)
def error_of(vector, share, forms, scores):
    """The mean squared relative error of a vector, every entry counting for its share; 0 if exact.

    Where errors are not graded it is the part of the entries that are wrong.
    """
    total, graded = 0.0, forms.limits[GRADED]
    for k in range(len(share)):
        off = vector[k] - scores.wanted[k]
        size = off.real * off.real + off.imag * off.imag
        total += share[k] * size if graded else (size > RIGHT) / len(share)
    return 0.0 if total < EXACT else total


@njit(**INNER)
def best_row(count, level, values, share, forms, scores, last_only):
    """The row as long as what is wanted that is nearest to it, and its error; with ``last_only`` the last such row."""
    best, error = 0, error_of(values[0], share, forms, scores) if forms.limits[AIM] == 0 else np.inf
    for i in range(1, count):
        if level[i] == forms.limits[AIM]:
            other = error_of(values[i], share, forms, scores)
            if other < error or last_only:
                best, error = i, other
    return best, error


@njit(**INNER)
def partner(root, error, count, level, values, share, forms, scores):
    """The row, and its turn, that added to the root brings it nearest to what is wanted; and the error.

    Of a row b added to the root with the residual r it is ``|r|**2 - 2 Re <b, r> + |b|**2``: one pass over each row.
    """
    best, turn, lowest, aim = -1, 0, error, forms.limits[AIM]
    for i in range(1, count):
        if level[i] == aim and level[root] == aim and i != root:
            dot, size = 0j, 0.0
            for k in range(len(share)):
                b = values[i, k]
                dot += share[k] * b.conjugate() * (scores.wanted[k] - values[root, k])
                size += share[k] * (b.real * b.real + b.imag * b.imag)
            for t in forms.turns:
                other = error + size - 2.0 * (TURN[(4 - t) % 4] * dot).real
                if other < lowest - 1e-9:
                    best, turn, lowest = i, t, other
    return best, turn, max(0.0, lowest)
