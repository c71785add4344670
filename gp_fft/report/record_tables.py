"""The tables of the records for people: Markdown, one table for each family of transforms, written between markers.

A page holds ``<!-- records: WHAT -->`` and ``<!-- records end -->``; what stands between them is made from the records
by ``make table``, and a test finds out when it is stale. WHAT is ``all``, ``summary`` or the name of one family.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gp_fft.files import LIMIT_FILE, ProgramFile
from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError
from gp_fft.program.cost import cost
from gp_fft.store.standings import BEST, RIVALS, Entry, Other, rivals_at
from gp_fft.transforms import published

LISTED = 16  # published sizes up to here are listed without a record, and the powers of two up to LARGEST
LARGEST = 64
FIRST = ("dft", "rdft", *(f"d{kind}t{k}" for kind in "cs" for k in range(1, 9)), "dht", "wht", "conv")
_MARKED = re.compile(r"(<!-- records: ([^\n]*?) -->\n)(?:(?!<!-- records)[^\n]*\n)*(<!-- records end -->)")
_NONE = "–"
_OTHERS = "Other cost models"


@dataclass(frozen=True)
class Row:
    """One size of a family: its published counts and, where there is one, the best program."""

    size: str  # as in the title of the transform: 8 or 4x4
    rivals: dict[str, int]
    method: str  # of the best published count, in words
    entry: Entry | None

    @property
    def difference(self) -> int | None:
        """Flops more (below zero: fewer) than the best published count; None where one of them is not known."""
        return self.entry.difference(BEST) if self.entry else None


def families(entries: Sequence[Entry]) -> dict[str, list[Row]]:
    """The rows of every family that has a program or a published count, families and sizes in order."""
    ours: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        ours.setdefault(entry.family, {})[entry.size] = entry
    names = sorted({*ours, *published.transforms()})
    names.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    return {name: _rows(name, ours.get(name, {})) for name in names}


def _rows(family: str, ours: dict[str, Entry]) -> list[Row]:
    """The rows of one family, sizes in order."""
    sizes = [n for n in published.sizes(family) if 1 < n <= LISTED or (1 < n <= LARGEST and n & (n - 1) == 0)]
    rows = []
    for size in sorted({*map(str, sizes), *ours}, key=lambda size: [int(part) for part in size.split("x")]):
        entry = ours.get(size)
        best = published.best(family, int(size)) if size.isdigit() else None
        known = entry.rivals if entry else rivals_at(family, int(size))
        rows.append(Row(size, known, published.METHODS[best.method] if best else "", entry))
    return rows


def markdown(what: str, entries: Sequence[Entry], others: Sequence[Other]) -> str:
    """The table of one family, of all families (with the other cost models), or the summary; DataError otherwise."""
    table = families(entries)
    if what in table:
        return _family(table[what])
    if what == "summary":
        return _summary(table)
    if what == "all":
        parts = [f"### {name}\n\n{_family(rows)}" for name, rows in table.items()]
        return "\n\n".join(parts + ([f"### {_OTHERS}\n\n{_others(others)}"] if others else []))
    raise DataError(f"there is no table {what[:40]!r}; it is all, summary, {', '.join(table)}")


def _family(rows: Sequence[Row]) -> str:
    """The table of one family: a line for each size, a column for each rival that has a count."""
    columns = [name for name in RIVALS if any(name in row.rivals for row in rows)]
    lines = []
    for row in rows:
        best = f"{row.rivals[BEST]} ({row.method})" if BEST in row.rivals else _NONE
        entry = row.entry
        ours = [f"**{entry.flops}**", _signed(row.difference), round_off(entry.file)] if entry else [_NONE, "", ""]
        lines.append([row.size, *(str(row.rivals.get(name, _NONE)) for name in columns), best, *ours])
    head = ["n", *columns, BEST, "gp-fft", "difference", "round-off (numpy or scipy)"]
    return _table(head, lines)


def _summary(table: dict[str, list[Row]]) -> str:
    """One line for each family: where the programs stand beside the best published counts."""
    lines = []
    for name, rows in table.items():
        cells: dict[int | None, list[str]] = {-1: [], 0: [], 1: [], None: []}  # by the sign of the difference
        for row in rows:
            if row.entry:
                more = row.difference
                sign = None if more is None else (more > 0) - (more < 0)
                note = f" ({_signed(more)})" if more else ""
                cells[sign].append(f"{row.size}:\u00a0{row.entry.flops}{note}")
        lines.append([name, *(", ".join(cell) or _NONE for cell in cells.values())])
    head = ["", "below the best published", "the same", "above", "nothing published"]
    if all(line[-1] == _NONE for line in lines):
        head, lines = head[:-1], [line[:-1] for line in lines]
    return _table(head, lines, numbers=False)


def _others(others: Sequence[Other]) -> str:
    """The records under other rules, each beside what the record under flops costs there."""
    lines = []
    for other in others:
        ours = f"**{cost(other.file.program, other.model):g}**"
        usual = _NONE if other.usual is None else f"{other.usual:g}"
        flops = str(other.file.counts["flops"])
        lines.append([other.file.transform.title, other.rule, ours, usual, flops, round_off(other.file)])
    return _table(["transform", "model", "gp-fft", "record under flops", "flops", "round-off (numpy or scipy)"], lines)


def round_off(file: ProgramFile) -> str:
    """The measured round-off of a program beside that of numpy.fft or scipy.fft, as its file carries it."""
    measured = file.provenance.get("accuracy")
    if file.program.field == "gf2":
        return "none"
    return f"{measured['program']:.1e} ({measured['reference']:.1e})" if isinstance(measured, dict) else ""


def _signed(difference: int | None) -> str:
    return "" if difference is None else f"{difference:+d}".replace("-", "−") if difference else "0"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]], numbers: bool = True) -> str:
    """A Markdown table; columns of numbers but for the first are flush right."""
    rule = ["---", *(["--:" if numbers else "---"] * (len(head) - 1))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *lines])


def renewed(text: str, entries: Sequence[Entry], others: Sequence[Other]) -> str:
    """``text`` with everything between its markers made afresh; DataError if it has no markers."""
    if not _MARKED.search(text):
        raise DataError("it has no lines <!-- records: all --> and <!-- records end -->")
    return _MARKED.sub(lambda match: f"{match[1]}\n{markdown(match[2], entries, others)}\n\n{match[3]}", text)


def renew(path: Path, entries: Sequence[Entry], others: Sequence[Other]) -> bool:
    """Make the tables in a page afresh; whether anything changed. DataError names the page and the fault."""
    try:
        with path.open("rb") as stream:
            old = stream.read(LIMIT_FILE).decode()
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path}: {reason(error)}") from None
    try:
        new = renewed(old, entries, others)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    if new != old:
        atomic_write(path, new.encode())
    return new != old
