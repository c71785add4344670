"""The save step of a run: append each generation to the log, keep the front and the checkpoint up to date.

Order of a save: sync the log, write new programs of the front, replace the checkpoint, remove programs that
left the front. So the log is never behind the checkpoint, and a crash anywhere leaves a run that resumes.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gp_fft import files
from gp_fft.errors import DataError
from gp_fft.runs import Run, damaged, encode_checkpoint, front_name, lock

if TYPE_CHECKING:
    from gp_fft.search.settings import Settings
    from gp_fft.search.state import State

EVERY_SECONDS = 5.0
SHARE_OF_TIME = 0.05  # saving takes at most about this part of the run, however large the state


class Recorder:
    """Writes one run while it goes on; use it as a context, which saves once more when it is left.

    Opening it cuts the log back to `state` (None: to nothing) and keeps every other process out.
    """

    def __init__(self, run: Run, state: State | None = None, every: float = EVERY_SECONDS) -> None:
        self.run = run
        self._every = every
        self._next_save = 0.0  # the first generation is saved at once
        self._saved: State | None = state
        self._state: State | None = state
        with _told(run.path):
            self._log = (run.path / "log.jsonl").open("r+b")
        try:
            lock(self._log, run.path)
            with _told(run.path):
                self._log.truncate(self._end_of(state))
                self._log.seek(0, os.SEEK_END)
        except BaseException:
            self._log.close()
            raise

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None or not issubclass(kind, DataError | OSError):
                self.save()
        finally:
            with contextlib.suppress(OSError):  # closing flushes; a full disk has been told of already
                self._log.close()

    def note(self, settings: Settings) -> None:
        """Write into settings.toml what the search was given, where its settings did not say so beforehand."""
        if settings != self.run.settings:
            self.run = self.run.with_settings(settings)

    def add(self, state: State, record: dict[str, Any]) -> None:
        """Append the record of one generation, now and then save all; DataError if the disk is full."""
        with _told(self.run.path):
            self._log.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
            self._log.flush()
        self._state = state
        if time.monotonic() >= self._next_save:
            self.save()

    def save(self) -> None:
        """Write front and checkpoint as they are now, if anything has happened since the last save."""
        state = self._state
        if state is None or state is self._saved:
            return
        begin = time.monotonic()
        with _told(self.run.path):
            os.fsync(self._log.fileno())
            wanted = self._save_front(state)
            files.atomic_write(self.run.path / "checkpoint.json", encode_checkpoint(state))
            for path in set((self.run.path / "front").glob("*.json")) - wanted:
                path.unlink()
        self._saved = state
        took = time.monotonic() - begin
        self._next_save = time.monotonic() + max(self._every, took / SHARE_OF_TIME)

    def _save_front(self, state: State) -> set[Path]:
        """Write the programs of the front that are not on disk yet; the set of all their paths."""
        paths = set()
        for genome, program in zip(state.archive, state.front, strict=True):
            path = self.run.path / "front" / front_name(program)
            if not path.exists():
                lineage = [list(event) for event in genome.lineage]
                provenance = {**self.run.provenance(), "lineage": lineage}
                files.save(path, files.describe(program, self.run.transform, provenance=provenance))
            paths.add(path)
        return paths

    def _end_of(self, state: State | None) -> int:
        """The byte of the log behind the record of the generation of `state`; DataError if it has none."""
        if state is None:
            return 0
        end = 0
        for line in self._log:
            end += len(line)
            with contextlib.suppress(ValueError, KeyError, TypeError):
                if line.endswith(b"\n") and json.loads(line)["generation"] == state.generation:
                    return end
        raise damaged(self.run.path, f"its log ends before generation {state.generation}")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one sentence what the operating system refused."""
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror}; all up to the last checkpoint is kept"
        raise DataError(f"cannot write to the run {path}: {reason}") from error
