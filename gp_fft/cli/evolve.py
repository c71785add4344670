"""`gp-fft evolve`: a new run, from its settings to the front beside the reference counts."""

import re
from pathlib import Path
from typing import Any

import click

from gp_fft.cli.drive import drive
from gp_fft.cli.options import (
    budget_options,
    find_transform,
    front_options,
    growth_option,
    not_a_size,
    objective_options,
    open_shelf,
    records_option,
    say,
    scaling_option,
)
from gp_fft.cli.outcome import print_outcome
from gp_fft.ground.errors import UsageError
from gp_fft.search.settings import Settings, all_operators, usual_cost, usual_operators
from gp_fft.store.lending import lend
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run
from gp_fft.transforms import MATRIX, NORMS
from primitives.base import FIELDS

DEFAULT_SECONDS = 60.0
NEGATIVE = re.compile(r"-\d")


class Evolve(click.Command):
    """A command that takes a negative number in the place of N for a size, which is refused, and for no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the words into arguments and options; UsageError for a negative size."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            negative = [word for word in words if word.startswith(error.option_name) and NEGATIVE.match(word)]
            raise not_a_size(negative[0]) if negative else error from None


@click.command(cls=Evolve)
@click.argument("transform")
@click.argument("size", metavar="N")
@click.option(
    "--start", default="random", show_default=True,
    help="First population: random, definition, radix2, split-radix, compose, a program or scheme file or a record "
    "(dft-8).",
)  # fmt: skip
@click.option(
    "--parts", help="Records that compositions are made of, and no others: NAME@HASH with commas between them, or none."
)
@records_option
@click.option(
    "--primitives", default="",
    help="Primitive set, such as dyadic or integer:bits=6; the default is that of the transform's field.",
)  # fmt: skip
@click.option(
    "--cost",
    help="Cost model: flops, adds, muls, fma or weights as 1:2.5; the default is flops, for the set fma it is fma.",
)
@scaling_option
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same programs.")
@click.option("--population", type=int, help="Number of programs that evolve together.")
@budget_options
@growth_option
@objective_options
@front_options
@click.option(
    "--keep-equal", type=int, metavar="K",
    help="Keep up to K other programs as cheap as the best exact one, for: gp-fft bench --rank speed RUN.",
)  # fmt: skip
@click.option("--operators", help="Use only these operators, with commas between them.")
@click.option("--with", "more", default="", help="Use these operators too; all: gp-fft primitives --operators.")
@click.option("--without", default="", help="Use the usual operators but these, with commas between them.")
@click.option(
    "--norm", type=click.Choice(NORMS), default="backward", show_default=True,
    help="Normalisation, as in scipy.fft.",
)  # fmt: skip
@click.option("--kernel", default="", help="Kernel of a convolution, toeplitz or hankel, such as 1,2,3.")
@click.option(
    "--field", type=click.Choice(FIELDS),
    help="Field of the matrix in a file: gf2 adds its bits by XOR; complex or real is told from the file.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), help="The run folder to make; the default is a new one under runs/."
)
def command(
    transform: str, size: str, norm: str, kernel: str, field: str | None, out: Path | None, records: Path | None,
    parts: str | None, operators: str | None, more: str, without: str, **options: Any,
) -> int:  # fmt: skip
    """Evolve programs for TRANSFORM of size N (8, or 4x4 in 2-D, or a .npy or .csv file for `matrix`).

    Without a budget it evolves for 60 seconds.

    \b
    Examples:
      gp-fft evolve dft 8 --seconds 20 --target-cost 56
      gp-fft evolve dft 16 --start definition --seed 3 --generations 200 --out runs/sixteen
      gp-fft evolve dft 14 --start compose --generations 0
      gp-fft evolve dct2 8 --start definition --scaling outputs --seconds 20
      gp-fft evolve dct2 8 --start definition --depth 5 --seconds 20
      gp-fft evolve dct2 8 --start definition --axis depth --seconds 60
      gp-fft evolve conv 4 --kernel 1,2,3,4 --seconds 10
      gp-fft evolve rdft 8 --with repair --seconds 10
      gp-fft evolve matrix my-matrix.npy --seconds 10
      gp-fft evolve matrix bits.csv --field gf2 --start definition --seconds 10
    """
    from gp_fft.search.start import check_start

    if parts == "":
        raise UsageError("--parts is empty; compositions of no records at all are asked for with: --parts none")
    wanted = find_transform(transform, size, norm, kernel, field or _field_of(options["primitives"], transform))
    if options["seconds"] is None and options["generations"] is None:
        options["seconds"] = DEFAULT_SECONDS
    options["cost"] = usual_cost(options["primitives"], options["cost"])
    if operators is not None or more or without:
        options["operators"] = _switched_on(operators, more, without, usual_operators(wanted))
    options["parts"] = tuple(parts.split(",")) if parts else ()
    asked = Settings(**{name: value for name, value in options.items() if value is not None})
    settings, given = lend(wanted, asked, open_shelf(records))
    settings.check(wanted)
    check_start(wanted, settings, given)  # refuses a start that does not fit before a folder is made
    run = Run.create(wanted, settings, out, records=str(records or ""))
    say(f"evolving {wanted.title} from start {settings.start!r}, seed {settings.seed}, in {run.path}")
    with Recorder(run) as recorder:
        return print_outcome(recorder, *drive(run, None, recorder, given), settings.seconds)


def _field_of(primitives: str, transform: str) -> str:
    """The field of a matrix from a file, where the set of primitives is for bits alone; else the file tells it."""
    return "gf2" if primitives == "gf2" and transform == MATRIX else ""


def _switched_on(operators: str | None, more: str, without: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The operators of --operators and --with but those of --without; UsageError for an unknown one in any of them."""
    names = all_operators()
    chosen = usual if operators is None else tuple(operators.split(","))
    added, dropped = (tuple(given.split(",")) if given else () for given in (more, without))
    for name in (*chosen, *added, *dropped):
        if name not in names:
            raise UsageError(f"operator {name!r} is unknown; known are {', '.join(names)}")
    if added:  # in the order of the table, whatever the order in which they were asked for
        chosen = tuple(name for name in names if name in (*chosen, *added))
    left = tuple(name for name in chosen if name not in dropped)
    if not left:
        raise UsageError(f"--without {without} leaves no operator of {', '.join(chosen)}: nothing would be done")
    return left
