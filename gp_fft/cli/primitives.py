"""`gp-fft primitives`: what programs may be made of, and what it costs."""

from __future__ import annotations

import click

import primitives
from gp_fft.cli.tables import plain_table, print_table


@click.command(short_help="List the primitive sets and cost models.")
def command() -> None:
    """List the primitive sets (which turns and constants a program may use) and the cost models.

    \b
    Example:
      gp-fft primitives
    """
    table = plain_table("set", "field", "turns", "constants", "addition", "scale", "description")
    for name in primitives.names():
        found = primitives.get(name)
        turns = " ".join(("1", "i", "-1", "-i")[turn] for turn in found.turns)
        constants = "any" if found.constants is None else " ".join(f"{value:g}" for value in found.constants)
        flops = [f"{found.add_flops} flops", f"{found.scale_flops} flops"]
        table.add_row(name, found.field, turns, constants, *flops, found.description)
    print_table(table)
    models = plain_table("cost model", "addition", "scale", "description", numbers=range(1, 3))
    for model in primitives.COST_MODELS.values():
        models.add_row(model.name, f"{model.add:g}", f"{model.scale:g}", model.description)
    models.add_row("A:M", "A", "M", "weights of your own, such as 1:2.5")
    click.echo()
    print_table(models)
