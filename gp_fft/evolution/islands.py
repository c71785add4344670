"""Islands: each anneals a member of its own in cycles; between two cycles members migrate, mate or start afresh.

A slow, mild annealing finds what many short hot ones never do, but nobody knows beforehand how slow it must be. So
the lengths of the cycles are drawn such that every scale from short to as long as the island's whole past gets the
same time, which is within a constant factor of knowing the best length (Luby, Sinclair and Zuckerman 1993).
Annealing: Kirkpatrick, Gelatt and Vecchi (1983); islands: Tanese (1989).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic

import numpy as np

from gp_fft.evolution.aims import Aims
from gp_fft.evolution.members import Litter, M, Tally, is_scored
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import UsageError

SHORTEST = 20_000  # steps of the shortest cycle
MILDEST, HOTTEST = 0.3, 2.0  # first temperatures of cycles, in operations
COLD = 0.2  # last temperature of every cycle
GREEDY = 1e-6  # temperature where annealing is switched off
BEGINNINGS = ("restart", "migrate", "consensus")  # what a cycle may begin with instead of the island's best member
_PLAIN = ("hot", "length", "done", "age", "began", "record")


@dataclass(frozen=True)
class Island(Generic[M]):
    """One annealing: where it stands in its cycle, and what it goes back to."""

    first: M  # what the island began with
    best: M  # its cheapest exact member within the limits; of those that cost the same the latest, so that it drifts
    here: M  # where the walk stands
    mate: M | None  # with whom parts are exchanged before the first step
    hot: float  # temperature at the start of the cycle, in operations
    length: int  # steps of the cycle
    done: int  # of them taken
    age: int  # steps of all cycles
    began: str  # the operator that the cycle began with; empty: with the best member
    record: float  # cost of the best member when the cycle began
    limit: int | None = None  # what the cycle is to stay within on the third axis, if there is one

    def temperature(self, steps: int) -> float:
        """The temperature after so many steps of the cycle, in operations: geometric from ``hot`` to COLD."""
        cold = min(COLD, self.hot)
        return float(self.hot * (cold / self.hot) ** min(1.0, steps / self.length))

    def stride(self, longest: int) -> int:
        """The steps of the next generation, which are at most ``longest``."""
        return min(longest, self.length - self.done)

    def to_dict(self, entry: Callable[[M], Any] = lambda member: member.to_dict()) -> dict[str, Any]:
        """A JSON-able table; ``entry`` gives what stands in it for a member."""
        members = {"first": entry(self.first), "best": entry(self.best), "genome": entry(self.here)}
        mate = None if self.mate is None else entry(self.mate)
        limit = {} if self.limit is None else {"limit": self.limit}
        return members | {"mate": mate} | {name: getattr(self, name) for name in _PLAIN} | limit

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], member: Callable[[dict[str, Any]], M]) -> Island[M]:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on a damaged table."""
        first, best, here = (member(table[name]) for name in ("first", "best", "genome"))
        mate = None if table["mate"] is None else member(table["mate"])
        hot, length, done, age = float(table["hot"]), int(table["length"]), int(table["done"]), int(table["age"])
        if not (0.0 < hot < math.inf and length > 0 and 0 <= done <= length and age >= 0):
            raise ValueError("an island with an impossible cycle")
        limit = int(table["limit"]) if "limit" in table else None
        return cls(first, best, here, mate, hot, length, done, age, str(table["began"]), float(table["record"]), limit)


@dataclass(frozen=True)
class Ways(Generic[M]):
    """How the islands of a problem live.

    ``chances``: with which a cycle begins in each of BEGINNINGS, and with which another ("crossover") gets a mate.
    ``consensus``: what the best member of an island has in common with those of the others, perhaps not scored yet.
    """

    wanted: int  # islands
    stride: Callable[[int], int]  # most steps of one generation, of an island of so many steps
    switched_on: Sequence[str]  # of BEGINNINGS, crossover and anneal
    chances: Mapping[str, float]
    consensus: Callable[[M, Sequence[M]], M]
    key: Callable[[M], Hashable]  # tells copies apart
    score: Callable[[list[M]], object]
    aims: Aims[M] | None = None


