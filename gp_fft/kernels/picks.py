"""What rewrites and mutations have in common: random rows, terms and values, and the definition of a sum of two."""

import numpy as np
from numba import njit

from gp_fft.kernels.edits import add_term, depends, drop_term, open_row, slot_in, touch
from gp_fft.kernels.fingerprints import evaluate_print
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.workbench import INPUTS, MARK, ROWS, TURNS, ZERO

PLAIN = 0.8  # chance that a random value is an input
SIGNS, FOUR = np.int64(2), np.int64(4)


@njit(**INNER)
def random_row(b):
    """A random row of the program."""
    return b.values[draw_below(b.state, b.state[ROWS])].rows_list


@njit(**INNER)
def value_at(b, at):
    """The value at a place among all inputs and rows."""
    return at if at < b.state[INPUTS] else b.values[at - b.state[INPUTS]].rows_list


@njit(**INNER)
def any_value(b):
    """A random input or row."""
    return value_at(b, draw_below(b.state, b.state[INPUTS] + b.state[ROWS]))


@njit(**INNER)
def random_term(b, row):
    """A random term of a row (which must have one)."""
    slot = b.values[row].first
    for _ in range(draw_below(b.state, b.values[row].length)):
        slot = b.terms[slot].next
    return slot


@njit(**INNER)
def random_user(b, value):
    """A random term that refers to a value (which must be used)."""
    slot = b.values[value].users
    for _ in range(draw_below(b.state, b.values[value].uses)):
        slot = b.terms[slot].unext
    return slot


@njit(**INNER)
def random_pair(b):
    """A random row with two terms or more and two of its terms of different references; (-1, -1) if unlucky."""
    row = random_row(b)
    if b.values[row].length < 2:
        return -1, -1
    i = random_term(b, row)
    j = random_term(b, row)
    if b.terms[i].ref == b.terms[j].ref:
        return -1, -1
    return i, j


@njit(**INNER)
def random_value(b, row):
    """A random input or definition that does not depend on ``row``, or -1."""
    at = draw_below(b.state, b.state[INPUTS] + b.state[ROWS])
    if draw_unit(b.state) < PLAIN:
        at = draw_below(b.state, b.state[INPUTS])
    if at < b.state[INPUTS]:
        return at
    value = b.values[at - b.state[INPUTS]].rows_list
    return -1 if depends(b, value, row) else value


@njit(**INNER)
def random_turn(b):
    """A random turn that is allowed."""
    if b.state[TURNS] == 1:
        return ZERO
    if b.state[TURNS] == 2:
        return 2 * draw_below(b.state, SIGNS)
    return draw_below(b.state, FOUR)


@njit(**INNER)
def new_sum(b, ref_a, ref_b, ratio, turn):
    """Define ``a + ratio i^turn b``; return the row or -1."""
    row = open_row(b)
    if row >= 0:
        touch(b, row)
        add_term(b, row, ref_a, 1.0, ZERO)
        add_term(b, row, ref_b, ratio, turn)
        evaluate_print(b, row)
    return row


@njit(**INNER)
def write_in(b, row, p, e, q, ratio, turn):
    """Write every term of p in a row that was touched in ``e = p + ratio i^turn q``, as e - ratio i^turn q."""
    slot = slot_in(b, row, p)
    while slot >= 0:
        size = b.terms[slot].size
        total = b.terms[slot].turn
        drop_term(b, slot)
        add_term(b, row, e, size, total)
        add_term(b, row, q, size * ratio, (total + turn + 2) & 3)
        slot = slot_in(b, row, p)


@njit(**INNER)
def rows_with_both(b, ref_a, ref_b):
    """List the rows that use both values in ``pair_a`` (each row once); return how many."""
    b.state[MARK] += 1
    stamp = b.state[MARK]
    count = 0
    slot = b.values[ref_a].users
    while slot >= 0:
        row = b.terms[slot].row
        if b.values[row].mark != stamp and slot_in(b, row, ref_b) >= 0:
            b.values[row].mark = stamp
            b.values[count].pair_a = row
            count += 1
        slot = b.terms[slot].unext
    return count
