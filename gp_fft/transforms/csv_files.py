"""A matrix as people and programs write it as text: one row a line, read in the only sensible way or not at all.

Commas, semicolons, tabs and blanks are told apart by reading the whole file under each of them. A reading counts if
every entry is a number and all rows have the same length; where two readings differ the file is ambiguous, and where
there is none the message says what is wrong under the likeliest one. Numbers are ``1``, ``-2.5e-3``, ``1+2j``,
``(1.0e+00-2.0e+00j)`` as numpy.savetxt writes them, and between semicolons or tabs also ``1,5`` (a decimal comma).
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import DataError

_ENTRY = re.compile(r"[-+.0-9a-z]+", re.ASCII | re.IGNORECASE)
_SPACED_SIGN = re.compile(r"(?<=\S)\s+([+-])\s+|(?<=[0-9.])\+(?=-)")  # 1 + 2i, and 1+-2j as numpy.savetxt writes it
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+", re.ASCII)  # 1,000: a thousand, or 1.000?
_APART = re.compile(r"[0-9.]\s+[+-][0-9.]*(?:e[+-]?[0-9]+)?[ij]", re.ASCII | re.IGNORECASE)  # 1 -2i
_WHOLE = re.compile(r"[0-9]+", re.ASCII)
_TABLE = 3  # from so many columns (or rows) on a first line 0, 1, 2, ... is taken for the numbering of a table

Rows = list[list[str]]


@dataclass(frozen=True)
class _Separator:
    name: str  # in the plural, for messages
    mark: str
    decimal_comma: bool = False


_SEPARATORS = (
    _Separator("commas", ","),
    _Separator("semicolons", ";"),
    _Separator("semicolons", ";", decimal_comma=True),
    _Separator("tabs", "\t"),
    _Separator("tabs", "\t", decimal_comma=True),
    _Separator("blanks", " "),
)


class _Unread(Exception):
    """Why a file cannot be read with one separator, and in which line."""


def parse_matrix(text: str) -> NDArray[np.complex128]:
    """The matrix that a text holds, ``(rows, columns)`` complex128; blank lines and what follows a # are skipped.

    Raises DataError, whose message goes on after the name of the file, if no reading or more than one makes sense.
    """
    lines = list(_lines(text))
    if not lines:
        raise DataError(" holds no entries")
    readings: dict[bytes, tuple[_Separator, NDArray[np.complex128]]] = {}
    faults: dict[_Separator, str] = {}
    for separator in _present(lines):
        try:
            matrix = _read(lines, separator)
            readings.setdefault(repr(matrix.shape).encode() + matrix.tobytes(), (separator, matrix))
        except _Unread as fault:
            faults[separator] = str(fault)
    if not readings:
        raise DataError(next(iter(faults.values())))
    if len(readings) > 1:
        ways = " or ".join(f"{_sides(m)} with {s.name} between entries" for s, m in readings.values())
        raise DataError(f" is ambiguous: it can be read as {ways}; write one number a place, with commas between them")
    ((_, matrix),) = readings.values()
    return matrix


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold entries, with their numbers."""
    numbered = enumerate(io.StringIO(text, newline=None), 1)
    plain = ((number, line.split("#", 1)[0].strip(" \r\n\f\v")) for number, line in numbered)
    return [(number, line) for number, line in plain if line.strip()]


def _present(lines: Sequence[tuple[int, str]]) -> list[_Separator]:
    """The separators that occur in a file, the likeliest first; commas where there is none, for a single column.

    A decimal comma is thought of only where the file holds no decimal point, and no reading at commas is possible.
    """
    whole = "\n".join(line for _, line in lines)
    marks = {mark for mark in ",;\t" if mark in whole}
    if marks:  # blanks are then no more than the margins of an entry
        fitting = [s for s in _SEPARATORS if s.mark in marks and s.decimal_comma == ("," in marks and s.mark != ",")]
        return sorted(fitting, key=lambda s: -whole.count(s.mark))
    return [_SEPARATORS[-1], _SEPARATORS[0]] if " " in whole else [_SEPARATORS[0]]


