"""The steps of a generation as a type: what each is called with, and what it gives back.

They stand under these names in a DEAP toolbox. A step of one's own takes the same arguments, by position, and gives
the same back; it may call the one that it replaces.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from gp_fft.evolution.islands import Island
from gp_fft.evolution.members import Brood, Litter, M
from gp_fft.evolution.state import State
from gp_fft.ground.errors import UsageError


class Steps(Protocol[M]):
    """What the loop takes: a DEAP toolbox with these steps, or any object that has them as methods.

    Members may be shared: a step makes new ones and changes none but for its error and cost. One step more may be
    there, ``equals(kept, front, candidates, /) -> tuple[M, ...]``: what is kept beside the front (``equals.py``).
    """

    def start(self) -> list[M]:
        """The first population, at least one member, not scored yet; called once."""

    def vary(self, state: State[M], /) -> Brood[M]:
        """The litters of one generation, among them one for each island, with the tallies of all operators.

        The job of a litter names its parent and, if it goes on with the walk of an island, the number of that.
        """

    def score(self, members: Sequence[M], /) -> None:
        """Give each its error and cost: the error 0 if it is exact, the cost that of the settings' model."""

    def admit(self, members: Sequence[M], /) -> list[M]:
        """The scored members that may be kept, in their order; the others are forgotten."""

    def select(self, candidates: Iterable[M], /) -> tuple[tuple[M, ...], tuple[M, ...]]:
        """The next population out of children and parents: its exact niche, and its cells (``cells.py``)."""

    def archive(self, front: Iterable[M], candidates: Iterable[M], /) -> tuple[M, ...]:
        """The front, ascending in cost, after the candidates were offered to it."""

    def migrate(
        self,
        islands: Sequence[Island[M]],
        litters: Sequence[Litter[M]],
        admitted: Sequence[M],
        exact: Sequence[M],
        generator: np.random.Generator,
        /,
    ) -> tuple[Island[M], ...]:
        """The islands after a generation; ``admitted``: all children that may be kept, ``exact``: the exact niche."""

    def stream(self, generation: int, /) -> np.random.Generator:
        """What ``migrate`` draws from in a generation; the same number must give the same draws."""


def check_steps(toolbox: object, names: Sequence[str]) -> None:
    """Raise UsageError if a toolbox lacks a step."""
    missing = [name for name in names if not callable(getattr(toolbox, name, None))]
    if missing:
        raise UsageError(
            f"the toolbox has no step {missing[0]!r}; make one with gp_fft.make_toolbox(transform, settings) "
            "and register your own steps in it"
        )
