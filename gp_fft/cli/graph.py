"""`gp-fft graph`: a program as a picture or as a graph file."""

from pathlib import Path

import click

from gp_fft.cli.options import force_option, open_program, refuse_overwrite, say
from gp_fft.cli.scheme_tables import scheme_at
from gp_fft.draw import recursion
from gp_fft.draw.formats import list_formats, write
from gp_fft.draw.theme import THEMES
from gp_fft.ground.errors import UsageError
from gp_fft.schemes.expand import expand


@click.command()
@click.argument("target", metavar="RUN|FILE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help=f"The file to write; its ending says how: {list_formats()}.",
)
@click.option(
    "--theme",
    type=click.Choice(tuple(THEMES)),
    default="light",
    show_default=True,
    help="Colours of a picture.",
)
@click.option("--unroll", type=int, help="Of a scheme: draw the straight-line program that it is at this n.")
@force_option
def command(target: str, output: Path, theme: str, unroll: int | None, force: bool) -> None:
    """Draw the program in FILE, or the best one of RUN, as a layered dataflow diagram.

    Nodes that are used more than once are drawn once and marked as shared. Of a scheme one level of the recursion is
    drawn, the call as a box, as .svg or .dot; with --unroll N the program that it is at n = N.

    \b
    Examples:
      gp-fft graph runs/dft-8-001 -o fft8.svg
      gp-fft graph fft8.txt -o fft8.graphml
      gp-fft graph runs/dft-2-k-001 -o recursion.svg
      gp-fft graph runs/dft-2-k-001 --unroll 16 -o fft16.svg
    """
    refuse_overwrite(output, force)
    scheme = scheme_at(target)
    if scheme is not None:
        if unroll is None:
            recursion.write(scheme.scheme, output, theme)
        else:
            write(expand(scheme.scheme, unroll), output, theme)
        say(f"wrote {output}")
        return
    if unroll is not None:
        raise UsageError(f"--unroll is for schemes, and {target} is none")
    file = open_program(target)
    write(file.program, output, theme, file.transform.scaling)
    say(f"wrote {output}")
