"""Every value over the inputs: a program run forwards on all unit vectors at once, with nothing forgotten.

Since all operations are linear this is the program's whole matrix and that of every part of it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Term = tuple[float, int, int]
"""``(size, turn, reference)``; the value is ``size * 1j**turn * value[reference]``."""

LIMIT_HELD = 1 << 22  # numbers up to which a caller may hold all values: 64 MiB if they are complex


def over_inputs(inputs: int, rows: Iterable[Sequence[Term]], field: str) -> NDArray[Any]:
    """``(inputs + definitions, inputs)``: each value as a vector over the inputs, complex128, float64 if real or bits.

    ``rows`` holds the terms ``(size, turn, reference)`` of each definition. Sums are formed in the order of the terms,
    in planes of real and imaginary parts, so the numbers are those of a run on the unit vectors to the last bit.
    Over GF(2) they are 0 and 1.
    """
    table = list(rows)
    if field == "gf2":
        return _over_bits(inputs, table)
    values = np.zeros((inputs + len(table), 2 if field == "complex" else 1, inputs))
    np.fill_diagonal(values[:inputs, 0], 1.0)
    with np.errstate(all="ignore"):
        for total, row in zip(values[inputs:], table, strict=True):
            for size, turn, ref in row:
                term = values[ref] if size == 1.0 else size * values[ref]
                if turn % 2:  # i (a + bi) is -b + ai
                    signs = (np.subtract, np.add) if turn == 1 else (np.add, np.subtract)
                    for plane, act in enumerate(signs):
                        act(total[plane], term[1 - plane], total[plane])
                else:
                    (np.add if turn == 0 else np.subtract)(total, term, total)
    if field == "real":
        return values[:, 0]
    return np.ascontiguousarray(values.transpose(0, 2, 1)).view(np.complex128)[:, :, 0]


def _over_bits(inputs: int, table: Sequence[Sequence[Term]]) -> NDArray[np.float64]:
    """The values of a program over GF(2): 1 where an input has an odd number of ways to the value."""
    values = np.zeros((inputs + len(table), inputs), np.bool_)
    np.fill_diagonal(values[:inputs], True)
    for total, row in zip(values[inputs:], table, strict=True):
        for _, _, ref in row:
            np.logical_xor(total, values[ref], total)
    return values.astype(np.float64)
