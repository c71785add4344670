"""The rows of a program in an order in which each stands after those that it refers to."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.workbench import INPUTS, MARK, ROWS

ALL, NEEDED = np.bool_(False), np.bool_(True)  # rows, or only those that outputs depend on; not literals


@njit(**INNER)
def sort_rows(b, needed):
    """List the rows in ``pair_a`` of the values, and the place of each of them in its ``pair_b``; return how many."""
    b.state[MARK] += 1
    stamp = b.state[MARK]
    count = 0
    for k in range(b.state[ROWS]):
        b.values[0].stack = b.values[k].rows_list
        height = 0 if needed and b.values[b.values[k].rows_list].output < 0 else 1
        while height > 0:
            row = b.values[height - 1].stack
            waiting = -1 if b.values[row].mark == stamp else _first_unmarked(b, row, stamp)
            if waiting >= 0:
                b.values[height].stack = waiting
                height += 1
                continue
            height -= 1
            if b.values[row].mark != stamp:
                b.values[row].mark = stamp
                b.values[row].pair_b = count
                b.values[count].pair_a = row
                count += 1
    return count


@njit(**INNER)
def _first_unmarked(b, row, stamp):
    """A definition that the row refers to and that has not this mark, or -1."""
    slot = b.values[row].first
    while slot >= 0:
        ref = b.terms[slot].ref
        if ref >= b.state[INPUTS] and b.values[ref].mark != stamp:
            return ref
        slot = b.terms[slot].next
    return -1
