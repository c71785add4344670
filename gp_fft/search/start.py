"""Where a population comes from: random trees with references, the definition, a textbook program or a given one."""

from dataclasses import replace

import numpy as np

from gp_fft.construct import STARTS, check_composable, compose
from gp_fft.construct.given import NOTHING, Given
from gp_fft.construct.spelled import label, rounded, spelled
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.program.cost import cost, count, primitive_set
from gp_fft.search.genome import Genome
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform
from primitives import PrimitiveSet

COMPOSITIONS = 4  # so many distinct ones, the cheapest, share a population
DEAREST = 1.25  # and none that costs so many times the cheapest
COMPOSING = 0.5  # the part of a budget of seconds that composing may use up


def start(transform: Transform, settings: Settings, given: Given = NOTHING, clock: Clock | None = None) -> list[Genome]:
    """The first population. From ``random`` nothing of the target but its shape and field is used.

    Compositions are made of the records that are given, which notes what was taken. When the clock is over the
    population is what there is by then, at least one. Equal genomes are one object. Raises UsageError where a textbook
    program or a composition does not exist, or where no program is given for a start that is one.
    """
    clock = clock or Clock()
    if settings.start == "random":
        return _random_genomes(transform, settings, clock)
    if settings.start == "compose":
        made = _kept(compose(transform, given, clock.part(COMPOSING)), transform, settings)[:COMPOSITIONS]
        limit = DEAREST * count(made[0]).flops
        made = [program for program in made if count(program).flops <= limit]
    else:
        made = [_one_program(transform, settings, given)]
    genomes = [replace(Genome.of(program), title=transform.title) for program in made]
    return [genomes[k % len(genomes)] for k in range(settings.population)]


def check_start(transform: Transform, settings: Settings, given: Given = NOTHING) -> None:
    """Raise what :func:`start` would raise for a start that does not fit, without making what takes long."""
    if settings.start == "compose":
        check_composable(transform, given)
    elif settings.start not in ("random", "definition"):
        _one_program(transform, settings, given)


def _random_genomes(transform: Transform, settings: Settings, clock: Clock) -> list[Genome]:
    children = np.random.SeedSequence([settings.seed, 0]).spawn(settings.population)
    made: list[Genome] = []
    for child in children:
        if made and clock.over:
            break
        made.append(random_genome(transform, np.random.default_rng(child), settings.primitive_set(transform)))
    return made


def _kept(made: list[Program], transform: Transform, settings: Settings) -> list[Program]:
    """The compositions in the terms of the primitive set; UsageError, about the first, where there is none."""
    chosen, kept, fault = settings.primitive_set(transform), [], None
    for program in made:
        try:
            kept.append(_written(program, chosen, settings))
        except UsageError as error:
            fault = fault or error
    if not kept and fault is not None:
        raise fault
    return sorted(kept, key=lambda program: cost(program, settings.cost))


def _one_program(transform: Transform, settings: Settings, given: Given) -> Program:
    """The one program of a textbook, or the one that is given."""
    chosen = settings.primitive_set(transform)
    if settings.start in STARTS:
        return _written(STARTS[settings.start].make(transform), chosen, settings)
    if given.program is None:
        raise UsageError(f"the search was not given the program {settings.start!r} that it should start from")
    return _written(given.program, chosen, settings)


def _written(program: Program, chosen: PrimitiveSet, settings: Settings) -> Program:
    """A program in the terms of the primitive set, or rounded to them where an approximation will do."""
    if not settings.approximate:
        return spelled(program, chosen)
    try:
        return spelled(program, chosen)
    except UsageError:
        return rounded(program, chosen)


def random_genome(transform: Transform, generator: np.random.Generator, chosen: PrimitiveSet | None = None) -> Genome:
    """A random program: up to n definitions and then the outputs, each a sum of one to four random references."""
    n, chosen = transform.inputs, chosen or primitive_set(transform.field)
    hidden = int(generator.integers(1, n + 1))
    turns = chosen.turns_on(transform.field)
    rows = [_random_row(n + d, turns, chosen, generator) for d in range(hidden + transform.outputs)]
    outputs = list(range(hidden, hidden + transform.outputs))
    name = label(chosen, transform.field)
    return Genome.of(Program.build(n, transform.field, rows, outputs, transform.title, name))


def _random_row(known: int, turns: tuple[int, ...], chosen: PrimitiveSet, generator: np.random.Generator) -> list[Term]:
    terms = min(known, int(generator.integers(1, 5)))
    refs = generator.choice(known, size=terms, replace=False)
    drawn = np.array(turns)[generator.integers(0, len(turns), terms)]
    return list(zip(_random_sizes(terms, chosen, generator), drawn.tolist(), refs.tolist(), strict=True))


def _random_sizes(terms: int, chosen: PrimitiveSet, generator: np.random.Generator) -> list[float]:
    """Half of them 1, the others anything from 1/4 to 2 that is allowed."""
    plain = generator.random(terms) < 0.5
    if chosen.constants is None:
        others = generator.uniform(0.25, 2.0, terms)
    else:
        listed = [size for size, _ in chosen.constants if 0.25 <= size <= 2.0] or [1.0]
        others = generator.choice(listed, terms)
    sizes: list[float] = np.where(plain, 1.0, others).tolist()
    return sizes
