"""Files written as a whole or not at all."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from gp_fft.ground.errors import DataError


def atomic_write(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path`` so that readers see the old file or the new one, even after a power cut.

    A temporary file in the same folder is written, synced and renamed; on failure it is removed and
    :class:`DataError` says why. A link is followed; what is no regular file, such as ``/dev/stdout``, is
    written to directly.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_dir() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(data)
        else:
            _replace(target, data)
    except (OSError, ValueError) as error:
        raise DataError(f"cannot write {os.fspath(path)}: {reason(error)}") from None


def _replace(target: Path, data: bytes) -> None:
    """Put a synced file with ``data`` in the place of ``target``."""
    temporary = target.with_name(f".gp-fft-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # some systems cannot sync a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def reason(error: Exception) -> str:
    """Why a file could not be read or written, in a few words."""
    return " ".join((getattr(error, "strerror", None) or str(error)).split()).rstrip(".")
