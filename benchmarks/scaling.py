"""What a step of the search costs against the size of the program: from n = 4 to 128, with the fitted exponents.

    python -m benchmarks.scaling                                                # two minutes
    python -m benchmarks.scaling --plot docs/pictures/scaling.svg --force    # and the picture
    python -m benchmarks.scaling --quick                                        # seconds, to see that it runs

The programs are those that the start `compose` gives for the DFT: split radix at powers of two, prime factors in
between. Each is rewritten on one thread for the same number of steps in one burst after another, at the temperature of
an annealing half way; a burst is what a generation gives to one island. What a burst costs before its first step
(loading the program, counting its pairs, sharing it as it is) is timed apart by bursts of one step. All is processor
time, the least of a few repetitions, because other work on the machine only ever adds.
"""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from gp_fft import transforms
from gp_fft.construct.given import Given
from gp_fft.files.shelf import Shelf
from gp_fft.kernels.burst import JOB, run_burst
from gp_fft.kernels.packed import pack
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.vary import LARGE, NOISE, rules, stride

SIZES = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
HEAT = 0.6  # operations
STEPS = 20_000  # after the programs have reached that temperature
REPEATS = 3


@dataclass(frozen=True)
class Point:
    """Processor time of a step at one n."""

    n: int
    definitions: int
    terms: int  # of the program after all steps
    step: float  # microseconds, of the rewriting alone
    whole: float  # the same with what a burst costs before its first step
    setup: float  # milliseconds that a burst costs before its first step

    @property
    def per_second(self) -> float:
        """Steps of one island in a second, everything included."""
        return 1e6 / self.whole


def measure(n: int, steps: int, repeats: int) -> Point:
    """Rewrite the cheapest composition of dft ``n``."""
    transform = transforms.get("dft", n)
    settings = Settings(start="compose", seed=1)
    genome = start(transform, settings, Given(None, Shelf.open()))[0]
    chosen, target = rules(transform, settings), np.array(transform.matrix, np.complex128, order="C")
    longest = stride(n, settings)

    def burst(count: int, seed: int) -> tuple[float, Any]:
        jobs = np.zeros(1, JOB)
        jobs["seed"], jobs["mate"], jobs["rewrite_steps"] = seed, -1, count
        jobs["hot"], jobs["cold"], jobs["noise"] = HEAT, HEAT, NOISE
        began = time.process_time()
        children = run_burst(pack([genome]), target, jobs, chosen, 1)
        return time.process_time() - began, children

    _, children = burst(longest, 1)
    genome = _last(genome, children)
    fastest = []
    for k in range(repeats):
        spent, done = 0.0, 0
        while done < steps:
            spent += burst(longest, 100 * k + done)[0]
            done += longest
        fastest.append(spent / done * 1e6)
    setup = min(burst(1, k)[0] for k in range(3 * repeats))
    whole = min(fastest)
    terms = len(genome.refs)
    return Point(n, len(genome.starts) - 1, terms, whole - setup / longest * 1e6, whole, setup * 1e3)


def _last(genome: Any, children: Any) -> Any:
    """What a burst ended with, as a genome like the one it began with."""
    definitions, terms = children.counts[0].tolist()
    flat = (children.refs, children.sizes, children.turns)
    return type(genome)(
        genome.inputs,
        genome.field,
        children.starts[0, : definitions + 1].copy(),
        *(array[0, :terms].copy() for array in flat),
        children.outputs[0].copy(),
    )


def exponent(points: Sequence[Point], what: str, over: str) -> tuple[float, float]:
    """Exponent and factor of the power law through ``what`` over ``over``, by least squares of the logarithms."""
    x, y = (np.log([getattr(point, name) for point in points]) for name in (over, what))
    slope, constant = np.polyfit(x, y, 1)
    return float(slope), float(np.exp(constant))


def points_table(points: Sequence[Point]) -> Table:
    """One line for each n."""
    made = Table(title="A rewriting step at the DFT, from the composition, one thread")
    for head in ("n", "definitions", "terms", "steps/s", "µs a step", "ns a step and term", "ms before the first"):
        made.add_column(head, justify="right")
    for p in points:
        told = (f"{p.per_second:,.0f}", f"{p.whole:.1f}", f"{1000 * p.whole / p.terms:.0f}", f"{p.setup:.2f}")
        made.add_row(str(p.n), str(p.definitions), str(p.terms), *told)
    return made


def plot(points: Sequence[Point], path: Path) -> None:
    """Draw steps per second over n, microseconds of a step over the terms, and nanoseconds of a step for each term."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    kind, blue, grey = path.suffix[1:], "#2563eb", "#6b7280"
    sizes, terms = [p.n for p in points], [p.terms for p in points]
    powers = [t for n, t in zip(sizes, terms, strict=True) if n & (n - 1) == 0]
    with mpl.rc_context({"svg.hashsalt": "gp-fft", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(12, 3.8), layout="constrained")
        left, middle, right = figure.subplots(1, 3)
        left.plot(sizes, [p.per_second for p in points], "o-", color=blue, label="one thread, all included")
        _axes(left, sizes, "n of the DFT", "steps per second")
        middle.plot(terms, [p.whole for p in points], "o", color=blue, label="a step, all included")
        middle.plot(terms, [p.step for p in points], "+", color="#d97706", label="without what precedes a burst")
        for chosen, line, name in ((points, "--", "all"), ([p for p in points if p.n >= LARGE], "-", f"n ≥ {LARGE}")):
            if len(chosen) > 1:
                slope, factor = exponent(chosen, "whole", "terms")
                ends = [chosen[0].terms, chosen[-1].terms]
                label = f"{name}: proportional to terms$^{{{slope:.2f}}}$"
                middle.plot(ends, [factor * t**slope for t in ends], line, color=grey, label=label)
        _axes(middle, powers, "terms of the program", "µs a step")
        right.plot(terms, [1000 * p.whole / p.terms for p in points], "o-", color=blue, label="all included")
        _axes(right, powers, "terms of the program", "ns a step and term")
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, metadata={"Date": None} if kind == "svg" else None, dpi=120)
    path.write_bytes(buffer.getvalue())


def _axes(axes: Any, ticks: Sequence[int], x: str, y: str) -> None:
    """Logarithmic axes with plain numbers, a grid and a legend."""
    from matplotlib.ticker import LogLocator

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Three small sizes.")
@click.option("--plot", "path", type=click.Path(dir_okay=False, path_type=Path), help="A file: .svg, .png or .pdf.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def main(quick: bool, path: Path | None, force: bool) -> None:
    """Measure what a step costs against the size of the program."""
    if path is not None and path.is_file() and not force:
        raise click.UsageError(f"{path} exists already; --force overwrites it")
    sizes = (4, 6, 8) if quick else SIZES
    measure(4, 10, 1)  # compiles, or loads what is compiled
    points = [measure(n, 500 if quick else STEPS, 1 if quick else REPEATS) for n in sizes]
    console = Console()
    console.print(points_table(points))
    for name, chosen in (("all n", points), (f"n from {LARGE}", [p for p in points if p.n >= LARGE])):
        if len(chosen) > 1:
            told = (f"{what} terms^{exponent(chosen, what, 'terms')[0]:.2f}" for what in ("whole", "step", "setup"))
            console.print(
                f"{name}: {', '.join(told)}; whole n^{exponent(chosen, 'whole', 'n')[0]:.2f}", highlight=False
            )
    if path is not None:
        plot(points, path)


if __name__ == "__main__":
    main()
