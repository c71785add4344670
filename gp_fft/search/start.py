"""Where a population comes from: random trees with references, the definition, a textbook program or a given one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gp_fft import textbook
from gp_fft.cost import count
from gp_fft.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.search.compose import compose
from gp_fft.search.genome import Genome
from gp_fft.search.given import NOTHING, Given
from gp_fft.search.settings import Settings
from gp_fft.transforms import Transform

TEXTBOOK: dict[str, Callable[[Transform], Program]] = {
    "definition": textbook.definition,
    "radix2": textbook.radix2,
    "split-radix": textbook.split_radix,
}

COMPOSITIONS = 4  # so many distinct ones, the cheapest, share a population
DEAREST = 1.25  # and none that costs so many times the cheapest


def start(transform: Transform, settings: Settings, given: Given = NOTHING) -> list[Genome]:
    """The first population. From ``random`` nothing of the target but its shape and field is used.

    Compositions are made of the records that are given, which notes what was taken. Raises UsageError where a
    textbook program or a composition does not exist, or where no program is given for a start that is one.
    """
    if settings.start == "random":
        children = np.random.SeedSequence([settings.seed, 0]).spawn(settings.population)
        return [random_genome(transform, np.random.default_rng(child)) for child in children]
    if settings.start == "compose":
        made = _near_the_cheapest(compose(transform, given)[:COMPOSITIONS])
        return [Genome.of(made[k % len(made)]) for k in range(settings.population)]
    if settings.start in TEXTBOOK:
        program = TEXTBOOK[settings.start](transform)
    elif given.program is not None:
        program = given.program
    else:
        raise UsageError(f"the search was not given the program {settings.start!r} that it should start from")
    return [Genome.of(program) for _ in range(settings.population)]


def _near_the_cheapest(programs: list[Program]) -> list[Program]:
    """Those of ``programs``, cheapest first, that are worth a share of the population."""
    limit = DEAREST * count(programs[0]).flops
    return [program for program in programs if count(program).flops <= limit]


def random_genome(transform: Transform, generator: np.random.Generator) -> Genome:
    """A random program: up to n definitions and then the outputs, each a sum of one to four random references."""
    n = transform.inputs
    hidden = int(generator.integers(1, n + 1))
    rows = [_random_row(n + d, transform.field, generator) for d in range(hidden + transform.outputs)]
    outputs = list(range(hidden, hidden + transform.outputs))
    return Genome.of(Program.build(n, transform.field, rows, outputs, transform.title))


def _random_row(known: int, field: str, generator: np.random.Generator) -> list[Term]:
    terms = min(known, int(generator.integers(1, 5)))
    refs = generator.choice(known, size=terms, replace=False)
    turns = generator.integers(0, 4, terms) if field == "complex" else 2 * generator.integers(0, 2, terms)
    sizes = np.where(generator.random(terms) < 0.5, 1.0, generator.uniform(0.25, 2.0, terms))
    return list(zip(sizes.tolist(), turns.tolist(), refs.tolist(), strict=True))
