"""The search for schemes on the loop of every evolution: its steps.

While a scheme is wrong it climbs: the population is as many climbers, each in its own place, full of rows that its
output does not use yet. One that gets right leaves a clean copy behind, which islands anneal by rewrites; a quarter of
the places stays with climbers, who find other right ones. The front keeps, besides what nothing beats in error and
cost, the cheapest right scheme of every species: the number of calls at each length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from deap import base
from numpy.typing import NDArray

from gp_fft.evolution import ranked
from gp_fft.evolution.islands import BEGINNINGS, Ways, migrate, wanted
from gp_fft.evolution.loop import evolution, stream
from gp_fft.evolution.members import Brood, Job, Litter, Record, is_scored
from gp_fft.evolution.state import State
from gp_fft.ground.clock import Clock
from gp_fft.kernels.rng import child_seed
from gp_fft.schemes import bursts
from gp_fft.schemes.draft import CLEAN, Draft, rows_of
from gp_fft.schemes.family import Family
from gp_fft.schemes.forms import Table, table
from gp_fft.schemes.problem import Discovery
from gp_fft.schemes.settings import OPERATORS, ROWS, Asked
from gp_fft.schemes.targets import aimed
from gp_fft.schemes.text import parse_scheme

CLIMB, WALK = 500, 2000  # steps of one generation of a climber, and of an island
COUNTS = 5  # a step on a scheme counts as so many of the cycles of islands, whose lengths were measured on programs
MATING = 0.2  # chance that a climber takes its last rows from another
UNIT = 64.0  # operations of a temperature of 1, where costs are those at n = 256
DEAREST = 4.0  # a right scheme that costs so many times the cheapest is on no front for its species
CHANCES = {**dict.fromkeys(BEGINNINGS, 0.1), "migrate": 0.3, "consensus": 0.0, "crossover": 0.0}


def start(tables: Table, settings: Asked) -> list[Draft]:
    """Random climbers, which know nothing of the transform, and the scheme to start from, where there is one."""
    seeds = [int(child_seed(settings.seed, 3, 0, k)) for k in range(settings.population)]
    rows = settings.rows or ROWS[tables.family.base]
    drafts = [Draft(tables, one, walk) for walk, one in enumerate(bursts.draw(tables, settings, rows, seeds))]
    given = [Draft(tables, rows_of(tables, parse_scheme(settings.start)))] if settings.start else []
    return [*given, *drafts[len(given) :]]


def score(tables: Table, settings: Asked, drafts: Sequence[Draft]) -> None:
    """Error and cost of each, by a climb of no steps."""
    if not drafts:
        return
    jobs = _jobs(len(drafts), settings)
    jobs[:, 4] = 1
    results = _run(tables, settings, drafts, jobs, Clock())
    for k, draft in enumerate(drafts):
        draft.error, draft.cost = float(results.error[2 * k]), float(results.cost[2 * k + 1])


def vary(tables: Table, settings: Asked, state: State[Draft], clock: Clock) -> Brood[Draft]:
    """The litters of one generation: those of the climbers, then those of the islands."""
    climbers = [_afresh(draft, tables, settings, state.generation) for draft in _climbers(tables, settings, state)]
    parents = climbers + [island.here for island in state.islands]
    jobs, heats = _jobs(len(parents), settings), np.full((len(parents), 2), settings.temperature)
    draws = np.random.default_rng(np.random.SeedSequence([settings.seed, 1, state.generation]))
    for k, job in enumerate(jobs):
        job[2] = child_seed(settings.seed, 0, state.generation, k)
        if k < len(climbers):
            job[3:5] = CLIMB, 1
            if "crossover" in settings.operators and draws.random() < MATING:
                other = int(draws.integers(len(climbers)))
                if len(climbers[other].rows) == len(climbers[k].rows):
                    job[1] = other
        else:
            island = state.islands[k - len(climbers)]
            stride = island.stride(COUNTS * WALK)
            job[3] = max(1, stride // COUNTS)
            heats[k] = [UNIT * island.temperature(island.done + steps) for steps in (0, stride)]
    shares = np.tile(tables.scores.share, (len(parents), 1))
    if settings.selection == "cases":
        shares[: len(climbers)] *= _weights(tables, draws, len(climbers))
    results = _run(tables, settings, parents, jobs, clock, heats, shares)
    litters = [_litter(tables, results, k, parents, len(climbers), state) for k in range(len(parents))]
    total = results.tally.sum(axis=0)
    tallies = {name: (int(a), int(b), int(c)) for name, (a, b, c) in zip(OPERATORS, total, strict=True)}
    steps = int(results.steps.sum())
    if settings.selection == "targets" and litters:
        others, more = aimed(tables, settings, state, clock.flag)
        litters[0], steps = replace(litters[0], others=tuple(others)), steps + more
    return Brood(tuple(litters), tallies, steps)


def _jobs(several: int, settings: Asked) -> NDArray[np.int64]:
    jobs = np.zeros((several, 6), np.int64)
    jobs[:, 0], jobs[:, 1], jobs[:, 5] = np.arange(several), -1, bursts.OUTPUT[settings.output]
    return jobs


def _run(
    tables: Table,
    settings: Asked,
    drafts: Sequence[Draft],
    jobs: NDArray[np.int64],
    clock: Clock,
    heats: NDArray[np.float64] | None = None,
    shares: NDArray[np.float64] | None = None,
) -> bursts.Results:
    heats = np.zeros((len(jobs), 2)) if heats is None else heats
    shares = np.tile(tables.scores.share, (len(jobs), 1)) if shares is None else shares
    return bursts.run(tables, settings, [draft.rows for draft in drafts], jobs, heats, shares, clock.flag)


def _weights(tables: Table, draws: np.random.Generator, several: int) -> NDArray[np.float64]:
    """A weight for every case, a size and a residue of the output index, drawn anew for each climber: mean 1."""
    prime, sizes, start_ = tables.family.prime, tables.scores.sizes, tables.scores.start
    residues = prime**tables.depth
    weights = draws.exponential(size=(several, len(sizes), residues))
    full = np.ones((several, len(tables.scores.share)))
    for s in range(len(sizes)):
        places = np.arange(start_[s], start_[s + 1])
        full[:, places] = weights[:, s, (places - start_[s]) % residues]
    return np.asarray(full)


def _climbers(tables: Table, settings: Asked, state: State[Draft]) -> list[Draft]:
    """The climbers, and new ones in the places of those that got right, up to a quarter of the population."""
    there = list(state.driven)
    taken = {draft.walk for draft in there}
    free = [walk for walk in range(settings.population) if walk not in taken]
    stale = np.zeros((0, 0), np.int64)
    missing = max(0, settings.population // 4 - len(there))
    return there + [Draft(tables, stale, walk, settings.patience + 1) for walk in free[:missing]]


def _afresh(draft: Draft, tables: Table, settings: Asked, generation: int) -> Draft:
    """The climber, or a random one in its place if it has not come nearer for long."""
    if draft.age <= settings.patience:
        return draft
    rows = settings.rows or ROWS[tables.family.base]
    seed = int(child_seed(settings.seed, 4, generation, draft.walk))
    fresh = Draft(tables, bursts.draw(tables, settings, rows, [seed])[0], draft.walk)
    score(tables, settings, [fresh])
    return fresh


def _litter(
    tables: Table, results: bursts.Results, k: int, parents: Sequence[Draft], climbers: int, state: State[Draft]
) -> Litter[Draft]:
    """What came of job k: a climber and the clean copy of what its output asks for, or two right schemes."""
    parent, climbs = parents[k], k < climbers
    made = []
    for at in (2 * k, 2 * k + 1):
        error, cost = float(results.error[at]), float(results.cost[at])
        if error < 0.0 or math.isinf(error):
            made.append(parent)
            continue
        walk = parent.walk if climbs and at % 2 == 0 else CLEAN
        nearer = error < parent.error - 1e-12
        rows = results.rows[at, : results.length[at]].copy()
        draft = Draft(
            tables, rows, walk, 0 if nearer else parent.age + 1, error, cost, climbs and error == 0.0, parent.lineage
        )
        if error < parent.error or (error == parent.error and cost < parent.cost):
            event = (state.generation + 1, state.evaluations, error, cost)
            draft.lineage = (*parent.lineage, event)[-LONGEST:]
        made.append(draft)
    job = Job(parent, None if climbs else k - climbers)
    return Litter(job, made[0], made[1])


LONGEST = 64  # events of a lineage that are kept


def admit(drafts: Iterable[Draft]) -> list[Draft]:
    """Those that are scored."""
    return [draft for draft in drafts if is_scored(draft)]


def select(candidates: Iterable[Draft], *, population: int) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Right schemes by cost, climbers each in its place, a quarter of the places for climbers at least.

    Another quarter of the places is for the newest right schemes, whatever they cost: so islands can begin afresh. The
    approximate niche is empty: the front alone keeps what is nearly right and cheap.
    """
    right, climbers = dict[tuple[int, bytes], Draft](), dict[int, Draft]()
    for draft in candidates:
        if draft.walk != CLEAN:
            climbers.setdefault(draft.walk, draft)
        elif draft.error == 0.0:
            right.setdefault(draft.key, draft)
    quarter = population // 4
    newest = [draft for draft in right.values() if draft.fresh][:quarter]
    ranked_ = sorted(right.values(), key=lambda draft: (draft.cost, len(draft.rows)))
    best = list(dict.fromkeys([*ranked_[: population - quarter - len(newest)], *newest]))
    kept = [climbers[walk] for walk in sorted(climbers) if climbers[walk].error > 0.0]
    return (*best, *kept[: population - len(best)]), ()


