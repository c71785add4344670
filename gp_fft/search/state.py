"""Everything an evolution needs to go on: a frozen value between two generations, JSON both ways, never a pickle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gp_fft.files.best import Claim, best_exact
from gp_fft.program import Program
from gp_fft.search.genome import Genome
from gp_fft.search.islands import Island
from gp_fft.search.operators import Tally


@dataclass(frozen=True)
class State:
    """The search after ``generation`` generations (0: nothing but the start has been scored).

    Randomness needs no place here: each child's stream derives from (seed, generation, index).
    """

    generation: int
    exact: tuple[Genome, ...]  # the exact niche
    approximate: tuple[Genome, ...]  # the approximate niche
    archive: tuple[Genome, ...]  # the front, ascending in cost
    islands: tuple[Island, ...]  # the annealings
    title: str
    counters: Mapping[str, Tally] = field(default_factory=dict)
    steps: int = 0
    evaluations: int = 0
    seconds: float = 0.0

    @property
    def front(self) -> tuple[Program, ...]:
        """The non-dominated programs, ascending in cost."""
        return tuple(genome.program(self.title) for genome in self.archive)

    @property
    def driven(self) -> tuple[Genome, ...]:
        """Those of the exact niche that are not exact yet."""
        return tuple(genome for genome in self.exact if genome.error > 0.0)

    def best_exact(self) -> Genome | None:
        """The cheapest exact program so far, before any proof."""
        place = best_exact(Claim(genome.cost, genome.error) for genome in self.archive)
        return None if place is None else self.archive[place]

    def to_dict(self, told: Callable[[Genome], Any] = Genome.to_dict) -> dict[str, Any]:
        """A JSON-able table; ``told`` gives what stands in it for a genome."""
        some = (self.exact + self.approximate + self.archive)[0]
        return {
            "generation": self.generation,
            "title": self.title,
            "inputs": some.inputs,
            "field": some.field,
            "exact": [told(genome) for genome in self.exact],
            "approximate": [told(genome) for genome in self.approximate],
            "archive": [told(genome) for genome in self.archive],
            "islands": [island.to_dict(told) for island in self.islands],
            "counters": {name: list(tally) for name, tally in self.counters.items()},
            "steps": self.steps,
            "evaluations": self.evaluations,
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> State:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on a damaged table."""

        def genomes(key: str) -> tuple[Genome, ...]:
            return tuple(Genome.from_dict(g, int(table["inputs"]), table["field"]) for g in table[key])

        return cls(
            generation=int(table["generation"]),
            exact=genomes("exact"),
            approximate=genomes("approximate"),
            archive=genomes("archive"),
            islands=tuple(Island.from_dict(i, int(table["inputs"]), table["field"]) for i in table["islands"]),
            title=str(table["title"]),
            counters={name: (int(a), int(b), int(c)) for name, (a, b, c) in table["counters"].items()},
            steps=int(table["steps"]),
            evaluations=int(table["evaluations"]),
            seconds=float(table["seconds"]),
        )
