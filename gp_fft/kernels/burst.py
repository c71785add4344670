"""One generation of variation: every child of a population is made by a few compiled calls, in parallel over children.

A job says what happens to a child: whose copy it starts as, with whom it exchanges definitions (or nobody), how many
mutation steps under which pressure on the error, how many annealed rewriting steps between which temperatures. All
this is one entry: what its parts have in common is optimised once (see ``jit.py``).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gp_fft.kernels.deal import hand_out
from gp_fft.kernels.edits import begin_step, total_cost, undo
from gp_fft.kernels.fit import Goal, fit
from gp_fft.kernels.jit import ALLOCATING, ENTRY, ONCE
from gp_fft.kernels.links import queue
from gp_fft.kernels.load import Room, dump, join, load, make_workbench
from gp_fft.kernels.operators import REWRITES, TALLIES, number
from gp_fft.kernels.outfit import outfit
from gp_fft.kernels.packed import Packed
from gp_fft.kernels.rules import Rules
from gp_fft.kernels.settle import expand, settle
from gp_fft.kernels.share import merge, share, touch_all
from gp_fft.kernels.sight import TINY, WORST_OUTPUT
from gp_fft.kernels.step import anneal
from gp_fft.kernels.trace import KEPT, note
from gp_fft.kernels.workbench import (
    ADD_LIMIT,
    BROKEN,
    DEPTH_LIMIT,
    INTACT,
    LIVE_LIMIT,
    PER_EXCESS,
    STOPPED,
    TERMS,
    UNCOUNTED,
    ZERO,
    Flat,
    record,
)

DIGITS = 4  # terms that an entry is written as where constants are listed
FIRST_MUTATION = len(REWRITES)  # its place in a tally
NEARING = 8  # times as long takes a step of a walk among approximations, about
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
        ("depth", "i8"),  # most levels of operations; 0: no limit
        ("add_depth", "i8"),  # of additions
        ("live", "i8"),  # most values alive at once
        ("per_excess", "f8"),  # what each level or value above costs the walk, in operations
        ("cells", "i8"),  # numbers of operations of which approximations are kept; 0: an exact walk
        ("low", "i8"),  # the first of them
        ("slab", "i8"),  # of the raw children, the first for them; every call counts for itself
        ("first", "f8"),  # the budget of the first step, from which it moves evenly
        ("budget", "f8"),  # to that of the last: operations below which fewer are worth nothing
        ("price", "f8"),  # of an error e times as large, in operations
    ]
)


class Children(NamedTuple):
    """Raw children, two for each job: index 2k what the burst ended with, 2k + 1 the cheapest exact rewrite it met.

    Behind them (or with no definition: nothing) the approximations that a job kept, one for each of its cells.
    """

    counts: np.ndarray  # (slabs, 2) int64: definitions, terms
    starts: np.ndarray  # (slabs, rows + 1) int32
    refs: np.ndarray  # (slabs, terms) int32
    sizes: np.ndarray  # (slabs, terms) float64
    turns: np.ndarray  # (slabs, terms) int8
    outputs: np.ndarray  # (slabs, outputs) int32
    tally: np.ndarray  # (jobs, TALLIES, 3) int64: tried, accepted, improved
    traces: np.ndarray  # (jobs, KEPT + 1, 3) float64: the new lowest costs of each burst


class Task(NamedTuple):
    """One generation: all that its kernels read and write."""

    population: Packed
    target: NDArray[np.complex128]  # (m, n)
    weighed: NDArray[np.complex128]  # (m, n): the target, weighed as the rules say
    norms: NDArray[np.float64]  # (m,): squared norms of its rows
    jobs: NDArray[np.void]  # JOB
    rooms: NDArray[np.int64]  # (jobs, 3): the fields of Room
    rules: Rules
    children: Children
    stop: NDArray[np.int64]  # (1,), not 0 once all is to end


def run_burst(
    population: Packed,
    target: NDArray[np.complex128],
    jobs: NDArray[np.void],
    rules: Rules,
    threads: int = 1,
    stop: NDArray[np.int64] | None = None,
) -> Children:
    """Make the children of ``jobs`` (JOB records) from a packed population; ``target`` (m, n) complex128.

    A child follows from its job and the programs that this names: neither the number of threads nor what else is in
    the population or among the jobs changes it. ``stop`` (1,) int64 may be set to 1 from another thread: then every
    job ends after the step in hand, with what it has, and no other is begun.
    """
    count, jobs = len(jobs), jobs.copy()
    ends = 2 * count + np.cumsum(jobs["cells"])
    jobs["slab"] = ends - jobs["cells"]
    slabs = int(ends[-1]) if count else 0
    rooms = _rooms(population, jobs, target.shape, DIGITS if rules.switches.listed else 1)
    rows, terms, _ = rooms.max(axis=0, initial=0).tolist()
    children = Children(
        np.zeros((slabs, 2), np.int64),
        np.zeros((slabs, rows + 1), np.int32),
        np.zeros((slabs, terms), np.int32),
        np.zeros((slabs, terms), np.float64),
        np.zeros((slabs, terms), np.int8),
        np.zeros((slabs, target.shape[0]), np.int32),
        np.zeros((count, TALLIES, 3), np.int64),
        np.zeros((count, KEPT + 1, 3)),
    )
    stop = np.zeros(1, np.int64) if stop is None else stop
    weighed = np.ascontiguousarray(rules.rows[:, None] * target @ rules.basis)
    norms = (weighed.real**2 + weighed.imag**2).sum(axis=1)
    if rules.measure == WORST_OUTPUT:  # a row of which only zero is wanted counts like the others
        norms = np.where(norms == 0.0, norms.mean(), norms)
    norms = norms.clip(TINY)
    task = Task(population, target, weighed, norms, jobs, rooms, rules, children, stop)
    length = (jobs["mutate_steps"] + jobs["rewrite_steps"]) * np.where(jobs["cells"] > 0, NEARING, 1)
    hand_out(lambda k: _run_job(task, k), np.argsort(-length, kind="stable").tolist(), min(threads, count))
    return children


def _rooms(population: Packed, jobs: NDArray[np.void], shape: tuple[int, ...], digits: int) -> NDArray[np.int64]:
    """The room of the workbench of every job, for the larger of its programs after a ruin; ``(jobs, 3)``.

    An entry of the matrix, written out, is so many terms.
    """
    outputs, inputs = shape
    squares = np.append(0, np.cumsum(np.diff(population.starts) ** 2))
    ends = population.programs
    sizes = np.stack([np.diff(ends), np.diff(population.starts[ends]), np.diff(squares[ends])], axis=1)
    mates = np.where(jobs["mate"] < 0, jobs["parent"], jobs["mate"])
    rows, terms, pairs = np.maximum(sizes[jobs["parent"]], sizes[mates]).astype(np.int64).T
    dense = min(outputs * inputs * 2 * inputs * digits**2, 300_000 * digits)
    more = 4 * inputs * outputs * digits + 1000
    room = Room(3 * rows + 8 * (inputs + outputs) + 200, 4 * terms + more, pairs.clip(dense))
    return np.ascontiguousarray(np.stack(room, axis=1))


@njit(**ALLOCATING)
def _workbench(task, k, seed):
    """An empty workbench with the room of job k."""
    room = Room(task.rooms[k, 0], task.rooms[k, 1], task.rooms[k, 2])
    return make_workbench(task.target.shape[1], room, task.rules, seed, task.stop)


@njit(**ALLOCATING)
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


@njit(**ALLOCATING)
def _slab(children, k):
    """The arrays of a raw child, to write into."""
    return Flat(children.starts[k], children.refs[k], children.sizes[k], children.turns[k], children.outputs[k])


@njit(**ALLOCATING)
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


@njit(**ALLOCATING)
def _keep(b, children, k):
    """Write the program on the workbench into slab k."""
    definitions, terms = dump(b, _slab(children, k))
    children.counts[k, 0] = definitions
    children.counts[k, 1] = terms


@njit(**ALLOCATING)
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
def _run_job(task, k):
    """Make the children of job k, in the slabs 2k and 2k + 1 and those of its cells."""
    parent = _member(task.population, task.jobs[k].parent)
    _copy(parent, task.children, 2 * k)
    _copy(parent, task.children, 2 * k + 1)
    _cross(task, k)
    _fit(task, k)
    _rewrite(task, k)


@njit(**ONCE)
def _cross(task, k):
    """Exchange definitions of the child in slab 2k with the mate."""
    job = task.jobs[k]
    if job.mate < 0 or task.stop[0] != 0:
        return
    b = _workbench(task, k, job.seed)
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
    join(b, _member(task.population, job.mate), own, 0.5)
    for row in range(b.values.shape[0]):
        if b.values[row].alive:
            queue(b, row)
    settle(b)
    children.tally[k, CROSSOVER, 0] += 1
    if b.state[BROKEN] == INTACT:
        children.tally[k, CROSSOVER, 1] += 1
        _keep(b, children, 2 * k)


@njit(**ONCE)
def _fit(task, k):
    """The mutations of job k, on the child in slab 2k."""
    job = task.jobs[k]
    if job.mutate_steps == 0 or task.stop[0] != 0:
        return
    target = task.target
    outputs, inputs = target.shape
    scale = 0.0
    for i in range(outputs):
        for j in range(inputs):
            scale += target[i, j].real * target[i, j].real + target[i, j].imag * target[i, j].imag
    b = _workbench(task, k, job.seed + 1)
    b.state[UNCOUNTED] = 1  # nothing is shared here
    load(b, _trimmed(task.children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
    settle(b)
    matrix = np.zeros((b.values.shape[0], inputs), np.complex128)
    goal = Goal(target, scale, matrix, np.zeros(outputs, np.float64))
    fit(b, goal, job, task.rules.mutations, task.children.tally[k, FIRST_MUTATION:])
    _keep(b, task.children, 2 * k)


@njit(**ONCE)
def _share_all(b, noise, tally):
    """Share a program as it was loaded; False (and the program as it was) if the workbench ran out of room."""
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


@njit(**ONCE)
def _rewrite(task, k):
    """The rewriting of job k: the last program goes to slab 2k, the cheapest to slab 2k + 1."""
    job = task.jobs[k]
    if job.rewrite_steps == 0 or task.stop[0] != 0:
        _copy(_trimmed(task.children, 2 * k), task.children, 2 * k + 1)
        return
    b = _workbench(task, k, job.seed + 2)
    b.state[DEPTH_LIMIT] = job.depth
    b.state[ADD_LIMIT] = job.add_depth
    b.state[LIVE_LIMIT] = job.live
    b.numbers[PER_EXCESS] = job.per_excess
    load(b, _trimmed(task.children, 2 * k))
    if b.state[BROKEN] == STOPPED:
        return
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
        return
    note(trace, ZERO, SHARE, total_cost(b))
    if b.state[TERMS] > task.rules.switches.expand_above:
        _expand_and_share(b, job.noise, tally)
        note(trace, ZERO, EXPAND, total_cost(b))
    best = _slab(task.children, 2 * k + 1)
    definitions, terms = anneal(b, job, task.rules.rewrites, tally, best, trace, outfit(task, k, b))
    task.children.counts[2 * k + 1, 0] = definitions
    task.children.counts[2 * k + 1, 1] = terms
    _keep(b, task.children, 2 * k)
