"""Work spread over the processors, with results in the order of the jobs: for what is plain Python and takes long."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from gp_fft.search.vary import cores

J = TypeVar("J")
R = TypeVar("R")
MOST_WORKERS = 4


def spread(work: Callable[[J], R], jobs: Sequence[J], heavy: bool) -> Iterator[R]:
    """What ``work`` makes of each job, in their order: in fresh processes where it is ``heavy``, else here.

    The function stands at the top of a module; jobs and results can be pickled. The results are the same either way.
    """
    workers = min(MOST_WORKERS, cores(), len(jobs))
    if not heavy or workers < 2:
        yield from map(work, jobs)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _deaf) as pool:
        yield from pool.map(work, jobs)


def _deaf() -> None:
    """Ctrl-C is for the process that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
