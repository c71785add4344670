"""Evolving under the user's eyes: the compiling line, the progress line, a clean stop on Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gp_fft.cli import stopping
from gp_fft.cli.options import say
from gp_fft.construct.given import Given
from gp_fft.ground.clock import Clock
from gp_fft.ground.words import quoted
from gp_fft.search.threads import bounded
from gp_fft.store.folders import RunFolder
from gp_fft.store.lending import noted
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run

if TYPE_CHECKING:
    from gp_fft.search.state import State

BESIDE = 12  # columns that the spinner and the clock take beside a progress line
LINE_EVERY = 2.0  # seconds between progress lines where the output is no terminal


def drive(run: Run, state: State | None, recorder: Recorder, given: Given) -> tuple[State | None, str]:
    """Evolve `run` from `state` (None: its start) until its budget is used or Ctrl-C, and save: last state and why.

    What the start took of the records `given` is noted in the run.
    """
    from gp_fft.search.loop import generations
    from gp_fft.search.warm import warm_up

    return follow(
        run,
        state,
        recorder,
        warm_up,
        lambda clock: generations(run.transform, run.settings, state, given=given, clock=clock),
        lambda: recorder.note(noted(run.settings, given)),
    )


def follow(
    run: RunFolder,
    state: Any,
    recorder: Recorder,
    warm: Callable[[Callable[[str], None], Clock], object],
    evolve: Callable[[Clock], Iterable[tuple[Any, dict[str, Any]]]],
    begun: Callable[[], object] = lambda: None,
) -> tuple[Any, str]:
    """Evolve a run of any problem from `state`, as :func:`drive` says, and save: last state and why.

    `warm` compiles what `evolve` runs; `begun` is called after the start.
    """
    console, clock = Console(stderr=True, highlight=False, soft_wrap=True), Clock()
    settings = run.problem.settings
    with _farewell(run, console), _stoppable(console, clock) as stopped:
        warm(console.print, clock)
        with _progress(console) as show, bounded(settings):
            for latest, record in () if stopped else evolve(clock):
                if state is None:
                    begun()
                    recorder.begin(latest, record, clock)
                else:
                    recorder.add(latest, record)
                state = latest
                show(record)
        recorder.save()
    if stopped:
        return state, stopping.reason(stopped[0])
    return state, "nothing to do" if state is None else state.stop_reason(settings) or "time budget used"


@contextlib.contextmanager
def _farewell(run: RunFolder, console: Console) -> Iterator[None]:
    """Say how to go on where Ctrl-C struck outside the loop, or twice."""
    try:
        yield
    except KeyboardInterrupt:
        console.print(f"everything up to the last checkpoint is kept; go on with: gp-fft resume {quoted(run.path)}")
        raise


@contextlib.contextmanager
def _stoppable(console: Console, clock: Clock) -> Iterator[list[KeyboardInterrupt]]:
    """Turn the first Ctrl-C or SIGTERM into a wish (in the list) to stop as soon as all is kept; a second acts now."""
    stopped: list[KeyboardInterrupt] = []

    def wish(number: int, _: Any) -> None:
        if stopped:
            raise stopping.wish_of(number)
        stopped.append(stopping.wish_of(number))
        clock.stop()
        console.print(f"{'SIGTERM: ' * (number == signal.SIGTERM)}stopping (Ctrl-C again stops at once) ...")

    with stopping.handled(wish, signal.SIGINT, signal.SIGTERM):
        yield stopped


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Any]:
    """A function that shows a generation: one live line on a terminal, else a line now and then."""
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        room = console.width - BESIDE
        yield lambda record: progress.update(task, description=progress_line(record, room))


class _Lines:
    """Plain progress for logs and pipes: a line when the best count falls, else every few seconds."""

    def __init__(self) -> None:
        self._best: Any = None
        self._next = 0.0

    def __call__(self, record: dict[str, Any]) -> None:
        best = record["best_exact_cost"]
        if best != self._best or time.monotonic() >= self._next:
            say(progress_line(record))
            self._best, self._next = best, time.monotonic() + LINE_EVERY


def progress_line(record: dict[str, Any], width: int | None = None) -> str:
    """One generation in one line; what does not fit a width is left out whole from the end."""
    best = record["best_exact_cost"]
    state = f"none exact yet, error {record['best_error']:.1e}" if best is None else f"best exact {best:g}"
    parts = [f"generation {record['generation']}", state, f"front {len(record['front'])}"]
    parts.append(f"{round(record['steps_per_second']):,} steps/s")
    while width is not None and len(parts) > 1 and len(" | ".join(parts)) > width:
        parts.pop()
    return " | ".join(parts)