def wanted(population: int) -> int:
    """How many islands a population of so many members has."""
    return max(1, population // 4)


def migrate(
    islands: Sequence[Island[M]],
    litters: Sequence[Litter[M]],
    admitted: Sequence[M],
    exact: Sequence[M],
    generator: np.random.Generator,
    *,
    ways: Ways[M],
    clock: Clock | None = None,
) -> tuple[Island[M], ...]:
    """The islands after a generation with these scored ``litters``, of which ``admitted`` may be kept.

    ``exact`` are the good exact members of all islands, which found new ones while there are too few. After a
    generation that the ``clock`` has cut the walks stand where their bursts ended, but their cycles have not moved on.
    """
    cut = clock is not None and bool(clock.flag[0])
    walks = {litter.job.island: litter for litter in litters}
    left_out = [k for k in range(len(islands)) if k not in walks]
    if left_out:
        raise UsageError(f"vary gave no litter for island {left_out[0]}, whose number a job must name")
    kept, pool = set(admitted), [member for member in exact if member.error == 0.0]
    moved = []
    for k, island in enumerate(islands):
        after = _advance(island, walks[k], kept, 0 if cut else island.stride(ways.stride(island.age)), ways.aims)
        if after.done >= after.length and not cut:
            after = _next_cycle(after, pool, [other.best for other in islands], generator, ways)
            if not is_scored(after.here):
                ways.score([after.here])
        moved.append(after)
    return (*moved, *_founded(moved, pool, generator, ways))


def tallies(before: Sequence[Island[M]], after: Sequence[Island[M]]) -> dict[str, Tally]:
    """How many cycles that began with each operator ended in a generation: tried, accepted (all), improved."""
    counted = dict.fromkeys((*BEGINNINGS, "anneal"), (0, 0, 0))
    for old, new in zip(before, after, strict=False):
        for name in {old.began, "anneal"} & set(counted) if new.done == 0 else ():
            tried, accepted, improved = counted[name]
            counted[name] = (tried + 1, accepted + 1, improved + (new.best.cost < old.record))
    return counted


def _founded(
    islands: Sequence[Island[M]], pool: Sequence[M], generator: np.random.Generator, ways: Ways[M]
) -> list[Island[M]]:
    """New islands on exact members, cheapest first, while there are fewer than the population should have."""
    taken = {ways.key(island.first) for island in islands}
    free = [member for member in pool if ways.key(member) not in taken]
    new = [Island(m, m, m, None, 1.0, 1, 0, 0, "", m.cost) for m in free[: ways.wanted - len(islands)]]
    aimed = [_aimed(island, pool, generator, ways) for island in new]
    return [_cycle(island, island.first, "", None, generator, ways) for island in aimed]


def _aimed(island: Island[M], known: Sequence[M], generator: np.random.Generator, ways: Ways[M]) -> Island[M]:
    """With a third axis: the island with a limit on it, from just below the lowest known to that of the cheapest.

    It goes back to the cheapest member known within that limit, and so the islands walk along the curve.
    """
    aims = ways.aims
    if aims is None or aims.third is None:
        return island
    members = [island.best, *known]
    nearest = min(map(aims.excess, members))
    costs = [(member.cost, aims.third(member)) for member in members if aims.excess(member) == nearest]
    lowest = max(aims.least, int(min(third for _, third in costs)) - 1)
    limit = int(generator.integers(lowest, max(lowest, int(min(costs)[1])) + 1))
    best = min(members, key=lambda member: (aims.above(member, limit), member.cost))
    return replace(island, best=best, limit=limit)


def _advance(island: Island[M], litter: Litter[M], kept: set[M], steps: int, aims: Aims[M] | None = None) -> Island[M]:
    """One island after its burst; of what that met it keeps only what may be kept."""
    lowest = [member for member in litter.members if member.error == 0.0 and member in kept]
    best = min((*lowest, island.best), key=lambda m: (0.0 if aims is None else aims.above(m, island.limit), m.cost))
    here = litter.ended if litter.ended.error == 0.0 else best  # a walk that lost exactness cannot go on
    return replace(island, best=best, here=here, mate=None, done=island.done + steps, age=island.age + steps)


def _next_cycle(
    island: Island[M], pool: Sequence[M], bests: Sequence[M], generator: np.random.Generator, ways: Ways[M]
) -> Island[M]:
    """Draw what the next cycle begins with."""
    island = _aimed(island, [*pool, *bests], generator, ways)
    other = pool[int(generator.integers(len(pool)))] if pool else island.best
    draw = generator.random()
    for name in BEGINNINGS:
        draw -= ways.chances[name]
        if draw < 0.0:
            if name not in ways.switched_on:
                break
            here = {"restart": island.first, "migrate": other}.get(name)
            here = ways.consensus(island.best, bests) if here is None else here
            return _cycle(island, here, name, None, generator, ways)
    mating = "crossover" in ways.switched_on and generator.random() < ways.chances["crossover"]
    return _cycle(island, island.best, "", other if mating else None, generator, ways)


def _cycle(
    island: Island[M], here: M, began: str, mate: M | None, generator: np.random.Generator, ways: Ways[M]
) -> Island[M]:
    """A new cycle: its length doubles with chance 1/2 again and again, but not beyond the island's age."""
    longest = int(math.log2(max(1.0, 2 * island.age / SHORTEST)))
    length = SHORTEST * 2 ** min(int(generator.geometric(0.5)) - 1, longest)
    hot = float(MILDEST * (HOTTEST / MILDEST) ** generator.random()) if "anneal" in ways.switched_on else GREEDY
    return replace(
        island,
        here=here,
        mate=mate,
        hot=hot,
        length=length,
        done=0,
        began=began,
        record=island.best.cost,
    )
