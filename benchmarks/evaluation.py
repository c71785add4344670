"""Population evaluation against DEAP's own ``gp.compile`` route, on the same programs in the same run.

    python -m benchmarks.evaluation            # under a minute
    python -m benchmarks.evaluation --quick    # a second, to see that it runs

A population is a third each of dense, radix-2 and split-radix programs for the n-point DFT, every tenth term
re-weighted at random as a mutation would, so no two are alike. Both sides start from what they keep as an
individual (DEAP: trees, made beforehand; gp-fft: programs) and end with the relative Frobenius error of each
program over all n basis vectors. Both find the same errors, which is checked.

DEAP compiles each individual (gp.compile, gp.compileADF) and calls it once, on numpy arrays that hold all
basis vectors. It runs on one core. All three routes of benchmarks/deap_routes.py are timed, and the fastest
of them is the one that counts.

gp-fft packs the population (pack) and scores it (evaluate), which checks it and also counts operations and
the error of each output. Its compiled code is warm.

Times are microseconds of processor time a program, so that other work on the machine favours neither side;
medians over repeats. "ratio" is the fastest DEAP route over pack + score on one thread; "score alone" leaves
out packing, for a population that is kept packed; "threads" is pack + score on all threads that Numba has, in
time by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.deap_routes import ROUTES, Trees, errors
from gp_fft import transforms
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.program import Program
from gp_fft.transforms import Transform


@dataclass(frozen=True)
class Timing:
    """Medians for one n and one population; times in microseconds a program."""

    n: int
    population: int
    deap: dict[str, float]  # of each route
    compiling: float  # share of gp.compile in the time of the route "trees"
    pack: float
    score: float  # on one thread
    ratio: float  # fastest route / (pack + score)
    score_ratio: float  # fastest route / score
    threads_ratio: float  # fastest route / (pack + score on all threads)


def population(transform: Transform, size: int, seed: int) -> list[Program]:
    """Dense, radix-2 and split-radix programs in turn, every tenth term with a random size."""
    rng = np.random.default_rng(seed)
    originals = [list(make(transform).rows()) for make in (definition, radix2, split_radix)]
    outputs = [make(transform).outputs for make in (definition, radix2, split_radix)]
    programs = []
    for k in range(size):
        rows = [
            [(rng.uniform(0.5, 2) if rng.random() < 0.1 else s, turn, ref) for s, turn, ref in row]
            for row in originals[k % 3]
        ]
        programs.append(Program.build(transform.inputs, transform.field, rows, outputs[k % 3]))
    return programs


def seconds(work: Callable[[], object], at_least: float = 0.0, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds that one call of ``work`` takes, the median of as many calls as fill ``at_least`` seconds."""
    spent: list[float] = []
    while not spent or sum(spent) < at_least:
        begin = clock()
        work()
        spent.append(clock() - begin)
    return median(spent)


def measure(n: int, size: int, repeats: int, seed: int, budget: float) -> Timing:
    """Time both sides in turn, ``repeats`` times; raises AssertionError if they find different errors."""
    transform = transforms.get("dft", n)
    programs = population(transform, size, seed)
    packed, target = pack(programs), transform.matrix
    found = evaluate(packed, target).errors
    routes = {name: make(programs) for name, make in ROUTES.items()}
    for route in routes.values():
        np.testing.assert_allclose(errors(route, target), found, rtol=1e-10)
    trees = routes["trees"]
    assert isinstance(trees, Trees)
    laps = []
    for _ in range(repeats):
        lap = {name: seconds(lambda route=route: errors(route, target)) for name, route in routes.items()}
        lap["compiling"] = seconds(lambda: [trees.compile_only(tree) for tree in trees.individuals])
        lap["pack"] = seconds(lambda: pack(programs), budget)
        lap["score"] = seconds(lambda: evaluate(packed, target, threads=1), budget)
        lap["all threads"] = seconds(lambda: evaluate(packed, target), budget, time.perf_counter)
        laps.append(lap)
    return summary(n, size, laps)


def summary(n: int, size: int, laps: Sequence[dict[str, float]]) -> Timing:
    """Medians over the laps; each ratio is taken within a lap, against the route that was fastest there."""

    def middle(of: Callable[[dict[str, float]], float]) -> float:
        return median(of(lap) for lap in laps)

    def fastest(lap: dict[str, float]) -> float:
        return min(lap[name] for name in ROUTES)

    micro = 1e6 / size
    return Timing(
        n,
        size,
        deap={name: micro * middle(lambda lap, name=name: lap[name]) for name in ROUTES},
        compiling=middle(lambda lap: lap["compiling"] / lap["trees"]),
        pack=micro * middle(lambda lap: lap["pack"]),
        score=micro * middle(lambda lap: lap["score"]),
        ratio=middle(lambda lap: fastest(lap) / (lap["pack"] + lap["score"])),
        score_ratio=middle(lambda lap: fastest(lap) / lap["score"]),
        threads_ratio=middle(lambda lap: fastest(lap) / (lap["pack"] + lap["all threads"])),
    )


def table(timings: Sequence[Timing]) -> Table:
    """One line for each n and population."""
    made = Table(title="Population evaluation, microseconds a program (median)")
    deap = [f"DEAP {name}" for name in ROUTES]
    for head in ("n", "programs", *deap, "pack", "score", "ratio", "score alone", "threads"):
        made.add_column(head, justify="right")
    for t in timings:
        made.add_row(
            str(t.n),
            str(t.population),
            *(f"{t.deap[name]:.0f}" for name in ROUTES),
            f"{t.pack:.2f}",
            f"{t.score:.2f}",
            *(f"{ratio:.0f}x" for ratio in (t.ratio, t.score_ratio, t.threads_ratio)),
        )
    return made


def verdict(timings: Sequence[Timing]) -> str:
    """What dominates, and where the factor of 100 is reached."""
    compiling = min(t.compiling for t in timings), max(t.compiling for t in timings)
    packing = [t.pack / (t.pack + t.score) for t in timings]
    below = ", ".join(f"n = {t.n} with {t.population} programs" for t in timings if t.ratio < 100)
    return (
        f"gp.compile is {compiling[0]:.0%} to {compiling[1]:.0%} of DEAP's time on trees; packing is "
        f"{min(packing):.0%} to {max(packing):.0%} of gp-fft's. At least 100 times DEAP, packing included "
        f"and on one thread: {f'all but {below}' if below else 'everywhere'}."
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="One repeat, n = 4 and a small population.")
@click.option("--repeats", type=click.IntRange(1), default=5, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def main(quick: bool, repeats: int, seed: int) -> None:
    """Time population evaluation against DEAP's gp.compile route and print a table."""
    cases = [(4, 6)] if quick else [(n, size) for n in (4, 8, 16) for size in (64, 256)]
    repeats, budget = (1, 0.0) if quick else (repeats, 0.02)
    timings = [measure(n, size, repeats, seed, budget) for n, size in cases]
    console = Console()
    console.print(table(timings))
    console.print(verdict(timings), highlight=False)


if __name__ == "__main__":
    main()
