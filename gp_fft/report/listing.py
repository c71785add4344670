"""The list of programs on a page: one table with a header, a row for each program, and what it can be filtered by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gp_fft.program.cost import cost, count
from gp_fft.store.standings import BEST, Entry, Other
from gp_fft.transforms import Transform

LONGEST_KERNEL = 48  # letters; of a longer kernel the beginning is shown


@dataclass(frozen=True)
class Column:
    """One column: its name, and how it is set."""

    name: str
    kind: str = "n"  # "n" for numbers; with "more" it is left out on narrow screens


@dataclass(frozen=True)
class Row:
    """One program of the list, in the order of the programs of the page."""

    cells: tuple[str, ...]
    family: str = ""  # dft, rdft, ...
    model: str = ""  # the cost model that it is a record under
    mark: str = ""  # "below" where it is below the best published count


@dataclass(frozen=True)
class Listing:
    """All rows; a list with families or models can be filtered."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def families(self) -> list[str]:
        """The families of the rows, each once, in their order."""
        return [name for name in dict.fromkeys(row.family for row in self.rows) if name]

    @property
    def models(self) -> list[str]:
        """The cost models of the rows, each once, in their order."""
        return [name for name in dict.fromkeys(row.model for row in self.rows) if name]


def name(transform: Transform) -> str:
    """The title of a transform, with its kernel where it has one: ``conv 3 kernel 2,7,11``."""
    words = transform.kernel_words
    if len(words) > LONGEST_KERNEL:
        words = words[:LONGEST_KERNEL].rpartition(",")[0] + ",…"
    return f"{transform.title} kernel {words}" if words else transform.title


def front(programs: Sequence[dict[str, Any]], model: str) -> Listing:
    """The list of a front, from the programs as the page describes them."""
    columns = (Column(model), Column("error"), Column("depth"), Column("program", ""))
    rows = [
        Row((f"{p['cost']:g}", "exact" if p["exact"] else f"{p['error']:.1e}", str(p["counts"]["depth"]), p["label"]))
        for p in programs
    ]
    return Listing(columns, tuple(rows))


def sort_records(entries: Sequence[Entry], others: Sequence[Other]) -> list[Entry | Other]:
    """The records of all cost models by transform and size, those under ``flops`` first."""
    families = {record.file.transform.name: None for record in entries} | {
        record.file.transform.name: None for record in others
    }
    order = {family: place for place, family in enumerate(families)}
    known: list[Entry | Other] = [*entries, *others]
    return sorted(known, key=lambda record: (order[record.file.transform.name], record.file.transform.shape))


def records(known: Sequence[Entry | Other], statuses: Sequence[str]) -> Listing:
    """The list of all records, each beside the best published count where it was counted in flops."""
    columns = (
        Column("transform", ""), Column("cost model", ""), Column("cost"), Column("adds", "n more"),
        Column("muls", "n more"), Column("fma", "n more"), Column("depth", "n more"), Column("error", "n more"),
        Column("status", "n more"), Column(BEST, "n more"), Column("difference"),
    )  # fmt: skip
    rows = [_record(record, told) for record, told in zip(known, statuses, strict=True)]
    return Listing(columns, tuple(rows))


def _record(record: Entry | Other, told: str) -> Row:
    """The row of one record."""
    transform, counts = record.file.transform, count(record.file.program)
    model = record.model if isinstance(record, Other) else "flops"
    best = record.rivals.get(BEST) if isinstance(record, Entry) else None
    difference = record.difference(BEST) if isinstance(record, Entry) else None
    cells = (
        name(transform), model, f"{cost(record.file.program, model):g}", str(counts.adds), str(counts.muls),
        str(counts.fma), str(counts.depth), f"{record.file.error:.0e}", told, "" if best is None else str(best),
        "" if difference is None else f"{difference:+d}" if difference else "same",
    )  # fmt: skip
    return Row(cells, transform.name, model, "below" if difference is not None and difference < 0 else "")
