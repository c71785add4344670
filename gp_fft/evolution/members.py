"""What evolves, as the loop sees it: members with an error and a cost, and the litters that the steps exchange."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

Tally = tuple[int, int, int]  # of an operator: tried, accepted, improved
Record = dict[str, Any]  # one line of the log
BUDGET = ("seconds", "generations", "target_cost", "threads")  # settings that decide when, not what


class Member(Protocol):
    """One of a population; hashable. Both numbers are infinite until it is scored."""

    @property
    def error(self) -> float:
        """How far it is from what is wanted; 0 is exact."""

    @property
    def cost(self) -> float:
        """What it costs."""

    def text(self) -> str:
        """What it is, for people."""

    def to_dict(self) -> dict[str, Any]:
        """What it is, for a file: whatever JSON holds."""


M = TypeVar("M", bound=Member)


def is_scored(member: Member) -> bool:
    """Whether a member has its error and cost."""
    return member.error != math.inf


@dataclass(frozen=True)
class Job(Generic[M]):
    """What is asked of one burst: whose descendants it makes, and the number of the island whose walk it goes on."""

    parent: M
    island: int | None = None

    def inherit(self, child: M) -> None:
        """Give a scored child what it has from its parent beside its content: here nothing."""


@dataclass(frozen=True)
class Litter(Generic[M]):
    """What came of one job."""

    job: Job[M]
    ended: M  # where its burst ended
    best: M  # the cheapest exact member that it met
    others: tuple[M, ...] = ()  # whatever else it kept

    @property
    def members(self) -> tuple[M, ...]:
        """All children."""
        return self.ended, self.best, *self.others

    def settled(self) -> Litter[M]:
        """The litter after scoring: a child that time left unscored gives its place to the parent, or is left out."""
        for child in self.members:
            if is_scored(child) and child is not self.job.parent:
                self.job.inherit(child)
        ended, best = (child if is_scored(child) else self.job.parent for child in (self.ended, self.best))
        return replace(self, ended=ended, best=best, others=tuple(filter(is_scored, self.others)))


@dataclass(frozen=True)
class Brood(Generic[M]):
    """All litters of one generation, with what was counted; of two litters for one island the later one counts."""

    litters: tuple[Litter[M], ...]
    tallies: Mapping[str, Tally]
    steps: int

    @property
    def members(self) -> list[M]:
        """The children of all litters in their order."""
        return [child for litter in self.litters for child in litter.members]
