"""Aims: what is asked of members beside a small error and cost - limits to stay within, and a third axis of the front.

Members are asked for neither: a problem hands in functions of a member, or nothing, and then all is as without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from gp_fft.evolution.members import M


def _within(_: object) -> float:
    return 0.0


@dataclass(frozen=True)
class Aims(Generic[M]):
    """Limits, and a third axis of the exact members."""

    excess: Callable[[M], float] = _within  # how far a member is above its limits; 0 is within
    third: Callable[[M], float] | None = None  # what is to be low on the third axis; whole numbers
    least: int = 0  # nothing is lower on the third axis

    def above(self, member: M, limit: int | None) -> float:
        """How far an exact member is above its limits, and above this one on the third axis."""
        more = 0.0 if limit is None or self.third is None else max(0.0, self.third(member) - limit)
        return self.excess(member) + more
