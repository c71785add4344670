"""One generation of variation: every child of a population is made by a few compiled calls, in parallel over children.

A job says what happens to a child: whose copy it starts as, with whom it exchanges definitions (or nobody), how many
mutation steps under which pressure on the error, how many annealed rewriting steps between which temperatures. These
three parts are entries of their own, so that none is compiled twice (see ``jit.py``).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gp_fft.kernels.edits import begin_step, queue, total_cost, undo
from gp_fft.kernels.jit import ENTRY, INNER, ONCE
from gp_fft.kernels.load import Room, dump, join, load, make_bench
from gp_fft.kernels.mutations import Goal, fit
from gp_fft.kernels.operators import REWRITES, TALLIES, number
from gp_fft.kernels.packed import Packed
from gp_fft.kernels.rewrites import expand
from gp_fft.kernels.rules import Rules
from gp_fft.kernels.settle import settle
from gp_fft.kernels.share import merge, share, touch_all
from gp_fft.kernels.step import anneal
from gp_fft.kernels.trace import KEPT, note
from gp_fft.kernels.workbench import BROKEN, INTACT, STOPPED, TERMS, UNCOUNTED, ZERO, Flat, record

FIRST_MUTATION = len(REWRITES)  # its place in a tally
SHARE, MERGE, CROSSOVER, EXPAND = (np.int64(number(name)) for name in ("share", "merge", "crossover", "expand"))

JOB = record(
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


class Task(NamedTuple):
    """One generation: all that its kernels read and write."""

    population: Packed
    target: NDArray[np.complex128]  # (m, n)
    jobs: NDArray[np.void]  # JOB
    rules: Rules
    children: Children
    room: Room
    stop: NDArray[np.int64]  # (1,), not 0 once all is to end


class Part(NamedTuple):
    """The jobs of one thread: every ``step``-th one."""

    first: int
    step: int


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
    task = Task(population, target, jobs, rules, children, room, np.zeros(1, np.int64) if stop is None else stop)
    with ThreadPoolExecutor(workers) as pool:
        work = [pool.submit(_run_part, task, Part(k, workers)) for k in range(workers)]
    for done in work:
        done.result()
    return children


def _run_part(task: Task, part: Part) -> None:
    """Make the children of the jobs of one thread."""
    _cross_jobs(task, part)
    _fit_jobs(task, part)
    _rewrite_jobs(task, part)


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
    """The k-th program of a packed population."""
    first = population.programs[k]
    last = population.programs[k + 1]
    begin = population.starts[first]
    end = population.starts[last]
    starts = np.empty(last - first + 1, np.int32)
    for row in range(first, last + 1):
        starts[row - first] = population.starts[row] - begin
    return Flat(
        starts,
        population.refs[begin:end],
        population.sizes[begin:end],
        population.turns[begin:end],
        population.outputs[k],
    )


@njit(**INNER)
def _slab(children, k):
    """The arrays of a raw child, to write into."""
    return Flat(children.starts[k], children.refs[k], children.sizes[k], children.turns[k], children.outputs[k])


@njit(**INNER)
def _trimmed(children, k):
    """A raw child, its arrays cut to their lengths."""
    definitions = children.counts[k, 0]
    terms = children.counts[k, 1]
    return Flat(
        children.starts[k, : definitions + 1],
        children.refs[k, :terms],
        children.sizes[k, :terms],
        children.turns[k, :terms],
        children.outputs[k],
    )


@njit(**INNER)
def _keep(b, children, k):
    """Write the program on the bench into slab k."""
    definitions, terms = dump(b, _slab(children, k))
    children.counts[k, 0] = definitions
    children.counts[k, 1] = terms


@njit(**INNER)
def _copy(flat, children, k):
    """Write a program into slab k; in loops, since Numba's assignment of slices brings a whole library of texts."""
    to = _slab(children, k)
    for i in range(flat.starts.shape[0]):
        to.starts[i] = flat.starts[i]
    for i in range(flat.refs.shape[0]):
        to.refs[i] = flat.refs[i]
        to.sizes[i] = flat.sizes[i]
        to.turns[i] = flat.turns[i]
    for i in range(flat.outputs.shape[0]):
        to.outputs[i] = flat.outputs[i]
    children.counts[k, 0] = flat.starts.shape[0] - 1
    children.counts[k, 1] = flat.refs.shape[0]


@njit(**ENTRY)
def _cross_jobs(task, part):
    """Begin the children of job k, in the slabs 2k and 2k + 1, as copies of the parent; let the first meet the mate."""
    for k in range(part.first, task.jobs.shape[0], part.step):
        job = task.jobs[k]
        parent = _member(task.population, job.parent)
        _copy(parent, task.children, 2 * k)
        _copy(parent, task.children, 2 * k + 1)
        if job.mate >= 0 and task.stop[0] == 0:
            b = make_bench(task.target.shape[1], task.room, task.rules, job.seed, task.stop)
            _cross(b, task, k)