def _read(lines: Sequence[tuple[int, str]], separator: _Separator) -> NDArray[np.complex128]:
    """The matrix under one separator."""
    rows = [_fields(line, number, separator) for number, line in lines]
    values = []
    for (number, _), fields in zip(lines, rows, strict=True):
        values.append([_number(field, number, separator) for field in fields])
        if len(fields) != len(rows[0]):
            raise _Unread(f", line {number}: {len(fields)} entries where the first row has {len(rows[0])}")
    if separator.decimal_comma:
        _refuse_commas(rows, lines[0][0], separator)
    _refuse_numbering(rows, lines[0][0])
    return np.array(values, np.complex128)


def _fields(line: str, number: int, separator: _Separator) -> list[str]:
    """The entries of one line as text; quotes around one are taken off."""
    if separator.mark == " ":
        if _APART.search(line):
            doubt = "a blank before the sign of an imaginary part: one number or two?"
            raise DataError(f", line {number}: ambiguous, {doubt} Write 1+2i, or commas between entries")
        return line.split()
    try:
        (fields,) = csv.reader([line], delimiter=separator.mark, skipinitialspace=True, strict=True)
    except (csv.Error, ValueError) as error:
        raise _Unread(f", line {number}: quotes that do not match") from error
    return [field.strip() for field in fields]


def _number(field: str, line: int, separator: _Separator) -> complex:
    """One real or complex number; ``i`` and ``j`` both stand for the imaginary unit."""
    plain = field[1:-1].strip() if field[:1] == "(" and field[-1:] == ")" else field
    if separator.decimal_comma:
        plain = "" if "." in plain else plain.replace(",", ".")
    plain = _SPACED_SIGN.sub(r"\1", plain)
    try:
        if not _ENTRY.fullmatch(plain):
            raise ValueError
        return complex(plain[:-1] + "j" if plain[-1] in "iI" else plain)
    except ValueError:
        fault = "an entry is empty" if not field else f"{field[:40]!r} is no number"
        raise _Unread(f", line {line}: {fault}{_hint(field, separator)}") from None


def _hint(field: str, separator: _Separator) -> str:
    """What may have been meant, where that is easily said."""
    if separator.mark == " " or not field:
        return ""
    if " " in field or "\t" in field:
        return f", and the file holds {separator.name} as well as blanks: keep one of them between entries"
    if field[0].isalpha():
        return "; a line of names must begin with #"
    return ""


def _refuse_commas(rows: Rows, line: int, separator: _Separator) -> None:
    """Refuse 1,000, which may mean a thousand, and 1,2;3,4 on a single line, where a semicolon may end a row."""
    commas = [field for fields in rows for field in fields if "," in field]
    doubt = ""
    if all(map(_GROUPED.fullmatch, commas)):
        doubt = f"{commas[0][:40]!r} may be a thousand or a decimal comma; write points"
    elif separator.mark == ";" and len(rows) == 1:
        doubt = "a semicolon may stand between entries or between rows; write decimal points, and one row a line"
    if doubt:
        raise DataError(f", line {line}: ambiguous, {doubt}")


def _refuse_numbering(rows: Rows, line: int) -> None:
    """Refuse a first row, or column, 0, 1, 2, ... of whole numbers before fractions: the labels of a table."""
    for what, table in (("row", rows), ("column", list(map(list, zip(*rows, strict=True))))):
        first, rest = table[0], [field for fields in table[1:] for field in fields]
        counted = len(first) >= _TABLE and first == [str(k) for k in range(len(first))]
        if counted and rest and not any(_WHOLE.fullmatch(field) for field in rest):
            doubt = f"the first {what} counts 0, 1, 2, ... like the labels of a table"
            raise DataError(f", line {line}: ambiguous, {doubt}; leave it out, or write 0.0, 1.0, 2.0")


def _sides(matrix: NDArray[np.complex128]) -> str:
    return "x".join(map(str, matrix.shape))
