"""The steps of a walk among approximate programs: change the matrix a little, refit, and keep the best of each count.

An approximate program is an exact program of a near matrix, so the walk is that of ``step.py`` with all its rewrites;
in between it takes these steps. What is kept is one cell for each number of operations with the program of least error
in it (the archive of J.-B. Mouret and J. Clune, "Illuminating search spaces by mapping elites", 2015).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.edits import total_cost
from gp_fft.kernels.fingerprints import evaluate_print
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.load import dump
from gp_fft.kernels.operators import APPROXIMATIONS
from gp_fft.kernels.order import ALL, sort_rows
from gp_fft.kernels.products import refit
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.settle import settle
from gp_fft.kernels.sight import look, skewness
from gp_fft.kernels.workbench import BROKEN, INTACT, JOURNALLED, Flat

OFTEN = 0.35  # of the steps of a walk among approximations change the matrix, the others rewrite
TWICE = 0.3  # of these change it twice
ROUNDS, MORE_ROUNDS = np.int64(2), np.int64(8)  # of a refit: in every step, and before a program is kept
ROOM = 0.09  # of the squared error known at the budget: a smaller one is worth no more
UNKNOWN = 1e-4  # the squared error below which a smaller one is worth no more where none is known
LEAST = 1e-14  # and where zero is
LOWER = 1.0 - 1e-6  # by what factor a squared error must be lower to be better

approximate = dispatch(APPROXIMATIONS, "sight")


class Near(NamedTuple):
    """What a walk among approximations has beside an exact one; of an exact one ``known`` is empty."""

    sight: Any  # Sight
    chances: np.ndarray  # of the approximations, sum 1
    goals: np.ndarray  # (counts,) float64: the squared error known at each count before the walk, falling
    known: np.ndarray  # (cells,) float64: the squared error that is to be beaten at each count
    low: int  # the count of the first cell
    slabs: Flat  # whose arrays have a first axis of cells
    counts: np.ndarray  # (cells, 2) int64: definitions and terms of what was kept


@njit(**ONCE)
def print_all(b):
    """Compute all fingerprints, each after those that it rests on."""
    for k in range(sort_rows(b, ALL)):
        evaluate_print(b, b.values[k].pair_a)


@njit(**ONCE)
def change(b, near, operator):
    """Change the matrix by one approximation or two, and settle; fingerprints are true again."""
    for again in range(2 if draw_unit(b.state) < TWICE else 1):
        if again == 0 or b.state[JOURNALLED] > 0:
            look(b, near.sight)
            approximate(b, operator, near.sight)
    if b.state[JOURNALLED] > 0:
        settle(b)
        print_all(b)


@njit(**INNER)
def worth(b, job, near, left, error):
    """What a walk lowers: operations above its budget, and the logarithm of its error at the price of the job.

    The budget depends on the part of its steps that is ``left``; a squared error far below what is known at the budget
    is worth no more than one that is a little below, so that there is something to give up.
    """
    budget = job.budget + (job.first - job.budget) * left
    goal = near.goals[min(np.int64(budget), near.goals.shape[0] - 1)]
    floor = max(ROOM * goal, LEAST) if goal < np.inf else UNKNOWN
    return max(total_cost(b), budget) + 0.5 * job.price * np.log(max(error, floor))


@njit(**INNER)
def cell_of(b, near):
    """The cell of the program on the workbench, or -1."""
    cell = np.int64(np.floor(total_cost(b) + 1e-6)) - near.low
    return cell if 0 <= cell < near.known.shape[0] else -1


@njit(**ONCE)
def keep(b, near, error):
    """Keep the program on the workbench if it beats what is known at its count; return its squared error."""
    cell = cell_of(b, near)
    if cell < 0 or b.state[BROKEN] != INTACT or error >= LOWER * near.known[cell]:
        return error
    error = refit(b, near.sight, MORE_ROUNDS)
    cell = cell_of(b, near)  # constants that have met, or another listed one, may cost less or more than before
    if cell < 0 or error >= LOWER * near.known[cell] or skewness(near.sight) > near.sight.limit:
        return error
    to = Flat(
        near.slabs.starts[cell],
        near.slabs.refs[cell],
        near.slabs.sizes[cell],
        near.slabs.turns[cell],
        near.slabs.outputs[cell],
    )
    near.counts[cell, 0], near.counts[cell, 1] = dump(b, to)
    for k in range(cell, near.known.shape[0]):
        near.known[k] = min(near.known[k], error)
    return error
