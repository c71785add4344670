"""Measured speeds for the catalogue: any CSV with a column ``n``, one row a measurement, as `benchmarks/speed` writes.

A row belongs to the record of its ``transform`` (by itself dft) and ``n``, or, where it has a column ``program``, to
the program whose content hash begins so. All columns are shown as they stand.
"""

import csv
from pathlib import Path

from gp_fft.files import LIMIT_FILE
from gp_fft.ground.atomic import reason
from gp_fft.ground.errors import DataError


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
    if rows and "n" not in rows[0]:
        raise DataError(f"cannot read the speeds in {path}: it has no column n, but {', '.join(rows[0])[:80]}")
    return rows
