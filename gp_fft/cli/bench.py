"""`gp-fft bench`: evolved counts against the published ones."""

from collections.abc import Sequence
from pathlib import Path

import click

from gp_fft.cli.comparison import print_comparison
from gp_fft.cli.options import FILE, force_option, refuse_overwrite, root_option, say
from gp_fft.cli.ranking import SPEED, print_ranking
from gp_fft.cli.scheme_tables import schemes_table
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.cli.tables import short_status
from gp_fft.export.ranking import ALIKE, BATCH
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import count, set_of
from gp_fft.report import count_plot, record_tables
from gp_fft.store import standings
from gp_fft.store.records import load_record
from gp_fft.store.standings import BEST, COLUMNS, Entry, Other

LEAVES = {"radix-2": 4, "split radix": 3, "tangent": 5, "FFTW": 2, "best published": 0}  # see gp_fft.cli.table


@click.command()
@click.argument("places", nargs=-1, metavar="[RUN|FOLDER|FILE]...")
@root_option
@click.option("--records", "only_records", is_flag=True, help="Leave the runs out; compare the records alone.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a table for each family, in Markdown.")
@click.option(
    "--renew", type=FILE, multiple=True,
    help="Make the tables of the records between the markers of this page afresh; may be given several times.",
)  # fmt: skip
@click.option(
    "--plot", type=click.Path(path_type=Path),
    help="Draw flops / (n lg n) over n, with all rivals, into this .svg, .png or .pdf.",
)  # fmt: skip
@click.option("--front", metavar="RUN", help="Compare the whole front of this run with what else approximates.")
@click.option(
    "--rank", "ranked", type=click.Choice([SPEED]),
    help="Time programs of nearly equal count side by side: of the named runs, folders and files, or the records.",
)  # fmt: skip
@click.option(
    "--within", type=click.FloatRange(0, 1000), metavar="PERCENT", help=f"With --rank: what nearly is; {ALIKE:g}."
)
@click.option("--batch", type=click.IntRange(1, 10**6), help=f"With --rank: vectors of one call; {BATCH}.")
@force_option
def command(
    places: tuple[str, ...], root: Path, only_records: bool, as_csv: bool, as_markdown: bool, renew: tuple[Path, ...],
    plot: Path | None, front: str | None, ranked: str | None, within: float | None, batch: int | None, force: bool,
) -> None:  # fmt: skip
    """Compare the best exact program of each transform in the runs and records with the published counts.

    In brackets stands the difference: below zero means that the evolved program needs fewer operations. Programs in
    other primitive sets, with factors free at their border, and records under other cost models follow, each beside
    what is published by the same rule and what the best program under flops costs there. Over GF(2) the operations
    are XORs.

    \b
    Examples:
      gp-fft bench
      gp-fft bench --csv > counts.csv
      gp-fft bench --records --markdown > counts.md
      gp-fft bench --plot counts.svg
      gp-fft bench --front runs/dct2-8-001
      gp-fft bench --rank speed runs/dft-8-001
    """
    if ranked is not None:
        if only_records or as_markdown or renew or plot is not None or front is not None:
            raise UsageError(
                "--rank times programs; of the other options only --csv, --root, --within, --batch go with it"
            )
        print_ranking(places, root, ALIKE if within is None else within, batch or BATCH, as_csv)
        return
    if places or within is not None or batch is not None:
        given = f"{places[0]} is" if places else "--within is" if within is not None else "--batch is"
        raise UsageError(f"{given} for --rank speed; without it all runs and records are compared")
    if front is not None:
        if only_records or as_markdown or renew or plot is not None:
            raise UsageError("--front compares one run; of the other options only --csv and --root go with it")
        print_comparison(front, as_csv)
        return
    if as_csv and as_markdown:
        raise UsageError("--csv and --markdown are two ways to print one table; give one of them")
    if plot is not None:
        refuse_overwrite(plot, force)
    if not root.is_dir() and root != Path("runs"):
        raise DataError(f"{root} is not a folder of runs")
    records = standings.record_files(root)
    paths = records if only_records or renew else standings.program_files(root)
    entries, bad = standings.collect(paths)
    others = standings.others(paths, entries)
    found, unread = ([], []) if only_records or renew else standings.schemes(root)
    for sentence in (*bad, *unread):
        say(sentence)
    if plot is not None:
        count_plot.plot(entries, plot)
        say(f"wrote {plot}")
    if renew:
        for path in [entry.path for entry in entries] + [other.path for other in others]:
            load_record(Path(path))  # what does not verify comes into no page
    for page in renew:
        changed = record_tables.renew(page, entries, others)
        say(f"{'wrote' if changed else 'nothing new in'} {page}")
    if as_csv:
        click.echo(standings.as_csv(entries, others), nl=False)
    elif as_markdown:
        click.echo(record_tables.markdown("all", entries, others))
    elif (entries or others or found) and not renew:
        if entries:
            _print(entries)
        if others:
            click.echo("\n" * bool(entries), nl=False)
            _print_others(others)
        if found:
            click.echo("\n" * bool(entries or others), nl=False)
            print_table(schemes_table(found))
    elif not renew:
        click.echo(f"no exact programs in {root}; make one with: gp-fft evolve dft 8")


def _print(entries: Sequence[Entry]) -> None:
    """The best programs under flops, each beside the published counts."""
    table = Table(
        *(name("transform"), number("adds", 7), number("muls", 7), number("flops")),
        *(number(column, LEAVES[column]) for column in COLUMNS),
        *(number("round-off (numpy)", 6), name("status", 1), name("file", 8)),
        more="--csv",
    )
    for entry in entries:
        file = entry.file
        against = (f"{entry.rivals[column]} ({entry.difference(column):+d})" if column in entry.rivals else ""
                   for column in COLUMNS)  # fmt: skip
        counts = (str(file.counts[key]) for key in ("adds", "muls", "flops"))
        round_off = record_tables.round_off(file)
        table.add_row(file.transform.title, *counts, *against, round_off, short_status(file), entry.path)
    print_table(table)


def _print_others(others: Sequence[Other]) -> None:
    """The programs in other primitive sets and with factors at their border, and records under other cost models."""
    table = Table(
        *(name("transform"), name("set"), name("model"), name("scaling"), number("cost"), number("shifts", 4)),
        *(number(BEST), number("best under flops", 5), number("flops", 2), name("status", 1), name("file", 3)),
    )
    for other in others:
        file, counts = other.file, count(other.file.program)
        table.add_row(
            *(file.transform.title, other.primitives, other.model, other.scaling, f"{other.cost:g}"),
            *(str(counts.shifts) if set_of(file.program).constants else "", record_tables.compared(other)),
            *("" if other.usual is None else f"{other.usual:g}", str(counts.flops), short_status(file), other.path),
        )
    print_table(table)
