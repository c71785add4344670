"""Origin: the burst of a litter of programs as its trace tells it, from which the children get their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.members import Job
from gp_fft.kernels.operators import IN_KERNELS
from gp_fft.kernels.trace import COST, KEPT, OPERATOR, STEP
from gp_fft.search.genome import Genome
from gp_fft.search.lineage import Event

LEAST_DROP = 0.05  # of the cost; what the tie breaker of a cost model alone gains is no event


@dataclass(frozen=True, kw_only=True)
class Origin(Job[Genome]):
    """A job with what its burst noted."""

    generation: int
    trace: NDArray[np.float64]  # (KEPT + 1, 3), see kernels.trace
    tally: NDArray[np.int64]  # (operators, 3): tried, accepted, improved
    flops: float  # cost of one operation of the kernels

    def inherit(self, child: Genome) -> None:
        """Give a scored child its line: that of its parent and what happened since."""
        line = self.parent.lineage
        if self.parent.error > 0.0:
            reached = line[-1].error if line else 1.0
            if child.error <= reached / 2 and child.error < self.parent.error:
                line = line.longer([self._fit(child)])
        if child.error == 0.0:
            line = line.longer(self._lows(line[-1].after if line else self.parent.cost))
        child.lineage = line

    def _fit(self, child: Genome) -> Event:
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
