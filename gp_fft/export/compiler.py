"""The machine's C compiler: found, asked for its version, and its libraries kept by the hash of all that makes them.

A library lies under a name that is the hash of its source, the compiler and the flags. It is written beside its place
and moved there as a whole, so two processes that make the same one at once end with one good file.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from gp_fft.ground.errors import DataError

FLAGS = ("-std=c99", "-O2", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fPIC", "-shared")
GCC_FLAGS = ("-fno-ivopts",)  # which would keep a pointer for every row, more than there are registers
NAMES = ("cc", "gcc", "clang")
PATIENCE = 300.0  # seconds for one library


class Compiler:
    """A C compiler that works: its command and what tells it from others, on this kind of processor."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        words = _said([*command, "--version"]).splitlines()
        self.version = words[0] if words else ""
        gcc = "Free Software Foundation" in "\n".join(words)
        self.flags = (*FLAGS, *GCC_FLAGS) if gcc else FLAGS
        self.machine = _said([*command, "-march=native", "-dM", "-E", "-x", "c", os.devnull])
        if "__VERSION__" not in self.machine:
            raise DataError(f"{shlex.join(command)} does not know -march=native")

    @property
    def wide(self) -> int:
        """Bytes of the longest vectors of this machine."""
        return 64 if "__AVX512F__" in self.machine else 32 if "__AVX__" in self.machine else 16

    def library(self, source: str, more: tuple[str, ...] = ()) -> Path:
        """The library made of a source, from the cache or made now; DataError, with what the compiler said."""
        flags = (*self.flags, *more)
        parts = (source, *self.command, self.version, *flags, self.machine)
        name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        place = cache() / f"{name}.so"
        if not place.exists():
            self._make(source, flags, place)
        return place

    def load(self, source: str, more: tuple[str, ...] = ()) -> ctypes.CDLL:
        """The library, loaded; one that is damaged is made once more."""
        place = self.library(source, more)
        try:
            return ctypes.CDLL(str(place))
        except OSError:
            place.unlink(missing_ok=True)
            return ctypes.CDLL(str(self.library(source, more)))

    def _make(self, source: str, flags: tuple[str, ...], place: Path) -> None:
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".making-") as folder:
            text, made = Path(folder) / "program.c", Path(folder) / "program.so"
            text.write_text(source)
            command = [*self.command, *flags, str(text), "-o", str(made)]
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise DataError(f"{shlex.join(self.command)} failed: {error}") from None
            if done.returncode != 0:
                said = " ".join(done.stderr.split())[:200]
                raise DataError(f"{shlex.join(self.command)} failed with exit code {done.returncode}: {said}")
            made.replace(place)


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DataError(f"{shlex.join(command[:1])} does not run: {error}") from None
    return done.stdout if done.returncode == 0 else ""


def cache() -> Path:
    """The folder that compiled programs are kept in: $GP_FFT_CACHE, or gp-fft in the user's cache; made if need be."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(os.environ.get("GP_FFT_CACHE") or Path(home) / "gp-fft")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder} for compiled programs: {error.strerror}") from None
    return folder


def find() -> Compiler:
    """The C compiler of this machine: $CC, else cc, gcc or clang; DataError, in one sentence, where none works."""
    return _found(os.environ.get("CC", ""), os.environ.get("PATH", ""))


@functools.cache
def _found(named: str, _: str) -> Compiler:
    if platform.system() == "Windows":
        raise DataError("on Windows no C compiler is looked for")
    if named:
        return Compiler(tuple(shlex.split(named)))
    for name in NAMES:
        if shutil.which(name):
            return Compiler((name,))
    raise DataError(f"there is no C compiler: none of {', '.join(NAMES)} is on the PATH, and CC is not set")
