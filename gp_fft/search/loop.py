"""The loop of an evolution: start, then vary, score, select, archive, and hand the state out after each generation.

A budget of seconds may end in the middle of a generation: then every burst ends with what it has, and that is a
generation like any other. One that Ctrl-C has cut is left out where it must be repeated to the byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from deap import base, tools

from gp_fft.construct.given import NOTHING, Given
from gp_fft.ground.arguments import expect
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.search.archive import admit, archive, most_round_off
from gp_fft.search.genome import Genome
from gp_fft.search.islands import migrate, tallies
from gp_fft.search.lineage import descend
from gp_fft.search.operators import NAMES, Tally
from gp_fft.search.score import score
from gp_fft.search.select import select
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.state import State
from gp_fft.search.vary import no_tallies, vary
from gp_fft.transforms import Transform

Record = dict[str, Any]


def make_toolbox(
    transform: Transform, settings: Settings, given: Given = NOTHING, clock: Clock | None = None
) -> base.Toolbox:
    """The steps of the pipeline under their DEAP names, so that a user can register others in their place.

    All that may take long look at ``clock``, which is ``toolbox.clock``.
    """
    expect(transform, Transform, "make_toolbox")
    expect(settings, Settings, "make_toolbox, after the transform,")
    toolbox = base.Toolbox()
    toolbox.clock = clock = clock or Clock()
    toolbox.register("start", start, transform, settings, given, clock=clock)
    toolbox.register("vary", vary, transform, settings, clock=clock)
    toolbox.register("score", score, transform=transform, settings=settings, clock=clock)
    toolbox.register("admit", admit, most=most_round_off(transform, settings), clock=clock)
    toolbox.register("select", select, population=settings.population)
    toolbox.register("archive", archive, clock=clock)
    toolbox.register("migrate", migrate, inputs=transform.inputs, settings=settings, score=toolbox.score, clock=clock)
    toolbox.register("stream", stream, settings.seed)
    return toolbox


def generations(
    transform: Transform,
    settings: Settings,
    state: State | None = None,
    toolbox: base.Toolbox | None = None,
    given: Given = NOTHING,
    clock: Clock | None = None,
) -> Iterator[tuple[State, Record]]:
    """Evolve, yielding the state and its log record after the start and after every generation, until a budget is used.

    The same settings give the same states whatever ``threads`` is, and as long as the time is not over; a state that
    went through JSON goes on as if nothing had happened, and needs no more what was ``given`` to the start: a program,
    records. ``clock``, or that of the toolbox, begins with what is left of the seconds; its ``stop()``, from a signal
    handler or another thread, ends the evolution in a moment. Raises UsageError or DataError for settings that do not
    fit.
    """
    settings.check(transform)
    clock = getattr(toolbox, "clock", None) or clock or Clock()
    toolbox = toolbox or make_toolbox(transform, settings, given, clock)
    spent = 0.0 if state is None else state.seconds
    clock.start(None if settings.seconds is None else settings.seconds - spent)
    began = clock.now() - spent
    with clock.watched():
        while state is None or not (clock.over or stop_reason(state, settings)):
            before = state
            try:
                state = first_state(transform, settings, toolbox) if before is None else next_state(before, toolbox)
            except TimeOver:
                return
            if clock.stopped and settings.repeatable:
                return
            state = replace(state, seconds=clock.now() - began)
            yield state, log_record(before or state, state)


def first_state(transform: Transform, settings: Settings, toolbox: base.Toolbox) -> State:
    """The scored start."""
    given = toolbox.start()
    toolbox.score(list({id(genome): genome for genome in given}.values()))  # copies need be scored but once
    genomes = [genome for genome in given if genome.fitness.valid]
    exact, rough = toolbox.select(genomes)
    while len(exact) + len(rough) < settings.population:  # a start of copies fills the population with them
        exact += (genomes[0],)
    front, counters = toolbox.archive((), toolbox.admit(genomes)), no_tallies()
    islands = toolbox.migrate((), (), (), exact, toolbox.stream(0))
    return State(0, exact, rough, front, islands, transform.title, counters, 0, len(genomes))


def next_state(state: State, toolbox: base.Toolbox) -> State:
    """One generation."""
    made, tally, steps = toolbox.vary(state)
    clock = getattr(toolbox, "clock", None)
    cut = clock is not None and bool(clock.flag[0])
    toolbox.score([child for child in made if not child.fitness.valid][::-1] if cut else made)
    made = [child if child.fitness.valid else child.origin.parent for child in made]  # all are, unless time was over
    for child in made:
        descend(child, NAMES)
    children = toolbox.admit(made)
    exact, rough = toolbox.select(children + list(state.exact + state.approximate))
    front = toolbox.archive(state.archive, children)
    walked = made[len(made) - 2 * len(state.islands) :]
    islands = toolbox.migrate(state.islands, walked, children, exact, toolbox.stream(state.generation + 1))
    tally |= tallies(state.islands, islands)
    return replace(
        state,
        generation=state.generation + 1,
        exact=exact,
        approximate=rough,
        archive=front,
        islands=islands,
        counters={name: _plus(before, tally[name]) for name, before in state.counters.items()},
        steps=state.steps + steps,
        evaluations=state.evaluations + len(made),
    )


def stream(seed: int, generation: int) -> np.random.Generator:
    """What the islands draw from in one generation."""
    return np.random.default_rng(np.random.SeedSequence([seed, 2, generation]))


def _plus(one: Tally, other: Tally) -> Tally:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def stop_reason(state: State, settings: Settings) -> str:
    """Why an evolution ends here; empty while it goes on."""
    best = state.best_exact()
    if settings.target_cost is not None and best is not None and best.cost <= settings.target_cost:
        return "target cost reached"
    if settings.generations is not None and state.generation >= settings.generations:
        return "generation budget used"
    if settings.seconds is not None and state.seconds >= settings.seconds:
        return "time budget used"
    return ""


def log_record(before: State, state: State) -> Record:
    """One line of the log: the front, the population in DEAP's statistics, the success of every operator, the rates."""
    best = state.best_exact()
    elapsed = max(state.seconds - before.seconds, 1e-9)
    return {
        "generation": state.generation,
        "best_exact_cost": None if best is None else best.cost,
        "best_error": min(genome.error for genome in state.archive or state.exact + state.approximate),
        "front": [[genome.error, genome.cost] for genome in state.archive],
        "population": _statistics(state.exact + state.approximate),
        "islands": [[i.genome.cost, i.best.cost, round(i.temperature(i.done), 3)] for i in state.islands],
        "operators": {name: list(tally) for name, tally in state.counters.items()},
        "evaluations": state.evaluations,
        "steps": state.steps,
        "evaluations_per_second": round((state.evaluations - before.evaluations) / elapsed, 1),
        "steps_per_second": round((state.steps - before.steps) / elapsed, 1),
        "seconds": round(state.seconds, 4),
    }


def _statistics(population: tuple[Genome, ...]) -> dict[str, dict[str, float]]:
    """Least, mean and greatest error and cost of a population, through a DEAP logbook of one record."""
    several = tools.MultiStatistics(
        error=tools.Statistics(lambda genome: genome.error), cost=tools.Statistics(lambda genome: genome.cost)
    )
    several.register("min", min)
    several.register("mean", lambda values: sum(values) / len(values))
    several.register("max", max)
    logbook = tools.Logbook()
    logbook.record(**several.compile(population))
    return {chapter: dict(logbook.chapters[chapter][0]) for chapter in ("error", "cost")}
