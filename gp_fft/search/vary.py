"""Vary: turn a state into the jobs of one generation, have their bursts run, and read the children back."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.islands import Island
from gp_fft.evolution.members import Brood, Litter
from gp_fft.ground.clock import Clock
from gp_fft.kernels.burst import JOB, Children
from gp_fft.kernels.operators import IN_KERNELS, WHOLE
from gp_fft.kernels.packed import pack
from gp_fft.kernels.rng import child_seed
from gp_fft.kernels.rules import Rules, Switches, constants, of_set
from gp_fft.kernels.workbench import UNIT
from gp_fft.program import cost
from gp_fft.search import near
from gp_fft.search.genome import ErrorAndCost, Genome
from gp_fft.search.lineage import Origin
from gp_fft.search.mend import known_sizes, mend
from gp_fft.search.objectives import limits_of
from gp_fft.search.operators import OPERATORS, chances
from gp_fft.search.settings import Settings
from gp_fft.search.state import State
from gp_fft.transforms import FREE, Transform, fit_scaling
from gp_fft.transforms.scaling import BOTH
from primitives import REAL_PARTS

Burst = Callable[..., Children]  # see gp_fft.search.steps
STRIDE = 5000  # steps of one generation of an island, fewer for more than LARGE inputs
FEWER = 500  # the same beside long walks among approximations
YOUNG = 300_000  # steps of an island before that
LARGE = 32
NOISE = 0.5  # on the gain of a shared pair, in operations
BLOATED = 0.6  # a program of more terms, as a part of its matrix's entries, is also tried written out
MATING = 0.1  # chance that an approximate program exchanges definitions with another one
MUST_FIT = 1e4  # what a squared error costs on the way to exactness, in operations for every input squared
PER_EXCESS = 1.0  # what a level above a limit, or a value too many, costs the walk, in operations
TIE_BREAKER = 1e-4  # weight of operations that the cost model does not count


def rules(transform: Transform, settings: Settings, state: State | None = None) -> Rules:
    """What holds in a generation, in the form that the kernels take, and what walks among approximations are to beat.

    No ``state``: nothing is to be beaten.
    """
    model, chosen = cost.cost_model(settings.cost), settings.primitive_set(transform)
    on, turns = settings.switched_on(transform), chosen.turns_on(transform.field)
    if model.fused:
        weights = [model.add, TIE_BREAKER / UNIT, model.add]
    else:
        weights = [model.add * chosen.add or TIE_BREAKER, (model.scale or TIE_BREAKER) / UNIT, 0.0]
    entries = transform.inputs * transform.outputs * (2 if 1 in turns else 1)
    bloated, free = int(BLOATED * entries) if "expand" in on else 2**62, list(FREE).index(settings.free)
    return Rules(
        np.array(weights),
        Switches("merge" in on, "share" in on, **of_set(chosen, transform.field), expand_above=bloated, scaling=free),
        chances("rewrite", on),
        chances("mutation", on),
        chances("approximation", on),
        *constants(chosen, known_sizes(transform) if chosen.constants is None else ()),
        **near.aim(transform, settings, () if state is None else near.standing(state))._asdict(),
    )


def stride(inputs: int, settings: Settings, age: int = 0) -> int:
    """The most steps of an island of this age in one generation.

    Where most of the time goes to approximations they are few once it is no longer young: what approximations are made
    of must be found first.
    """
    return (FEWER if settings.approximate and age >= YOUNG else STRIDE) * LARGE // max(LARGE, inputs)


def vary(
    transform: Transform, settings: Settings, state: State, *, burst: Burst, clock: Clock | None = None
) -> Brood[Genome]:
    """The litters of one generation: of members that are not exact yet, of islands, of walks among approximations.

    When the clock is over every burst ends with what it has; a child of one that was not begun is its parent again,
    with its fitness.
    """
    clock = clock or Clock()
    told = rules(transform, settings, state)
    jobs, parents, mates = make_jobs(transform, settings, state, told.known)
    target = np.array(transform.matrix, dtype=np.complex128, order="C")
    children = burst(pack(parents + mates), target, jobs, told)
    total = children.tally.sum(axis=0)
    tallies = {op.name: (int(a), int(b), int(c)) for op, (a, b, c) in zip(IN_KERNELS, total, strict=True)}
    steps = int(jobs["mutate_steps"].sum() + jobs["rewrite_steps"].sum())
    if clock.flag[0]:
        steps = int(total[: len(IN_KERNELS) - len(WHOLE), 0].sum())
    genomes = _genomes(children, parents[0])
    if settings.primitive_set(transform).constants is None:  # listed ones do not drift
        there = [k for k, genome in enumerate(genomes) if len(genome.starts) > 1]  # a cell may have stayed empty
        mended = mend([genomes[k] for k in there], transform, thread_count(settings), clock, settings.free)
        for k, genome in zip(there, mended, strict=True):
            genomes[k] = genome
    litters, driven = [], len(state.driven)
    for k, parent in enumerate(parents):
        island = k - driven if 0 <= k - driven < len(state.islands) else None
        trace, tally = children.traces[k], children.tally[k]
        job = Origin(
            parent, island, generation=state.generation + 1, trace=trace, tally=tally, flops=REAL_PARTS[transform.field]
        )
        if jobs["cells"][k]:
            first, last = int(jobs["slab"][k]), int(jobs["slab"][k] + jobs["cells"][k])
            kept = [genome for genome in genomes[first:last] if len(genome.starts) > 1]
            litters.append(Litter(job, parent, parent, tuple(kept)))
            continue
        ended, best = genomes[2 * k : 2 * k + 2]
        litters.append(Litter(job, ended, best))
        for child in (ended, best) if clock.flag[0] else ():
            if child.key() == parent.key():
                child.fitness.values = parent.fitness.values
    return Brood(tuple(litters), tallies, steps)


def make_jobs(
    transform: Transform, settings: Settings, state: State, known: NDArray[np.float64]
) -> tuple[NDArray[np.void], list[Genome], list[Genome]]:
    """One JOB record for each driven member, island and walk among approximations; their parents, and mates behind."""
    generator = np.random.default_rng(np.random.SeedSequence([settings.seed, 1, state.generation]))
    driven, walks = list(state.driven), near.walks(transform, settings, state, known)
    parents = driven + [island.here for island in state.islands] + [walk.parent for walk in walks]
    jobs, mates = np.zeros(len(parents), JOB), list[Genome]()
    jobs["parent"], jobs["mate"], jobs["noise"] = np.arange(len(parents)), -1, NOISE
    for k, job in enumerate(jobs):
        job["seed"] = child_seed(settings.seed, 0, state.generation, k)
        if k < len(driven):
            _fit_job(job, transform, settings)
            _limit(job, settings, None)
            if "crossover" in settings.switched_on(transform) and generator.random() < MATING:
                job["mate"] = int(generator.integers(len(driven)))
        elif k < len(driven) + len(state.islands):
            island = state.islands[k - len(driven)]
            _walk_job(job, transform, settings, island)
            _limit(job, settings, island.limit)
            if island.mate is not None:
                job["mate"] = len(parents) + len(mates)
                mates.append(_alike(island.mate, island.here, transform) if settings.free == BOTH else island.mate)
    slab = 2 * len(parents)
    for k, walk in enumerate(walks):
        job = jobs[len(parents) - len(walks) + k]
        _limit(job, settings, None)
        slab = walk.fill(job, slab, child_seed(settings.seed, 3, state.generation, k))
    return jobs, parents, mates


def _alike(mate: Genome, parent: Genome, transform: Transform) -> Genome:
    """A mate that takes its inputs with the factors that the parent takes them with, so that their values compare."""
    own, other = (
        fit_scaling(genome.program.matrix(), transform, BOTH).over(transform.outputs, transform.inputs)[1]
        for genome in (parent, mate)
    )
    factors = np.append(own / other, 1.0)[np.minimum(mate.refs, transform.inputs)]
    turns = np.where(factors < 0, (mate.turns + 2) % 4, mate.turns).astype(np.int8)
    return replace(mate, sizes=mate.sizes * np.abs(factors), turns=turns, fitness=ErrorAndCost())


def _fit_job(job: np.void, transform: Transform, settings: Settings) -> None:
    """Mutate a program that is driven to exactness whatever it costs, and so is not rewritten."""
    can_mutate = bool(chances("mutation", settings.switched_on(transform)).sum())
    job["mutate_steps"] = max(4 * transform.inputs, transform.inputs * transform.outputs) * can_mutate
    job["pressure"] = transform.inputs**2 * MUST_FIT


def _limit(job: np.void, settings: Settings, limit: int | None) -> None:
    """Let a burst keep to the limits, and that of its island to this one on the third axis."""
    for name, value in limits_of(settings, limit).items():
        job[name] = value
    job["per_excess"] = PER_EXCESS


def _walk_job(job: np.void, transform: Transform, settings: Settings, island: Island[Genome]) -> None:
    """Let an island's annealing go on."""
    can_rewrite = bool(chances("rewrite", settings.switched_on(transform)).sum())
    can_share = any(op.kind == "whole" and op.name in settings.switched_on(transform) for op in OPERATORS)
    steps = island.stride(stride(transform.inputs, settings, island.age))
    job["rewrite_steps"] = steps if can_rewrite else int(can_share)
    job["hot"], job["cold"] = island.temperature(island.done), island.temperature(island.done + steps)


