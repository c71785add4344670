"""`gp-fft discover`: a new search for one program that serves every n of a family."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from gp_fft.cli.drive import follow
from gp_fft.cli.options import budget_options, say
from gp_fft.cli.scheme_tables import print_discovery
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.schemes import files
from gp_fft.schemes.family import Family
from gp_fft.schemes.settings import ALL, OUTPUTS, SELECTIONS, Asked
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.recorder import Recorder
from primitives import VECTORS

DEFAULT_SECONDS = 60.0
HEAD = 12  # digits of a hash


@click.command()
@click.argument("transform")
@click.option("--family", default="2^k", show_default=True, help="The sizes: 2^k, 3^k, 4^k or 5^k.")
@click.option("--start", help="A scheme file to start from; by itself random expressions alone.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same schemes.")
@click.option("--population", type=int, help="Number of schemes that evolve together.")
@budget_options
@click.option("--primitives", help="Use only these vector primitives, with commas between them.")
@click.option("--without-primitives", default="", help="Use the usual vector primitives but these.")
@click.option("--operators", help="Use only these operators, with commas between them.")
@click.option("--without", default="", help="Use all operators but these, with commas between them.")
@click.option("--rows", type=int, help="Rows of a random scheme.")
@click.option("--depth", type=int, help="Levels that a scheme may go down: 2 reaches quarters of n = 2^k.")
@click.option("--sizes", help="Sizes at which schemes are scored, such as 4,8,16.")
@click.option("--output", type=click.Choice(OUTPUTS), help="What the output of a scheme is that is wrong yet.")
@click.option("--selection", type=click.Choice(SELECTIONS), help="What climbing looks at.")
@click.option("--temperature", type=float, help="Of climbing, in squared relative errors.")
@click.option("--patience", type=int, help="Generations without progress after which a climber begins afresh.")
@click.option("--exact-rows", is_flag=True, help="Ablation: an error is the part of the entries that are wrong.")
@click.option("--own-recursion", is_flag=True, help="Ablation: calls are answered by the scheme itself.")
@click.option("--per-tree", is_flag=True, help="Ablation: a vector costs as often as it is used.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The run folder to make; the default is a new one under runs/."
)
def command(
    transform: str, family: str, start: str | None, primitives: str | None, without_primitives: str,
    operators: str | None,
    without: str, sizes: str | None, exact_rows: bool, own_recursion: bool, per_tree: bool, out: Path | None,
    **options: Any,
) -> int:  # fmt: skip
    """Discover a scheme of TRANSFORM (dft, idft, dht or wht): one recursive program for every n of a family.

    It evolves from random expressions over whole vectors. Without a budget it evolves for 60 seconds.

    \b
    Examples:
      gp-fft discover dft --family 2^k --seconds 20
      gp-fft discover dft --family 3^k --seed 3 --generations 200 --out runs/threes
      gp-fft discover wht --seconds 5
      gp-fft discover dft --without unfold --target-cost 7696
      gp-fft discover dft --start scheme.txt --seconds 10
    """
    from gp_fft.schemes.discovery import everything, generations
    from gp_fft.search.warm import warm_up

    wanted = Family.read(transform, family)
    if options["seconds"] is None and options["generations"] is None and options["target_cost"] is None:
        options["seconds"] = DEFAULT_SECONDS
    options["primitives"] = _primitives(wanted, primitives, without_primitives)
    options["operators"] = _operators(operators, without)
    options["sizes"] = _sizes(sizes)
    options |= {"graded": not exact_rows, "oracle": not own_recursion, "sharing": not per_tree}
    options |= _start(start)
    settings = Asked(**{name: value for name, value in options.items() if value is not None})
    run = DiscoveryRun.create(wanted, settings, out)
    say(f"discovering {wanted.title}, seed {settings.seed}, in {run.path}")
    with Recorder(run) as recorder:
        outcome = follow(
            run,
            None,
            recorder,
            partial(warm_up, run=everything),
            lambda clock: generations(wanted, settings, None, clock),
        )
        return print_discovery(recorder.run, *outcome)


def _start(named: str | None) -> dict[str, str]:
    """The text of the scheme in a file, and the file with the head of its hash; the file may be named so, too."""
    if named is None:
        return {}
    path, at, head = named.rpartition("@")
    place = Path(path) if at and Path(path).is_file() else Path(named)
    file = files.load(place)
    said = file.scheme.content_hash
    if place == Path(path) and not said.startswith(head):
        raise DataError(f"{path} holds a scheme of content {said[:HEAD]}, and the search should start from {head}")
    return {"start": file.text, "started": f"{place}@{said[:HEAD]}"}


def _primitives(family: Family, only: str | None, without: str) -> tuple[str, ...]:
    """The vector primitives that are asked for, () for the usual ones; UsageError for an unknown one."""
    dropped = without.split(",") if without else []
    for name in dropped:
        if name not in VECTORS:
            raise UsageError(f"vector primitive {name!r} is unknown; known are {', '.join(VECTORS)}")
    if only is None and not dropped:
        return ()
    usual = [name for name, one in VECTORS.items() if one.usual and family.field in one.fields]
    return tuple(name for name in (usual if only is None else only.split(",")) if name not in dropped)


def _operators(only: str | None, without: str) -> tuple[str, ...]:
    """The operators that are asked for; UsageError for an unknown one."""
    dropped = without.split(",") if without else []
    chosen = ALL if only is None else tuple(only.split(","))
    for name in (*chosen, *dropped):
        if name not in ALL:
            raise UsageError(f"operator {name!r} is unknown; known are {', '.join(ALL)}")
    return tuple(name for name in chosen if name not in dropped)


def _sizes(words: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in words.split(",")) if words else ()
    except ValueError:
        raise UsageError(f"--sizes is {words!r}; it must be numbers such as 4,8,16") from None
