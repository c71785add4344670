"""Many steps of ruin and re-share on one program inside one compiled call, accepted by annealing.

Ruin and recreate: Schrimpf et al. (2000), "Record breaking optimization results using the ruin and recreate
principle". Annealing: Kirkpatrick, Gelatt and Vecchi (1983).
"""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import forget_constants
from gp_fft.kernels.dispatch import dispatch
from gp_fft.kernels.edits import begin_step, total_cost, undo
from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.limits import excess
from gp_fft.kernels.load import dump
from gp_fft.kernels.operators import REWRITES
from gp_fft.kernels.pairs import recount_pairs
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.share import share
from gp_fft.kernels.trace import note
from gp_fft.kernels.workbench import (
    ADD_LIMIT,
    BROKEN,
    DEPTH_LIMIT,
    INTACT,
    JOURNALLED,
    LIVE_LIMIT,
    PAIRS_USED,
    PER_EXCESS,
    ZERO,
)

ruin = dispatch(REWRITES)  # ruin(b, operator): apply one rewrite by its number


@njit(**INNER)
def choose(b, chances):
    """Draw an operator by its chance (chances sum to 1, but for rounding)."""
    x = draw_unit(b.state)
    last = 0
    for k in range(chances.shape[0]):
        if chances[k] > 0.0:
            last = k
        x -= chances[k]
        if x < 0.0:
            return k
    return last


@njit(**ONCE)
def anneal(b, job, chances, tally, best, trace):
    """Run the rewriting steps of a job, with a temperature that falls from ``hot`` to ``cold`` (in operations).

    ``tally`` (operators, 3) counts applied, accepted and improving steps; ``best`` (Flat) receives the cheapest
    program met, of those nearest to the limits, and what is returned is (its definitions, its terms); ``trace`` notes
    each new lowest cost.
    """
    steps = job.rewrite_steps
    hot = job.hot
    cold = job.cold
    limited = b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] + b.state[LIVE_LIMIT] > 0
    above = excess(b) if limited else ZERO
    best_above = above
    cost = total_cost(b) + b.numbers[PER_EXCESS] * above
    best_cost = cost
    definitions, terms = dump(b, best)
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
        share(b, job.noise)
        after = total_cost(b)
        tally[operator, 0] += 1
        if limited and b.state[BROKEN] == INTACT:
            above = excess(b)
            after += b.numbers[PER_EXCESS] * above
        broken = b.state[BROKEN] != INTACT
        if broken or (after > cost and draw_unit(b.state) >= np.exp((cost - after) / temperature)):
            undo(b)
            continue
        tally[operator, 1] += 1
        if after < cost:
            tally[operator, 2] += 1
        cost = after
        if cost < best_cost - 1e-9 if above == best_above else above < best_above:
            best_cost = cost
            best_above = above
            note(trace, k + 1, operator, total_cost(b))
            definitions, terms = dump(b, best)
    return definitions, terms
