"""The loop of an evolution: start, then vary, score, select, archive, and hand the state out after each generation.

A budget of seconds may end in the middle of a generation: then every burst ends with what it has, and that is a
generation like any other. One that Ctrl-C has cut is left out where it must be repeated to the byte.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from deap import tools

from gp_fft.evolution.islands import tallies
from gp_fft.evolution.members import M, Record, Tally, is_scored
from gp_fft.evolution.problem import Problem
from gp_fft.evolution.state import State
from gp_fft.evolution.steps import Steps
from gp_fft.ground.clock import Clock, TimeOver


def evolution(
    problem: Problem[M], steps: Steps[M], state: State[M] | None, clock: Clock
) -> Iterator[tuple[State[M], Record]]:
    """Evolve, yielding the state and its log record after the start and after every generation, until a budget is used.

    A state that went through JSON goes on as if nothing had happened. ``clock``, at which the steps look too, begins
    with what is left of the seconds; its ``stop()``, from a signal handler or another thread, ends the evolution in a
    moment. Raises UsageError for settings that do not fit.
    """
    problem.check()
    budget = problem.settings
    spent = 0.0 if state is None else state.seconds
    clock.start(None if budget.seconds is None else budget.seconds - spent)
    began = clock.now() - spent
    with clock.watched():
        while state is None or not (clock.over or state.stop_reason(budget)):
            before = state
            try:
                state = first_state(problem, steps) if before is None else next_state(before, steps, clock)
            except TimeOver:
                return
            if clock.stopped and (budget.generations is not None or budget.seconds is None):
                return  # a run that is resumed must end as it would have without the break: to the byte
            state = replace(state, seconds=clock.now() - began)
            yield state, log_record(before or state, state)


def first_state(problem: Problem[M], steps: Steps[M]) -> State[M]:
    """The scored start."""
    given = steps.start()
    steps.score(list(dict.fromkeys(given)))  # copies need be scored but once
    members = [member for member in given if is_scored(member)]
    exact, rough = steps.select(members)
    if not rough:  # a start of copies fills the population with them
        exact += (members[0],) * (problem.settings.population - len(exact))
    admitted = steps.admit(members)
    front = steps.archive((), admitted)
    islands = steps.migrate((), (), (), exact, steps.stream(0))
    counters = dict.fromkeys(problem.operators, (0, 0, 0))
    beside = beside_front(steps, (), front, admitted)
    return problem.state(0, exact, rough, front, islands, problem.title, counters, 0, len(members), equals=beside)


def next_state(state: State[M], steps: Steps[M], clock: Clock) -> State[M]:
    """One generation."""
    brood = steps.vary(state)
    fresh = [child for child in brood.members if not is_scored(child)]
    steps.score(fresh[::-1] if clock.flag[0] else fresh)
    litters = tuple(litter.settled() for litter in brood.litters)
    children = replace(brood, litters=litters).members
    admitted = steps.admit(children)
    exact, rough = steps.select([*admitted, *state.population])
    front = steps.archive(state.archive, admitted)
    islands = steps.migrate(state.islands, litters, admitted, exact, steps.stream(state.generation + 1))
    counted = {**brood.tallies, **tallies(state.islands, islands)}
    return replace(
        state,
        generation=state.generation + 1,
        exact=exact,
        approximate=rough,
        archive=front,
        islands=islands,
        counters={name: _plus(before, counted[name]) for name, before in state.counters.items()},
        steps=state.steps + brood.steps,
        evaluations=state.evaluations + len(children),
        equals=beside_front(steps, state.equals, front, (*state.archive, *admitted)),
    )


def beside_front(steps: Steps[M], kept: Sequence[M], front: Sequence[M], candidates: Sequence[M]) -> tuple[M, ...]:
    """What is kept beside the front: nothing, where the steps have none that is called ``equals``."""
    keep = getattr(steps, "equals", None)
    return () if keep is None else tuple(keep(kept, front, candidates))


def stream(seed: int, generation: int) -> np.random.Generator:
    """What the islands draw from in one generation."""
    return np.random.default_rng(np.random.SeedSequence([seed, 2, generation]))


def _plus(one: Tally, other: Tally) -> Tally:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def log_record(before: State[M], state: State[M]) -> Record:
    """One line of the log: the front, the population in DEAP's statistics, the success of every operator, the rates."""
    best = state.best_exact()
    elapsed = max(state.seconds - before.seconds, 1e-9)
    several = tools.MultiStatistics(
        error=tools.Statistics(lambda member: member.error), cost=tools.Statistics(lambda member: member.cost)
    )
    several.register("min", min)
    several.register("mean", lambda values: sum(values) / len(values))
    several.register("max", max)
    return {
        "generation": state.generation,
        "best_exact_cost": None if best is None else best.cost,
        "best_error": min(member.error for member in state.archive or state.population),
        "front": [[member.error, member.cost] for member in state.archive],
        "population": several.compile(state.population),
        "islands": [[i.here.cost, i.best.cost, round(i.temperature(i.done), 3)] for i in state.islands],
        "operators": {name: list(tally) for name, tally in state.counters.items()},
        "evaluations": state.evaluations,
        "steps": state.steps,
        "evaluations_per_second": round((state.evaluations - before.evaluations) / elapsed, 1),
        "steps_per_second": round((state.steps - before.steps) / elapsed, 1),
        "seconds": round(state.seconds, 4),
    }
