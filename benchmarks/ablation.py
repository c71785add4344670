"""Ablation: every operator of the rewriting search switched off in turn, and what that does to the way to a target.

    python -m benchmarks.ablation --out ablation.jsonl                 # every combination that is not in the file yet
    python -m benchmarks.ablation --targets "dft 7" --only merge       # one target; the usual ones against merge off
    python -m benchmarks.ablation --quick                              # seconds, to see that it runs

Every run begins with the definition, on one thread, with the default population, and ends with the first generation
that has an exact program at the target, or with its budget. Budgets are steps, the same for all configurations of a
target, and a step does the same wherever and however often it is run: nothing but the processor seconds depends on the
machine. What is not usual on the target's field is switched on instead ("with"). The mutations are not in the table:
programs that begin exact are only rewritten, so no run gets to them.

"Expected" steps are all steps spent, those of failures too, by the successes (Hoos and Stützle, 1998): what it takes
until the first success if runs are repeated. The last columns are their geometric mean over the targets, divided by
that of everything on, with the middle 90 % of what resampling the seeds gives: above 1 the operator helps, below it
hurts (of one that is switched on the other way round), and an interval that holds 1 says that these seeds do not tell.
Without any success one is assumed and ">" set before. The same for processor seconds: an operator may save steps and
cost more time than it saves.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from gp_fft import transforms
from gp_fft.search.loop import generations
from gp_fft.search.operators import OPERATORS, usual
from gp_fft.search.settings import Settings
from gp_fft.search.warm import warm_up

ALL_ON = "everything on"  # that is usual on the field
TITLE = "Each operator off, or with one that is not usual: successes, median steps to the target, seconds of a run"
WITH = "with "  # before the name of an operator that is not
OPERATED = tuple(op.name for op in OPERATORS if op.kind in ("rewrite", "whole", "cycle"))
CONFIGURATIONS = (ALL_ON, *OPERATED, *(WITH + name for name in OPERATED))
RESAMPLES = 2000
WIDE = 160  # columns where there is no terminal


@dataclass(frozen=True)
class Target:
    """A cost to be reached within a budget."""

    name: str
    n: int
    cost: int
    budget: int  # steps of all islands
    seeds: int = 10

    @property
    def title(self) -> str:
        """Name and size."""
        return f"{self.name} {self.n}"


TARGETS = (
    Target("dft", 7, 82, 300_000),
    Target("dft", 12, 110, 400_000),
    Target("dct2", 8, 42, 100_000),
    Target("rdft", 16, 68, 400_000),
    Target("dft", 16, 164, 500_000),
    Target("aes-mixcolumns", 32, 94, 1_000_000),
)
QUICK = (Target("dft", 4, 16, 20_000, seeds=1),)


@dataclass(frozen=True)
class Run:
    """One seed of one configuration on one target; a line of the file."""

    target: str
    cost: int  # asked for
    budget: int
    off: str  # the operator that is switched off, or WITH and the one that is switched on, or ALL_ON
    seed: int
    reached: bool
    steps: int
    best: float  # cost of the best exact program
    seconds: float  # of processor time
    commit: str

    def key(self) -> tuple[str, int, int, str, int]:
        """What the run was of."""
        return self.target, self.cost, self.budget, self.off, self.seed


def configurations(target: Target, only: Sequence[str] = ()) -> list[str]:
    """What is measured on a target: all on, and each operator, or those of ``only``, the other way than usual."""
    on = usual(transforms.get(target.name, target.n).field)
    return [ALL_ON, *(name if name in on else WITH + name for name in OPERATED if not only or name in only)]


def run(target: Target, off: str, seed: int, commit: str) -> Run:
    """Evolve until the target or the end of the budget."""
    transform = transforms.get(target.name, target.n)
    on = usual(transform.field)
    switched_on = (*on, off.removeprefix(WITH)) if off.startswith(WITH) else tuple(name for name in on if name != off)
    settings = Settings(start="definition", seed=seed, threads=1, target_cost=target.cost, operators=switched_on)
    warm_up()
    began = time.process_time()
    for state, _ in generations(transform, settings):
        if state.steps >= target.budget:
            break
    best = state.best_exact()
    assert best is not None, "the definition is exact"
    spent, reached = time.process_time() - began, best.cost <= target.cost
    return Run(
        target.title, target.cost, target.budget, off, seed, reached, state.steps, best.cost, round(spent, 3), commit
    )


def expected(runs: Sequence[Run], what: str) -> float:
    """Steps or seconds of all runs by successes, of which one is assumed if there is none."""
    return sum(getattr(run, what) for run in runs) / max(1, sum(run.reached for run in runs))


def ratios(own: Sequence[Sequence[Run]], all_on: Sequence[Sequence[Run]], what: str) -> tuple[float, float, float]:
    """Geometric mean over targets of expected ``what`` against everything on, and its middle 90 % under resampling.

    ``own`` and ``all_on`` hold the runs of one configuration target by target.
    """

    def mean(pairs: Sequence[tuple[Sequence[Run], Sequence[Run]]]) -> float:
        return float(np.exp(np.mean([np.log(expected(a, what) / expected(b, what)) for a, b in pairs])))

    pairs = list(zip(own, all_on, strict=True))
    generator = np.random.default_rng(1)

    def drawn(runs: Sequence[Run]) -> list[Run]:
        return [runs[k] for k in generator.integers(len(runs), size=len(runs))]

    spread = [mean([(drawn(a), drawn(b)) for a, b in pairs]) for _ in range(RESAMPLES)]
    low, high = np.quantile(spread, [0.05, 0.95])
    return mean(pairs), float(low), float(high)


def cell(runs: Sequence[Run]) -> str:
    """Successes, median steps to the target in thousands, processor seconds of a run."""
    if not runs:
        return ""
    hits = sum(run.reached for run in runs)
    middle = median(run.steps if run.reached else np.inf for run in runs)
    thousands = f"{middle / 1000:.0f}k" if np.isfinite(middle) else "-"
    return f"{hits}/{len(runs)} {thousands} {sum(run.seconds for run in runs) / len(runs):.1f}s"


def table(runs: Sequence[Run], targets: Sequence[Target]) -> Table:
    """One line for each configuration, one column for each target, and the ratios."""
    made = Table(title=TITLE)
    made.add_column("off", no_wrap=True)
    for target in targets:
        made.add_column(f"{target.title} to {target.cost}\nin {target.budget // 1000}k", justify="right", no_wrap=True)
    for what in ("steps", "seconds"):
        made.add_column(f"expected {what}\nagainst all on", justify="right", no_wrap=True)

    def of(off: str) -> list[list[Run]]:
        keys = [(t.title, t.cost, t.budget, off) for t in targets]
        return [[run for run in runs if run.key()[:4] == key] for key in keys]

    all_on = of(ALL_ON)
    for off in dict.fromkeys(run.off for run in sorted(runs, key=lambda run: CONFIGURATIONS.index(run.off))):
        own = of(off)
        made.add_row(off, *map(cell, own), *(_told(own, all_on, off, what) for what in ("steps", "seconds")))
    return made


def _told(own: Sequence[Sequence[Run]], all_on: Sequence[Sequence[Run]], off: str, what: str) -> str:
    """The ratio in words; nothing where there is nothing to compare."""
    shared = [k for k in range(len(own)) if own[k] and all_on[k]]
    if off == ALL_ON or not shared:
        return "1" if off == ALL_ON else ""
    ratio, low, high = ratios([own[k] for k in shared], [all_on[k] for k in shared], what)
    least = ">" if any(not any(run.reached for run in own[k]) for k in shared) else ""
    return f"{least}{ratio:.2f} ({low:.2f}-{high:.2f})"


def read(out: Path | None) -> list[Run]:
    """The runs that a file holds; none without one."""
    if out is None or not out.exists():
        return []
    return [Run(**json.loads(line)) for line in out.read_text(encoding="utf-8").splitlines()]


def measure(jobs: Sequence[tuple[Target, str, int]], workers: int) -> Iterator[Run]:
    """All runs as they are finished, in processes if there are several workers."""
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    commit = told.stdout.strip()
    if workers == 1:
        yield from (run(*job, commit) for job in jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(run, *job, commit) for job in jobs]):
            yield done.result()


def chosen_targets(names: Sequence[str], quick: bool, seeds: int | None) -> list[Target]:
    """The targets that are asked for, with their numbers of seeds."""
    known = QUICK if quick else TARGETS
    unknown = [name for name in names if name not in [target.title for target in known]]
    if unknown:
        raise click.UsageError(f"there is no target {unknown[0]!r}; there are {', '.join(t.title for t in known)}")
    chosen = [target for target in known if not names or target.title in names]
    return [Target(**asdict(target) | {"seeds": seeds or target.seeds}) for target in chosen]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--targets", multiple=True, metavar="NAME", help='A target such as "dft 7"; may be repeated.')
@click.option("--only", multiple=True, metavar="OPERATOR", help="Switch only this one; may be repeated.")
@click.option("--seeds", type=click.IntRange(1), help="So many for every target, not its own number.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="JSON lines; runs in it are kept.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes, one thread each.")
@click.option("--quick", is_flag=True, help="One seed of dft 4.")
def main(
    targets: tuple[str, ...], only: tuple[str, ...], seeds: int | None, out: Path | None, workers: int, quick: bool
) -> None:
    """Measure what each operator contributes to the way from the definition to known costs."""
    unknown = [name for name in only if name not in OPERATED]
    if unknown:
        raise click.UsageError(f"there is no operator {unknown[0]!r} here; there are {', '.join(OPERATED)}")
    chosen = chosen_targets(targets, quick, seeds)
    runs = read(out)
    there = {made.key() for made in runs}
    jobs = [  # seed by seed, so that an interrupted measurement is of all configurations
        (target, off, seed)
        for seed in range(1, max(target.seeds for target in chosen) + 1)
        for target in chosen
        for off in configurations(target, only)
        if seed <= target.seeds and (target.title, target.cost, target.budget, off, seed) not in there
    ]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("runs", total=len(jobs))
        for made in measure(jobs, workers):
            runs.append(made)
            if out is not None:
                with out.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(made)) + "\n")
            progress.update(task, advance=1, description=f"{made.target}, {made.off}, seed {made.seed}")
    wanted = [
        r
        for r in runs
        if (not only or r.off in (ALL_ON, *only, *(WITH + name for name in only)))
        and r.seed <= max(t.seeds for t in chosen)
    ]
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    console.print(table(wanted, chosen))
    console.print(f"commit {', '.join(sorted({made.commit for made in wanted}))}", highlight=False)


if __name__ == "__main__":
    main()
