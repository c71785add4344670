"""Whole fronts beside greedy pruning and what is published: is the middle of a front as strong as its end?

    python -m benchmarks.front                       # a minute for dct2 8, two for others, a quarter of an hour in all
    python -m benchmarks.front --only "dct2 8 ortho" # one of them
    python -m benchmarks.front --seconds 10 --seed 2
    python -m benchmarks.front --quick               # seconds, to see that it runs

For each operation count of the asked range stand there the least relative errors of programs that cost no more: by
greedy pruning of the known exact programs without and with a refit (see :mod:`gp_fft.construct.greedy`), the published
one, and the run's, with the ratio of the best rival to the run. Below 1 the run is worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

import gp_fft
from gp_fft.files.shelf import Shelf
from gp_fft.search.front import Front
from gp_fft.search.warm import warm_up
from gp_fft.store.alternatives import PUBLISHED, Alternatives, alternatives, best_at, geometric_mean
from gp_fft.store.standings import Rule
from gp_fft.transforms import Transform, get

EXACT = 1e-12  # an error below this is that of the last digits
RIVALS = ("greedy", "greedy-refit", PUBLISHED)


@dataclass(frozen=True)
class Case:
    """A transform and the operation counts at which its front is looked at."""

    transform: Transform
    costs: Sequence[int]
    seconds: float = 120.0


CASES = (
    Case(get("dct2", 8, norm="ortho"), range(20, 42), seconds=60.0),
    Case(get("dft", 8), range(30, 56, 2)),
    Case(get("rdft", 16), range(30, 68, 2)),
    Case(get("dct4", 8), range(24, 56, 2)),
    Case(get("dht", 16), range(30, 80, 4)),
    Case(get("dft", 12), range(40, 96, 4)),
)


@dataclass(frozen=True)
class Line:
    """The least errors at a budget: of each rival that has a program for it, and of the run."""

    cost: int
    rivals: dict[str, float]
    run: float | None

    @property
    def ratio(self) -> float | None:
        """The error of the best rival over that of the run; None where one has nothing, or where both are exact."""
        if self.run is None or not self.rivals or max(self.run, min(self.rivals.values())) < EXACT:
            return None
        return min(self.rivals.values()) / max(self.run, EXACT)


def evolve(transform: Transform, seconds: float, seed: int) -> Front:
    """The whole front of one run."""
    return gp_fft.evolve(transform, seconds=seconds, seed=seed, front="full")


def lines(case: Case, front: Front, others: Alternatives) -> list[Line]:
    """The comparison of a front with its rivals."""
    points = list(zip(front.costs, front.errors, strict=True))
    found = []
    for most in case.costs:
        best = {name: best_at(others, most, [name]) for name in RIVALS}
        errors = {name: step[1].error for name, step in best.items() if step is not None}
        found.append(Line(most, errors, min((error for cost, error in points if cost <= most), default=None)))
    return found


def show(case: Case, compared: Sequence[Line], console: Console) -> None:
    """Print the lines of one transform, and the mean of their ratios."""
    table = Table(title=f"{case.transform.title}: relative error at most so many operations", title_justify="left")
    for head in ("operations", *RIVALS, "run", "ratio"):
        table.add_column(head, justify="right")
    for line in compared:
        errors = [f"{line.rivals[name]:.3f}" if name in line.rivals else "-" for name in RIVALS]
        run = "-" if line.run is None else f"{line.run:.3f}"
        table.add_row(str(line.cost), *errors, run, "-" if line.ratio is None else f"{line.ratio:.2f}")
    console.print(table)
    ratios = [line.ratio for line in compared if line.ratio is not None]
    if ratios:
        worse = sum(ratio < 1.0 for ratio in ratios)
        mean = f"{geometric_mean(ratios):.3f} in the geometric mean of {len(ratios)} counts"
        console.print(f"best rival over run: {mean}; the run is above it at {worse}\n")


@click.command()
@click.option("--seconds", type=float, help="Seconds of each run; 60 for dct2 8 and 120 for the others if not said.")
@click.option("--seed", default=1, show_default=True, help="Seed of each run.")
@click.option("--only", help='One transform by its title, such as "dft 8".')
@click.option("--quick", is_flag=True, help="The smallest case and no time, to see that it runs.")
def main(seconds: float | None, seed: int, only: str | None, quick: bool) -> None:
    """Compare whole fronts with greedy pruning and with what is published."""
    cases = [case for case in CASES if only in (None, case.transform.title)]
    if not cases:
        raise click.UsageError(f"{only!r} is none of {', '.join(case.transform.title for case in CASES)}")
    if quick:
        cases, seconds = [Case(get("dct2", 4, norm="ortho"), range(4, 14))], 0.5
    warm_up()
    console, shelf = Console(highlight=False, width=100), Shelf.open()
    for case in cases:
        front = evolve(case.transform, case.seconds if seconds is None else seconds, seed)
        show(case, lines(case, front, alternatives(case.transform, Rule(), shelf)), console)


if __name__ == "__main__":
    main()
