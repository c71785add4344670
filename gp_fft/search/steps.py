"""The steps of a generation as a type: what each is called with, and what it gives back.

:func:`gp_fft.search.loop.make_toolbox` registers them in a DEAP toolbox under these names. A step of one's own takes
the same arguments, by position, and gives the same back; it may call the one that it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from gp_fft.ground.errors import UsageError
from gp_fft.search.genome import Genome
from gp_fft.search.islands import Island
from gp_fft.search.operators import Tally
from gp_fft.search.state import State


class Steps(Protocol):
    """What ``evolve(toolbox=...)`` takes: a DEAP toolbox with these steps, or any object that has them as methods.

    Genomes may be shared: a step makes new ones (``dataclasses.replace``) and changes none but for its fitness.
    """

    def start(self) -> list[Genome]:
        """The first population, at least one genome, not scored yet; called once."""

    def vary(self, state: State, /) -> tuple[list[Genome], dict[str, Tally], int]:
        """The children of one generation, (tried, accepted, improved) of every operator, the steps taken.

        The last ``2 * len(state.islands)`` children belong to the islands in their order, two for each: where its
        walk ended, and the cheapest exact program that it met. Every name of ``operators.NAMES`` has its tally.
        """

    def score(self, genomes: Sequence[Genome], /) -> None:
        """Set ``genome.fitness.values = (error, cost)`` of each.

        The error is the relative Frobenius error, 0 below EXACT; the cost that of the settings' model.
        """

    def admit(self, genomes: Sequence[Genome], /) -> list[Genome]:
        """The scored genomes that may be kept, in their order; the others are forgotten."""

    def select(self, candidates: Iterable[Genome], /) -> tuple[tuple[Genome, ...], tuple[Genome, ...]]:
        """The next population, as its exact and its approximate niche, out of children and parents."""

    def archive(self, front: Iterable[Genome], candidates: Iterable[Genome], /) -> tuple[Genome, ...]:
        """The front, ascending in cost, after the candidates were offered to it."""

    def migrate(
        self,
        islands: Sequence[Island],
        children: Sequence[Genome],
        allowed: Sequence[Genome],
        exact: Sequence[Genome],
        generator: np.random.Generator,
        /,
    ) -> tuple[Island, ...]:
        """The islands after a generation.

        ``children``: those of the islands, two for each; ``allowed``: all that were admitted; ``exact``: the exact
        niche.
        """

    def stream(self, generation: int, /) -> np.random.Generator:
        """What ``migrate`` draws from in a generation; the same number must give the same draws."""


NAMES = ("start", "vary", "score", "admit", "select", "archive", "migrate", "stream")


def check_steps(toolbox: object) -> None:
    """Raise UsageError if a toolbox lacks a step."""
    missing = [name for name in NAMES if not callable(getattr(toolbox, name, None))]
    if missing:
        raise UsageError(
            f"the toolbox has no step {missing[0]!r}; make one with gp_fft.make_toolbox(transform, settings) "
            "and register your own steps in it"
        )
