"""`gp-fft primitives`: what programs may be made of, and what it costs."""

import click

import primitives
from gp_fft.cli.table import Table, name, number, print_table, prose


@click.command()
@click.option("--operators", is_flag=True, help="List the operators of the search instead.")
@click.option("--vectors", is_flag=True, help="List the vector primitives that schemes are made of instead.")
def command(operators: bool, vectors: bool) -> None:
    """List the primitive sets (which constants a program may use, and what they cost) and the cost models.

    \b
    Examples:
      gp-fft primitives
      gp-fft primitives --operators
      gp-fft primitives --vectors
    """
    if vectors:
        print_table(_vectors())
        return
    if operators:
        print_table(_operators())
        return
    table = Table(
        *(name("set"), name("fields", 3), name("constants"), name("addition", 2), name("scale", 2), name("cost", 1)),
        *(name("options", 4), prose("description")),
    )
    for held in map(primitives.get, primitives.names()):
        options = " ".join(f"{key}={value:g}" for key, value in held.options.items())
        asked = (f"{held.add:g}", _prices(held), held.cost)
        table.add_row(held.name, " ".join(held.fields), _constants(held), *asked, options, held.description)
    print_table(table)
    click.echo("\nAn option goes behind the name: gp-fft evolve hevc-dct2 8 --primitives integer:bits=7,mul=3")
    models = Table(name("cost model"), number("addition"), number("scale"), prose("description"))
    for model in primitives.COST_MODELS.values():
        models.add_row(model.name, f"{model.add:g}", f"{model.scale:g}", model.description)
    models.add_row("A:M", "A", "M", "weights of your own, such as 1:2.5")
    click.echo()
    print_table(models)


def _constants(held: primitives.PrimitiveSet) -> str:
    """Which constants beside 1 it allows, in a few words."""
    if not held.constants:
        return "any" if held.constants is None else "none"
    sizes = [f"{size:.4g}" for size, _ in held.constants]
    return " ".join(sizes) if len(sizes) <= 3 else f"{sizes[0]} .. {sizes[-1]} ({len(sizes)})"


def _prices(held: primitives.PrimitiveSet) -> str:
    """What a scale asks for, in additions: one price, or the least and the most."""
    prices = {price for _, price in held.constants} if held.constants is not None else {held.scale}
    return " to ".join(f"{price:g}" for price in sorted({min(prices), max(prices)})) if prices else "-"


def _vectors() -> Table:
    """What schemes are made of."""
    listed = Table(name("vector primitive"), name("fields", 1), number("chance", 2), prose("description"))
    for one in primitives.VECTORS.values():
        listed.add_row(one.name, " ".join(one.fields), f"{one.chance:g}", one.about)
    return listed


def _operators() -> Table:
    """What varies programs, and on which data it is switched on where nothing is said."""
    from gp_fft.search.operators import OPERATORS  # beside the compiled kernels, which take a while to load

    listed = Table(name("operator"), name("kind", 1), name("usual on", 2), prose("description"))
    for operator in OPERATORS:
        listed.add_row(operator.name, operator.kind, " ".join(operator.fields) or "nothing", operator.description)
    return listed
