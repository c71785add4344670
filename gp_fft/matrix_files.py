"""Matrices from outside: arrays, .npy and .csv files become checked, finite, two-dimensional arrays."""

from __future__ import annotations

import tokenize
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gp_fft.errors import DataError, UsageError

LARGEST_SIDE = 1024
LARGEST_FILE = 64 * 2**20

Matrix = NDArray[np.complex128] | NDArray[np.float64]

_DAMAGE = (
    ValueError,
    OSError,
    EOFError,
    MemoryError,
    OverflowError,
    SyntaxError,
    TypeError,
    KeyError,
    tokenize.TokenError,
)


def read_matrix(path: str | Path) -> Matrix:
    """The matrix in a ``.npy`` file (no pickles) or a ``.csv`` file (entries ``1``, ``-2.5e-3``, ``1+2j``).

    Returns ``(outputs, inputs)`` complex128 if any imaginary part is not zero, else float64. Raises
    UsageError for another kind of file, DataError for anything that is no matrix of finite numbers.
    """
    place = Path(path)
    readers = {".npy": _read_npy, ".csv": _read_csv}
    reader = readers.get(place.suffix.lower())
    if reader is None:
        raise UsageError(f"matrix file {str(path)!r} is of an unknown kind; it must end in .npy or .csv")
    try:
        size = place.stat().st_size
    except OSError as error:
        raise DataError(f"matrix file {str(path)!r} cannot be read: {error.strerror}") from error
    if size > LARGEST_FILE:
        raise DataError(f"matrix file {str(path)!r} has {size} bytes; at most {LARGEST_FILE} are allowed")
    return check_matrix(reader(place), f"matrix file {str(path)!r}")


def check_matrix(array: ArrayLike, source: str = "the matrix") -> Matrix:
    """A new array, complex128 if any imaginary part is not zero, else float64, with no negative zeros.

    Raises DataError, opening with ``source``, unless it is 2-D, of sides 1 to 1024, finite, not all zero.
    """
    try:
        given = np.asarray(array)
    except ValueError as error:
        raise DataError(f"{source} has rows of different lengths") from error
    if given.dtype.kind not in "biufc":
        raise DataError(f"{source} holds entries of type {given.dtype}; numbers are needed")
    if given.ndim != 2:
        raise DataError(f"{source} has {given.ndim} dimensions; 2 are needed")
    if not all(1 <= side <= LARGEST_SIDE for side in given.shape):
        sides = "x".join(map(str, given.shape))
        raise DataError(f"{source} is {sides}; each side must be 1 to {LARGEST_SIDE}")
    with np.errstate(over="ignore"):
        matrix = given.astype(np.complex128) + 0.0
    bad = np.argwhere(~np.isfinite(matrix))
    if len(bad):
        row, column = bad[0] + 1
        raise DataError(f"{source} has an entry that is not finite in row {row}, column {column}")
    if not matrix.any():
        raise DataError(f"{source} is zero everywhere; an error relative to it has no meaning")
    return matrix if matrix.imag.any() else np.ascontiguousarray(matrix.real)


def _read_npy(path: Path) -> NDArray[np.generic]:
    """The array of a .npy file; its header is checked against the file's length before any allocation."""
    try:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
        return np.lib.format.open_memmap(path, mode="r")
    except _DAMAGE as error:
        raise DataError(f"matrix file {str(path)!r} is no valid .npy file of numbers") from error


def _read_csv(path: Path) -> NDArray[np.complex128]:
    """The entries of a comma-separated file; blank lines and lines that open with # are skipped."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"matrix file {str(path)!r} is no readable UTF-8 text") from error
    rows: list[list[complex]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            rows.append([_entry(entry, path, number) for entry in line.split(",")])
            if len(rows[-1]) != len(rows[0]):
                counts = f"{len(rows[-1])} entries where the first row has {len(rows[0])}"
                raise DataError(f"matrix file {str(path)!r}, line {number}: {counts}")
    if not rows:
        raise DataError(f"matrix file {str(path)!r} holds no entries")
    return np.array(rows, np.complex128)


def _entry(text: str, path: Path, line: int) -> complex:
    """One real or complex number; ``i`` and ``j`` both stand for the imaginary unit."""
    plain = text.strip().strip('"').replace(" ", "")
    try:
        if "_" in plain:
            raise ValueError(plain)
        return complex(plain[:-1] + "j" if plain.endswith("i") else plain)
    except ValueError as error:
        shown = text.strip()[:40]
        raise DataError(f"matrix file {str(path)!r}, line {line}: {shown!r} is no number") from error
