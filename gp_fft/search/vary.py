"""Vary: turn a state into the jobs of one generation and run them in one compiled call."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.clock import Clock
from gp_fft.kernels.burst import JOB, Children, run_burst
from gp_fft.kernels.operators import IN_KERNELS, MUTATIONS, REWRITES
from gp_fft.kernels.packed import pack
from gp_fft.kernels.rng import child_seed
from gp_fft.kernels.rules import Rules, Switches
from gp_fft.program import cost
from gp_fft.search.genome import Genome
from gp_fft.search.islands import Island
from gp_fft.search.lineage import Origin
from gp_fft.search.mend import known_sizes, mend
from gp_fft.search.operators import NAMES, OPERATORS, Tally, chances
from gp_fft.search.settings import Settings
from gp_fft.search.state import State
from gp_fft.transforms import Transform

POLISH_STEPS = 300  # rewriting steps of an approximate program
FROZEN = 0.3  # temperature of the steps that polish an approximate program, in operations
NOISE = 0.5  # on the gain of a shared pair, in operations
# pressures on the squared error, as multiples of inputs squared: a missing entry of size 1 costs that much
BLOATED = 0.6  # a program of more terms, as a part of its matrix's entries, is also tried written out
MATING = 0.1  # chance that an approximate program exchanges definitions with another one
MUST_FIT = 1e4  # the same for programs on the way to exactness
TIE_BREAKER = 1e-4  # weight of operations that the cost model does not count


def rules(transform: Transform, settings: Settings) -> Rules:
    """What holds in every generation, in the form that the kernels take."""
    model = cost.cost_model(settings.cost)
    on = settings.operators
    if model.fused:
        weights = [model.add, TIE_BREAKER, model.add]
    else:
        weights = [model.add or TIE_BREAKER, model.scale or TIE_BREAKER, 0.0]
    turns = cost.primitive_set(settings.primitive_set(transform)).turns
    entries = transform.inputs * transform.outputs * (2 if 1 in turns else 1)
    bloated = int(BLOATED * entries) if "expand" in on else 2**62
    return Rules(
        np.array(weights),
        Switches(merging="merge" in on, sharing="share" in on, signs_only=1 not in turns, expand_above=bloated),
        chances("rewrite", on),
        chances("mutation", on),
        np.array(known_sizes(transform)),
    )


def vary(
    transform: Transform, settings: Settings, state: State, clock: Clock | None = None
) -> tuple[list[Genome], dict[str, Tally], int]:
    """The children of one generation, what each operator did, and how many steps were taken.

    Two children for each job (what its burst ended with, the cheapest exact program it met): first those of the
    members that are not exact yet, then those of the islands, in the order of the state. When the clock is over every
    burst ends with what it has; a child of one that was not begun is its parent again, with its fitness.
    """
    clock = clock or Clock()
    jobs, parents, mates = make_jobs(transform, settings, state)
    target = np.array(transform.matrix, dtype=np.complex128, order="C")
    threads = thread_count(settings)
    children = run_burst(pack(parents + mates), target, jobs, rules(transform, settings), threads, clock.flag)
    total = children.tally.sum(axis=0)
    counters = {op.name: (int(a), int(b), int(c)) for op, (a, b, c) in zip(IN_KERNELS, total, strict=True)}
    steps = int(jobs["mutate_steps"].sum() + jobs["rewrite_steps"].sum())
    if clock.flag[0]:
        steps = int(total[: len(REWRITES) + len(MUTATIONS), 0].sum())
    genomes = mend(_genomes(children, parents[0]), transform, threads, clock)
    flops = cost.primitive_set(settings.primitive_set(transform)).add_flops
    for k, parent in enumerate(parents):
        origin = Origin(parent, state.generation + 1, _best_mutation(children.tally[k]), children.traces[k], flops)
        genomes[2 * k].origin = genomes[2 * k + 1].origin = origin
        for genome in genomes[2 * k : 2 * k + 2] if clock.flag[0] else ():
            if genome.key() == parent.key():
                genome.fitness.values = parent.fitness.values
    return genomes, counters, steps


def _best_mutation(tally: NDArray[np.int64]) -> str:
    """The mutation that improved most often in one burst; ``tally`` (operators, 3)."""
    improved = [(int(tally[k, 2]), -k) for k, op in enumerate(IN_KERNELS) if op.kind == "mutation"]
    return NAMES[-max(improved)[1]]


def make_jobs(
    transform: Transform, settings: Settings, state: State
) -> tuple[NDArray[np.void], list[Genome], list[Genome]]:
    """One JOB record for each member that is not exact and island; their parents, and mates behind them."""
    generator = np.random.default_rng(np.random.SeedSequence([settings.seed, 1, state.generation]))
    members = [*state.driven, *state.approximate]
    parents = members + [island.genome for island in state.islands]
    jobs, mates = np.zeros(len(parents), JOB), list[Genome]()
    for k in range(len(parents)):
        jobs[k]["seed"] = child_seed(settings.seed, 0, state.generation, k)
        jobs[k]["parent"], jobs[k]["mate"], jobs[k]["noise"] = k, -1, NOISE
        if k < len(members):
            _fit_job(jobs[k], transform, settings, k < len(state.driven), generator)
            if "crossover" in settings.operators and generator.random() < MATING:
                jobs[k]["mate"] = int(generator.integers(len(members)))
        else:
            island = state.islands[k - len(members)]
            _walk_job(jobs[k], transform, settings, island)
            if island.mate is not None:
                jobs[k]["mate"] = len(parents) + len(mates)
                mates.append(island.mate)
    return jobs, parents, mates


def _fit_job(
    job: np.void, transform: Transform, settings: Settings, driven: bool, generator: np.random.Generator
) -> None:
    """Mutate an approximate program; one that is driven to exactness whatever it costs is not rewritten."""
    can_mutate = bool(chances("mutation", settings.operators).sum())
    can_rewrite = bool(chances("rewrite", settings.operators).sum())
    job["hot"] = job["cold"] = FROZEN
    job["mutate_steps"] = max(4 * transform.inputs, transform.inputs * transform.outputs) * can_mutate
    job["rewrite_steps"] = 0 if driven else POLISH_STEPS * can_rewrite
    job["pressure"] = transform.inputs**2 * (MUST_FIT if driven else 10.0 ** generator.uniform(-1, 3))


def _walk_job(job: np.void, transform: Transform, settings: Settings, island: Island) -> None:
    """Let an island's annealing go on."""
    can_rewrite = bool(chances("rewrite", settings.operators).sum())
    can_share = any(op.kind == "whole" and op.name in settings.operators for op in OPERATORS)
    steps = island.stride(transform.inputs)
    job["rewrite_steps"] = steps if can_rewrite else int(can_share)
    job["hot"], job["cold"] = island.temperature(island.done), island.temperature(island.done + steps)


def _genomes(children: Children, like: Genome) -> list[Genome]:
    made = []
    for k, (definitions, terms) in enumerate(children.counts.tolist()):
        made.append(
            Genome(
                like.inputs,
                like.field,
                children.starts[k, : definitions + 1].copy(),
                children.refs[k, :terms].copy(),
                children.sizes[k, :terms].copy(),
                children.turns[k, :terms].copy(),
                children.outputs[k].copy(),
            )
        )
    return made


def thread_count(settings: Settings) -> int:
    """How many threads the kernels use."""
    return settings.threads or cores()


def cores() -> int:
    """How many cores this process may use; where the system does not tell what is granted, all that there are."""
    granted = getattr(os, "sched_getaffinity", None)
    return len(granted(0)) if granted else os.cpu_count() or 1


def no_tallies() -> dict[str, Tally]:
    """Every operator, nothing counted yet."""
    return dict.fromkeys(NAMES, (0, 0, 0))
