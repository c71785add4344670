"""The clock: until when something may go on, and the wish to end it earlier; handed down to all that may take long.

Python code asks :attr:`Clock.over` between two pieces of work. Compiled code, which runs outside the GIL, looks at
:attr:`Clock.flag`, which a watching thread sets.
"""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np

TICK = 0.05  # seconds between two looks of the watching thread


class TimeOver(Exception):
    """The time was over, or Ctrl-C came, in the middle of something that has nothing to show yet."""


class Clock:
    """A deadline on ``now`` (seconds, monotonic) and a wish to stop; without ``seconds`` it never runs out by itself.

    >>> clock = Clock(seconds=60)
    >>> clock.over
    False
    >>> clock.stop()
    >>> clock.over, clock.stopped
    (True, True)
    """

    def __init__(
        self, seconds: float | None = None, now: Callable[[], float] = time.monotonic, whole: Clock | None = None
    ) -> None:
        self.now = now
        self.flag = np.zeros(1, np.int64)  # 1 once it is over, as far as a watching thread has seen
        self._wished = False
        self._whole = whole  # of which it is a part; over when that one is
        self.start(seconds)

    def start(self, seconds: float | None) -> None:
        """Begin anew with so many seconds from now (None: without end); a wish to stop stays."""
        self.deadline = math.inf if seconds is None else self.now() + seconds
        self.flag[0] = self.stopped

    def reserve(self, seconds: float) -> None:
        """Be over so much earlier: for what must be done when the time is over."""
        self.deadline -= seconds

    def stop(self) -> None:
        """Wish that all that holds this clock stops as soon as it can; safe in a signal handler."""
        self._wished = True
        self.flag[0] = 1

    def renew(self) -> None:
        """Forget a wish of before, and begin anew without end: the clock serves another search."""
        self._wished = False
        self.start(None)

    @property
    def stopped(self) -> bool:
        """Whether somebody wishes to stop."""
        return self._wished or (self._whole is not None and self._whole.stopped)

    @property
    def left(self) -> float:
        """Seconds until it is over: infinite without a deadline, 0 at the end."""
        return 0.0 if self.stopped else max(0.0, self.deadline - self.now())

    @property
    def over(self) -> bool:
        """Whether the time has run out, or somebody wishes to stop."""
        if self._whole is not None and self._whole.over:
            return True
        return self.stopped or (self.deadline < math.inf and self.now() >= self.deadline)

    def check(self) -> None:
        """Raise :class:`TimeOver` if it is over."""
        if self.over:
            raise TimeOver

    def part(self, share: float) -> Clock:
        """A clock for a first part of what is left, over at the latest when this one is."""
        return Clock(None if self.left == math.inf else self.left * share, self.now, self)

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """While this lasts a thread keeps ``flag`` up to date; afterwards, also after an exception, it is set.

        So no compiled code goes on behind the back of somebody who was interrupted.
        """
        done = threading.Event()

        def watch() -> None:
            while not done.wait(TICK):
                if self.over:
                    self.flag[0] = 1
                    return

        thread = threading.Thread(target=watch, name="gp-fft clock", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.flag[0] = 1
            done.set()
            thread.join()


@contextlib.contextmanager
def stoppable(clock: Clock) -> Iterator[None]:
    """Turn the first Ctrl-C into a wish to stop; a second one is a KeyboardInterrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def wish(*_: object) -> None:
        if clock.stopped:
            raise KeyboardInterrupt
        clock.stop()

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
