"""Ranked: members by (error, cost) in DEAP's terms: who lives on, and who stands on the front.

NSGA-II: Deb et al. (2002). Exact members compete on cost alone, approximate ones on both, in two niches that cannot
crowd each other out; while there are too few exact ones, those nearest to exactness hold their places. The front is
DEAP's hall of fame of all members met, one for each (error, cost).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic

from deap import base, tools

from gp_fft.evolution.members import M


class ErrorAndCost(base.Fitness):  # type: ignore[misc]  # deap ships no types
    """Error and cost, both to be minimised."""

    weights = (-1.0, -1.0)


class _Ranked(Generic[M]):
    """A member with a fitness, as DEAP wants it; a copy is the same."""

    def __init__(self, member: M) -> None:
        self.member = member
        self.fitness = ErrorAndCost((member.error, member.cost))

    def __deepcopy__(self, memo: dict[int, Any]) -> _Ranked[M]:
        return self


def sizes(population: int) -> tuple[int, int]:
    """Places in the exact and in the approximate niche."""
    approximate = max(1, population // 4)
    return population - approximate, approximate


def select(
    candidates: Iterable[M], *, population: int, key: Callable[[M], Hashable]
) -> tuple[tuple[M, ...], tuple[M, ...]]:
    """The exact and the approximate niche of the next generation; earlier candidates win ties, copies count once."""
    fresh = list({key(member): member for member in reversed(list(candidates))}.values())[::-1]
    places, rough_places = sizes(population)
    rough = [member for member in fresh if member.error > 0.0]
    kept = _best([member for member in fresh if member.error == 0.0], places)
    if len(kept) < places:
        kept += sorted(rough, key=lambda member: member.error)[: places - len(kept)]
    return tuple(kept), tuple(_best(rough, rough_places))


def _best(members: Sequence[M], places: int) -> list[M]:
    return [ranked.member for ranked in tools.selNSGA2([_Ranked(m) for m in members], places)] if members else []


def archive(
    front: Iterable[M], candidates: Iterable[M], *, prefer: Callable[[M, Sequence[M]], M] = lambda best, alike: best
) -> tuple[M, ...]:
    """The front after the candidates were offered to it, ascending in cost.

    ``prefer`` says which of an exact member and others with the same cost is to stand there.
    """
    everyone = list(front)
    hall = tools.ParetoFront(similar=_alike)
    hall.update([_Ranked(member) for member in everyone])
    fresh = list(candidates)
    first = {(member.error, member.cost): member for member in reversed(fresh)}
    hall.update([_Ranked(first[key]) for key in sorted(first)])  # cheap ones first: the front is compared with few
    everyone += fresh
    best = []
    for member in (ranked.member for ranked in hall):
        alike = [other for other in everyone if other.error == 0.0 and other.cost == member.cost]
        best.append(prefer(member, alike) if member.error == 0.0 else member)
    return tuple(sorted(best, key=lambda member: (member.cost, member.error)))


def _alike(one: _Ranked[Any], other: _Ranked[Any]) -> bool:
    return bool(one.fitness == other.fitness)
