"""Lineage: how a program came about, kept along the line of its ancestors while they evolve.

On the way to exactness an event is a fit that at least halved the error; from then on it is a step that reached a
count below all earlier ones of the line. A line remembers its latest events, so its memory does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

LONGEST = 200  # events of a line that are remembered


class Event(NamedTuple):
    """One improvement on the line of ancestors."""

    generation: int
    step: int  # within the burst of the generation; 0 is before its first step
    operator: str
    before: float  # lowest cost of the line before; of a fit, the cost of the parent
    after: float
    error: float  # relative error afterwards; 0 is exact


class Lineage(tuple[Event, ...]):
    """The events of one line, oldest first; immutable, so that copies of a program share it."""

    __slots__ = ()

    def longer(self, events: Iterable[Event]) -> Lineage:
        """This line with more events behind it, the oldest ones forgotten if it grows too long."""
        return Lineage((*self, *events)[-LONGEST:])

    @classmethod
    def from_lists(cls, table: Iterable[Sequence[Any]]) -> Lineage:
        """The inverse of a list of lists; raises TypeError or ValueError on damaged ones."""
        return cls(Event(int(g), int(k), str(name), float(a), float(b), float(e)) for g, k, name, a, b, e in table)
