"""`gp-fft bench`: evolved counts against the published ones."""

from __future__ import annotations

from pathlib import Path

import click

from gp_fft.cli.options import root_option
from gp_fft.cli.tables import plain_table, print_table, short_status
from gp_fft.errors import DataError


@click.command(short_help="Compare the best evolved counts with the published ones.")
@root_option
@click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Draw flops / (n lg n) over n into this .svg, .png or .pdf.",
)
def command(root: Path, as_csv: bool, plot: Path | None) -> None:
    """Compare the best exact program of each transform in the runs and records with the published counts.

    In brackets stands the difference: below zero means that the evolved program needs fewer operations.

    \b
    Examples:
      gp-fft bench
      gp-fft bench --csv > counts.csv
      gp-fft bench --plot counts.svg
    """
    from gp_fft.report import bench

    if not root.is_dir() and root != Path("runs"):
        raise DataError(f"{root} is not a folder of runs")
    entries, bad = bench.collect(bench.program_files(root))
    for sentence in bad:
        click.echo(sentence, err=True)
    if plot is not None:
        bench.plot(entries, plot)
        click.echo(f"wrote {plot}", err=True)
    if as_csv:
        click.echo(bench.as_csv(entries), nl=False)
    elif entries:
        table = plain_table(
            "transform",
            "adds",
            "muls",
            "flops",
            *bench.COLUMNS,
            "status",
            "file",
            numbers=range(1, 4 + len(bench.COLUMNS)),
        )
        for entry in entries:
            counts = entry.file.counts
            rivals = [_against(entry, column) for column in bench.COLUMNS]
            title = entry.file.transform.title
            flops = (str(counts[key]) for key in ("adds", "muls", "flops"))
            table.add_row(title, *flops, *rivals, short_status(entry.file), entry.path)
        print_table(table)
    else:
        click.echo(f"no exact programs in {root}; make one with: gp-fft evolve dft 8")


def _against(entry: object, column: str) -> str:
    from gp_fft.report.bench import Entry

    assert isinstance(entry, Entry)
    difference = entry.difference(column)
    return "" if difference is None else f"{entry.rivals[column]} ({difference:+d})"
