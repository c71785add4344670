"""`gp-fft show`: a front as a table, or one program as text with its counts."""

from __future__ import annotations

import click

from gp_fft.cli.options import open_program
from gp_fft.cli.table import print_table
from gp_fft.cli.tables import SHORT, counts_line, front_table, reference_line
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.search.command_line import quoted
from gp_fft.store import runs


@click.command(short_help="Show the front of a run, or one program, beside the reference counts.")
@click.argument("target", metavar="RUN|FILE")
@click.option(
    "--text", is_flag=True, help="Print the program as text and nothing else; of a run, its best one."
)
@click.option("--all", "every", is_flag=True, help="Show the whole front, not only its most exact programs.")
def command(target: str, text: bool, every: bool) -> None:
    """Show the front of a RUN as a table, or the program in FILE as text with its counts.

    \b
    Examples:
      gp-fft show runs/dft-8-001
      gp-fft show --text runs/dft-8-001 > fft8.txt
      gp-fft show fft8.txt
    """
    if text and every:
        raise UsageError("--text shows one program and --all a whole front; give one of them")
    if text or not runs.find(target).is_dir():
        file = open_program(target)
        click.echo(file.text.rstrip("\n"))
        if not text:
            click.echo(f"\n{counts_line(file)}\n{reference_line(file.transform)}")
            if file.transform.claim:
                click.echo(file.transform.claim)
        return
    run = runs.Run.open(runs.find(target))
    front = run.front()
    if not front:
        raise DataError(
            f"the run {run.path} has no program on its front yet; go on with: gp-fft resume {quoted(run.path)}"
        )
    click.echo(f"{run.transform.title}: {run.command()}\n")
    print_table(front_table(front, run.settings.cost, every))
    if len(front) > SHORT and not every:
        click.echo(f"... and {len(front) - SHORT} more, less exact and cheaper: --all shows them")
    click.echo(f"\n{reference_line(run.transform)}\nprogram files: {run.path / 'front'}")
