"""The save step of a run: append each generation to the log, keep the front and the checkpoint up to date.

The front on disk is always that of the last line of the log: new members are written, then the line, then members
that left are removed. While writing a changed front would take too much of the time, its lines wait in memory.
A save does the same, syncs the log and replaces the checkpoint. So the log is never behind the checkpoint, and a
crash anywhere leaves a run that resumes. A run folder that vanished is noticed before anything is written, and what
there is goes into a new folder beside it.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from operator import is_
from pathlib import Path
from typing import Any

from gp_fft.evolution.members import Record
from gp_fft.evolution.state import State
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import DataError
from gp_fft.ground.locks import FolderLock
from gp_fft.ground.words import quoted
from gp_fft.store.folders import EQUAL, RunFolder, damaged, encode_checkpoint, hold

EVERY_SECONDS = 5.0
NOTICED = 0.2  # seconds that saving takes where a budget must mind it
KEEPING = 2.5  # saves that the end of a run takes, as all is saved, read again and told
SHARE_OF_TIME = 0.05  # saving takes at most about this part of the run, however large the state


class Recorder:
    """Writes one run while it goes on; use it as a context, which saves once more when it is left.

    Opening it brings log and front back to `state` (None: to nothing) and keeps every other process out. Who holds
    the run already hands in the `lock`, and releases it.
    """

    def __init__(
        self,
        run: RunFolder,
        state: State[Any] | None = None,
        every: float = EVERY_SECONDS,
        lock: FolderLock | None = None,
    ) -> None:
        self.run: Any = run  # of whichever type it was given
        self._every = every
        self._next_save = self._next_front = 0.0  # the first generation is saved at once
        self._saved: State[Any] | None = state
        self._state: State[Any] | None = state
        self._shown: tuple[Any, ...] | None = None  # the front that is on disk, and what is kept beside it
        self._lost = False
        with contextlib.ExitStack() as stack:
            self._lock = stack.enter_context(hold(run.path)) if lock is None else lock
            with _in_words(run.path):
                if state is None and (run.path / "checkpoint.json").exists():
                    raise DataError(f"the run {run.path} has a checkpoint, and goes on from there or not at all")
                self._log = stack.enter_context((run.path / "log.jsonl").open("r+b"))
                # the end of the log on disk and the lines that wait: one value, so that no interrupt comes between
                self._queue: tuple[int, tuple[bytes, ...]] = (self._end_of(state), ())
                self._log.truncate(self._queue[0])
                if state is not None:
                    self._show(state)
            self._open = stack.pop_all()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None or not issubclass(kind, DataError | OSError):
                self.save()
            if not self._lost:
                self.check()
        finally:
            with contextlib.suppress(OSError):  # closing flushes; a full disk has been told of already
                self._open.close()

    def note(self, settings: Any) -> None:
        """Write into settings.toml what the search was given, where its settings did not say so beforehand."""
        if settings != self.run.problem.settings:
            self.run = self.run.with_settings(settings, self._lock)

    def begin(self, state: State[Any], record: Record, clock: Clock) -> None:
        """Record the start, and have the search end in time for the end to be kept as well, which takes as long."""
        began = clock.now()
        self.add(state, record)
        took = clock.now() - began
        clock.reserve(KEEPING * took if took > NOTICED else 0.0)

    def add(self, state: State[Any], record: Record) -> None:
        """Append the record of one generation, now and then save all; DataError if the disk is full."""
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        self._queue = (self._queue[0], (*self._queue[1], line))
        self._state = state
        self.check()
        now = time.monotonic()
        if now >= self._next_save:
            self.save()
        elif self._is_shown(state) or now >= self._next_front:
            with _in_words(self.run.path):
                self._show(state)

    def save(self) -> None:
        """Write front and checkpoint as they are now, if anything has happened since the last save."""
        state = self._state
        if state is None or state is self._saved:
            return
        self.check()
        begin = time.monotonic()
        with _in_words(self.run.path):
            self._show(state)
            os.fsync(self._log.fileno())
            atomic_write(self.run.path / "checkpoint.json", encode_checkpoint(state))
        self._saved = state
        took = time.monotonic() - begin
        self._next_save = time.monotonic() + max(self._every, took / SHARE_OF_TIME)

    def check(self) -> None:
        """Raise DataError if the folder is not the one any more that was opened, with what there is saved beside it."""
        try:
            there = (self.run.path / "log.jsonl").stat()
            if os.path.samestat(there, os.fstat(self._log.fileno())) and (self.run.path / "settings.toml").is_file():
                return
        except OSError:
            pass
        self._lost = True
        lost = f"the run folder {self.run.path} was moved, deleted or replaced while it was in use"
        raise DataError(f"{lost}; {self._rescued()}")

    def _rescued(self) -> str:
        """Save log, front and checkpoint in a new folder beside the lost one; how to go on from there."""
        state = self._state
        if state is None:
            return "nothing had been found yet"
        end, lines = self._queue
        with _in_words(self.run.path):
            self._log.seek(0)
            log = self._log.read(end) + b"".join(lines)
        beside = self.run.beside()
        (beside.path / "log.jsonl").write_bytes(log)
        with Recorder(beside, state) as recorder:
            recorder._saved = None  # so that leaving it saves
        return (
            f"all up to generation {state.generation} is saved in {beside.path}; "
            f"go on with: gp-fft resume {quoted(beside.path)}"
        )

    def _show(self, state: State[Any]) -> None:
        """Bring the front on disk and the log to `state`."""
        begin = time.monotonic()
        wanted = None if self._is_shown(state) else self._save_front(state)
        end, lines = self._queue
        if lines:
            self._log.seek(end)
            self._log.write(b"".join(lines))
            self._log.flush()
            self._queue = (end + sum(map(len, lines)), ())
        if wanted is None:
            return
        for path in {*self.run.front_paths(), *self.run.equal_paths()} - wanted:
            path.unlink(missing_ok=True)
        self._shown = state.kept
        now = time.monotonic()
        self._next_front = now + (now - begin) / SHARE_OF_TIME

    def _is_shown(self, state: State[Any]) -> bool:
        """Whether the front on disk is that of `state`, with the very same members."""
        shown, kept = self._shown, state.kept
        return shown is not None and len(shown) == len(kept) and all(map(is_, shown, kept))

    def _save_front(self, state: State[Any]) -> set[Path]:
        """Write the members of the front that are not on disk yet, and those beside it; the set of all their paths."""
        problem = self.run.problem
        paths: dict[Path, Any] = {}
        for folder, members in (("front", state.archive), (EQUAL, state.equals)):
            paths |= {self.run.path / folder / problem.file_name(member): member for member in members}
        for path, member in paths.items():
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                atomic_write(path, problem.encode(member, self.run.provenance()))
        return set(paths)

    def _end_of(self, state: State[Any] | None) -> int:
        """The byte of the log behind the record of the generation of `state`; DataError if it has none."""
        if state is None:
            return 0
        end = 0
        for line in self._log:
            end += len(line)
            with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                if line.endswith(b"\n") and json.loads(line)["generation"] == state.generation:
                    return end
        raise damaged(self.run.path, f"its log ends before generation {state.generation}")


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Say in one sentence what the operating system refused."""
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror}; all up to the last checkpoint is kept"
        raise DataError(f"cannot write to the run {path}: {reason}") from error
