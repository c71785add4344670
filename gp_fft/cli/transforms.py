"""`gp-fft transforms`: what can be asked for."""

import click

from gp_fft import transforms
from gp_fft.cli.table import Table, name, print_table, prose


@click.command()
def command() -> None:
    """List the transforms that can be asked for; signs and factors are those of scipy.fft.

    \b
    Example:
      gp-fft transforms
    """
    table = Table(name("name"), name("field", 2), name("2-D", 1), name("n", 3), prose("computes"))
    for family in transforms.FAMILIES.values():
        two = f"{family.name}-2d" if family.two_dimensional else ""
        table.add_row(family.name, family.field, two, family.sizes_in_words, family.summary)
    table.add_row("matrix", "either", "", "", "the matrix in a .npy or .csv file, given in place of N")
    print_table(table)
