"""`gp-fft show`: a front as a table, or one program as text with its counts."""

from pathlib import Path

import click

from gp_fft.cli.options import force_option, open_front, open_program, refuse_overwrite, say
from gp_fft.cli.scheme_tables import LEAVES, print_run, print_scheme, scheme_at
from gp_fft.cli.tables import counts_line, errors_line, factors_line, print_front, published_for, published_line
from gp_fft.files.certificate import WRONG, Interval
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import UsageError
from gp_fft.proof import standing
from gp_fft.search.settings import FULL
from gp_fft.store import runs
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.standings import Rule


@click.command()
@click.argument("target", metavar="RUN|FILE")
@click.option("--text", is_flag=True, help="Print the program as text and nothing else; of a run, its best one.")
@click.option(
    "--leaves", type=click.Choice(LEAVES), default="none", show_default=True,
    help="Of a scheme: what computes the smallest sizes, itself or the records.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Show the whole front, not only its most exact programs.")
@click.option(
    "--plot", type=click.Path(path_type=Path),
    help="Draw the front of a run, error over operations, beside what is published and simple ways, into this .svg, "
    ".png or .pdf.",
)  # fmt: skip
@force_option
def command(target: str, text: bool, leaves: str, every: bool, plot: Path | None, force: bool) -> None:
    """Show the front of a RUN as a table, or the program in FILE as text with its counts.

    Of a scheme it prints the recursion and T(n) beside the textbook.

    \b
    Examples:
      gp-fft show runs/dft-8-001
      gp-fft show --plot front.svg runs/dft-8-001
      gp-fft show --text runs/dft-8-001 > fft8.txt
      gp-fft show fft8.txt
      gp-fft show --leaves records runs/dft-2-k-001
    """
    if text and every:
        raise UsageError("--text shows one program and --all a whole front; give one of them")
    path = runs.find(target)
    scheme = scheme_at(target)
    if scheme is not None:
        if plot is not None:
            raise UsageError("--plot draws a front of programs; report draws T(n) of a scheme")
        if text:
            click.echo(scheme.text.rstrip("\n"))
        elif path.is_dir() and leaves == "none":
            print_run(DiscoveryRun.open(path), path)
        else:
            print_scheme(scheme, leaves)
        return
    if plot is not None:
        if text or not path.is_dir():
            raise UsageError("--plot draws the front of a run; give a run, and no --text")
        from gp_fft.report import front_plot

        front_plot.check_kind(plot)
        refuse_overwrite(plot, force)
    if path.is_dir() and not text:
        run, front = open_front(path)
        every = every or run.settings.front == FULL
        click.echo(f"{run.transform.title}: {run.command()}\n")
        print_front(front, run.settings, "" if every else "--all shows them")
        click.echo(f"\n{published_for(run)}\nprogram files: {path / 'front'}")
        if plot is not None:
            from gp_fft.store.alternatives import beside

            front_plot.plot(run, front, beside(run, Shelf.open()), plot)
            say(f"wrote {plot}")
        return
    file = open_program(target)
    click.echo(file.text.rstrip("\n"))
    if not text:
        click.echo(f"\n{counts_line(file)}\n{published_line(file.transform, Rule.of(file))}")
        if factors := factors_line(file.transform.scaling):
            click.echo(factors)
        if isinstance(file.proof, Interval) and standing(file) != WRONG:
            click.echo(errors_line(file.proof))
        if file.transform.claim:
            click.echo(file.transform.claim)
