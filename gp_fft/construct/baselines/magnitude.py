"""Magnitude pruning: what has the smallest coefficients is dropped first, of the dense matrix or of a fast program.

The plainest pruning of neural networks (S. Han, J. Pool, J. Tran and W. Dally 2015). In a fast program whose
coefficients are equal in size, as ones are, the term of the later definition goes first.
"""

from collections.abc import Iterator

import numpy as np

from gp_fft.construct import textbook
from gp_fft.construct.baseline import Baseline, Task, matrix_rows
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program

ALIKE = 1e-9  # relative difference below which entries of a matrix go together


def _dense(task: Task) -> Iterator[Program]:
    """The definition of what is left of the matrix above one threshold after the other."""
    matrix = task.transform.matrix
    sizes = np.unique(np.round(np.concatenate([np.abs(matrix.real).ravel(), np.abs(matrix.imag).ravel()]), 12))
    for least in [0.0, *sizes.tolist()]:
        keep = least * (1.0 + ALIKE)
        rows = [[term for term in row if term[0] > keep] for row in matrix_rows(matrix)]
        made = task.program(rows, list(range(len(rows))))
        if made is not None:
            yield made


def _factored(task: Task) -> Iterator[Program]:
    """The fast programs without one term more each time."""
    for program in (*task.prunable, *_textbooks(task)):
        rows, outputs = list(program.rows()), program.outputs.tolist()
        order = sorted(
            ((term[0], -d, -place) for d, row in enumerate(rows) for place, term in enumerate(row)),
        )
        gone: set[tuple[int, int]] = set()
        for _, d, place in [(0.0, 1, 1), *order]:
            gone.add((-d, -place))
            left = [[term for p, term in enumerate(row) if (at, p) not in gone] for at, row in enumerate(rows)]
            made = task.program(left, outputs)
            if made is not None:
                yield made


def _textbooks(task: Task) -> Iterator[Program]:
    for make in (textbook.radix2, textbook.split_radix):
        try:
            yield make(task.transform)
        except UsageError:
            continue


BASELINE = (
    Baseline("magnitude-dense", "magnitude pruning of the dense matrix", "Han et al. 2015", _dense, 4),
    Baseline("magnitude-fast", "magnitude pruning of a fast program", "Han et al. 2015", _factored, 5),
)
