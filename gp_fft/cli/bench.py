"""`gp-fft bench`: evolved counts against the published ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gp_fft.cli.options import force_option, refuse_overwrite, root_option
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.cli.tables import short_status
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import cost

if TYPE_CHECKING:
    from gp_fft.store.standings import Entry, Other

LEAVES = {"radix-2": 4, "split radix": 3, "tangent": 5, "FFTW": 2, "best published": 0}  # see gp_fft.cli.table


@click.command(short_help="Compare the best evolved counts with the published ones.")
@root_option
@click.option("--records", "only_records", is_flag=True, help="Leave the runs out; compare the records alone.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table for each family, in Markdown.")
@click.option(
    "--renew",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="Make the tables of the records between the markers of this page afresh; may be given several times.",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Draw flops / (n lg n) over n, with all rivals, into this .svg, .png or .pdf.",
)
@force_option
def command(
    root: Path, only_records: bool, as_csv: bool, as_markdown: bool, renew: tuple[Path, ...], plot: Path | None,
    force: bool,
) -> None:  # fmt: skip
    """Compare the best exact program of each transform in the runs and records with the published counts.

    In brackets stands the difference: below zero means that the evolved program needs fewer operations. Records
    under other cost models follow, each beside what the best program under flops costs there.

    \b
    Examples:
      gp-fft bench
      gp-fft bench --csv > counts.csv
      gp-fft bench --records --markdown > counts.md
      gp-fft bench --plot counts.svg
    """
    from gp_fft.report import count_plot as counts
    from gp_fft.report import record_tables as records
    from gp_fft.store import standings as bench
    from gp_fft.store.records import load_record

    if as_csv and as_markdown:
        raise UsageError("--csv and --markdown are two ways to print one table; give one of them")
    if plot is not None:
        refuse_overwrite(plot, force)
    if not root.is_dir() and root != Path("runs"):
        raise DataError(f"{root} is not a folder of runs")
    entries, bad = bench.collect(bench.record_files(root) if only_records or renew else bench.program_files(root))
    others = bench.others(bench.record_files(root), entries)
    for sentence in bad:
        click.echo(sentence, err=True)
    if plot is not None:
        counts.plot(entries, plot)
        click.echo(f"wrote {plot}", err=True)
    paths = [entry.path for entry in entries] + [other.path for other in others]
    for path in paths if renew else []:
        load_record(Path(path))  # what does not verify comes into no page
    for page in renew:
        changed = records.renew(page, entries, others)
        click.echo(f"{'wrote' if changed else 'nothing new in'} {page}", err=True)
    if as_csv:
        click.echo(bench.as_csv(entries), nl=False)
    elif as_markdown:
        click.echo(records.markdown("all", entries, others))
    elif renew:
        return
    elif entries:
        _print(entries, others)
    else:
        click.echo(f"no exact programs in {root}; make one with: gp-fft evolve dft 8")


def _print(entries: Sequence[Entry], others: Sequence[Other]) -> None:
    """The tables for the terminal."""
    from gp_fft.report.record_tables import round_off
    from gp_fft.store.standings import COLUMNS

    table = Table(
        *(name("transform"), number("adds", 7), number("muls", 7), number("flops")),
        *(number(column, LEAVES[column]) for column in COLUMNS),
        *(number("round-off (numpy)", 6), name("status", 1), name("file", 8)),
        more="--csv",
    )
    for entry in entries:
        rivals = [_against(entry, column) for column in COLUMNS]
        counts = (str(entry.file.counts[key]) for key in ("adds", "muls", "flops"))
        table.add_row(
            entry.file.transform.title,
            *counts,
            *rivals,
            round_off(entry.file),
            short_status(entry.file),
            entry.path,
        )
    print_table(table)
    if not others:
        return
    click.echo("")
    table = Table(
        *(name("transform"), name("model"), number("cost"), number("best under flops")),
        *(number("flops", 2), name("status", 1), name("file", 3)),
    )
    for other in others:
        costs = (f"{cost(other.file.program, other.model):g}", "" if other.usual is None else f"{other.usual:g}")
        flops = str(other.file.counts["flops"])
        status = short_status(other.file)
        table.add_row(other.file.transform.title, other.model, *costs, flops, status, other.path)
    print_table(table)


def _against(entry: Entry, column: str) -> str:
    difference = entry.difference(column)
    return "" if difference is None else f"{entry.rivals[column]} ({difference:+d})"
