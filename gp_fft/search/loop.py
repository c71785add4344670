"""The search for programs on the loop of every evolution: its steps in a DEAP toolbox."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from deap import base

from gp_fft.construct.given import NOTHING, Given
from gp_fft.evolution.equals import equals
from gp_fft.evolution.islands import Ways, migrate, wanted
from gp_fft.evolution.loop import evolution, stream
from gp_fft.evolution.members import Record
from gp_fft.evolution.ranked import archive, select
from gp_fft.ground.arguments import expect
from gp_fft.ground.clock import Clock
from gp_fft.kernels.burst import run_burst
from gp_fft.search.archive import admit, most_accurate, most_round_off, shallowest
from gp_fft.search.genome import Genome
from gp_fft.search.objectives import aims, asked
from gp_fft.search.operators import OPERATORS
from gp_fft.search.partials import consensus, shared
from gp_fft.search.problem import Search
from gp_fft.search.score import score
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.state import State
from gp_fft.search.vary import stride, thread_count, vary
from gp_fft.transforms import Transform

CHANCES = {operator.name: operator.chance for operator in OPERATORS}


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
    toolbox.register("vary", vary, transform, settings, burst=lambda *work: toolbox.burst(*work), clock=clock)
    toolbox.register("burst", run_burst, threads=thread_count(settings), stop=clock.flag)
    toolbox.register("score", score, transform=transform, settings=settings, clock=clock)
    most = most_round_off(transform, settings)
    toolbox.register("admit", admit, most=most, deviation=settings.deviation_below, clock=clock)
    aimed = aims(settings, transform)
    toolbox.register("select", select, population=settings.population, key=Genome.key, aims=aimed)
    prefer = most_accurate if aimed is None else shallowest
    toolbox.register("archive", archive, prefer=partial(prefer, clock=clock), aims=aimed)
    if settings.keep_equal is not None:
        keep = partial(equals, most=settings.keep_equal, name=Genome.name, kind=Genome.kind, aims=aimed)
        toolbox.register("equals", keep)
    living = ways(transform, settings, lambda genomes: toolbox.score(genomes))
    toolbox.register("migrate", migrate, ways=living, clock=clock)
    toolbox.register("stream", stream, settings.seed)
    return toolbox


def ways(transform: Transform, settings: Settings, score: Callable[[list[Genome]], object]) -> Ways[Genome]:
    """How the islands of a search live; ``score`` gives a program that is made between two cycles its fitness."""
    return Ways(
        wanted(settings.population),
        partial(stride, transform.inputs, settings),
        settings.switched_on(transform),
        CHANCES,
        consensus=lambda best, bests: consensus(best, shared(bests)),
        key=Genome.key,
        score=score,
        aims=aims(settings, transform),
    )


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
    going_on = evolution(Search(transform, settings), toolbox, state, clock)
    return _measured(cast("Iterator[tuple[State, Record]]", going_on), settings)


def _measured(going_on: Iterator[tuple[State, Record]], settings: Settings) -> Iterator[tuple[State, Record]]:
    """The states, with the objectives that are asked for of each program of the front in its record."""
    objectives = asked(settings)
    for state, record in going_on:
        told = {o.column: [getattr(genome, o.column) for genome in state.archive] for o in objectives}
        yield state, record | ({"front_objectives": told} if told else {})
