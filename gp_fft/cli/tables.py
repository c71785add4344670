"""What commands say of programs: a front, one program, both beside the published counts."""

from collections.abc import Sequence

import click

from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.certificate import short
from gp_fft.program.cost import cost, count, unit
from gp_fft.proof import standing
from gp_fft.search.objectives import asked
from gp_fft.search.settings import Settings
from gp_fft.store.runs import original_name
from gp_fft.store.standings import BEST, rivals
from gp_fft.transforms import Scaling, Transform
from gp_fft.transforms.scaling import NONE

SHORT = 12  # programs shown of a front, and constants of a program, unless all are asked for


def print_front(front: Sequence[ProgramFile], settings: Settings, every: str) -> None:
    """Print the programs of a front, most exact first; all where ``every``, which says how to see all, is empty.

    Depth in levels, and live values, have columns where the settings ask for them.
    """
    model, objectives = settings.cost, asked(settings)
    shown = front[:SHORT] if every else front
    field = front[0].transform.field
    extra = [] if model == "flops" else [number(model)]
    parts = [] if field == "gf2" else [number("adds", 3), number("muls", 3), number("fma", 5)]
    table = Table(
        *(number("error"), number(unit(field)), *parts[:2], *extra, *parts[2:]),
        *(number("depth", 4), *(number(objective.column.replace("_", " ")) for objective in objectives)),
        *(number("vs best"), name("status"), name("file", 2)),
    )
    published = rivals(front[0].transform, front[0].free).get(BEST)
    for file in shown:
        counts = count(file.program)
        costs = [f"{cost(file.program, model):g}"] if extra else []
        exact = is_exact(file.error, file.proof)
        difference = f"{counts.flops - published:+d}" if exact and published is not None else ""
        split = [counts.adds, counts.muls, counts.fma] if parts else []
        numbers = [counts.flops, *split[:2], *costs, *split[2:], counts.depth]
        numbers += [getattr(file.program, objective.column) for objective in objectives]
        table.add_row(f"{file.error:.1e}", *map(str, numbers), difference, short_status(file), original_name(file))
    print_table(table)
    if len(front) > len(shown):
        click.echo(f"... and {len(front) - SHORT} more, less exact and cheaper: {every}")


def short_status(file: ProgramFile) -> str:
    """The standing of a program in one word; a proof in the file is made again before it counts."""
    return short(standing(file))


def listed(published: dict[str, int]) -> str:
    """Published counts with commas between them."""
    return ", ".join(f"{column} {total}" for column, total in published.items())


def published_line(transform: Transform, free: str) -> str:
    """The published counts of a transform in one line, with what is free at the border."""
    scaled = "" if free == NONE else f" with scaling {free}"
    return f"reference counts for {transform.title}{scaled}: {listed(rivals(transform, free)) or 'none published'}"


def factors_line(scaling: Scaling) -> str:
    """The factors at the border of a program in one line; empty where there are none."""
    sides = {"output": scaling.outputs, "input": scaling.inputs}
    words = [f"{side} {', '.join(f'{factor:.6g}' for factor in factors)}" for side, factors in sides.items() if factors]
    return f"comes times the factors of its {'; '.join(words)}" if words else ""


def counts_line(file: ProgramFile) -> str:
    """Counts, error and depth of one program in one line."""
    counts, program = count(file.program), file.program
    split = f" ({counts.adds} additions, {counts.muls} multiplications), {counts.fma} with fma"
    counted = f"{counts.flops} {unit(program.field)}{'' if program.field == 'gf2' else split}"
    levels = f"{program.levels} levels ({program.add_levels} of additions)"
    return f"{counted}, depth {counts.depth}, {levels}, error {file.error:.1e}, {standing(file)}"
