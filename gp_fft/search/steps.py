"""The steps of a search for programs: those of every evolution, and where the bursts run."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.steps import Steps as AnySteps
from gp_fft.kernels.burst import Children
from gp_fft.kernels.packed import Packed
from gp_fft.kernels.rules import Rules
from gp_fft.search.genome import Genome


class Steps(AnySteps[Genome], Protocol):
    """What ``evolve(toolbox=...)`` takes: a DEAP toolbox with these steps, or any object that has them as methods.

    Genomes may be shared: a step makes new ones (``dataclasses.replace``) and changes none but for its fitness,
    ``genome.fitness.values = (error, cost)``: the relative Frobenius error, 0 below EXACT, and the cost.
    """

    def burst(
        self, population: Packed, target: NDArray[np.complex128], jobs: NDArray[np.void], rules: Rules, /
    ) -> Children:
        """The children of ``jobs`` (JOB records), as :func:`gp_fft.kernels.burst.run_burst` makes them in threads.

        Plain arrays go in and come out, so bursts may run anywhere: in other processes, one by one, in any order.
        """


NAMES = ("start", "vary", "burst", "score", "admit", "select", "archive", "migrate", "stream")
