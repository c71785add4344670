"""Islands: each anneals a program of its own in cycles; between two cycles programs migrate, mate or start afresh.

A slow, mild annealing finds what many short hot ones never do, but nobody knows beforehand how slow it must be. So
the lengths of the cycles are drawn such that every scale from short to as long as the island's whole past gets the
same time, which is within a constant factor of knowing the best length (Luby, Sinclair and Zuckerman 1993).
Annealing: Kirkpatrick, Gelatt and Vecchi (1983); islands: Tanese (1989).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gp_fft.ground.clock import Clock
from gp_fft.search.genome import Genome
from gp_fft.search.operators import OPERATORS, Tally
from gp_fft.search.partials import consensus, shared
from gp_fft.search.settings import Settings

STRIDE = 5000  # steps of one generation, fewer for more than LARGE inputs
LARGE = 32
SHORTEST = 20_000  # steps of the shortest cycle
MILDEST, HOTTEST = 0.3, 2.0  # first temperatures of cycles, in operations
COLD = 0.2  # last temperature of every cycle
GREEDY = 1e-6  # temperature where annealing is switched off
CHANCES = {operator.name: operator.chance for operator in OPERATORS}
_PLAIN = ("hot", "length", "done", "age", "began", "record")


@dataclass(frozen=True)
class Island:
    """One annealing: where it stands in its cycle, and what it goes back to."""

    first: Genome  # what the island began with
    best: Genome  # its cheapest exact program; of those that cost the same the latest, so that it drifts
    genome: Genome  # where the walk stands
    mate: Genome | None  # with whom definitions are exchanged before the first step
    hot: float  # temperature at the start of the cycle, in operations
    length: int  # steps of the cycle
    done: int  # of them taken
    age: int  # steps of all cycles
    began: str  # the operator that the cycle began with; empty: with the best program
    record: float  # cost of the best program when the cycle began

    def temperature(self, steps: int) -> float:
        """The temperature after so many steps of the cycle, in operations: geometric from ``hot`` to COLD."""
        cold = min(COLD, self.hot)
        return float(self.hot * (cold / self.hot) ** min(1.0, steps / self.length))

    def stride(self, inputs: int) -> int:
        """The steps of the next generation, for a transform of so many inputs."""
        return min(STRIDE * LARGE // max(LARGE, inputs), self.length - self.done)

    def to_dict(self, told: Callable[[Genome], Any] = Genome.to_dict) -> dict[str, Any]:
        """A JSON-able table; ``told`` gives what stands in it for a genome."""
        genomes = {name: told(getattr(self, name)) for name in ("first", "best", "genome")}
        mate = None if self.mate is None else told(self.mate)
        return genomes | {"mate": mate} | {name: getattr(self, name) for name in _PLAIN}

    @classmethod
    def from_dict(cls, table: dict[str, Any], inputs: int, field: str) -> Island:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on a damaged table."""
        first, best, genome = (Genome.from_dict(table[name], inputs, field) for name in ("first", "best", "genome"))
        mate = None if table["mate"] is None else Genome.from_dict(table["mate"], inputs, field)
        hot, length, done, age = float(table["hot"]), int(table["length"]), int(table["done"]), int(table["age"])
        if not (0.0 < hot < math.inf and length > 0 and 0 <= done <= length and age >= 0):
            raise ValueError("an island with an impossible cycle")
        return cls(first, best, genome, mate, hot, length, done, age, str(table["began"]), float(table["record"]))


