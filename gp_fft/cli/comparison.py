"""A whole front beside what else approximates its transform: the best baseline and the published at each count."""

import csv
import sys
from collections.abc import Sequence

import click

from gp_fft.cli.options import open_front
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.files import ProgramFile
from gp_fft.files.shelf import Shelf
from gp_fft.program.cost import cost
from gp_fft.store import runs
from gp_fft.store.alternatives import (
    PUBLISHED,
    Alternative,
    Alternatives,
    beside,
    best_at,
    geometric_mean,
    measure_of,
    measured,
)
from gp_fft.transforms.measures import orthogonality
from gp_fft.transforms.unit_rows import ORTHOGONAL, to_one_length

_OTHERS = ("best baseline", "which", "ratio", "published", "who", "ratio")
Line = tuple[float, float, tuple[str, Alternative] | None, tuple[str, Alternative] | None]
"""Cost and error of a program, the best baseline that costs no more with its name, and the best published one."""


def print_comparison(target: str, as_csv: bool) -> None:
    """Print the comparison of the front of a run."""
    run, front = open_front(runs.find(target))
    costs = [cost(file.program, run.settings.cost) for file in front]
    points = sorted(zip(costs, measured(run, front), map(outputs, front), strict=True))
    lines = compared([point[:2] for point in points], beside(run, Shelf.open()))
    header = (run.settings.cost, measure_of(run).title, "outputs", *_OTHERS)
    rows = [[*cells[:2], point[2], *cells[2:]] for point, cells in zip(points, map(_cells, lines), strict=True)]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([header, *rows])
        return
    numbers = [name(head) if head in ("outputs", "which", "who") else number(head) for head in header]
    table = Table(*numbers, more="--csv")
    for row in rows:
        table.add_row(*row)
    print_table(table)
    for place, what in ((2, "the best baseline"), (3, "the best published approximation")):
        if ratios := [ratio for line in lines if (ratio := _ratio(line, place)) is not None]:
            worse = sum(ratio < 1 for ratio in ratios)
            click.echo(
                f"error of {what} over that of the front: {geometric_mean(ratios):.3g} in the geometric mean of "
                f"{len(ratios)} counts, below 1 at {worse}"
            )


def outputs(file: ProgramFile) -> str:
    """The word for a program whose outputs are orthogonal, up to their lengths."""
    return "orthogonal" if orthogonality(to_one_length(file.program.matrix())) < ORTHOGONAL else ""


def compared(points: Sequence[tuple[float, float]], others: Alternatives) -> list[Line]:
    """Each point of a front, ``(cost, error)``, beside the best that costs no more."""
    baselines = [each for each in others if each != PUBLISHED]
    return [
        (most, error, best_at(others, most, baselines), best_at(others, most, [PUBLISHED])) for most, error in points
    ]


def _ratio(line: Line, place: int) -> float | None:
    """The error of what stands at this place over that of the program; None where one is missing or exact."""
    other = line[2] if place == 2 else line[3]
    if other is None or line[1] == 0.0 or other[1].error == 0.0:
        return None
    return other[1].error / line[1]


def _cells(line: Line) -> list[str]:
    cells = [f"{line[0]:g}", _error(line[1])]
    for place, other in ((2, line[2]), (3, line[3])):
        ratio = _ratio(line, place)
        said = ("", "") if other is None else (_error(other[1].error), other[0] if place == 2 else other[1].label)
        cells += [*said, "" if ratio is None else f"{ratio:.2f}"]
    return cells


def _error(error: float) -> str:
    return "exact" if error == 0.0 else f"{error:.3g}"
