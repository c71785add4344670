"""Deal work out to threads that run compiled code outside the GIL.

They are plain ones (for a ``prange`` Numba compiles every kernel twice), and the caller waits in Python, so that it
hears Ctrl-C.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def deal(work: Callable[[int, int], None], threads: int) -> None:
    """Call ``work(first, step)`` in each of so many threads (at least one): every ``step``-th piece is its part."""
    step = max(1, threads)
    with ThreadPoolExecutor(step) as pool:
        parts = [pool.submit(work, first, step) for first in range(step)]
    for part in parts:
        part.result()
