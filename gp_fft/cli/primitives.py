"""`gp-fft primitives`: what programs may be made of, and what it costs."""

import click

import primitives
from gp_fft.cli.table import Table, name, number, print_table, prose


@click.command()
@click.option("--operators", is_flag=True, help="List the operators of the search instead.")
def command(operators: bool) -> None:
    """List the primitive sets (which turns and constants a program may use) and the cost models.

    \b
    Examples:
      gp-fft primitives
      gp-fft primitives --operators
    """
    if operators:
        print_table(_operators())
        return
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


def _operators() -> Table:
    """What varies programs, and on which data it is switched on where nothing is said."""
    from gp_fft.search.operators import OPERATORS  # beside the compiled kernels, which take a while to load

    listed = Table(name("operator"), name("kind", 1), name("usual on", 2), prose("description"))
    for operator in OPERATORS:
        listed.add_row(operator.name, operator.kind, " ".join(operator.fields) or "nothing", operator.description)
    return listed
