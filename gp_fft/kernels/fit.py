"""Many mutation steps on one program inside one compiled call, each followed by a refit of what it can have helped.

A step is kept when ``cost + job.pressure * squared relative error`` does not rise. Variable-length linear programs with
weights by least squares: Keijzer (2004), "Scaled symbolic regression", applied to every term.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.constants import forget_constants
from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.edits import begin_step, total_cost, undo
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.operators import MUTATIONS
from gp_fft.kernels.refit import evaluate_row, evaluate_rows, output_errors, refit_row
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.settle import settle
from gp_fft.kernels.step import choose
from gp_fft.kernels.workbench import BROKEN, INPUTS, INTACT, JOURNALLED, MARK, ROWS, STEP, STOPPED

ELSEWHERE = 0.1  # chance that a mutation changes any row instead of an output that has an error
REFIT = [operator.name for operator in MUTATIONS].index("refit")
SETTLED = 1e-26  # squared relative error of one output below which it needs no more terms

mutate = dispatch(MUTATIONS, "row")  # mutate(b, operator, row): the row that changed, -1 for none


class Goal(NamedTuple):
    """What a fit is after, and its scratch memory."""

    target: np.ndarray  # (m, n) complex128
    scale: float  # squared norm of the target
    matrix: np.ndarray  # (values, n) complex128: what the values on the workbench compute
    errors: np.ndarray  # (m,) float64: squared error of each output


@njit(**INNER)
def needy_row(b, errors, scale):
    """A random output that still has an error, or now and then any row."""
    rows = b.state[ROWS]
    start = draw_below(b.state, rows)
    if draw_unit(b.state) >= ELSEWHERE:
        for k in range(rows):
            row = b.values[(start + k) % rows].rows_list
            output = b.values[row].output
            if output >= 0 and errors[output] > SETTLED * scale:
                return row
    return b.values[start].rows_list


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
def fit(b, goal, job, chances, tally):
    """Run the mutation steps of a job towards a goal; return the squared relative error reached."""
    refit = chances[REFIT] > 0.0
    matrix = goal.matrix
    target = goal.target
    errors = goal.errors
    scale = goal.scale
    evaluate_rows(b, matrix)
    output_errors(b, matrix, target, errors)
    error = errors.sum() / scale
    fitness = total_cost(b) + job.pressure * error
    for _ in range(job.mutate_steps):
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
        now = total_cost(b) + job.pressure * after
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
