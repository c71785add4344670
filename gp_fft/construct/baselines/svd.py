"""The matrix cut to a low rank: the nearest of each rank, as two factors, one of which holds a unit matrix.

The nearest matrix of rank r is the sum of the first r singular triples (C. Eckart and G. Young 1936). As ``B C`` with
r of the columns of C those of the unit matrix it takes the fewest operations that a dense matrix of that rank needs;
which columns is found by a factorisation with pivots (G. H. Golub 1965).
"""

from collections.abc import Iterator

import numpy as np
from scipy.linalg import qr

from gp_fft.construct.baseline import Baseline, Rows, Task, matrix_rows
from gp_fft.construct.slopes import Array
from gp_fft.program import Program


def _make(task: Task) -> Iterator[Program]:
    matrix = task.transform.matrix
    left, sizes, right = np.linalg.svd(matrix)
    for rank in range(min(matrix.shape) + 1):
        near = (left[:, :rank] * sizes[:rank]) @ right[:rank]
        for flipped in (False, True) if rank else (False,):
            made = _of_rank(task, near.T if flipped else near, rank, flipped)
            if made is not None:
                yield made


def _of_rank(task: Task, near: Array, rank: int, flipped: bool) -> Program | None:
    """The program of a matrix of this rank; ``flipped`` is that of its transpose."""
    if rank == 0:
        return task.program([[] for _ in near], list(range(len(near))))
    pivots = np.sort(qr(near, mode="r", pivoting=True)[1][:rank])
    outer = near[:, pivots]
    inner = np.linalg.lstsq(outer, near, rcond=None)[0]
    inner[:, pivots] = np.eye(rank)
    if flipped:
        outer, inner = inner.T, outer.T
    inputs = inner.shape[1]
    first = matrix_rows(inner)
    last: Rows = [[(s, t, inputs + r) for s, t, r in row] for row in matrix_rows(outer)]
    return task.program(first + last, [rank + k for k in range(len(outer))])


BASELINE = Baseline("svd", "truncated singular value decomposition", "Eckart and Young 1936", _make, 3)
