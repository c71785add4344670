"""Is a budget of seconds kept: what `gp-fft evolve` takes for each phase, from every start, up to 256 points.

    python -m benchmarks.budgets                                  # four minutes, on an idle machine
    python -m benchmarks.budgets --seconds 5 --only "dft 64"      # some of the cases
    python -m benchmarks.budgets --quick                          # seconds, to see that it runs

Each case is one command in a process of its own, in an empty folder with warm compiled code. Told are the seconds from
the start of the command to its first words (loading Python and the libraries), from there to the first generation on
the screen (compiled code from the disk, start, composition, scoring), to the end of the search, and to the end of all
(saving, proofs, tables). Kept is a budget if all but the loading is within 10 % and 2 s of it. Processor seconds stand
beside, because a loaded machine stretches everything.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

CASES = (
    ("dft 8", "random"),
    ("dft 64", "random"),
    ("dft 64", "definition"),
    ("dft 128", "compose"),
    ("dft 128", "split-radix"),
    ("dft 256", "random"),
    ("dft 256", "definition"),
    ("dft 256", "radix2"),
    ("dft 256", "compose"),
    ("dct2-2d 8x8", "random"),
    ("dct2-2d 16x16", "random"),
    ("dct2-2d 16x16", "compose"),
)
QUICK = (("dft 4", "random"),)
SLACK, SHARE = 2.0, 0.1  # what a budget may be exceeded by
FIRST, SEARCHED = re.compile(r"evolving "), re.compile(r"generation 0 ")


@dataclass(frozen=True)
class Phases:
    """Seconds from the start of one command to the end of each phase."""

    title: str
    start: str
    budget: float
    loaded: float
    first: float
    whole: float
    searched: float  # seconds that the search says it has taken
    processor: float
    front: int  # programs on it

    @property
    def kept(self) -> bool:
        """Whether all but the loading stays within the budget and what is allowed beyond it."""
        return self.whole - self.loaded <= self.budget * (1 + SHARE) + SLACK


def measure(title: str, start: str, seconds: float) -> Phases:
    """Run one command; its words on stderr tell the phases."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "gp_fft", "evolve", *title.split(), "--start", start, "--seconds", str(seconds)]
    marks: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen(
            words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout is not None
            text = ""
            for line in process.stdout:
                text += line
                for name, sign in (("loaded", FIRST), ("first", SEARCHED)):
                    if sign.match(line):
                        marks.setdefault(name, time.monotonic() - began)
        if process.returncode:
            raise click.ClickException(f"{' '.join(words[2:])} failed:\n{text}")
    whole, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = sum(getattr(after, name) - getattr(before, name) for name in ("ru_utime", "ru_stime"))
    found = re.search(r"after \d+ generations, ([\d.]+) s", text)
    searched = float(found[1]) if found else float("nan")
    front = len(re.findall(r"\d{5}-[0-9a-f]{12}\.json", text))
    return Phases(title, start, seconds, marks["loaded"], marks["first"], whole, searched, spent, front)


def phases_table(measured: Sequence[Phases]) -> Table:
    """One line for each command."""
    made = Table(title="Seconds of `gp-fft evolve`")
    for head in ("transform", "start", "budget", "loading", "first line", "search", "rest", "all but loading", "kept"):
        made.add_column(head, justify="left" if head in ("transform", "start", "kept") else "right")
    made.add_column("processor", justify="right")
    for p in measured:
        after = p.whole - p.loaded
        numbers = (p.budget, p.loaded, p.first - p.loaded, p.searched, after - p.searched, after)
        told = (f"{number:.1f}" for number in numbers)
        made.add_row(p.title, p.start, *told, "yes" if p.kept else "no", f"{p.processor:.1f}")
    return made


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="One small transform for half a second.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="The budget of each command.")
@click.option("--only", multiple=True, help='A transform, such as "dft 64"; may be given several times.')
def main(quick: bool, seconds: float, only: tuple[str, ...]) -> None:
    """Measure whether budgets of seconds are kept."""
    cases = QUICK if quick else [case for case in CASES if not only or case[0] in only]
    console = Console(width=140)
    console.print(phases_table([measure(title, start, 0.5 if quick else seconds) for title, start in cases]))


if __name__ == "__main__":
    main()
