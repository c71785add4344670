"""Where the time of the search goes: phase by phase within a generation, operator by operator within a step.

    python -m benchmarks.profile_search            # under a minute
    python -m benchmarks.profile_search --quick    # seconds

The first table times the steps of the pipeline (vary, score, select, archive, and the records around them) over
whole generations on one thread: from split radix, where children are rewritten, and from random programs, where
most are fitted. The second switches parts of a rewriting step off, one operator at a time, at a temperature so low
that nothing worse is accepted: "ruin" is drawing, applying, settling and undoing the rewrite, with sharing off;
"share" is what sharing adds; "share of all" weighs both by how often the operator is drawn. The third
times the mutations one by one, each with the refit that follows it, on the programs that a random start has bred.
All is processor time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from gp_fft import transforms
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.files.shelf import Shelf
from gp_fft.kernels.burst import JOB, run_burst
from gp_fft.kernels.packed import Packed, pack
from gp_fft.kernels.rules import Rules
from gp_fft.program import Program
from gp_fft.search.loop import generations, make_toolbox
from gp_fft.search.operators import NAMES, OPERATORS
from gp_fft.search.settings import Settings
from gp_fft.search.vary import rules
from gp_fft.store.lending import lend
from gp_fft.transforms import Transform

PHASES = ("vary", "score", "select", "archive")
REWRITES = tuple(op for op in OPERATORS if op.kind == "rewrite")
MUTATIONS = tuple(op for op in OPERATORS if op.kind == "mutation")


@dataclass(frozen=True)
class Generation:
    """Processor seconds of one generation, on average."""

    title: str
    total: float
    phases: dict[str, float]
    steps: float


@dataclass(frozen=True)
class Step:
    """Microseconds of processor time that one draw of an operator takes."""

    name: str
    chance: float
    applied: float  # share of the draws
    ruin: float
    share: float


def generation(n: int, start: str, count: int) -> Generation:
    """Time the phases over ``count`` generations after the first two."""
    transform = transforms.get("dft", n)
    settings = Settings(start=start, seed=1, threads=1, generations=count + 2)
    settings, given = lend(transform, settings, Shelf.open())
    toolbox, spent = make_toolbox(transform, settings, given), dict.fromkeys(PHASES, 0.0)
    for name in PHASES:
        toolbox.register(name, timed, getattr(toolbox, name), name, spent)
    states = generations(transform, settings, toolbox=toolbox)
    for _ in range(3):
        before, _ = next(states)
    spent.update(dict.fromkeys(PHASES, 0.0))
    began = time.process_time()
    for after, _ in states:
        last = after
    total = (time.process_time() - began) / count
    phases = {name: seconds / count for name, seconds in spent.items()}
    return Generation(f"dft {n} {start}", total, phases, (last.steps - before.steps) / count)


def timed(phase: Callable[..., Any], name: str, spent: dict[str, float], *given: Any, **named: Any) -> Any:
    """Call a phase and add its processor time to ``spent``."""
    began = time.process_time()
    result = phase(*given, **named)
    spent[name] += time.process_time() - began
    return result


def burst(transform: Transform, parents: Packed, steps: int, chosen: Rules, heat: float) -> tuple[float, np.ndarray]:
    """Seconds and tallies of one burst on the first parent."""
    jobs = np.zeros(1, JOB)
    jobs["seed"], jobs["mate"], jobs["rewrite_steps"] = 1, -1, steps
    jobs["hot"] = jobs["cold"] = heat
    jobs["noise"] = 0.5
    target = np.array(transform.matrix, np.complex128, order="C")
    began = time.process_time()
    children = run_burst(parents, target, jobs, chosen, 1)
    return time.process_time() - began, children.tally[0]


def steps(n: int, count: int) -> list[Step]:
    """Time every rewrite by itself, with sharing and without."""
    transform = transforms.get("dft", n)
    parents = pack([split_radix(transform)])
    usual = rules(transform, Settings())
    made = []
    for k, op in enumerate(REWRITES):
        alone = usual._replace(rewrites=np.eye(len(REWRITES))[k])
        unshared = alone._replace(switches=usual.switches._replace(sharing=False))
        both, ruin = [], []
        for chosen, spent in ((alone, both), (unshared, ruin)):
            idle, _ = burst(transform, parents, 1, chosen, 1e-9)
            seconds, tally = burst(transform, parents, count, chosen, 1e-9)
            spent.append((seconds - idle) / count * 1e6)
        applied = tally[NAMES.index(op.name), 0] / count
        made.append(Step(op.name, usual.rewrites[k], applied, ruin[0], max(both[0] - ruin[0], 0.0)))
    return made


def fits(n: int, bred: int, count: int) -> list[Step]:
    """Time every mutation by itself, on the members that ``bred`` generations from random programs have left."""
    transform = transforms.get("dft", n)
    settings = Settings(seed=1, generations=bred)
    for state, _ in generations(transform, settings):
        members = [genome for genome in (*state.exact, *state.approximate) if genome.error > 0]
    usual = rules(transform, settings)
    jobs = np.zeros(len(members), JOB)
    jobs["seed"], jobs["parent"], jobs["mate"] = 1, range(len(members)), -1
    jobs["mutate_steps"], jobs["pressure"] = count, 1e4 * n * n
    target = np.array(transform.matrix, np.complex128, order="C")
    made = []
    for k, op in enumerate(MUTATIONS):
        alone = usual._replace(mutations=np.maximum(np.eye(len(MUTATIONS))[k], 1e-12))
        began = time.process_time()
        tally = run_burst(pack(members), target, jobs, alone, 1).tally.sum(axis=0)
        micro = (time.process_time() - began) / (count * len(members)) * 1e6
        applied = tally[NAMES.index(op.name), 0] / count / len(members)
        made.append(Step(op.name, usual.mutations[k], applied, micro, 0.0))
    return made


def first_sharing(n: int) -> tuple[Program, float]:
    """The definition and the seconds until it is shared for the first time."""
    transform = transforms.get("dft", n)
    program = definition(transform)
    seconds, _ = burst(transform, pack([program]), 1, rules(transform, Settings()), 1e-9)
    return program, seconds


def generations_table(rows: Sequence[Generation]) -> Table:
    """One line for each start."""
    made = Table(title="Processor time of a generation of 16, one thread")
    for head in ("", "ms", "steps", *PHASES, "rest"):
        made.add_column(head, justify="right" if head else "left", no_wrap=True)
    for row in rows:
        rest = row.total - sum(row.phases.values())
        shares = (f"{seconds / row.total:.0%}" for seconds in (*row.phases.values(), rest))
        made.add_row(row.title, f"{1000 * row.total:.1f}", f"{row.steps:,.0f}", *shares)
    return made


def steps_table(n: int, rows: Sequence[Step]) -> Table:
    """One line for each rewrite."""
    made = Table(title=f"One rewriting step at dft {n}, microseconds of processor time a draw")
    for head in ("rewrite", "drawn", "applies", "ruin", "share", "share of all"):
        made.add_column(head, justify="left" if head == "rewrite" else "right")
    total = sum(row.chance * (row.ruin + row.share) for row in rows)
    for row in rows:
        weight = row.chance * (row.ruin + row.share) / total
        made.add_row(
            row.name, f"{row.chance:.0%}", f"{row.applied:.0%}", f"{row.ruin:.1f}", f"{row.share:.1f}", f"{weight:.0%}"
        )
    sharing = sum(row.chance * row.share for row in rows) / total
    made.add_row("all", "100%", "", f"{total * (1 - sharing):.1f}", f"{total * sharing:.1f}", "100%")
    return made


def fits_table(n: int, rows: Sequence[Step]) -> Table:
    """One line for each mutation."""
    made = Table(title=f"One mutation step at dft {n}, microseconds")
    for head in ("mutation", "drawn", "applies", "a draw", "share of all"):
        made.add_column(head, justify="left" if head == "mutation" else "right")
    total = sum(row.chance * row.ruin for row in rows)
    for row in rows:
        weight = row.chance * row.ruin / total
        made.add_row(row.name, f"{row.chance:.0%}", f"{row.applied:.0%}", f"{row.ruin:.1f}", f"{weight:.0%}")
    made.add_row("all", "100%", "", f"{total:.1f}", "100%")
    return made


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="dft 8 only, few steps.")
def main(quick: bool) -> None:
    """Say where the time of the search goes."""
    console = Console()
    sizes, count = ((8,), 200) if quick else ((8, 16, 32), 20_000)
    steps(4, 10)  # compiles, or loads what is compiled
    cases = [(n, "split-radix") for n in sizes] + [(n, "random") for n in sizes if n <= 16]
    rows = [generation(n, start, 2 if quick else 4) for n, start in cases]
    console.print(generations_table(rows))
    for n in sizes:
        console.print(steps_table(n, steps(n, count)))
    for n in sizes[:2]:
        console.print(fits_table(n, fits(n, 2 if n == 8 else 5, 20 if quick else 200)))
    for n in () if quick else (16, 32, 64):
        program, seconds = first_sharing(n)
        console.print(f"First sharing of the definition of dft {n} ({program.terms:,} terms): {seconds:.2f} s")


if __name__ == "__main__":
    main()
