"""Drift: what becomes of the constants of a program that is rewritten millions of times, with and without mending.

    python -m benchmarks.drift                     # ten million steps on each of three transforms, half an hour
    python -m benchmarks.drift --quick             # seconds, to see that it runs
    python -m benchmarks.drift --only "rdft 11"    # one transform; --steps for fewer or more
    python -m benchmarks.drift --csv > drift.csv   # every report as a line

A chain starts from the definition; each burst of 5000 rewriting steps runs at constant temperature (half an operation),
and what it ends with, better or worse, is the parent of the next: nothing selects against drift. With mending, bursts
also know the sizes of the transform's entries beforehand, as in the search; without, only 1, 2 and 1/2. "error" is the
relative float64 error at the end of the last burst before the report, "worst error" the greatest at the end of any
burst since the last report, both after mending where there is any. "worst constant" is the greatest relative distance
of a constant of that program from the exact solution nearest to it, found by Newton's method in 256 bits
(``gp_fft.proof.refine``); "lost" where there is none. Mended are programs, not constants; the time of mending is its
part of the whole.
"""

from __future__ import annotations

import csv
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from gp_fft import transforms
from gp_fft.kernels.burst import JOB, run_burst
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.kernels.rng import child_seed
from gp_fft.proof.refine import refine
from gp_fft.proof.system import System
from gp_fft.search.genome import Genome
from gp_fft.search.mend import mend
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.vary import rules
from gp_fft.transforms import Transform

CHAINS = ("dft 8", "rdft 11", "dft 16")
STEPS, BURST = 10_000_000, 5000
TEMPERATURE, NOISE = 0.5, 0.5
BITS = 256


@dataclass(frozen=True)
class Report:
    """A chain after so many steps."""

    title: str
    mending: bool
    steps: int
    error: float
    worst_error: float  # since the last report
    worst_constant: float | None  # None: there is no exact solution nearby
    constants: int  # distinct sizes
    smallest: float
    largest: float
    mended: int  # programs, since the last report
    share: float  # of the time that went into mending


def chain(transform: Transform, mending: bool, steps: int, every: int, seed: int = 1) -> Iterator[Report]:
    """Rewrite the definition for so many steps; a report every so many."""
    setting = Settings(start="definition", threads=1)
    genome, rule = start(transform, setting)[0], rules(transform, setting)
    if not mending:
        rule = rule._replace(constants=np.array([1.0, 2.0, 0.5]))
    target = np.array(transform.matrix, np.complex128, order="C")
    mend([burst(genome, target, rule, 0)], transform)  # compiled before the clock starts
    worst, mended, spent, began = 0.0, 0, 0.0, time.process_time()
    for k in range(steps // BURST):
        genome = burst(genome, target, rule, child_seed(seed, 0, k, 0))
        if mending:
            before, clock = genome, time.process_time()
            (genome,) = mend([genome], transform)
            spent, mended = spent + time.process_time() - clock, mended + (genome is not before)
        error = float(evaluate(pack([genome]), target).errors[0])
        worst = max(worst, error)
        if (k + 1) * BURST % every == 0:
            share = spent / max(time.process_time() - began, 1e-9)
            sizes = np.unique(genome.sizes)
            told = worst_constant(genome, transform), len(sizes), float(sizes[0]), float(sizes[-1]), mended, share
            yield Report(transform.title, mending, (k + 1) * BURST, error, worst, *told)
            worst, mended = 0.0, 0


def burst(genome: Genome, target: np.ndarray, rule, seed: int) -> Genome:
    """What BURST rewriting steps at constant temperature end with."""
    jobs = np.zeros(1, JOB)
    jobs["seed"], jobs["mate"], jobs["rewrite_steps"] = seed, -1, BURST
    jobs["hot"] = jobs["cold"] = TEMPERATURE
    jobs["noise"] = NOISE
    made = run_burst(pack([genome]), target, jobs, rule)
    definitions, terms = made.counts[0].tolist()
    columns = (made.refs[0, :terms], made.sizes[0, :terms], made.turns[0, :terms])
    arrays = (made.starts[0, : definitions + 1], *columns, made.outputs[0])
    return Genome(genome.inputs, genome.field, *(array.copy() for array in arrays))


def worst_constant(genome: Genome, transform: Transform) -> float | None:
    """The greatest relative distance of a constant from the nearest exact solution."""
    system = System.of(genome.program, transform.exact)
    refined = refine(system, BITS, {})
    if not refined.solved:
        return None
    pairs = zip(system.start, refined.constants, strict=True)
    return max((abs(int(math.ldexp(size, BITS)) - true) / true for size, true in pairs), default=0.0)


def rows_of(report: Report) -> tuple[str, ...]:
    """A report as the cells of a table."""
    worst = "lost" if report.worst_constant is None else f"{report.worst_constant:.0e}"
    return (
        report.title,
        "yes" if report.mending else "no",
        f"{report.steps / 1e6:g}",
        f"{report.error:.0e}",
        f"{report.worst_error:.0e}",
        worst,
        str(report.constants),
        f"{report.smallest:.2g}",
        f"{report.largest:.3g}",
        f"{report.mended}" if report.mending else "",
        f"{report.share:.1%}" if report.mending else "",
    )


def table_of(reports: list[Report]) -> Table:
    """All reports, chain by chain."""
    table = Table(title="Constants of a chain of bursts, each from what the last one ended with")
    heads = ("transform", "mending", "10^6 steps", "error", "worst error", "worst constant", "constants")
    for head in (*heads, "smallest", "largest", "mended", "its time"):
        table.add_column(head, justify="left" if head in ("transform", "mending") else "right")
    last = None
    for report in reports:
        if last and (report.title, report.mending) != last:
            table.add_section()
        last = report.title, report.mending
        table.add_row(*rows_of(report))
    return table


@click.command(help=(__doc__ or "").split("\n")[0])
@click.option("--only", multiple=True, help='A transform such as "dft 8"; may be repeated.')
@click.option("--steps", type=click.IntRange(BURST), default=STEPS, show_default=True, help="Steps of each chain.")
@click.option("--every", type=click.IntRange(BURST), default=STEPS // 10, show_default=True, help="Steps of a report.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the chains.")
@click.option("--mended", is_flag=True, help="Only the chains with mending.")
@click.option("--quick", is_flag=True, help="One short chain, to see that it runs.")
@click.option("--csv", "as_csv", is_flag=True, help="Every report as a line.")
def main(only: tuple[str, ...], steps: int, every: int, seed: int, mended: bool, quick: bool, as_csv: bool) -> None:
    """Run the chains and print what became of their constants."""
    if quick:
        only, steps, every = only or ("dft 5",), 8 * BURST, 4 * BURST
    writer = csv.writer(sys.stdout)
    if as_csv:
        writer.writerow([field.name for field in fields(Report)])
    reports = []
    for title in only or CHAINS:
        name, _, n = title.partition(" ")
        transform = transforms.get(name, int(n))
        for mending in (True,) if mended else (False, True):
            for report in chain(transform, mending, steps, every, seed):
                reports.append(report)
                if as_csv:
                    writer.writerow(astuple(report))
                    sys.stdout.flush()
                else:
                    click.echo("  ".join(rows_of(report)), err=True)
    if not as_csv:
        Console(width=120).print(table_of(reports))


if __name__ == "__main__":
    main()
