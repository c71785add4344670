"""The figures of the search: time to the known counts over ten seeds, and rewriting steps per second on one core.

    python -m benchmarks.search                     # up to half an hour; much less where everything goes well
    python -m benchmarks.search --quick             # seconds, to see that it runs
    python -m benchmarks.search --only "dft 16"     # one figure; --only speed for the steps per second
    python -m benchmarks.search --csv > search.csv  # every single run as a line

Time to target is by the clock, from the first random program to the first exact program that costs no more than the
target, compiled code being warm. A seed that needs longer than the limit of its figure fails and counts as the limit
in the median. Every program that reaches a target is counted and compared with its transform once more.

Steps per second are of one thread and by its processor time, so that other work on the machine matters little: whole
generations from the split-radix program, everything included. A step draws one rewrite, applies it, shares what became
worth sharing, and takes the result or undoes it; "applied" leaves out the steps whose rewrite did not fit where it
was drawn. "asked" is what a plain C++ prototype of the same search did.
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from gp_fft import transforms
from gp_fft.files.shelf import Shelf
from gp_fft.program.cost import EXACT, cost
from gp_fft.search.front import Front
from gp_fft.search.loop import generations
from gp_fft.search.operators import OPERATORS
from gp_fft.search.settings import Settings
from gp_fft.search.warm import warm_up
from gp_fft.store.lending import lend


@dataclass(frozen=True)
class Figure:
    """A count to be reached within a time, in so many of ten seeds."""

    name: str
    n: int
    target: int
    limit: float  # seconds
    seeds: float = 0.5  # share of the seeds that must reach it; half makes the median
    start: str = "random"

    @property
    def title(self) -> str:
        """Name and size."""
        return f"{self.name} {self.n}"


FIGURES = (
    Figure("dft", 4, 16, 1),
    Figure("dft", 8, 56, 5, seeds=1.0),
    Figure("dft", 16, 168, 60, seeds=0.8),
    Figure("dft", 5, 44, 10),
    Figure("dft", 6, 44, 10),
    Figure("rdft", 8, 22, 10),
    Figure("dht", 8, 24, 10),
    Figure("wht", 8, 24, 10),
    Figure("dft", 32, 456, 180, start="definition"),
)
SPEEDS = {8: 40_000, 16: 8_000, 32: 1_700, 64: None, 128: None}  # steps per second asked for


@dataclass(frozen=True)
class Run:
    """One seed of one figure."""

    figure: Figure
    seed: int
    seconds: float
    cost: float | None  # of the best exact program
    error: float  # of that program, or the least error reached
    generations: int
    steps: int
    processor: float  # seconds of all threads

    @property
    def reached(self) -> bool:
        """Whether the target came out within the limit."""
        return self.cost is not None and self.cost <= self.figure.target and self.seconds <= self.figure.limit


@dataclass(frozen=True)
class Speed:
    """Steps on one thread from the split-radix program for one n."""

    n: int
    definitions: int
    steps: int
    applied: int
    accepted: int
    seconds: float  # of processor time
    asked: int | None

    @property
    def per_second(self) -> float:
        """Steps, applied or not."""
        return self.steps / self.seconds


def run(figure: Figure, seed: int, limit: float, threads: int) -> Run:
    """Evolve until the target or the limit; the result is measured anew, from the program alone."""
    transform = transforms.get(figure.name, figure.n)
    settings = Settings(start=figure.start, seed=seed, seconds=limit, target_cost=figure.target, threads=threads)
    began = time.process_time()
    settings, given = lend(transform, settings, Shelf.open())
    for state, _ in generations(transform, settings, given=given):
        last = state
    spent = time.process_time() - began
    front = Front(transform, last.front)
    best = front.best_exact()
    error = min(front.errors) if best is None else transform.error(best)
    assert best is None or error < EXACT
    reached = None if best is None else cost(best)
    return Run(figure, seed, last.seconds, reached, error, last.generation, last.steps, spent)


def speed(n: int, least: float) -> Speed:
    """Run whole generations on one thread for at least so many seconds of processor time."""
    settings = Settings(start="split-radix", seed=1, threads=1, generations=2**50)
    states = generations(transforms.get("dft", n), settings)
    program = next(states)[0].front[0]
    before, _ = next(states)  # the first generation shares its programs from scratch
    began, spent = time.process_time(), 0.0
    while spent < least:
        after, _ = next(states)
        spent = time.process_time() - began
    tallies = {
        op.name: [b - a for a, b in zip(before.counters[op.name], after.counters[op.name], strict=True)]
        for op in OPERATORS
        if op.kind == "rewrite"
    }
    applied, accepted, _ = (sum(column) for column in zip(*tallies.values(), strict=True))
    return Speed(n, program.definitions, after.steps - before.steps, applied, accepted, spent, SPEEDS.get(n))


def found(run: Run) -> str:
    """What a run came to, in words."""
    return "not exact" if run.cost is None else f"{run.cost:g}"


def figures_table(runs: Sequence[Run], seeds: int) -> Table:
    """One line for each figure: what was asked, what came out."""
    made = Table(title=f"Time to target over {seeds} seeds, seconds by the clock")
    for head in ("from", "to", "limit", "hits", "least", "median", "most", "best", "failed"):
        made.add_column(head, justify="left" if head in ("from", "failed") else "right", no_wrap=head != "failed")
    for figure in dict.fromkeys(run.figure for run in runs):
        own = [run for run in runs if run.figure == figure]
        times = sorted(run.seconds if run.reached else figure.limit for run in own)
        costs = [run.cost for run in own if run.cost is not None]
        failed = [f"{run.seed} ({found(run)})" for run in own if not run.reached]
        share = (len(own) - len(failed)) / len(own)
        good = "green" if share >= figure.seeds and (share > 0.5 or median(times) < figure.limit) else "red"
        made.add_row(
            f"{figure.title} {figure.start}",
            str(figure.target),
            f"{figure.limit:g}",
            f"[{good}]{len(own) - len(failed)}/{len(own)}[/]",
            *(f"{t:.2f}" for t in (times[0], median(times), times[-1])),
            f"{min(costs):g}" if costs else "-",
            ", ".join(failed),
        )
    return made


def speeds_table(speeds: Sequence[Speed]) -> Table:
    """One line for each n."""
    made = Table(title="Rewriting steps per second on one thread, from split radix")
    for head in ("dft", "rows", "steps/s", "applied/s", "accepted/s", "µs a step", "asked", "ratio"):
        made.add_column(head, justify="right")
    for s in speeds:
        made.add_row(
            str(s.n),
            str(s.definitions),
            *(f"{count / s.seconds:,.0f}" for count in (s.steps, s.applied, s.accepted)),
            f"{1e6 / s.per_second:.1f}",
            f"{s.asked:,}" if s.asked else "-",
            f"{s.per_second / s.asked:.1f}x" if s.asked else "-",
        )
    return made


def write_csv(runs: Iterable[Run], speeds: Iterable[Speed]) -> None:
    """Every run and every speed as a line on standard output."""
    out = csv.writer(sys.stdout)
    out.writerow(["figure", "start", "target", "limit", "seed", "reached", "seconds", "cost", "error", "steps"])
    for r in runs:
        f = r.figure
        told = [f.title, f.start, f.target, f.limit, r.seed, int(r.reached), round(r.seconds, 3)]
        out.writerow([*told, r.cost, r.error, r.steps])
    for s in speeds:
        out.writerow([f"speed dft {s.n}", "split-radix", s.asked, "", 1, "", round(s.seconds, 3), "", "", s.steps])


def measure(
    figures: Sequence[Figure], seeds: int, patience: float, threads: int, tell: Callable[[str], None]
) -> list[Run]:
    """All seeds of all figures, one after another."""
    runs = []
    warm_up()
    for figure in figures:
        for seed in range(1, seeds + 1):
            runs.append(run(figure, seed, figure.limit * patience, threads))
            tell(f"{figure.title} seed {seed}: {found(runs[-1])} after {runs[-1].seconds:.2f} s")
    return runs


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="One seed of two small figures and one speed.")
@click.option("--only", multiple=True, metavar="NAME", help='A figure such as "dft 16", or "speed"; may be repeated.')
@click.option("--seeds", type=click.IntRange(1), default=10, show_default=True)
@click.option("--patience", type=click.FloatRange(0.01), default=1.0, show_default=True, help="Times the limit.")
@click.option("--threads", type=click.IntRange(0), default=0, show_default=True, help="0 is all cores.")
@click.option("--csv", "as_csv", is_flag=True, help="Every run as a line instead of tables.")
def main(quick: bool, only: tuple[str, ...], seeds: int, patience: float, threads: int, as_csv: bool) -> None:
    """Measure how fast the search reaches the known counts, and how many steps it does."""
    names = [figure.title for figure in FIGURES] + ["speed"]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise click.UsageError(f"there is no figure {unknown[0]!r}; there are {', '.join(names)}")
    wanted = only or (("dft 4", "wht 8", "speed") if quick else tuple(names))
    errors = Console(stderr=True)
    chosen = [figure for figure in FIGURES if figure.title in wanted]
    runs = measure(chosen, 1 if quick else seeds, patience, threads, lambda line: errors.print(line, highlight=False))
    sizes = [n for n in SPEEDS if not quick or n == 8] if "speed" in wanted else []
    speeds = [speed(n, 0.01 if quick else 3.0) for n in sizes]
    if as_csv:
        write_csv(runs, speeds)
        return
    console = Console()
    if runs:
        console.print(figures_table(runs, 1 if quick else seeds))
    if speeds:
        console.print(speeds_table(speeds))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    load = os.getloadavg()[0]
    console.print(f"{os.cpu_count()} cores, load {load:.1f}, peak memory {peak:.0f} MB", highlight=False)


if __name__ == "__main__":
    main()