def wanted(population: int) -> int:
    """How many islands a population of so many programs has."""
    return max(1, population // 4)


def migrate(
    islands: Sequence[Island],
    children: Sequence[Genome],
    allowed: Sequence[Genome],
    exact: Sequence[Genome],
    generator: np.random.Generator,
    inputs: int,
    settings: Settings,
    score: Callable[[list[Genome]], None],
    clock: Clock | None = None,
) -> tuple[Island, ...]:
    """The islands after a generation.

    ``children``: two for each island, where its burst ended and the cheapest program met; ``allowed``: those that may
    be kept; ``exact``: the good exact programs of all islands, which found new ones while there are too few; ``score``
    gives a program that is made here its fitness. After a generation that the ``clock`` has cut the walks stand where
    their bursts ended, but their cycles have not moved on.
    """
    cut = clock is not None and bool(clock.flag[0])
    kept = {id(genome) for genome in allowed}
    pool = [genome for genome in exact if genome.error == 0.0]
    moved = []
    for k, island in enumerate(islands):
        pair = children[2 * k : 2 * k + 2]
        lowest = [genome for genome in pair if genome.error == 0.0 and id(genome) in kept]
        after = _advance(island, pair[0], lowest, 0 if cut else island.stride(inputs))
        if after.done >= after.length and not cut:
            bests = [other.best for other in islands]
            after = _next_cycle(after, pool, bests, generator, settings.operators)
            if not after.genome.fitness.valid:
                score([after.genome])
        moved.append(after)
    return (*moved, *_found(moved, pool, generator, settings))


def tallies(before: Sequence[Island], after: Sequence[Island]) -> dict[str, Tally]:
    """How many cycles that began with each operator ended in a generation: tried, accepted (all), improved."""
    ended = [(old, new) for old, new in zip(before, after, strict=False) if new.done == 0]
    found = dict.fromkeys((op.name for op in OPERATORS if op.kind == "cycle"), (0, 0, 0))
    for old, new in ended:
        for name in {old.began, "anneal"} & set(found):
            tried, accepted, improved = found[name]
            found[name] = (tried + 1, accepted + 1, improved + (new.best.cost < old.record))
    return found


def _found(
    islands: Sequence[Island], pool: Sequence[Genome], generator: np.random.Generator, settings: Settings
) -> list[Island]:
    """New islands on exact programs, cheapest first, while there are fewer than the population should have."""
    taken = {island.first.key() for island in islands}
    free = [genome for genome in pool if genome.key() not in taken]
    missing = wanted(settings.population) - len(islands)
    new = [Island(g, g, g, None, 1.0, 1, 0, 0, "", g.cost) for g in free[:missing]]
    return [_cycle(island, island.first, "", None, generator, settings.operators) for island in new]


def _advance(island: Island, ended: Genome, lowest: Sequence[Genome], steps: int) -> Island:
    """One island after a burst that ended so and met these."""
    best = min((*lowest, island.best), key=lambda genome: genome.cost)
    here = ended if ended.error == 0.0 else best  # a walk that lost exactness cannot go on
    return replace(island, best=best, genome=here, mate=None, done=island.done + steps, age=island.age + steps)


def _next_cycle(
    island: Island,
    pool: Sequence[Genome],
    bests: Sequence[Genome],
    generator: np.random.Generator,
    switched_on: Sequence[str],
) -> Island:
    """Draw what the next cycle begins with."""
    other = pool[int(generator.integers(len(pool)))] if pool else island.best
    beginnings: dict[str, Callable[[], Genome]] = {
        "restart": lambda: island.first,
        "migrate": lambda: other,
        "consensus": lambda: consensus(island.best, shared(bests)),
    }
    draw = generator.random()
    for name, begin in beginnings.items():
        draw -= CHANCES[name]
        if draw < 0.0:
            if name in switched_on:
                return _cycle(island, begin(), name, None, generator, switched_on)
            break
    mating = "crossover" in switched_on and generator.random() < CHANCES["crossover"]
    return _cycle(island, island.best, "", other if mating else None, generator, switched_on)


def _cycle(
    island: Island,
    genome: Genome,
    began: str,
    mate: Genome | None,
    generator: np.random.Generator,
    switched_on: Sequence[str],
) -> Island:
    """A new cycle: its length doubles with chance 1/2 again and again, but not beyond the island's age."""
    longest = int(math.log2(max(1.0, 2 * island.age / SHORTEST)))
    length = SHORTEST * 2 ** min(int(generator.geometric(0.5)) - 1, longest)
    hot = MILDEST * (HOTTEST / MILDEST) ** generator.random()
    return replace(
        island,
        genome=genome,
        mate=mate,
        hot=float(hot) if "anneal" in switched_on else GREEDY,
        length=length,
        done=0,
        began=began,
        record=island.best.cost,
    )
