"""One generation of variation: every child of a population is made by one compiled call, in parallel over children.

A job says what happens to a child: whose copy it starts as, with whom it exchanges definitions (or nobody), how many
mutation steps under which pressure on the error, how many annealed rewriting steps between which temperatures.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gp_fft.kernels.bench import BROKEN, STOPPED, TERMS, UNCOUNTED
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.load import Room, dump, join, load, make_bench
from gp_fft.kernels.mutations import fit
from gp_fft.kernels.packed import Packed
from gp_fft.kernels.rewrites import expand
from gp_fft.kernels.settle import settle
from gp_fft.kernels.share import merge, share, touch_all
from gp_fft.kernels.step import anneal
from gp_fft.kernels.trace import KEPT, note
from gp_fft.kernels.workbench import begin_step, queue, total_cost, undo

REWRITES = 7
MUTATIONS = 7
SHARE, MERGE, CROSSOVER, EXPAND = range(REWRITES + MUTATIONS, REWRITES + MUTATIONS + 4)
TALLIES = REWRITES + MUTATIONS + 4

JOB = np.dtype(
    [
        ("seed", "i8"),
        ("parent", "i4"),
        ("mate", "i4"),  # -1: none
        ("mutate_steps", "i8"),
        ("rewrite_steps", "i8"),  # 0: no sharing either
        ("pressure", "f8"),  # what a squared relative error of 1 costs, in operations
        ("hot", "f8"),  # temperatures, in operations
        ("cold", "f8"),
        ("noise", "f8"),  # on the gain of a shared pair, in operations
    ]
)


class Rules(NamedTuple):
    """What holds for a whole run."""

    weights: np.ndarray  # (3,) float64: cost of an addition, a scale, a row without a unit term
    flags: np.ndarray  # (4,) int64: merge, share, turns limited to signs, number of terms above which to expand
    rewrites: np.ndarray  # (REWRITES,) float64, sum 1
    mutations: np.ndarray  # (MUTATIONS,) float64, sum 1; the last is the refit
    constants: np.ndarray  # float64, sizes known beforehand


class Children(NamedTuple):
    """Raw children, two for each job: index 2k what the burst ended with, 2k + 1 the cheapest exact rewrite it met."""

    counts: np.ndarray  # (2 jobs, 2) int64: definitions, terms
    starts: np.ndarray  # (2 jobs, rows + 1) int32
    refs: np.ndarray  # (2 jobs, terms) int32
    sizes: np.ndarray  # (2 jobs, terms) float64
    turns: np.ndarray  # (2 jobs, terms) int8
    outputs: np.ndarray  # (2 jobs, outputs) int32
    tally: np.ndarray  # (jobs, TALLIES, 3) int64: tried, accepted, improved
    traces: np.ndarray  # (jobs, KEPT + 1, 3) float64: the new lowest costs of each burst


def run_burst(
    population: Packed,
    target: NDArray[np.complex128],
    jobs: NDArray[np.void],
    rules: Rules,
    threads: int = 1,
    stop: NDArray[np.int64] | None = None,
) -> Children:
    """Make the children of ``jobs`` (JOB records) from a packed population; ``target`` (m, n) complex128.

    The threads are plain ones that run compiled code outside the GIL (a ``prange`` would compile every kernel
    twice); each job is independent, so their number never changes a child. ``stop`` (1,) int64 may be set to 1 from
    another thread: then every job ends after the step in hand, with what it has, and no other is begun.
    """
    count = len(jobs)
    room = _capacities(population, target.shape)
    rows, terms, _ = room
    children = Children(
        np.zeros((2 * count, 2), np.int64),
        np.zeros((2 * count, rows + 1), np.int32),
        np.zeros((2 * count, terms), np.int32),
        np.zeros((2 * count, terms), np.float64),
        np.zeros((2 * count, terms), np.int8),
        np.zeros((2 * count, target.shape[0]), np.int32),
        np.zeros((count, TALLIES, 3), np.int64),
        np.zeros((count, KEPT + 1, 3)),
    )
    workers = max(1, min(threads, count))
    stop = np.zeros(1, np.int64) if stop is None else stop
    with ThreadPoolExecutor(workers) as pool:
        work = [
            pool.submit(_run_share, k, workers, population, target, jobs, rules, children, room, stop)
            for k in range(workers)
        ]
    for done in work:
        done.result()
    return children


def _capacities(population: Packed, shape: tuple[int, ...]) -> Room:
    """Room for the largest program of the population after a ruin: rows, terms, pairs of terms."""
    outputs, inputs = shape
    lengths = np.diff(population.starts)
    ends = population.starts[population.programs]
    dense = min(outputs * inputs * 2 * inputs, 300_000)
    pairs = int(
        max((lengths[a:b] ** 2).sum() for a, b in zip(population.programs, population.programs[1:], strict=False))
    )
    terms = 4 * int(np.diff(ends).max()) + 4 * inputs * outputs + 1000
    rows = 3 * int(np.diff(population.programs).max()) + 8 * (inputs + outputs) + 200
    return Room(rows, terms, max(pairs, dense))


@njit(**INNER)
def _member(population, k):
    """The flat arrays of the k-th program of a packed population."""
    first = population.programs[k]
    last = population.programs[k + 1]
    begin = population.starts[first]
    end = population.starts[last]
    starts = (population.starts[first : last + 1] - begin).astype(np.int32)
    return (
        starts,
        population.refs[begin:end],
        population.sizes[begin:end],
        population.turns[begin:end],
        population.outputs[k],
    )


@njit(**INNER)
def _slab(children, k):
    return children.starts[k], children.refs[k], children.sizes[k], children.turns[k], children.outputs[k]


@njit(**INNER)
def _trimmed(children, k):
    """The flat arrays of a raw child, cut to their lengths."""
    definitions = children.counts[k, 0]
    terms = children.counts[k, 1]
    return (
        children.starts[k, : definitions + 1],
        children.refs[k, :terms],
        children.sizes[k, :terms],
        children.turns[k, :terms],
        children.outputs[k],
    )


@njit(**INNER)
def _keep(b, children, k):
    definitions, terms = dump(b, *_slab(children, k))
    children.counts[k, 0] = definitions
    children.counts[k, 1] = terms


@njit(**INNER)
def _fit_child(b, k, job, target, rules, children):
    """The mutation part of a job; leaves the child in slab 2k."""
    b.state[UNCOUNTED] = 1  # nothing is shared here
    load(b, *_trimmed(children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
    settle(b)
    matrix = np.zeros((b.values.shape[0], target.shape[1]), np.complex128)
    errors = np.zeros(target.shape[0])
    scale = 0.0
    for row in target:
        for x in row:
            scale += x.real * x.real + x.imag * x.imag
    tally = children.tally[k, REWRITES : REWRITES + MUTATIONS]
    fit(b, matrix, target, scale, job.mutate_steps, job.pressure, rules.mutations, tally, errors)
    _keep(b, children, 2 * k)


@njit(**INNER)
def _cross(b, k, population, mate, rules, children):
    """The crossover part of a job: exchange definitions with the mate; leaves the child in slab 2k."""
    where = load(b, *_trimmed(children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
    own = where[children.outputs[2 * k]]
    settle(b)
    begin_step(b)
    join(b, *_member(population, mate), own, 0.5)
    for row in range(b.values.shape[0]):
        if b.values[row].alive:
            queue(b, row)
    settle(b)
    children.tally[k, CROSSOVER, 0] += 1
    if b.state[BROKEN] == 0:
        children.tally[k, CROSSOVER, 1] += 1
        _keep(b, children, 2 * k)


@njit(**INNER)
def _share_all(b, job, tally):
    """Share a program as it was loaded; False (and the program as it was) if the bench ran out of room."""
    begin_step(b)
    touch_all(b)
    before = total_cost(b)
    extracted = share(b, job.noise)
    if b.state[BROKEN] != 0:
        undo(b)
        return False
    tally[SHARE, 0] += 1
    tally[SHARE, 1] += extracted > 0
    tally[SHARE, 2] += total_cost(b) < before
    return True


@njit(**INNER)
def _expand_and_share(b, job, tally):
    """Write a bloated program out and share it afresh, and keep the cheaper of the two."""
    before = total_cost(b)
    begin_step(b)
    expand(b)
    settle(b)
    touch_all(b)
    share(b, job.noise)
    tally[EXPAND, 0] += 1
    if b.state[BROKEN] != 0 or total_cost(b) >= before:
        undo(b)
        return
    tally[EXPAND, 1] += 1
    tally[EXPAND, 2] += 1


@njit(**INNER)
def _rewrite_child(b, k, job, rules, children):
    """The rewriting part of a job; leaves the last program in slab 2k and the cheapest in slab 2k + 1."""
    load(b, *_trimmed(children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
    tally = children.tally[k]
    trace = children.traces[k]
    before = total_cost(b)
    note(trace, 0, CROSSOVER, before)
    settle(b)
    if rules.flags[0]:
        merged = merge(b)
        tally[MERGE, 0] += 1
        tally[MERGE, 1] += merged > 0
        tally[MERGE, 2] += 1 if total_cost(b) < before else 0
        note(trace, 0, MERGE, total_cost(b))
    if not _share_all(b, job, tally):
        return
    note(trace, 0, SHARE, total_cost(b))
    if b.state[TERMS] > rules.flags[3]:
        _expand_and_share(b, job, tally)
        note(trace, 0, EXPAND, total_cost(b))
    best = _slab(children, 2 * k + 1)
    definitions, terms, _ = anneal(
        b, job.rewrite_steps, job.hot, job.cold, job.noise, rules.rewrites, tally[:REWRITES], best, trace
    )
    children.counts[2 * k + 1, 0] = definitions
    children.counts[2 * k + 1, 1] = terms
    _keep(b, children, 2 * k)


@njit(**INNER)
def _run_job(k, population, target, jobs, rules, children, room, stop):
    job = jobs[k]
    inputs = target.shape[1]
    starts, refs, sizes, turns, outputs = _member(population, job.parent)
    definitions = starts.shape[0] - 1
    for s in (2 * k, 2 * k + 1):
        children.counts[s, 0] = definitions
        children.counts[s, 1] = refs.shape[0]
        children.starts[s, : definitions + 1] = starts
        children.refs[s, : refs.shape[0]] = refs
        children.sizes[s, : refs.shape[0]] = sizes
        children.turns[s, : refs.shape[0]] = turns
        children.outputs[s] = outputs
    if job.mate >= 0 and stop[0] == 0:
        b = make_bench(inputs, room, rules.weights, rules.flags, job.seed, rules.constants, stop)
        _cross(b, k, population, job.mate, rules, children)
    if job.mutate_steps > 0 and stop[0] == 0:
        b = make_bench(inputs, room, rules.weights, rules.flags, job.seed + 1, rules.constants, stop)
        _fit_child(b, k, job, target, rules, children)
    if job.rewrite_steps > 0 and stop[0] == 0:
        b = make_bench(inputs, room, rules.weights, rules.flags, job.seed + 2, rules.constants, stop)
        _rewrite_child(b, k, job, rules, children)
    else:
        _copy_slab(children, 2 * k, 2 * k + 1)


@njit(**INNER)
def _copy_slab(children, source, to):
    children.counts[to] = children.counts[source]
    children.starts[to] = children.starts[source]
    children.refs[to] = children.refs[source]
    children.sizes[to] = children.sizes[source]
    children.turns[to] = children.turns[source]
    children.outputs[to] = children.outputs[source]


@njit(cache=True, error_model="numpy", nogil=True)
def _run_share(worker, workers, population, target, jobs, rules, children, room, stop):
    """The jobs of one thread: every ``workers``-th one."""
    for k in range(worker, jobs.shape[0], workers):
        _run_job(k, population, target, jobs, rules, children, room, stop)