@njit(**ONCE)
def _cross(b, task, k):
    """Exchange definitions of the child in slab 2k with the mate."""
    children = task.children
    where = load(b, _trimmed(children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
    outputs = children.outputs[2 * k]
    own = np.empty(outputs.shape[0], np.int64)
    for i in range(outputs.shape[0]):
        own[i] = where[outputs[i]]
    settle(b)
    begin_step(b)
    join(b, _member(task.population, task.jobs[k].mate), own, 0.5)
    for row in range(b.values.shape[0]):
        if b.values[row].alive:
            queue(b, row)
    settle(b)
    children.tally[k, CROSSOVER, 0] += 1
    if b.state[BROKEN] == INTACT:
        children.tally[k, CROSSOVER, 1] += 1
        _keep(b, children, 2 * k)


@njit(**ENTRY)
def _fit_jobs(task, part):
    """The mutations of every job, on the child in slab 2k."""
    target = task.target
    scale = 0.0
    for row in target:
        for x in row:
            scale += x.real * x.real + x.imag * x.imag
    for k in range(part.first, task.jobs.shape[0], part.step):
        job = task.jobs[k]
        if job.mutate_steps == 0 or task.stop[0] != 0:
            continue
        b = make_bench(target.shape[1], task.room, task.rules, job.seed + 1, task.stop)
        b.state[UNCOUNTED] = 1  # nothing is shared here
        load(b, _trimmed(task.children, 2 * k))
        if b.state[BROKEN] == STOPPED:
            continue
        settle(b)
        matrix = np.zeros((b.values.shape[0], target.shape[1]), np.complex128)
        goal = Goal(target, scale, matrix, np.zeros(target.shape[0], np.float64))
        tally = task.children.tally[k, FIRST_MUTATION:]
        fit(b, goal, job.mutate_steps, job.pressure, task.rules.mutations, tally)
        _keep(b, task.children, 2 * k)


@njit(**ONCE)
def _share_all(b, noise, tally):
    """Share a program as it was loaded; False (and the program as it was) if the bench ran out of room."""
    begin_step(b)
    touch_all(b)
    before = total_cost(b)
    extracted = share(b, noise)
    if b.state[BROKEN] != INTACT:
        undo(b)
        return False
    tally[SHARE, 0] += 1
    tally[SHARE, 1] += extracted > 0
    tally[SHARE, 2] += total_cost(b) < before
    return True


@njit(**ONCE)
def _expand_and_share(b, noise, tally):
    """Write a bloated program out and share it afresh, and keep the cheaper of the two."""
    before = total_cost(b)
    begin_step(b)
    expand(b)
    settle(b)
    touch_all(b)
    share(b, noise)
    tally[EXPAND, 0] += 1
    if b.state[BROKEN] != INTACT or total_cost(b) >= before:
        undo(b)
    else:
        tally[EXPAND, 1] += 1
        tally[EXPAND, 2] += 1


@njit(**ENTRY)
def _rewrite_jobs(task, part):
    """The rewriting of every job: the last program goes to slab 2k, the cheapest to slab 2k + 1."""
    for k in range(part.first, task.jobs.shape[0], part.step):
        job = task.jobs[k]
        if job.rewrite_steps == 0 or task.stop[0] != 0:
            _copy(_trimmed(task.children, 2 * k), task.children, 2 * k + 1)
            continue
        b = make_bench(task.target.shape[1], task.room, task.rules, job.seed + 2, task.stop)
        load(b, _trimmed(task.children, 2 * k))
        if b.state[BROKEN] == STOPPED:
            continue
        tally = task.children.tally[k]
        trace = task.children.traces[k]
        before = total_cost(b)
        note(trace, ZERO, CROSSOVER, before)
        settle(b)
        if task.rules.switches.merging:
            merged = merge(b)
            tally[MERGE, 0] += 1
            tally[MERGE, 1] += merged > 0
            tally[MERGE, 2] += total_cost(b) < before
            note(trace, ZERO, MERGE, total_cost(b))
        if not _share_all(b, job.noise, tally):
            continue
        note(trace, ZERO, SHARE, total_cost(b))
        if b.state[TERMS] > task.rules.switches.expand_above:
            _expand_and_share(b, job.noise, tally)
            note(trace, ZERO, EXPAND, total_cost(b))
        best = _slab(task.children, 2 * k + 1)
        definitions, terms = anneal(b, job, task.rules.rewrites, tally, best, trace)
        task.children.counts[2 * k + 1, 0] = definitions
        task.children.counts[2 * k + 1, 1] = terms
        _keep(b, task.children, 2 * k)
