"""Measured speeds for the catalogue: the CSV of `benchmarks/speed`, or any other, one measurement a row.

A row is about the record that its ``transform`` names, ``dft 8``, or ``dft`` beside a column ``n`` (``n`` alone is that
of a dft), or, where it has a column ``program``, about the program whose content hash begins so. Of the benchmark each
case becomes one line, with the least time of each contender; what other tables hold is shown as it stands.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gp_fft.files import LIMIT_FILE
from gp_fft.ground.atomic import reason
from gp_fft.ground.errors import DataError

CASE = ("dtype", "layout", "batch")
TIMED = {*CASE, "transform", "contender", "least"}  # the columns of the benchmark that are shown
UNIT = "nanoseconds a vector"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """Speeds as a page shows them."""

    unit: str  # of the numbers; empty where the table says it itself
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def read_speeds(path: Path) -> list[dict[str, str]]:
    """The rows of a table of speeds; DataError in one sentence for a file that is none."""
    try:
        with path.open("rb") as stream:
            text = stream.read(LIMIT_FILE).decode()
        rows = list(csv.DictReader(text.splitlines(), strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"cannot read the speeds in {path}: {reason(error)}") from None
    if any(None in row or None in row.values() for row in rows):
        raise DataError(f"cannot read the speeds in {path}: its rows have different numbers of columns")
    if not rows or not {"n", "transform"} & set(rows[0]):
        columns = f"but {', '.join(rows[0])[:80]}" if rows else "and no rows"
        raise DataError(f"cannot read the speeds in {path}: it has no column transform and none called n, {columns}")
    if set(rows[0]) >= TIMED:
        for row in rows:
            if not (_number(row["least"]) > 0 and _number(row["batch"]) >= 1):
                raise DataError(f"cannot read the speeds in {path}: {row['least'][:20]!r} is no time of a batch")
    return rows


def about(row: Row) -> str:
    """The title of the transform that a row is about."""
    name = row.get("transform") or "dft"
    return f"{name} {row['n']}" if row.get("n") else name


def table(rows: Sequence[Row]) -> Table:
    """The rows about one record as a page shows them."""
    if not rows or not set(rows[0]) >= TIMED:
        return Table("", tuple(rows[0]) if rows else (), tuple(tuple(row.values()) for row in rows))
    contenders = tuple(dict.fromkeys(row["contender"] for row in rows))
    cases: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        times = cases.setdefault(tuple(row[key] for key in CASE), {})
        times[row["contender"]] = f"{1e9 * _number(row['least']) / _number(row['batch']):.3g}"
    lines = tuple((*case, *(times.get(name, "") for name in contenders)) for case, times in cases.items())
    return Table(UNIT, (*CASE, *contenders), lines)


def _number(text: str) -> float:
    """A finite number, or else nan."""
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
