"""Tables for the terminal: as many columns as fit its width, and never a number or a name that is cut.

Columns that do not fit are left out whole, the most dispensable first, and a line says which and how to see them. Prose
is broken between words. Where the output is no terminal, a pipe or a file, every column stands there in full width.
"""

import sys
import textwrap
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import partial

import click
import rich.table
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

GAP = 2  # blanks between columns
PROSE = 24  # prose is not made narrower than this


@dataclass(frozen=True)
class Column:
    """A column of a table; make one with :data:`number`, :data:`name` or :data:`prose`."""

    head: str
    leaves: int = 0  # 0: stays at any width; of the others the greatest leaves first
    right: bool = False
    wraps: bool = False


number = partial(Column, right=True)  # flush right
name = Column  # names, or words that belong together
prose = partial(Column, wraps=True)  # text that may be broken between words


class Table:
    """Rows under columns that are chosen by width; ``more`` is an option of the command that shows all of them."""

    def __init__(self, *columns: Column, more: str = "") -> None:
        self.columns = columns
        self.more = more
        self._cells: list[list[str]] = [[column.head] for column in columns]

    def add_row(self, *cells: str) -> None:
        """Add a row, one string for each column."""
        for column, cell in zip(self._cells, cells, strict=True):
            column.append(cell)

    def full_width(self) -> int:
        """The width at which every column stands on one line."""
        return _sum(map(self._natural, range(len(self.columns))))

    def chosen(self, width: int) -> list[int]:
        """The places of the columns that are shown at a width; those of the same rank stay or leave together.

        Ranks leave until the rest fits; then those come back that fit after all.
        """

        def places(ranks: Set[int]) -> list[int]:
            return [place for place, column in enumerate(self.columns) if column.leaves in ranks]

        def fit(ranks: Set[int]) -> bool:
            return self.least_width(places(ranks), PROSE) <= width

        ranks = {column.leaves for column in self.columns}
        kept = set(ranks)
        for rank in sorted(ranks - {0}, reverse=True):
            if not fit(kept):
                kept.remove(rank)
        for rank in sorted(ranks - kept):
            if fit(kept | {rank}):
                kept.add(rank)
        return places(kept)

    def least_width(self, places: Iterable[int], room: int = 0) -> int:
        """The width below which these columns would have to be cut, or their prose would have less ``room``."""
        return _sum(self._least(place, room) for place in places)

    def left_out(self, width: int) -> str:
        """Which columns are not shown at a width and how to see them; empty where all are shown."""
        shown = self.chosen(width)
        missing = ", ".join(column.head for place, column in enumerate(self.columns) if place not in shown)
        ways = ", ".join(filter(None, [self.more, "a wider terminal"]))
        return missing and f"left out for want of width: {missing}; {ways} or a pipe such as | cat shows all"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich prints, in the width that it gives."""
        width = options.max_width
        shown = self.chosen(width)
        table = rich.table.Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
        for place, wide in zip(shown, self._widths(shown, width), strict=True):
            column = self.columns[place]
            table.add_column(
                Text(column.head), justify="right" if column.right else "left", width=wide,
                no_wrap=not column.wraps, overflow="fold",
            )  # fmt: skip
        for row in range(1, len(self._cells[0])):
            table.add_row(*(Text(self._cells[place][row]) for place in shown))
        yield table
        if missing := self.left_out(width):
            yield Text("\n".join(textwrap.wrap(missing, width, break_long_words=False, break_on_hyphens=False)))

    def _widths(self, places: Sequence[int], width: int) -> list[int]:
        """How wide each column becomes: what words do not need is dealt out to prose, from the left."""
        wide = [self._least(place) for place in places]
        for room in (PROSE, width):
            for k, place in enumerate(places):
                spare = max(0, width - _sum(wide))
                wide[k] += min(spare, self._least(place, room) - wide[k])
        return wide

    def _natural(self, place: int) -> int:
        return max(map(cell_len, self._cells[place]))

    def _least(self, place: int, room: int = 0) -> int:
        """Below this width something would be cut: a number, a name, a word of prose, or prose that asks for room."""
        natural = self._natural(place)
        if not self.columns[place].wraps:
            return natural
        words = [word for cell in self._cells[place] for word in cell.split()]
        return max([min(natural, room), *map(cell_len, words)])


def _sum(widths: Iterable[int]) -> int:
    """The width of columns with the gaps between them."""
    known = list(widths)
    return sum(known) + GAP * max(0, len(known) - 1)


def terminal_width() -> int | None:
    """The columns of the terminal that standard output is; None where it is none, and nothing need be left out."""
    return Console().width if sys.stdout is not None and sys.stdout.isatty() else None


def print_table(table: Table) -> None:
    """Print a table on standard output; where not even its chosen columns fit, lines run over rather than be cut."""
    width = terminal_width() or table.full_width()
    room = max(width, table.least_width(table.chosen(width)))
    console = Console(highlight=False, emoji=False, width=room)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
