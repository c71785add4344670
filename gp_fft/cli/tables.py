"""What commands say of programs: a front, one program, both beside the published counts."""

from collections.abc import Sequence

import click

from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.certificate import Interval, digits, short
from gp_fft.program import Program
from gp_fft.program.cost import cost, count, set_of, unit_of
from gp_fft.proof import standing
from gp_fft.search.objectives import asked
from gp_fft.search.settings import Settings
from gp_fft.store.runs import Run, original_name
from gp_fft.store.standings import BEST, Rule, judged_by, rule_of
from gp_fft.transforms import Scaling, Transform
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.measures import MEASURES, RELATIVE
from gp_fft.transforms.scaling import NONE

SHORT = 12  # programs shown of a front, and constants of a program, unless all are asked for


def print_front(front: Sequence[ProgramFile], settings: Settings, every: str) -> None:
    """Print the programs of a front, most exact first; all where ``every``, which says how to see all, is empty.

    Depth in levels, live values, and the error by another measure have columns where the settings ask for them.
    """
    model, objectives = settings.cost, asked(settings)
    shown = front[:SHORT] if every else front
    some = front[0].program
    priced = any(cost(file.program, model) != count(file.program).flops for file in shown)
    extra = [number(model if model != "flops" else "cost")] if model != "flops" or priced else []
    fused = [number("fma", 5)] if set_of(some).constants is None else []
    parts = [number(part, 3) for part in _parts(some)]
    measures = asked_errors(settings)
    table = Table(
        *(number("error"), *(number(entry.name) for entry in measures)),
        *(number(unit_of(some)), *parts, *extra, *fused),
        *(number("depth", 4), *(number(objective.column.replace("_", " ")) for objective in objectives)),
        *(number("vs best"), name("status"), name("file", 2)),
    )
    rule, published = judged_by(front[0].transform, Rule.of(front[0], model))
    best = published.get(BEST)
    for file in shown:
        counts = count(file.program)
        costs = [f"{cost(file.program, model):g}"] if extra else []
        exact = is_exact(file.error, file.proof)
        difference = f"{cost(file.program, rule.model) - best:+g}" if exact and best is not None else ""
        split = [getattr(counts, part) for part in _parts(some)]
        numbers = [counts.flops, *split, *costs, *([counts.fma] if fused else []), counts.depth]
        numbers += [getattr(file.program, objective.column) for objective in objectives]
        errors = [f"{m.of(file.program.matrix(), file.transform, settings.free):.3g}" for m in measures]
        row = (*errors, *map(str, numbers), difference, short_status(file), original_name(file))
        table.add_row(f"{file.error:.1e}", *row)
    print_table(table)
    if len(front) > len(shown):
        click.echo(f"... and {len(front) - SHORT} more, less exact and cheaper: {every}")


def asked_errors(settings: Settings) -> list[Measure]:
    """The measure that the settings ask for beside the relative error, if it is another."""
    return [] if settings.error == RELATIVE else [MEASURES[settings.error]]


def _parts(program: Program) -> tuple[str, ...]:
    """Which counts say what the operations of a program are, beside their sum."""
    if program.field == "gf2":
        return ()
    shifts = ("shifts",) if set_of(program).constants is not None else ()
    return shifts if unit_of(program) == "adders" else ("adds", "muls", *shifts)


def short_status(file: ProgramFile) -> str:
    """The standing of a program in one word; a proof in the file is made again before it counts."""
    return short(standing(file))


def listed(published: dict[str, int]) -> str:
    """Published counts with commas between them."""
    return ", ".join(f"{column} {total}" for column, total in published.items())


def published_line(transform: Transform, rule: Rule) -> str:
    """The published counts of a transform in one line, by the rule that programs are judged by."""
    judged, known = judged_by(transform, rule)
    return f"reference counts for {transform.title}{judged.words}: {listed(known) or 'none published'}"


def published_for(run: Run) -> str:
    """The published counts by the rule of a run in one line."""
    return published_line(run.transform, rule_of(run))


def factors_line(scaling: Scaling) -> str:
    """The factors at the border of a program in one line; empty where there are none."""
    sides = {"output": scaling.outputs, "input": scaling.inputs}
    words = [f"{side} {', '.join(f'{factor:.6g}' for factor in factors)}" for side, factors in sides.items() if factors]
    return f"comes times the factors of its {'; '.join(words)}" if words else ""


def errors_line(evidence: Interval) -> str:
    """The proved errors of an approximate program in one line, each with its unit."""
    known = [(MEASURES.get(error.measure), error) for error in evidence.errors]
    units = ["" if entry is None or not entry.unit else f" {entry.unit}" for entry, _ in known]
    words = [
        f"{error.measure} {digits(error.low, error.high)}{unit}" for (_, error), unit in zip(known, units, strict=True)
    ]
    free = "" if evidence.free == NONE else f", with scaling {evidence.free}"
    return f"errors proved{free}: {', '.join(words)}"


def counts_line(file: ProgramFile) -> str:
    """Counts, error and depth of one program in one line."""
    program, counts = file.program, count(file.program)
    words = {"adds": "additions", "muls": "multiplications", "shifts": "shifts"}
    split = ", ".join(f"{getattr(counts, part)} {words[part]}" for part in _parts(program))
    fused = f", {counts.fma} with fma" if program.field != "gf2" and set_of(program).constants is None else ""
    counted = f"{counts.flops} {unit_of(program)}{f' ({split})' if split else ''}{fused}"
    chosen, price = program.primitives, cost(program)
    if chosen:
        counted += f" in {chosen}" + (f", cost {price:g}" if price != counts.flops else "")
    levels = f"{program.levels} levels ({program.add_levels} of additions)"
    return f"{counted}, depth {counts.depth}, {levels}, error {file.error:.1e}, {standing(file)}"
