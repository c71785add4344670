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
from gp_fft.kernels.near import OFTEN, ROUNDS, change, keep, print_all, worth
from gp_fft.kernels.operators import MUTATIONS, REWRITES
from gp_fft.kernels.pairs import recount_pairs
from gp_fft.kernels.products import refit
from gp_fft.kernels.rng import draw_unit
from gp_fft.kernels.share import share
from gp_fft.kernels.sight import look
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

FIRST_APPROXIMATION = len(REWRITES) + len(MUTATIONS)  # its place in a tally
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
def anneal(b, job, chances, tally, best, trace, near):
    """Run the rewriting steps of a job, with a temperature that falls from ``hot`` to ``cold`` (in operations).

    ``tally`` (operators, 3) counts applied, accepted and improving steps; ``best`` (Flat) receives the cheapest
    program met, of those nearest to the limits, and what is returned is (its definitions, its terms); ``trace`` notes
    each new lowest cost. A walk among approximations takes the steps of ``near`` as well and keeps what it meets there.
    """
    steps = job.rewrite_steps
    hot = job.hot
    cold = job.cold
    limited = b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] + b.state[LIVE_LIMIT] > 0
    above = excess(b) if limited else ZERO
    best_above = above
    nearing = near.known.shape[0] > 0
    error = look(b, near.sight) if nearing else 0.0
    value = worth(b, job, near, 1.0, error) if nearing else total_cost(b)
    cost = value + b.numbers[PER_EXCESS] * above
    best_cost = cost
    printed = True
    definitions, terms = dump(b, best)
    rewriting = chances.sum() > 0.0
    for k in range(steps if rewriting or nearing else 0):
        if b.stop[0] != 0:
            break
        if b.state[PAIRS_USED] * 10 > b.pairs.shape[0] * 6:
            recount_pairs(b)
        forget_constants(b)
        temperature = hot * (cold / hot) ** (k / steps)
        if nearing:
            now = worth(b, job, near, 1.0 - k / steps, error)
            cost += now - value
            value = now
        begin_step(b)
        changing = nearing and (draw_unit(b.state) < OFTEN or not rewriting)
        if changing:
            operator = FIRST_APPROXIMATION + choose(b, near.chances)
            change(b, near, operator - FIRST_APPROXIMATION)
            printed = printed and b.state[JOURNALLED] == 0  # of rows that were not touched, which undo leaves
        else:
            if not printed:
                print_all(b)
                printed = True
            operator = choose(b, chances)
            ruin(b, operator)
        if b.state[JOURNALLED] == 0:
            continue
        share(b, job.noise)
        after = total_cost(b)
        left = error
        tally[operator, 0] += 1
        if nearing and b.state[BROKEN] == INTACT:
            if changing:
                left = refit(b, near.sight, ROUNDS)
            left = keep(b, near, left)
            printed = printed and left == error
            after = worth(b, job, near, 1.0 - k / steps, left)
        valued = after
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
        value = valued
        error = left
        if cost < best_cost - 1e-9 if above == best_above else above < best_above:
            best_cost = cost
            best_above = above
            note(trace, k + 1, operator, total_cost(b))
            definitions, terms = dump(b, best)
    return definitions, terms
