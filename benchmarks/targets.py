"""Time to target: how long the search takes to counts at and below the published ones, by the clock.

    python -m benchmarks.targets                    # two cores, five seeds: a quarter of an hour at most
    python -m benchmarks.targets --quick            # seconds, to see that it runs
    python -m benchmarks.targets --only "dft 16"    # one target

A run begins with the definition, dft 15 and 24 with the prime-factor program of FFTW's count (212 and 296 flops,
in ``starts/``), and ends with the first exact program that costs no more than the target, compiled code
being warm. A seed that needs longer than the limit counts as the limit in the median. Every program that reaches a
target is counted and compared with its transform once more. On a busy machine the clock runs faster than the search:
"processor" is the median of the seconds that all threads together worked, which by the number of cores is about what it
would take alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from benchmarks.search import Figure, Run, found, measure
from gp_fft.search.vary import cores

STARTS = Path(__file__).parent / "starts"
TARGETS = (
    Figure("dft", 7, 82, 30, start="definition"),
    Figure("dft", 12, 110, 60, start="definition"),
    Figure("dft", 16, 164, 180, start="definition"),
    Figure("dft", 32, 456, 60, start="definition"),
    Figure("dft", 15, 196, 180, start=str(STARTS / "dft-15.json")),
    Figure("dft", 24, 288, 180, start=str(STARTS / "dft-24.json")),
)
QUICK = (Figure("dft", 6, 44, 10, start="definition"),)


def targets_table(runs: Sequence[Run], seeds: int, threads: int) -> Table:
    """One line for each target: what was asked, what came out."""
    made = Table(title=f"Seconds to the target, {threads or cores()} cores, {seeds} seeds")
    for head in ("", "target", "limit", "median", "worst", "successes", "processor", "failed at"):
        made.add_column(head, justify="right" if head else "left", no_wrap=head != "failed at")
    for figure in dict.fromkeys(run.figure for run in runs):
        own = [run for run in runs if run.figure == figure]
        times = [run.seconds if run.reached else figure.limit for run in own]
        failed = [found(run) for run in own if not run.reached]
        hit = 2 * len(failed) < len(own) and median(times) <= figure.limit
        told = [f"{'>' if seconds >= figure.limit else ''}{seconds:.1f}" for seconds in (median(times), max(times))]
        made.add_row(
            figure.title,
            str(figure.target),
            f"{figure.limit:g}",
            f"[{'green' if hit else 'red'}]{told[0]}[/]",
            told[1],
            f"{len(own) - len(failed)}/{len(own)}",
            f"{median(run.processor for run in own):.1f}",
            ", ".join(failed),
        )
    return made


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="One seed of dft 6.")
@click.option("--only", multiple=True, metavar="NAME", help='A target such as "dft 16"; may be repeated.')
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True)
@click.option("--threads", type=click.IntRange(0), default=2, show_default=True, help="0 is all cores.")
def main(quick: bool, only: tuple[str, ...], seeds: int, threads: int) -> None:
    """Measure how long the search takes to known counts."""
    names = [figure.title for figure in TARGETS]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise click.UsageError(f"there is no target {unknown[0]!r}; there are {', '.join(names)}")
    errors, console = Console(stderr=True), Console()
    chosen = QUICK if quick else [figure for figure in TARGETS if figure.title in (only or names)]
    seeds = 1 if quick else seeds
    load = os.getloadavg()[0]
    runs = measure(chosen, seeds, 1.0, threads, lambda line: errors.print(line, highlight=False))
    console.print(targets_table(runs, seeds, threads))
    told = f"{os.cpu_count()} cores, load {load:.1f} before and {os.getloadavg()[0]:.1f} after"
    console.print(told, highlight=False)


if __name__ == "__main__":
    main()
