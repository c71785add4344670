"""Locks on folders: one process at a time, released by the system however the process ends.

A lock is the hidden file ``.lock`` in the folder, which the system keeps locked while it is open (flock on POSIX,
LockFileEx on Windows; through portalocker). So a killed process leaves no lock behind, though the file stays, and
nothing is ever written into it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import time
from pathlib import Path
from typing import IO

from gp_fft.ground.errors import DataError

try:
    import portalocker

    KNOWN = True  # whether this system knows locks
except ImportError:  # it lacks fcntl and is no Windows
    KNOWN = False

NAME = ".lock"
PATIENCE = 1.0  # seconds to wait for those who only look whether a folder is held
_PAUSE = 0.02  # seconds between two tries


class FolderLock:
    """A folder held for this process alone until ``close``; use it as a context.

    If another process has it, the error is a DataError with the sentence ``busy``; without one it is waited for.
    DataError as well if the file system knows no locks; OSError if nothing can be written into the folder.
    """

    def __init__(self, folder: Path, busy: str = "") -> None:
        self.folder = folder
        self._handle = _taken(folder, busy)

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others have the folder; closing twice does nothing."""
        with contextlib.suppress(OSError):
            self._handle.close()


def is_held(folder: Path) -> bool:
    """Whether a process has the lock of ``folder`` now; it is only looked at. OSError if it cannot be read.

    Where the system knows no locks nobody can tell, and the answer is yes.
    """
    if not KNOWN:
        return True
    try:
        with (folder / NAME).open("rb") as handle:
            portalocker.lock(handle, portalocker.LockFlags.SHARED | portalocker.LockFlags.NON_BLOCKING)
    except FileNotFoundError:
        return False
    except portalocker.AlreadyLocked:
        return True
    except portalocker.LockException:
        return False  # no locks on this file system, so nobody can hold one
    return False


def _taken(folder: Path, busy: str) -> IO[bytes]:
    """The open lock file, locked; tried again while others only look, and where it is replaced in between."""
    deadline = time.monotonic() + PATIENCE
    while True:
        handle = (folder / NAME).open("ab")
        try:
            if _locked(handle, folder):
                return handle
        except BaseException:
            handle.close()
            raise
        handle.close()
        if busy and time.monotonic() > deadline:
            raise DataError(busy)
        time.sleep(_PAUSE)


def _locked(handle: IO[bytes], folder: Path) -> bool:
    """Lock the open file; False if another has it, or if it is the lock of the folder no more."""
    if not KNOWN:
        _tell_once()
        return True
    try:
        portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.AlreadyLocked:
        return False
    except portalocker.LockException as error:
        reason = getattr(error.__cause__, "strerror", None) or error
        raise DataError(
            f"the file system of {folder} cannot lock files ({reason}), so nothing would keep two processes apart; "
            "choose a folder on another file system"
        ) from None
    try:
        return os.path.samestat(os.fstat(handle.fileno()), (folder / NAME).stat())
    except FileNotFoundError:
        return False


@functools.cache
def _tell_once() -> None:
    """Say on stderr what this system lacks."""
    logging.getLogger("gp_fft").warning("this system has no file locks: let only one process write into a folder")
