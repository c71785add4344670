"""Evolving under the user's eyes: the compiling line, the progress line, a clean stop on Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gp_fft.clock import Clock
from gp_fft.recorder import Recorder
from gp_fft.runs import Run

if TYPE_CHECKING:
    from gp_fft.search.state import State

STOPPED = "stopped by Ctrl-C"
LINE_EVERY = 2.0  # seconds between progress lines where the output is no terminal


def drive(run: Run, state: State | None) -> tuple[State | None, str]:
    """Evolve `run` from `state` (None: its start) until its budget is used or Ctrl-C: last state and why."""
    from gp_fft.search.loop import generations, stop_reason
    from gp_fft.search.threads import bounded
    from gp_fft.search.warm import warm_up

    console, clock = Console(stderr=True, highlight=False), Clock()
    with _farewell(run, console), Recorder(run, state) as recorder, _stoppable(console, clock):
        warm_up(console.print, clock)
        with _progress(console) as show, bounded(run.settings):
            for latest, record in () if clock.stopped else generations(run.transform, run.settings, state, clock=clock):
                state = latest
                recorder.add(state, record)
                show(record)
    if clock.stopped:
        return state, STOPPED
    return state, "nothing to do" if state is None else stop_reason(state, run.settings) or "time budget used"


@contextlib.contextmanager
def _farewell(run: Run, console: Console) -> Iterator[None]:
    """Say how to go on where Ctrl-C struck outside the loop, or twice."""
    try:
        yield
    except KeyboardInterrupt:
        console.print(f"everything up to the last checkpoint is kept; go on with: gp-fft resume {run.path}")
        raise


@contextlib.contextmanager
def _stoppable(console: Console, clock: Clock) -> Iterator[None]:
    """Turn the first Ctrl-C (or SIGTERM) into a wish to stop as soon as all is kept; a second acts at once."""

    def wish(*_: Any) -> None:
        if clock.stopped:
            raise KeyboardInterrupt
        clock.stop()
        console.print("stopping (Ctrl-C again stops at once) ...")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Any]:
    """A function that shows a generation: one live line on a terminal, else a line now and then."""
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)
        yield lambda record: progress.update(task, description=progress_line(record))


class _Lines:
    """Plain progress for logs and pipes: a line when the best count falls, else every few seconds."""

    def __init__(self) -> None:
        self._best: Any = None
        self._next = 0.0

    def __call__(self, record: dict[str, Any]) -> None:
        best = record["best_exact_cost"]
        if best != self._best or time.monotonic() >= self._next:
            click.echo(progress_line(record), err=True)
            self._best, self._next = best, time.monotonic() + LINE_EVERY


def progress_line(record: dict[str, Any]) -> str:
    """One generation in one line."""
    best = record["best_exact_cost"]
    found = f"none exact yet, error {record['best_error']:.1e}" if best is None else f"best exact {best:g}"
    steps = f"{round(record['steps_per_second']):,}".replace(",", " ")
    return f"generation {record['generation']} | {found} | front {len(record['front'])} | {steps} steps/s"
