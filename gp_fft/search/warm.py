"""Warming up: compile what the search runs, or load it from the disk cache, on a transform of two points.

Numba compiles for types, not for sizes: what is compiled for two points serves every transform, real or complex.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from numba.core import event

from gp_fft import transforms
from gp_fft.ground.clock import Clock
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.search.vary import cores

Tell = Callable[[str], None]

PATIENCE = 0.1  # seconds between two looks at the clock
EVERY = 5.0  # seconds between two lines of progress
STARTED = "compiling the search, once on this machine; the budget starts when that is done ..."


def warm_up(tell: Tell | None = None, clock: Clock | None = None, run: Callable[[], object] | None = None) -> int:
    """Have everything compiled that an evolution of any transform runs; return how many functions were compiled.

    Nothing is told unless something is really compiled, which takes about a minute; loading from the cache takes
    about a second. The compiler runs in a thread of its own, so that Ctrl-C, or ``clock.stop()``, ends the wait at
    once; what is compiled by then is in the cache. `run`: what runs all that is to be compiled, for another search.
    Where there is a second core, a process of its own compiles a part of what the search of programs needs.
    """
    count = _Count(tell or (lambda line: None))
    failed: list[BaseException] = []
    thread = threading.Thread(target=_run, args=(failed, run or _everything), name="gp-fft compiler", daemon=True)
    with event.install_listener("numba:compile", count), ExitStack() as ends:
        aside = run is None and cores() > 1
        thread.start()
        while thread.is_alive() and not (clock is not None and clock.stopped):
            thread.join(PATIENCE)
            if count.compiled and aside:
                ends.enter_context(_aside())
                aside = False
            count.progress()
    if failed:
        raise failed[0]
    count.finish(thread.is_alive())
    return count.compiled


def tell_stderr(line: str) -> None:
    """One line on stderr."""
    print(line, file=sys.stderr, flush=True)


def _run(failed: list[BaseException], run: Callable[[], object]) -> None:
    try:
        run()
    except BaseException as error:
        failed.append(error)


@contextmanager
def _aside() -> Iterator[None]:
    """Let another process compile meanwhile, see :mod:`gp_fft.search.warm_aside`; what it says concerns nobody."""
    command, nowhere = [sys.executable, "-m", "gp_fft.search.warm_aside"], subprocess.DEVNULL
    with subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere) as process:
        try:
            yield
        finally:
            process.kill()


def _everything() -> None:
    """Two generations of two points, and the estimate of round-off, which they leave out."""
    tiny, transform = Settings(population=4, generations=2, threads=1), transforms.get("dft", 2)
    for state, _ in generations(transform, tiny):
        some = state.exact[0]
    _ = replace(some).round_off


class _Count(event.Listener):
    """Counts which of our functions Numba compiles (what it finds in its cache it does not) and tells of it."""

    def __init__(self, tell: Tell) -> None:
        self._seen: set[int] = set()
        self._tell = tell
        self._began = time.monotonic()
        self._next = self._began + EVERY

    def on_start(self, event: event.Event) -> None:
        """Numba begins to compile a function, in the thread of the compiler."""
        kernel = event.data["dispatcher"]
        if id(kernel) in self._seen or not kernel.py_func.__module__.startswith("gp_fft."):
            return  # for other types, or a part of Numba itself
        if not self._seen:
            self._began = time.monotonic()
            self._next = self._began + EVERY
            self._tell(STARTED)
        self._seen.add(id(kernel))

    @property
    def compiled(self) -> int:
        """How many functions have been compiled, at least in part."""
        return len(self._seen)

    def on_end(self, event: event.Event) -> None:
        """Nothing: a function that is compiled was counted when it began."""

    def progress(self) -> None:
        """A line now and then."""
        if self.compiled and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._tell(f"  {self.compiled} functions, {self._seconds()} s")

    def finish(self, given_up: bool) -> None:
        """How it ended."""
        if self.compiled:
            self._tell(f"{'stopped compiling' if given_up else 'compiled'} after {self._seconds()} s")

    def _seconds(self) -> int:
        return round(time.monotonic() - self._began)
