"""`gp-fft primitives`: what programs may be made of, and what it costs."""

import click

import primitives
from gp_fft.cli.table import Table, name, number, print_table, prose


@click.command()
def command() -> None:
    """List the primitive sets (which turns and constants a program may use) and the cost models.

    \b
    Example:
      gp-fft primitives
    """
    table = Table(
        *(name("set"), name("field", 3), name("turns", 1), prose("constants")),
        *(name("addition", 2), name("scale", 2), prose("description")),
    )
    for held in map(primitives.get, primitives.names()):
        turns = " ".join(("1", "i", "-1", "-i")[turn] for turn in held.turns)
        constants = "any" if held.constants is None else " ".join(f"{value:g}" for value in held.constants)
        flops = [f"{held.add_flops} flops", f"{held.scale_flops} flops"]
        table.add_row(held.name, held.field, turns, constants, *flops, held.description)
    print_table(table)
    models = Table(name("cost model"), number("addition"), number("scale"), prose("description"))
    for model in primitives.COST_MODELS.values():
        models.add_row(model.name, f"{model.add:g}", f"{model.scale:g}", model.description)
    models.add_row("A:M", "A", "M", "weights of your own, such as 1:2.5")
    click.echo()
    print_table(models)