def archive(front: Iterable[Draft], candidates: Iterable[Draft]) -> tuple[Draft, ...]:
    """The front in error and cost, and beside it the cheapest right scheme of every species, ascending in cost."""
    clean = [draft for draft in (*front, *candidates) if draft.walk == CLEAN and math.isfinite(draft.cost)]
    clean.sort(key=lambda draft: (draft.cost, len(draft.rows)))  # of those that cost the same the shortest
    kept = {draft.key: draft for draft in ranked.archive((), clean)}
    right = [draft for draft in clean if draft.error == 0.0]
    species = dict[tuple[int, ...], Draft]()
    for draft in right:
        if draft.cost <= DEAREST * right[0].cost:
            species.setdefault(draft.species, draft)
    kept |= {draft.key: draft for draft in species.values()}
    return tuple(sorted(kept.values(), key=lambda draft: (draft.cost, draft.error, draft.key)))


def make_toolbox(family: Family, settings: Asked, clock: Clock | None = None) -> base.Toolbox:
    """The steps under their DEAP names."""
    clock = clock or Clock()
    tables = table(family, settings.primitives or None, settings.depth or None, settings.sizes)
    toolbox = base.Toolbox()
    toolbox.clock = clock
    toolbox.register("start", start, tables, settings)
    toolbox.register("vary", vary, tables, settings, clock=clock)
    toolbox.register("score", score, tables, settings)
    toolbox.register("admit", admit)
    toolbox.register("select", select, population=settings.population)
    toolbox.register("archive", archive)
    ways: Ways[Draft] = Ways(
        wanted(settings.population),
        lambda age: COUNTS * WALK,
        settings.operators,
        CHANCES,
        consensus=lambda best, bests: best,
        key=lambda draft: draft.key,
        score=lambda drafts: score(tables, settings, drafts),
    )
    toolbox.register("migrate", migrate, ways=ways, clock=clock)
    toolbox.register("stream", stream, settings.seed)
    return toolbox


