"""The mutations: moves that may change the matrix, each followed by a refit of the outputs that it can have helped.

A step is kept when ``cost + pressure * squared relative error`` does not rise. Variable-length linear programs with
weights by least squares: Keijzer (2004), "Scaled symbolic regression", applied to every term.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.constants import forget_constants
from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.edits import (
    add_term,
    begin_step,
    depends,
    drop_term,
    open_row,
    total_cost,
    touch,
    undo,
)
from gp_fft.kernels.fit import evaluate_row, evaluate_rows, output_errors, refit_row
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.operators import MUTATIONS
from gp_fft.kernels.rewrites import random_row, random_term
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.settle import settle
from gp_fft.kernels.step import choose
from gp_fft.kernels.workbench import (
    BROKEN,
    INPUTS,
    INTACT,
    JOURNALLED,
    MARK,
    RNG,
    ROWS,
    SIGNS_ONLY,
    STEP,
    STOPPED,
    ZERO,
)

PLAIN = 0.8  # chance that a random value is an input
ELSEWHERE = 0.1  # chance that a mutation changes any row instead of an output that has an error
REFIT = [operator.name for operator in MUTATIONS].index("refit")
SETTLED = 1e-26  # squared relative error of one output below which it needs no more terms


class Goal(NamedTuple):
    """What a fit is after, and its scratch memory."""

    target: np.ndarray  # (m, n) complex128
    scale: float  # squared norm of the target
    matrix: np.ndarray  # (values, n) complex128: what the values on the bench compute
    errors: np.ndarray  # (m,) float64: squared error of each output


@njit(**INNER)
def random_value(b, row):
    """A random input or definition that does not depend on ``row``, or -1."""
    at = draw_below(b.state, RNG, b.state[INPUTS] + b.state[ROWS])
    if draw_unit(b.state, RNG) < PLAIN:
        at = draw_below(b.state, RNG, b.state[INPUTS])
    if at < b.state[INPUTS]:
        return at
    value = b.values[at - b.state[INPUTS]].rows_list
    return -1 if depends(b, value, row) else value


@njit(**INNER)
def random_turn(b):
    """A random turn that the field allows."""
    if b.state[SIGNS_ONLY]:
        return 2 * draw_below(b.state, RNG, 2)
    return draw_below(b.state, RNG, 4)


@njit(**INNER)
def needy_row(b, errors, scale):
    """A random output that still has an error, or now and then any row."""
    rows = b.state[ROWS]
    start = draw_below(b.state, RNG, rows)
    if draw_unit(b.state, RNG) >= ELSEWHERE:
        for k in range(rows):
            row = b.values[(start + k) % rows].rows_list
            output = b.values[row].output
            if output >= 0 and errors[output] > SETTLED * scale:
                return row
    return b.values[start].rows_list


@njit(**INNER)
def mutate_add(b, row):
    """Add a random term to the row, on an axis of a value that it does not hold yet."""
    for _ in range(8):
        value = random_value(b, row)
        turn = random_turn(b)
        if value >= 0 and not _holds(b, row, value, turn):
            touch(b, row)
            add_term(b, row, value, 1.0, turn)
            return row
    return -1


@njit(**INNER)
def _holds(b, row, value, turn):
    slot = b.values[row].first
    while slot >= 0:
        if b.terms[slot].ref == value and ((b.terms[slot].turn ^ turn) & 1) == 0:
            return True
        slot = b.terms[slot].next
    return False


@njit(**INNER)
def mutate_drop(b, row):
    """Drop a random term of the row."""
    if b.values[row].length == 0 or (b.values[row].length == 1 and b.values[row].output < 0):
        return -1
    touch(b, row)
    drop_term(b, random_term(b, row))
    return row


@njit(**INNER)
def mutate_retarget(b, row):
    """Let a random term refer to another value."""
    if b.values[row].length == 0:
        return -1
    slot = random_term(b, row)
    value = random_value(b, row)
    if value < 0 or value == b.terms[slot].ref:
        return -1
    touch(b, row)
    size = b.terms[slot].size
    turn = b.terms[slot].turn
    drop_term(b, slot)
    add_term(b, row, value, size, turn)
    return row


@njit(**INNER)
def mutate_reweight(b, row):
    """Give a random term of the row another turn or another constant of the program."""
    if b.values[row].length == 0:
        return -1
    slot = random_term(b, row)
    size = b.terms[slot].size
    turn = b.terms[slot].turn
    if draw_unit(b.state, RNG) < 0.5:
        turn = random_turn(b)
    else:
        other = random_row(b)
        if b.values[other].length == 0:
            return -1
        size = 1.0 if draw_unit(b.state, RNG) < 0.5 else b.terms[random_term(b, other)].size
    ref = b.terms[slot].ref
    touch(b, row)
    drop_term(b, slot)
    add_term(b, row, ref, size, turn)
    return row


@njit(**INNER)
def mutate_define(b, row):
    """Define a random sum of two values and add it to the row."""
    first = random_value(b, row)
    second = random_value(b, row)
    if first < 0 or second < 0 or first == second:
        return -1
    touch(b, row)
    fresh = open_row(b)
    if fresh < 0:
        return -1
    touch(b, fresh)
    add_term(b, fresh, first, 1.0, ZERO)
    add_term(b, fresh, second, 1.0, random_turn(b))
    add_term(b, row, fresh, 1.0, random_turn(b))
    return fresh


@njit(**INNER)
def mutate_undefine(b, _):
    """Remove a random definition from all its users; the row that needs help most has no say in it."""
    row = random_row(b)
    if b.values[row].output >= 0 or b.values[row].uses == 0:
        return -1
    touch(b, row)
    while b.values[row].users >= 0:
        slot = b.values[row].users
        touch(b, b.terms[slot].row)
        drop_term(b, slot)
    return row


@njit(**INNER)
def mutate_refit(b, row):
    """Change nothing: the refit that follows every mutation is all there is to it."""
    touch(b, row)
    return row


mutate = dispatch(MUTATIONS, globals(), "row")  # mutate(b, operator, row): the row that changed, -1 for none


@njit(**INNER)
def _reaches_dirty(b, output):
    """Does an output depend on a row that this step has touched?"""
    b.state[MARK] += 1
    b.values[0].stack = output
    height = 1
    while height > 0:
        height -= 1
        row = b.values[height].stack
        if b.values[row].dirty == b.state[STEP]:
            return True
        slot = b.values[row].first
        while slot >= 0:
            ref = b.terms[slot].ref
            if ref >= b.state[INPUTS] and b.values[ref].mark != b.state[MARK]:
                b.values[ref].mark = b.state[MARK]
                b.values[height].stack = ref
                height += 1
            slot = b.terms[slot].next
    return False


@njit(**ONCE)
def _refit_after(b, matrix, target, row, refit):
    """Bring the matrix up to date after a change of ``row`` and refit what it feeds; was only this row concerned?"""
    if b.values[row].alive and b.values[row].uses == 0 and b.values[row].output >= 0:
        if refit:
            refit_row(b, matrix, target, row)
        evaluate_row(b, matrix, row)
        return True
    evaluate_rows(b, matrix)
    if refit:
        for used in (True, False):  # outputs that other rows use come first, since their refit changes those rows
            for k in range(b.state[ROWS]):
                if b.stop[0] != 0:
                    b.state[BROKEN] = STOPPED
                    return False
                other = b.values[k].rows_list
                v = b.values[other]
                if v.output >= 0 and (v.uses > 0) == used and _reaches_dirty(b, other):
                    refit_row(b, matrix, target, other)
                    if used:
                        evaluate_rows(b, matrix)
        evaluate_rows(b, matrix)
    return False


@njit(**ONCE)
def fit(b, goal, steps, pressure, chances, tally):
    """Run mutation steps towards a goal; return the squared relative error reached."""
    refit = chances[REFIT] > 0.0
    matrix = goal.matrix
    target = goal.target
    errors = goal.errors
    scale = goal.scale
    evaluate_rows(b, matrix)
    output_errors(b, matrix, target, errors)
    error = errors.sum() / scale
    fitness = total_cost(b) + pressure * error
    for _ in range(steps):
        if b.stop[0] != 0:
            break
        forget_constants(b)
        begin_step(b)
        operator = choose(b, chances)
        row = mutate(b, operator, needy_row(b, errors, scale))
        if row < 0 and b.state[JOURNALLED] == 0:
            continue
        tally[operator, 0] += 1
        alone = False
        if row >= 0:
            alone = _refit_after(b, matrix, target, row, refit)
            settle(b)
            output_errors(b, matrix, target, errors)
        after = errors.sum() / scale
        now = total_cost(b) + pressure * after
        if row < 0 or b.state[BROKEN] != INTACT or not now <= fitness:
            undo(b)
            if alone:
                evaluate_row(b, matrix, row)
            else:
                evaluate_rows(b, matrix)
            output_errors(b, matrix, target, errors)
            continue
        tally[operator, 1] += 1
        if now < fitness:
            tally[operator, 2] += 1
        fitness = now
        error = after
    return error
