"""Many steps of ruin and re-share on one program inside one compiled call, accepted by annealing.

Ruin and recreate: Schrimpf et al. (2000), "Record breaking optimization results using the ruin and recreate
principle". Annealing: Kirkpatrick, Gelatt and Vecchi (1983).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from gp_fft.kernels.bench import BROKEN, JOURNALLED, PAIRS_USED, RNG
from gp_fft.kernels.constants import forget_constants
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.load import dump
from gp_fft.kernels.pairs import recount_pairs
from gp_fft.kernels.rewrites import (
    change_basis,
    difference,
    inline_many,
    inline_some,
    rescale,
    resubstitute,
    substitute,
)
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.share import share
from gp_fft.kernels.trace import note
from gp_fft.kernels.workbench import begin_step, total_cost, undo


@njit(**INNER)
def ruin(b, operator):
    """Apply one rewrite by its number in the table of operators."""
    if operator == 0:
        inline_some(b)
    elif operator == 1:
        inline_many(b)
    elif operator == 2:
        rescale(b)
    elif operator == 3:
        change_basis(b)
    elif operator == 4:
        substitute(b)
    elif operator == 5:
        difference(b)
    elif operator == 6:
        resubstitute(b)


@njit(**INNER)
def choose(b, chances):
    """Draw an operator by its chance (chances sum to 1)."""
    x = draw_unit(b.state, RNG)
    for k in range(chances.shape[0]):
        x -= chances[k]
        if x < 0.0:
            return k
    return chances.shape[0] - 1


@njit(**INNER)
def anneal(b, steps, hot, cold, noise, chances, tally, best, trace):
    """Run steps with a temperature that falls from ``hot`` to ``cold`` (in operations).

    ``tally`` (operators, 3) counts applied, accepted and improving steps; ``best`` is a tuple of flat arrays that
    receives the cheapest program met, and what is returned is (its definitions, its terms, its cost); ``trace``
    notes each new lowest cost.
    """
    cost = total_cost(b)
    best_cost = cost
    definitions, terms = dump(b, *best)
    for k in range(steps if chances.sum() > 0.0 else 0):
        if b.stop[0] != 0:
            break
        if b.state[PAIRS_USED] * 10 > b.pairs.shape[0] * 6:
            recount_pairs(b)
        forget_constants(b)
        temperature = hot * (cold / hot) ** (k / steps)
        begin_step(b)
        operator = choose(b, chances)
        ruin(b, operator)
        if b.state[JOURNALLED] == 0:
            continue
        share(b, noise)
        after = total_cost(b)
        tally[operator, 0] += 1
        if b.state[BROKEN] != 0 or (after > cost and draw_unit(b.state, RNG) >= np.exp((cost - after) / temperature)):
            undo(b)
            continue
        tally[operator, 1] += 1
        if after < cost:
            tally[operator, 2] += 1
        cost = after
        if cost < best_cost - 1e-9:
            best_cost = cost
            note(trace, k + 1, operator, cost)
            definitions, terms = dump(b, *best)
    return definitions, terms, best_cost
