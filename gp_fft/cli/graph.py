"""`gp-fft graph`: a program as a picture or as a graph file."""

from pathlib import Path

import click

from gp_fft.cli.options import force_option, open_program, refuse_overwrite, say
from gp_fft.draw.formats import list_formats, write
from gp_fft.draw.theme import THEMES


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
@force_option
def command(target: str, output: Path, theme: str, force: bool) -> None:
    """Draw the program in FILE, or the best one of RUN, as a layered dataflow diagram.

    Nodes that are used more than once are drawn once and marked as shared.

    \b
    Examples:
      gp-fft graph runs/dft-8-001 -o fft8.svg
      gp-fft graph fft8.txt -o fft8.graphml
    """
    refuse_overwrite(output, force)
    file = open_program(target)
    write(file.program, output, theme, file.transform.scaling)
    say(f"wrote {output}")