def _genomes(children: Children, like: Genome) -> list[Genome]:
    """Raw children as genomes, their arrays cut to their lengths."""
    made = []
    for k, (definitions, terms) in enumerate(children.counts.tolist()):
        arrays = {
            "starts": children.starts[k, : definitions + 1].copy(),
            "refs": children.refs[k, :terms].copy(),
            "sizes": children.sizes[k, :terms].copy(),
            "turns": children.turns[k, :terms].copy(),
            "outputs": children.outputs[k].copy(),
        }
        made.append(Genome(like.inputs, like.field, **arrays, title=like.title, primitives=like.primitives))
    return made


def join(parts: Sequence[Children]) -> Children:
    """What several calls made of parts of the jobs, in their order, as one call would have made it."""
    columns = []
    slabs = [2 * len(part.tally) for part in parts]
    for arrays in zip(*parts, strict=True):
        width = max(array.shape[1] for array in arrays)
        free = [[(0, 0), (0, width - array.shape[1]), *[(0, 0)] * (array.ndim - 2)] for array in arrays]
        wide = list(map(np.pad, arrays, free))
        firsts = [array[:count] for array, count in zip(wide, slabs, strict=True)]
        columns.append(np.concatenate(firsts + [array[count:] for array, count in zip(wide, slabs, strict=True)]))
    return Children(*columns)


def thread_count(settings: Settings) -> int:
    """How many threads the kernels use."""
    return settings.threads or cores()


def cores() -> int:
    """How many cores this process may use; where the system does not tell what is granted, all that there are."""
    granted = getattr(os, "sched_getaffinity", None)
    return len(granted(0)) if granted else os.cpu_count() or 1
