"""Lineage: how a program came about, kept along the line of its ancestors while they evolve.

On the way to exactness an event is a fit that at least halved the error; from then on it is a step that reached a
count below all earlier ones of the line. A line remembers its latest events, so its memory does not grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.members import Job
from gp_fft.kernels.operators import IN_KERNELS
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

    def longer(self, events: Iterable[Event]) -> Lineage:
        """This line with more events behind it, the oldest ones forgotten if it grows too long."""
        return Lineage((*self, *events)[-LONGEST:])

    @classmethod
    def from_lists(cls, table: Iterable[Sequence[Any]]) -> Lineage:
        """The inverse of a list of lists; raises TypeError or ValueError on damaged ones."""
        return cls(Event(int(g), int(k), str(name), float(a), float(b), float(e)) for g, k, name, a, b, e in table)


@dataclass(frozen=True, kw_only=True)
class Origin(Job[Any]):
    """A job with what its burst noted; parent and children are genomes."""

    generation: int
    trace: NDArray[np.float64]  # (KEPT + 1, 3), see kernels.trace
    tally: NDArray[np.int64]  # (operators, 3): tried, accepted, improved
    flops: float  # cost of one operation of the kernels

    def inherit(self, child: Any) -> None:
        """Give a scored child its line: that of its parent and what happened since."""
        line: Lineage = self.parent.lineage
        if self.parent.error > 0.0:
            reached = line[-1].error if line else 1.0
            if child.error <= reached / 2 and child.error < self.parent.error:
                line = line.longer([self._fit(child)])
        if child.error == 0.0:
            line = line.longer(self._lows(line[-1].after if line else self.parent.cost))
        child.lineage = line

    def _fit(self, child: Any) -> Event:
        """What the mutations of a burst did; rewrites may have followed in it, from the first cost noted."""
        fitted = round(float(self.trace[1, COST]) * self.flops, 1) if 0 < self.trace[0, 0] <= KEPT else child.cost
        improved = [(int(self.tally[k, 2]), -k) for k, op in enumerate(IN_KERNELS) if op.kind == "mutation"]
        mutation = IN_KERNELS[-max(improved)[1]].name  # the one that improved most often
        return Event(self.generation, 0, mutation, self.parent.cost, fitted, child.error)

    def _lows(self, lowest: float) -> Iterator[Event]:
        """The steps of a burst that went below everything in the line, oldest first."""
        number = int(self.trace[0, 0])
        for k in range(max(0, number - KEPT), number):
            step, operator, raw = (float(self.trace[1 + k % KEPT, column]) for column in (STEP, OPERATOR, COST))
            cost = round(raw * self.flops, 1)
            if cost < lowest - LEAST_DROP:
                yield Event(self.generation, int(step), IN_KERNELS[int(operator)].name, lowest, cost, 0.0)
                lowest = cost
