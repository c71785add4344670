"""Ranked: members by (error, cost) in DEAP's terms: who lives on, and who stands on the front.

NSGA-II: Deb et al. (2002). Exact members compete on cost alone; while there are too few of them, those nearest to
exactness hold their places. Of the approximate ones the best of every cost live on (``cells.py``). The front is DEAP's
hall of fame of all members met, one for each (error, cost).

Where there are limits the front holds what is within, and exact members compete on what they are above as well; a third
axis is one more on which they compete. Approximate members have no place on it: among them all is as without.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Generic

from deap import base, tools

from gp_fft.evolution.aims import Aims
from gp_fft.evolution.cells import fill
from gp_fft.evolution.members import M


class ErrorAndCost(base.Fitness):  # type: ignore[misc]  # deap ships no types
    """Error and cost, both to be minimised."""

    weights = (-1.0, -1.0)


class ErrorCostAndThird(base.Fitness):  # type: ignore[misc]
    """Error, cost and a third number, all to be minimised."""

    weights = (-1.0, -1.0, -1.0)


class _Ranked(Generic[M]):
    """A member with a fitness, as DEAP wants it; a copy is the same."""

    def __init__(self, member: M, aims: Aims[M] | None, above: bool = False) -> None:
        self.member = member
        self.fitness = ErrorAndCost((member.error, member.cost))
        if aims is not None:
            exact = member.error == 0.0
            third = aims.third(member) if exact and aims.third is not None else math.inf
            error = aims.excess(member) if exact and above else member.error
            self.fitness = ErrorCostAndThird((error, member.cost, third))

    def __deepcopy__(self, memo: dict[int, Any]) -> _Ranked[M]:
        return self


def places(population: int) -> int:
    """Places for exact members; a quarter of a population are approximations, which have their cells."""
    return population - max(1, population // 4)


def select(
    candidates: Iterable[M], *, population: int, key: Callable[[M], Hashable], aims: Aims[M] | None = None
) -> tuple[tuple[M, ...], tuple[M, ...]]:
    """The exact niche and the approximate cells of the next generation; earlier candidates win ties."""
    fresh = list({key(member): member for member in reversed(list(candidates))}.values())[::-1]
    rough = [member for member in fresh if member.error > 0.0]
    exact = [member for member in fresh if member.error == 0.0]
    kept = _best(exact, places(population), aims)
    missing = places(population) - len(kept)
    kept += sorted(rough, key=lambda member: member.error)[:missing]
    return tuple(kept), fill(rough, min((member.cost for member in exact), default=math.inf))


def _best(members: Sequence[M], places: int, aims: Aims[M] | None) -> list[M]:
    ranked = [_Ranked(member, aims, above=True) for member in members]
    return [one.member for one in tools.selNSGA2(ranked, places)] if members else []


def archive(
    front: Iterable[M],
    candidates: Iterable[M],
    *,
    prefer: Callable[[M, Sequence[M]], M] = lambda best, alike: best,
    aims: Aims[M] | None = None,
) -> tuple[M, ...]:
    """The front after the candidates were offered to it, ascending in cost.

    ``prefer`` says which of an exact member and others with the same cost, and third number, is to stand there.
    """
    everyone = [_Ranked(member, aims) for member in front]
    hall = tools.ParetoFront(similar=_alike)
    hall.update(everyone)
    fresh = [_Ranked(member, aims) for member in candidates if aims is None or aims.excess(member) == 0.0]
    first = {one.fitness.values: one for one in reversed(fresh)}
    hall.update([first[values] for values in sorted(first)])  # cheap ones first: the front is compared with few
    everyone += fresh
    best = []
    for one in hall:
        alike = [other.member for other in everyone if other.member.error == 0.0 and _alike(one, other)]
        best.append(prefer(one.member, alike) if one.member.error == 0.0 else one.member)
    return tuple(sorted(best, key=lambda member: (member.cost, member.error)))


def _alike(one: _Ranked[Any], other: _Ranked[Any]) -> bool:
    return bool(one.fitness == other.fitness)
