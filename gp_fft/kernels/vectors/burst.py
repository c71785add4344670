"""One burst: a scheme that is not right yet climbs by mutations, one that is right walks among right ones, annealed.

While a scheme is wrong its error is all that counts. Once it is right it never gets wrong again, and what counts is
its cost: a ratchet, but for the temperature. Annealing: Kirkpatrick, Gelatt and Vecchi (1983).
"""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import ALLOCATING, ENTRY, INNER
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.vectors.canon import begin, compact, copy_rows, cost, finish, put_row, tidy
from gp_fft.kernels.vectors.layout import OWN, PARTS, WIDTH, Book
from gp_fft.kernels.vectors.make import draw_row, repair
from gp_fft.kernels.vectors.mutate import CROSSOVER, DUPLICATE, REDRAW, add_row, change, duplicate
from gp_fft.kernels.vectors.rules import MERGE, rebuild, same
from gp_fft.kernels.vectors.values import answer, best_row, error_of, fill, find_levels, partner

PARENT, MATE, SEED, STEPS, CLIMBS, OUTPUT = range(6)  # what a job is: a row of numbers
BEST, LAST, PAIR = range(3)  # the output of a scheme that is not right yet: a row, or the sum of two
OPERATORS = (  # the mutations of climbing, the rewrites, and the mutation of what is right
    *("redraw", "retarget", "renumber", "copy", "duplicate", "crossover"),
    *("distribute", "factor", "split", "gather", "regroup", "commute", "unfold", "merge"),
    "mutate",
)
FIRST_RULE, MUTATE = 6, 14
GAIN = 0.9  # a partner must bring the error to this part of it
PADDING = 6  # random rows behind a scheme that is right, for a mutation to use
TRIES = 8


