"""Lineage: how a program came about, kept along the line of its ancestors while they evolve.

On the way to exactness an event is a fit that at least halved the error; from then on it is a step that reached a
count below all earlier ones of the line. A line remembers its latest events, so its memory does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.kernels.trace import COST, KEPT, OPERATOR, STEP

LONGEST = 200  # events of a line that are remembered
LEAST_DROP = 0.05  # of the cost; what the tie breaker of a cost model alone gains is no event


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

    def __deepcopy__(self, memo: dict[int, Any]) -> Lineage:
        return self

    def longer(self, events: Iterable[Event]) -> Lineage:
        """This line with more events behind it, the oldest ones forgotten if it grows too long."""
        return Lineage((*self, *events)[-LONGEST:])

    @classmethod
    def from_lists(cls, table: Iterable[Sequence[Any]]) -> Lineage:
        """The inverse of a list of lists; raises TypeError or ValueError on damaged ones."""
        return cls(Event(int(g), int(k), str(name), float(a), float(b), float(e)) for g, k, name, a, b, e in table)


class Descendant(Protocol):
    """What has a lineage: a :class:`gp_fft.search.genome.Genome`."""

    lineage: Lineage
    origin: Origin | None

    @property
    def error(self) -> float:
        """Relative error, 0 if exact."""
        ...

    @property
    def cost(self) -> float:
        """Cost under the model of the run."""
        ...


class Origin(NamedTuple):
    """Where a raw child comes from, until it is scored."""

    parent: Descendant
    generation: int
    mutation: str  # the mutation that improved most often in its burst
    trace: NDArray[np.float64]  # (KEPT + 1, 3), see kernels.trace
    flops: float  # cost of one operation of the kernels


def descend(child: Descendant, operators: Sequence[str]) -> None:
    """Give a scored child its line: that of its parent and what happened since. Without an origin it keeps its own."""
    if child.origin is None:
        return
    origin, child.origin = child.origin, None
    line = origin.parent.lineage
    if origin.parent.error > 0.0:
        reached = line[-1].error if line else 1.0
        if child.error <= reached / 2 and child.error < origin.parent.error:
            line = line.longer([_fit(child, origin)])
    if child.error == 0.0:
        lowest = line[-1].after if line else origin.parent.cost
        line = line.longer(_lows(origin, lowest, operators))
    child.lineage = line


def _fit(child: Descendant, origin: Origin) -> Event:
    """What the mutations of a burst did; rewrites may have followed in the same burst, from the first cost noted."""
    parent, trace = origin.parent, origin.trace
    fitted = round(float(trace[1, COST]) * origin.flops, 1) if 0 < trace[0, 0] <= KEPT else child.cost
    return Event(origin.generation, 0, origin.mutation, parent.cost, fitted, child.error)


def _lows(origin: Origin, lowest: float, operators: Sequence[str]) -> Iterable[Event]:
    """The steps of a burst that went below everything in the line, oldest first."""
    number, trace = int(origin.trace[0, 0]), origin.trace
    for k in range(max(0, number - KEPT), number):
        step, operator, raw = (float(trace[1 + k % KEPT, column]) for column in (STEP, OPERATOR, COST))
        cost = round(raw * origin.flops, 1)
        if cost < lowest - LEAST_DROP:
            yield Event(origin.generation, int(step), operators[int(operator)], lowest, cost, 0.0)
            lowest = cost