def generations(
    family: Family, settings: Asked, state: State[Draft] | None = None, clock: Clock | None = None
) -> Iterable[tuple[State[Draft], Record]]:
    """Evolve, yielding the state and its log record after the start and every generation, until a budget is used.

    As :func:`gp_fft.search.loop.generations`, for schemes: the same settings give the same states whatever
    ``threads`` is, and a state that went through JSON goes on as if nothing had happened.
    """
    settings.check(family)
    clock = clock or Clock()
    return evolution(Discovery(family, settings), make_toolbox(family, settings, clock), state, clock)


def everything() -> None:
    """Run all that is compiled once: a right scheme among wrong ones, see :mod:`gp_fft.search.warm`."""
    family, asked = Family("wht", 2), Asked(population=4, generations=1, threads=1)
    tables = table(family)
    state = None
    for latest, _ in generations(family, asked):
        state = latest
    assert state is not None
    rows = rows_of(tables, parse_scheme(WALSH))
    jobs = _jobs(1, asked)
    jobs[0, 3] = 1
    _run(tables, asked, [Draft(tables, rows)], jobs, Clock())


WALSH = """# scheme wht 2^k
t1 = block(x, 2, 0)
t2 = block(x, 2, 1)
t3 = self(t1)
t4 = self(t2)
t5 = t3 + t4
t6 = t3 - t4
y = concatenate(t5, t6)
"""