@njit(**ALLOCATING)
def make_book(room):
    """An empty book with room for so many rows."""
    return Book(
        np.zeros((room, WIDTH), np.int64),
        np.zeros(room, np.int64),
        np.ones(1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(room, np.int64),
        np.zeros(room, np.int64),
        np.zeros(room, np.int64),
        np.zeros(room, np.int64),
        np.zeros(room, np.int64),
        np.zeros(PARTS, np.int64),
        np.zeros(PARTS, np.int64),
    )


@njit(**INNER)
def draw_operator(chances, first, last, stream):
    """A random operator of a range, each with its chance; -1 where all are switched off."""
    total = 0.0
    for k in range(first, last):
        total += chances[k]
    at = draw_unit(stream) * total
    for k in range(first, last):
        at -= chances[k]
        if at < 0.0:
            return k
    return -1


@njit(**ALLOCATING)
def climb(rows, count, job, temperature, chances, tally, share, forms, scores, values, book, stream):
    """Mutate rows while they are wrong, for at most so many steps; what is kept is no worse, but for the temperature.

    Gives back the root, its error and the steps taken.
    """
    kept, level, own = rows.copy(), np.zeros(len(rows), np.int64), forms.limits[OWN]
    vector = np.zeros((len(rows), scores.sizes[-1] if own else 0), np.complex128)
    find_levels(rows, count, level, forms)
    fill(rows, 0, count, level, values, forms, scores)
    root, error = best_row(count, level, values, share, forms, scores, job[OUTPUT] == LAST)
    stale, steps = count, 0
    while steps < job[STEPS] and error > 0.0:
        first, operator = count, np.int64(-1)
        while True:
            operator = draw_operator(chances, REDRAW, CROSSOVER, stream)
            if operator == DUPLICATE:
                first = min(first, duplicate(rows, count, root, level, book, forms, stream))
            else:
                first = min(first, change(rows, count, level, operator, forms, stream))
            if draw_unit(stream) < 0.6:
                break
        find_levels(rows, count, level, forms)
        if own and level[root] == 0:
            answer(rows, root, level, vector, forms, scores)
            stale = 1
        fill(rows, min(first, stale), count, level, values, forms, scores)
        other, worse = best_row(count, level, values, share, forms, scores, job[OUTPUT] == LAST)
        tally[operator, 0] += 1
        if job[OUTPUT] == PAIR:
            mate_row, turn, less = partner(other, worse, count, level, values, share, forms, scores)
            if mate_row >= 0 and less < GAIN * error and add_row(rows, count, other, mate_row, turn, book, forms):
                first, other, worse = 1, count - 1, less
                repair(rows, 1, count, level, forms, stream)
                find_levels(rows, count, level, forms)
                fill(rows, 1, count, level, values, forms, scores)
                other, worse = best_row(count, level, values, share, forms, scores, 0)
        steps += 1
        if worse <= error or (temperature > 0.0 and draw_unit(stream) < np.exp((error - worse) / temperature)):
            tally[operator, 1] += 1
            tally[operator, 2] += worse < error
            copy_rows(rows, kept, count)
            root, error, stale = other, worse, count
        else:
            copy_rows(kept, rows, count)
            stale = first
            find_levels(rows, count, level, forms)
    fill(rows, 0, count, level, values, forms, scores)
    return root, error_of(values[root], scores.share, forms, scores), steps


@njit(**INNER)
def merged(rows, count, level, values, x, book, forms, scores):
    """Write the scheme into the book with row x replaced by an earlier one of the same value; whether there is one."""
    for j in range(1, x):
        if level[j] == level[x]:
            turn = same(values[x], values[j], scores)
            if turn >= 0:
                begin(book)
                for i in range(1, count):
                    if i == x:
                        book.where[i], book.turned[i] = book.where[j], (book.turned[j] + turn) % 4
                    else:
                        book.where[i], book.turned[i] = put_row(book, rows[i], book.where, book.turned, forms)
                finish(book, book.where[count - 1], book.turned[count - 1], forms)
                return book.failed[0] == 0
    return False


@njit(**INNER)
def propose(rows, count, level, operator, book, spare, values, other_values, chances, share, forms, scores, stream):
    """Write a neighbour of a right scheme into the book, in canonical form; whether there is one."""
    if operator == MUTATE:
        room = min(count + PADDING, len(rows) - 1)
        copy_rows(rows, spare.rows, count)
        find_levels(spare.rows, count, spare.level, forms)
        for i in range(count, room):
            draw_row(spare.rows, i, spare.level, forms, stream)
        for _ in range(1 + draw_below(stream, 2)):
            which = draw_operator(chances, REDRAW, DUPLICATE, stream)
            if which >= 0:
                change(spare.rows, room, spare.level, which, forms, stream)
        find_levels(spare.rows, room, spare.level, forms)
        fill(spare.rows, 0, room, spare.level, other_values, forms, scores)
        root, error = best_row(room, spare.level, other_values, share, forms, scores, 0)
        if error > 0.0:
            return False
        compact(spare.rows, root, book, forms)
        return book.failed[0] == 0
    applies = False
    for _ in range(TRIES):
        x = 1 + draw_below(stream, count - 1)
        if operator == FIRST_RULE + MERGE:
            applies = merged(rows, count, level, values, x, book, forms, scores)
        else:
            applies = rebuild(rows, count, x, operator - FIRST_RULE, book, forms, stream)
        if applies:
            break
    if applies:
        tidy(book, spare, forms)
    return applies and book.failed[0] == 0


@njit(**INNER)
def keep(from_level, from_values, level, values, count):
    """Copy levels and vectors of so many rows."""
    for i in range(count):
        level[i] = from_level[i]
        for k in range(values.shape[1]):
            values[i, k] = from_values[i, k]


@njit(**INNER)
def mate(rows, other, cut, count):
    """The rows from a cut on come from the other scheme."""
    for i in range(cut, count):
        for p in range(WIDTH):
            rows[i, p] = other[i, p]


@njit(**ALLOCATING)
def walk(rows, count, best, job, hot, cold, chances, tally, share, forms, scores, values, other_values, stream, stop):
    """Walk among right schemes; ``best`` becomes the cheapest met. The rows of both, their costs and the steps."""
    book, spare = make_book(len(rows)), make_book(len(rows))
    level, calls, totals = np.zeros(len(rows), np.int64), np.zeros(32, np.int64), np.zeros(len(scores.leaf))
    find_levels(rows, count, level, forms)
    fill(rows, 0, count, level, values, forms, scores)
    here = cost(rows, count, level, calls, totals, book.needed, forms, scores)
    lowest, length, steps = here, count, 0
    copy_rows(rows, best, count)
    while steps < job[STEPS] and stop[0] == 0:
        temperature = hot * (cold / hot) ** (steps / job[STEPS])
        steps += 1
        operator = draw_operator(chances, FIRST_RULE, MUTATE + 1, stream)
        if operator < 0:
            break
        tally[operator, 0] += 1
        if not propose(
            rows, count, level, operator, book, spare, values, other_values, chances, share, forms, scores, stream
        ):
            continue
        fresh = book.length[0]
        fill(book.rows, 0, fresh, book.level, other_values, forms, scores)
        if book.level[fresh - 1] != 0 or best_row(fresh, book.level, other_values, share, forms, scores, 1)[1] > 0.0:
            continue
        there = cost(book.rows, fresh, book.level, calls, totals, book.needed, forms, scores)
        if there <= here or draw_unit(stream) < np.exp((here - there) / temperature):
            tally[operator, 1] += 1
            tally[operator, 2] += there < lowest
            copy_rows(book.rows, rows, fresh)
            keep(book.level, other_values, level, values, fresh)
            count, here = fresh, there
            if here < lowest or (here == lowest and count < length):
                lowest, length = here, count
                copy_rows(rows, best, count)
    return count, here, length, lowest, steps


@njit(**ENTRY)
def run_jobs(first, last, population, counts, jobs, heats, shares, chances, forms, scores, stop, out):
    """Run the jobs from ``first`` to ``last``; what comes of each goes into ``out``.

    ``out``: rows of ended and best, counts, errors, costs, steps, tallies.
    """
    room, total = population.shape[1], len(scores.given)
    values, other_values = np.zeros((room, total), np.complex128), np.zeros((room, total), np.complex128)
    stream, calls, totals = np.zeros(1, np.int64), np.zeros(32, np.int64), np.zeros(len(scores.leaf))
    book = make_book(room)
    for k in range(first, last):
        job, ended, best = jobs[k], out.rows[2 * k], out.rows[2 * k + 1]
        stream[0], count, tally = job[SEED], counts[job[PARENT]], out.tally[k]
        rows = population[job[PARENT]].copy()
        if stop[0]:
            copy_rows(rows, ended, count)
            copy_rows(rows, best, count)
            out.length[2 * k], out.length[2 * k + 1], out.error[2 * k], out.error[2 * k + 1] = count, count, -1.0, -1.0
            continue
        if job[CLIMBS] == 0:  # right: it walks
            result = walk(
                rows, count, best, job, heats[k, 0], heats[k, 1], chances, tally, shares[k], forms, scores, values,
                other_values, stream, stop,
            )  # fmt: skip
            copy_rows(rows, ended, result[0])
            out.length[2 * k], out.cost[2 * k], out.length[2 * k + 1], out.cost[2 * k + 1] = result[:4]
            out.error[2 * k], out.error[2 * k + 1], out.steps[k] = 0.0, 0.0, result[4]
            continue
        if job[MATE] >= 0:
            cut = 1 + draw_below(stream, count - 1)
            tally[CROSSOVER, 0] += 1
            tally[CROSSOVER, 1] += 1
            mate(rows, population[job[MATE]], cut, count)
            find_levels(rows, 1, out.level[2 * k], forms)
            repair(rows, 1, count, out.level[2 * k], forms, stream)
        root, error, steps = climb(
            rows, count, job, heats[k, 0], chances, tally, shares[k], forms, scores, values, book, stream
        )
        copy_rows(rows, ended, count)
        out.length[2 * k], out.error[2 * k], out.steps[k], out.cost[2 * k] = count, error, steps, np.inf
        out.root[2 * k] = root
        compact(rows, root, book, forms)
        if book.failed[0]:
            copy_rows(rows, best, count)
            out.length[2 * k + 1], out.error[2 * k + 1], out.cost[2 * k + 1] = count, np.inf, np.inf
        else:
            copy_rows(book.rows, best, book.length[0])
            out.length[2 * k + 1], out.error[2 * k + 1] = book.length[0], error
            out.cost[2 * k + 1] = cost(book.rows, book.length[0], book.level, calls, totals, book.needed, forms, scores)
            out.cost[2 * k] = out.cost[2 * k + 1]


@njit(**ENTRY)
def draw_population(population, counts, seeds, forms):
    """Fill a population ``(members, rows, WIDTH)`` with random schemes of ``counts`` rows."""
    level, stream = np.zeros(population.shape[1], np.int64), np.zeros(1, np.int64)
    for k in range(len(population)):
        stream[0] = seeds[k]
        level[0] = 0
        for i in range(1, counts[k]):
            draw_row(population[k], i, level, forms, stream)
