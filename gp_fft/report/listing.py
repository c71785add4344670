"""The list of programs on a page: one table with a header, a row for each program, and what it can be filtered by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gp_fft.program.cost import cost, count, set_of
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
    """The header and all rows; the page offers to filter by family and model where there are several."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def name(transform: Transform) -> str:
    """The title of a transform, with its kernel where it has one, ``conv 3 kernel 2,7,11``, and that it is scaled."""
    words = transform.kernel_words
    if len(words) > LONGEST_KERNEL:
        words = words[:LONGEST_KERNEL].rpartition(",")[0] + ",…"
    scaled = f" scaling {transform.scaling.kind}" if transform.scaling else ""
    return (f"{transform.title} kernel {words}" if words else transform.title) + scaled


def front(programs: Sequence[dict[str, Any]], model: str, objectives: dict[str, list[int]] | None = None) -> Listing:
    """The list of a front, from the programs as the page describes them; ``objectives`` are columns more, by name."""
    more = objectives or {}
    columns = (Column(model), Column("error"), Column("depth"), *map(Column, more), Column("program", ""))
    rows = []
    for k, program in enumerate(programs):
        error = "exact" if program["exact"] else f"{program['error']:.1e}"
        numbers = (str(program["counts"]["depth"]), *(str(column[k]) for column in more.values()))
        rows.append(Row((f"{program['cost']:g}", error, *numbers, program["label"])))
    return Listing(columns, tuple(rows))


def records(known: Sequence[Entry | Other], statuses: Sequence[str]) -> Listing:
    """The list of all records, each beside the best published count by its own rule."""
    wide = [Column(name, "n more") for name in ("adds", "muls", "shifts", "fma", "depth", "error", "status", BEST)]
    rule = (Column("cost model", ""), Column("set", "more"), Column("scaling", "more"))
    columns = (Column("transform", ""), *rule, Column("cost"), *wide, Column("difference"))
    return Listing(columns, tuple(map(_row, known, statuses)))


def _row(record: Entry | Other, status: str) -> Row:
    """The row of one record."""
    transform, program, counts = record.file.transform, record.file.program, count(record.file.program)
    if isinstance(record, Other):
        model, best, difference = record.model, record.best, record.difference
    else:
        model, best, difference = "flops", record.rivals.get(BEST), record.difference(BEST)
    shifts = str(counts.shifts) if set_of(program).constants else ""
    numbers = (str(counts.adds), str(counts.muls), shifts, str(counts.fma), str(counts.depth))
    compared = "" if difference is None else f"{difference:+g}" if difference else "same"
    cells = (
        *(name(transform), model, program.primitives or program.field, record.file.free),
        *(f"{cost(program, model):g}", *numbers),
        *(f"{record.file.error:.0e}", status, "" if best is None else str(best), compared),
    )  # fmt: skip
    return Row(cells, transform.name, model, "below" if difference is not None and difference < 0 else "")
