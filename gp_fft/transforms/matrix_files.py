"""Matrices from outside: arrays, .npy and .csv files become checked, finite, two-dimensional arrays."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gp_fft.ground.arguments import refuse_masked
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.transforms.csv_files import parse_matrix
from primitives.base import FIELDS

LARGEST_SIDE = 1024
LARGEST_FILE = 64 * 2**20
LARGEST_ENTRY = 1e50
"""The largest size of a real or imaginary part, and one over the least that the largest part may have: beyond, squares
and products of entries would leave the range of a float64."""
CORNER = 3

Matrix = NDArray[np.complex128] | NDArray[np.float64]


def read_matrix(path: str | Path, field: str = "") -> Matrix:
    """The matrix in a ``.npy`` file (no pickles) or a ``.csv`` file (see :mod:`gp_fft.transforms.csv_files`).

    Returns ``(outputs, inputs)`` complex128 if any imaginary part is not zero, else float64, as :func:`check_matrix`
    does with the field. Raises UsageError for another kind of file, DataError for anything that is no such matrix.
    """
    if not isinstance(path, str | Path):
        raise UsageError(f"a matrix file must be given as a path, not {type(path).__name__}")
    place = Path(path)
    if place.suffix.lower() not in (".npy", ".csv"):
        raise UsageError(f"matrix file {str(path)!r} is of an unknown kind; it must end in .npy or .csv")
    try:
        size = place.stat().st_size
    except OSError as error:
        raise DataError(f"matrix file {str(path)!r} cannot be read: {error.strerror}") from error
    if size > LARGEST_FILE:
        raise DataError(f"matrix file {str(path)!r} has {size} bytes; at most {LARGEST_FILE} are allowed")
    read = _read_npy if place.suffix.lower() == ".npy" else _read_csv
    return check_matrix(read(place), f"matrix file {str(path)!r}", field)


def check_matrix(array: ArrayLike, source: str = "the matrix", field: str = "") -> Matrix:
    """A new array, complex128 if any imaginary part is not zero, else float64, with no negative zeros.

    Raises DataError, opening with ``source``, unless it is 2-D, of sides 1 to 1024, finite, not all zero, and its
    largest entry is 1e-50 to 1e50 in size; with the field ``"gf2"`` if an entry is neither 0 nor 1. UsageError for
    a field that does not exist or is not that of the matrix.
    """
    if not isinstance(field, str) or field not in ("", *FIELDS):
        raise UsageError(f"the field of a matrix is {', '.join(FIELDS)}, not {ascii(field)[:40]}")
    refuse_masked(array, source)
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
    largest = max(np.abs(matrix.real).max(), np.abs(matrix.imag).max())
    if not 1 / LARGEST_ENTRY <= largest <= LARGEST_ENTRY:
        allowed = f"{1 / LARGEST_ENTRY:g} to {LARGEST_ENTRY:g}"
        raise DataError(f"{source} has {largest:.3g} as its largest entry; that must be {allowed} in size")
    numbers: Matrix = matrix if matrix.imag.any() else np.ascontiguousarray(matrix.real)
    _check_field(numbers, source, field)
    return numbers


def _check_field(matrix: Matrix, source: str, field: str) -> None:
    """Refuse a matrix that is not over the field asked for."""
    if field == "gf2":
        wrong = np.argwhere((matrix != 0) & (matrix != 1))
        if len(wrong):
            row, column = wrong[0].tolist()
            entry = _shown(complex(matrix[row, column]))
            holds = "a matrix over GF(2) holds 0 and 1 (rows and columns count from 0)"
            raise DataError(f"{source}: entry ({row}, {column}) is {entry}, {holds}")
    elif field and field != ("complex" if np.iscomplexobj(matrix) else "real"):
        raise UsageError(f"{source} is {'real' if field == 'complex' else 'complex'}; its field cannot be {field}")


def _read_npy(path: Path) -> NDArray[np.generic]:
    """The array of a .npy file; its header is checked against the file's length before any allocation."""
    try:
        with path.open("rb") as file:
            np.lib.format.read_magic(file)
        return np.lib.format.open_memmap(path, mode="r")
    except Exception as error:  # numpy evaluates the header, so that damage shows as almost any of them
        raise DataError(f"matrix file {str(path)!r} is no valid .npy file of numbers") from error


def _read_csv(path: Path) -> NDArray[np.complex128]:
    """The entries of a text file; what is ambiguous or no number is refused with its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"matrix file {str(path)!r} is no readable UTF-8 text") from error
    try:
        return parse_matrix(text)
    except DataError as error:
        raise DataError(f"matrix file {str(path)!r}{error}") from None


def corner(matrix: Matrix) -> str:
    """The first rows and columns of a matrix in one line, to see that it was read right.

    >>> corner(np.arange(1.0, 13.0).reshape(2, 6))
    '1, 2, 3, ...; 7, 8, 9, ...'
    """
    rows = [[_shown(complex(entry)) for entry in row[:CORNER]] for row in matrix[:CORNER].tolist()]
    if matrix.shape[1] > CORNER:
        rows = [[*row, "..."] for row in rows]
    return "; ".join([", ".join(row) for row in rows] + ["..."] * (matrix.shape[0] > CORNER))


def _shown(value: complex) -> str:
    if not value.imag:
        return f"{value.real:g}"
    return f"{value:g}" if value.real else f"{value.imag:g}j"
