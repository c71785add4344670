"""Constants rounded: of exact programs and of the definition, to fewer and fewer bits and to the smallest numbers.

Small numbers are those that codecs replace the entries of the DCT by: 0, 1/2, 1 and 2, after the row is multiplied by
a common factor, which an output undoes (R. J. Cintra and F. M. Bayer, A DCT approximation for image compression, 2011).
"""

from collections.abc import Iterator

import numpy as np

from gp_fft.construct.baseline import Baseline, Rows, Task, matrix_rows
from gp_fft.construct.textbook import definition
from gp_fft.program import Program
from gp_fft.transforms.scaling import BOTH, OUTPUTS

BITS = range(10, -1, -1)  # behind the binary point
SMALL = (0.0, 0.5, 1.0, 2.0)
FACTORS = tuple(np.linspace(0.5, 3.0, 26).tolist())
"""What rows are multiplied by, beside the inverse of their largest entry, before they are rounded to small numbers."""


def _make(task: Task) -> Iterator[Program]:
    for program in (*task.known, definition(task.transform)):
        rows, outputs = list(program.rows()), program.outputs.tolist()
        for bits in BITS:
            yield from _made(task, [[(_to_bits(s, bits), t, r) for s, t, r in row] for row in rows], outputs)
        yield from _made(task, [[(_to_small(s), t, r) for s, t, r in row] for row in rows], outputs)
    yield from _small_matrices(task)


def _small_matrices(task: Task) -> Iterator[Program]:
    """The definition in small numbers, each output times what brings it nearest to its row."""
    matrix = task.transform.matrix
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    unit = matrix / np.where(largest > 0, largest, 1.0)
    for factor in FACTORS:
        parts = [
            np.vectorize(_to_small)(np.abs(part)) * np.sign(part) for part in (factor * unit.real, factor * unit.imag)
        ]
        small = parts[0] + 1j * parts[1] if task.transform.field == "complex" else parts[0]
        rows, outputs = matrix_rows(small), list(range(len(small)))
        if task.free in (OUTPUTS, BOTH):
            yield from _made(task, rows, outputs)
            continue
        upper, lower = (small.conj() * matrix).real.sum(axis=1), (np.abs(small) ** 2).sum(axis=1)
        fit = np.where(lower > 0, upper / np.where(lower > 0, lower, 1.0), 0.0)
        last: Rows = [[(abs(f), 2 * (f < 0), len(matrix[0]) + k)] for k, f in enumerate(fit.tolist())]
        yield from _made(task, rows + last, [len(rows) + k for k in outputs])


def _made(task: Task, rows: Rows, outputs: list[int]) -> Iterator[Program]:
    made = task.program(rows, outputs)
    if made is not None:
        yield made


def _to_bits(size: float, bits: int) -> float:
    return float(np.ldexp(np.rint(np.ldexp(size, bits)), -bits))


def _to_small(size: float) -> float:
    return min(SMALL, key=lambda small: abs(small - size))


BASELINE = Baseline("rounding", "constants rounded", "Haweel 2001; Cintra and Bayer 2011", _make, 2)
