"""`gp-fft runs`: one line for each run folder."""

from pathlib import Path

import click

from gp_fft.cli.options import root_option
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.ground.errors import DataError
from gp_fft.store import runs
from gp_fft.store.proofs import judged


@click.command()
@root_option
def command(root: Path) -> None:
    """List the runs in a folder, with how far each has come.

    \b
    Example:
      gp-fft runs
    """
    paths = runs.list_runs(root)
    if not paths:
        click.echo(f"no runs in {root}; make one with: gp-fft evolve dft 8")
        return
    table = Table(
        *(name("run"), number("generation", 3), number("best exact"), number("error", 2), number("front", 4)),
        *(number("seconds", 5), name("transform", 1)),
    )
    for path in paths:
        table.add_row(str(path), *_cells(path))
    print_table(table)


def _cells(path: Path) -> list[str]:
    try:
        run = runs.open_run(path)
        record = run.last_record()
    except DataError:
        return ["", "", "", "", "", "damaged"]
    if record is None:
        return ["0", "", "", "", "", run.problem.title]
    record = judged(run, record) if isinstance(run, runs.Run) else record
    best = record["best_exact_cost"]
    counts = [str(record["generation"]), "none" if best is None else f"{best:g}", f"{record['best_error']:.1e}"]
    return [*counts, str(len(record["front"])), f"{record['seconds']:.1f}", run.problem.title]
