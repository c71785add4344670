"""Deal work out to threads that run compiled code outside the GIL.

They are plain ones (for a ``prange`` Numba compiles every kernel twice), and the caller waits in Python, so that it
hears Ctrl-C.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor


def deal(work: Callable[[int, int], None], threads: int) -> None:
    """Call ``work(first, step)`` in each of so many threads (at least one): every ``step``-th piece is its part."""
    step = max(1, threads)
    with ThreadPoolExecutor(step) as pool:
        parts = [pool.submit(work, first, step) for first in range(step)]
    for part in parts:
        part.result()


def hand_out(work: Callable[[int], None], pieces: Iterable[int], threads: int) -> None:
    """Call ``work(piece)`` for all pieces, in so many threads (at least one): each takes the next one when it is free.

    For pieces that take unlike times: longest first, and no thread waits long for another.
    """
    queue = iter(pieces)  # one that needs no lock: its step is one step of the interpreter

    def take(first: int, step: int) -> None:
        for piece in queue:
            work(piece)

    deal(take, threads)
