"""The hunt: an unattended search over many transforms that goes on from the records and shares its time.

Time goes out in slices. Every goal gets one slice in turn at first; after that the next slice goes to the goal with
the best record of improvements for slices spent, so time flows to where progress is made and nobody is forgotten
(an upper-confidence bound; Auer, Cesa-Bianchi and Fischer 2002). A goal whose record does not verify is given up, and
the record is left as it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gp_fft import __version__
from gp_fft.cost import cost
from gp_fft.errors import UsageError
from gp_fft.program import Program
from gp_fft.records import BadRecord, Verdict, check_folder, load_record, offer
from gp_fft.search.compose import composable
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.search.threads import bounded
from gp_fft.search.warm import tell_stderr, warm_up
from gp_fft.shelf import record_name
from gp_fft.transforms import Transform

LARGE = 24  # from here on fresh starts are always compositions where there are some
CURIOSITY = 0.7  # weight of slices not spent yet against improvements seen


@dataclass(frozen=True)
class Goal:
    """One transform and cost model to hunt for, with what its slices have brought."""

    transform: Transform
    model: str = "flops"
    slices: int = 0
    improvements: int = 0

    def promise(self, total: int) -> float:
        """What a further slice promises after ``total`` slices of the whole hunt."""
        if self.slices == 0:
            return math.inf
        return self.improvements / self.slices + CURIOSITY * math.sqrt(math.log(total + 1) / self.slices)


@dataclass(frozen=True)
class Slice:
    """One finished slice: where it went, from which start, what it found and what became of it."""

    goal: Goal
    start: str
    before: float | None  # cost of the record
    found: float | None  # cost of the best exact program
    verdict: Verdict
    broken: bool = False  # the record does not verify, as the verdict says, and the goal is given up


def hunt(
    goals: Sequence[Goal],
    folder: Path,
    seconds: float,
    slice_seconds: float = 30.0,
    seed: int = 1,
    threads: int = 0,
    max_growth: float | None = None,
) -> Iterator[Slice]:
    """Hunt until the time is used, yielding every slice; safe to stop at any moment and to run beside another hunt.

    Programs with more than ``max_growth`` times the round-off of numpy.fft are refused. Raises DataError, before
    anything is evolved or after the slice in hand, if the folder cannot be written.
    """
    if not goals:
        raise UsageError("a hunt needs at least one transform")
    for goal in goals:
        Settings(cost=goal.model, start="definition", max_growth=max_growth, threads=threads).check(goal.transform)
    check_folder(folder)
    warm_up(tell_stderr)
    waiting, spent, number = list(goals), 0.0, 0
    while waiting and spent < seconds:
        at = max(range(len(waiting)), key=lambda k: (waiting[k].promise(number), -k))
        settings = Settings(
            start=_start(waiting[at], folder),
            cost=waiting[at].model,
            seed=(seed * 1_000_003 + number) % 2**62,
            seconds=min(slice_seconds, seconds - spent),
            threads=threads,
            max_growth=max_growth,
        )
        began = time.monotonic()
        try:
            done = _spend(waiting[at], folder, settings)
        except BadRecord as error:
            yield Slice(waiting.pop(at), settings.start, None, None, Verdict(False, str(error)), broken=True)
            continue
        spent, number = spent + time.monotonic() - began, number + 1  # proofs and files included
        waiting[at] = done.goal
        yield done


def _start(goal: Goal, folder: Path) -> str:
    """By turns from the record, from the definition and from compositions; large ones never from the definition.

    The definition of a small transform holds nothing that a record got stuck with.
    """
    record = folder / record_name(goal.transform, goal.model)
    large = goal.transform.inputs > LARGE
    turns = [str(record)] if record.is_file() else []
    turns += ["compose"] if composable(goal.transform) and large else []
    turns += ["definition"] if not large or not turns else []
    turns += ["compose"] if composable(goal.transform) and not large else []
    return turns[goal.slices % len(turns)]


def _spend(goal: Goal, folder: Path, settings: Settings) -> Slice:
    """Evolve for one slice and offer what was found."""
    path = folder / record_name(goal.transform, goal.model)
    before = cost(load_record(path).program, goal.model) if path.is_file() else None
    with bounded(settings):
        for state, _ in generations(goal.transform, settings):  # noqa: B007 - the last state is used below
            pass
    best = state.best_exact()
    if best is None:
        limit = "" if settings.max_growth is None else f" within {settings.max_growth:g} times the usual round-off"
        verdict = Verdict(False, f"nothing exact was found{limit}")
    elif before is not None and best.cost > before:
        verdict = Verdict(False, "a cheaper record stands")
    else:
        program = best.program(goal.transform.title)
        provenance = _provenance(settings, goal, program)
        verdict = offer(folder, program, goal.transform, goal.model, provenance, settings.max_growth)
    better = verdict.accepted and (before is None or (best is not None and best.cost < before))
    spent = replace(goal, slices=goal.slices + 1, improvements=goal.improvements + better)
    found = None if best is None else best.cost
    return Slice(spent, settings.start, before, found, verdict)


def _provenance(settings: Settings, goal: Goal, program: Program) -> dict[str, object]:
    """How the program was found, for its file."""
    start = settings.start if not Path(settings.start).is_file() else Path(settings.start).name
    limit = "" if settings.max_growth is None else f" --max-growth {settings.max_growth:g}"
    kernel = f" --kernel {goal.transform.kernel_words}" if goal.transform.kernel else ""
    words = f"{goal.transform.title}{kernel} --start {start} --cost {goal.model} --seed {settings.seed}{limit}"
    return {
        "command": f"gp-fft evolve {words}",
        "start": start,
        "seed": settings.seed,
        "version": __version__,
        "found_as": program.content_hash,
    }
