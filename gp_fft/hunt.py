"""The hunt: an unattended search over many transforms that goes on from the records and shares its time.

Time goes out in slices. Every goal gets one slice in turn at first; after that the next slice goes to the goal with
the best record of improvements for slices spent, so time flows to where progress is made and nobody is forgotten
(an upper-confidence bound; Auer, Cesa-Bianchi and Fischer 2002). A goal whose record does not verify is given up, and
the record is left as it is.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gp_fft.construct import composable
from gp_fft.construct.given import Given
from gp_fft.files.shelf import Shelf, Tell, record_name
from gp_fft.ground.errors import UsageError
from gp_fft.ground.version import __version__
from gp_fft.program import Program
from gp_fft.program.cost import cost
from gp_fft.search.command_line import command_line
from gp_fft.search.loop import generations
from gp_fft.search.settings import ONLY_EXACT, Settings
from gp_fft.search.threads import bounded
from gp_fft.search.warm import tell_stderr, warm_up
from gp_fft.store.lending import COUNT, WHOLE, lend, noted
from gp_fft.store.records import BadRecord, Verdict, check_folder, load_record, offer, stands_already
from gp_fft.transforms import Transform
from gp_fft.transforms.scaling import NONE

LARGE = 24  # from here on fresh starts are always compositions where there are some
CUT = (
    "The time of the hunt was over within the last generation, which the command runs to its end: it finds one as good."
)
CURIOSITY = 0.7  # weight of slices not spent yet against improvements seen


@dataclass(frozen=True)
class Goal:
    """One transform, cost model and primitive set to hunt for, what is free at its border, and what slices brought."""

    transform: Transform
    model: str = "flops"
    primitives: str = ""  # "": the set called like the transform's field
    free: str = NONE  # a word of transforms.FREE
    slices: int = 0
    improvements: int = 0

    @property
    def label(self) -> str:
        """What the programs say of their primitive set."""
        return Settings(primitives=self.primitives).label(self.transform)

    def promise(self, total: int) -> float:
        """What a further slice promises after ``total`` slices of the whole hunt."""
        if self.slices == 0:
            return math.inf
        return self.improvements / self.slices + CURIOSITY * math.sqrt(math.log(total + 1) / self.slices)


@dataclass(frozen=True)
class Slice:
    """One finished slice: where it went, from which start, and what became of the best program."""

    goal: Goal
    start: str
    before: float | None  # cost of the record
    best: float | None  # cost of the best exact program
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
    tell: Tell = lambda _: None,
) -> Iterator[Slice]:
    """Hunt until the time is used, yielding every slice; safe to stop at any moment and to run beside another hunt.

    What stands is the better of the record in ``folder`` and the shipped one; only ``folder`` is written. ``tell``
    hears of records that are damaged and left out. Programs with more than ``max_growth`` times the round-off of
    numpy.fft are refused. Raises DataError, before anything is evolved or after the slice in hand, if the folder
    cannot be written.
    """
    if not goals:
        raise UsageError("a hunt needs at least one transform")
    for goal in goals:
        wanted = Settings(
            primitives=goal.primitives,
            cost=goal.model,
            start="definition",
            seed=seed,
            max_growth=max_growth,
            threads=threads,
            scaling=goal.free,
            front=ONLY_EXACT,
        )
        wanted.check(goal.transform)
    check_folder(folder)
    warm_up(tell_stderr)
    waiting, spent, number = list(goals), 0.0, 0
    while waiting and spent < seconds:
        at = max(range(len(waiting)), key=lambda k: (waiting[k].promise(number), -k))
        shelf = Shelf.open(folder, tell)
        settings = Settings(
            start=_start(waiting[at], shelf),
            primitives=waiting[at].primitives,
            cost=waiting[at].model,
            seed=(seed * 1_000_003 + number) % 2**62,
            seconds=min(slice_seconds, seconds - spent),
            threads=threads,
            max_growth=max_growth,
            scaling=waiting[at].free,
            front=ONLY_EXACT,
        )
        began = time.monotonic()
        try:
            done = _spend(waiting[at], folder, shelf, settings)
        except BadRecord as error:
            yield Slice(waiting.pop(at), settings.start, None, None, Verdict(False, str(error)), broken=True)
            continue
        spent, number = spent + time.monotonic() - began, number + 1  # proofs and files included
        waiting[at] = done.goal
        yield done


def _start(goal: Goal, shelf: Shelf) -> str:
    """By turns from the record, from the definition and from compositions; large ones never from the definition.

    The definition of a small transform holds nothing that a record got stuck with. Where factors are free at the
    border the record without them is a start as well.
    """
    record = shelf.find(goal.transform, goal.model, goal.label, goal.free)
    plain = None if goal.free == NONE else shelf.find(goal.transform, goal.model, goal.label)
    large = goal.transform.inputs > LARGE
    composes = goal.label == "" and composable(goal.transform, Given(None, shelf))
    turns = [one.citation for one in (record, plain) if one]
    turns += ["compose"] if composes and large else []
    turns += ["definition"] if not large or not turns else []
    turns += ["compose"] if composes and not large else []
    return turns[goal.slices % len(turns)]


def _spend(goal: Goal, folder: Path, shelf: Shelf, settings: Settings) -> Slice:
    """Evolve for one slice and offer the best program; BadRecord if the record in the folder does not verify."""
    path = folder / record_name(goal.transform, goal.model, goal.label, goal.free)
    if path.is_file():
        load_record(path)
    stands = shelf.find(goal.transform, goal.model, goal.label, goal.free)
    before = None if stands is None else cost(stands.program, goal.model)
    settings, given = lend(goal.transform, settings, shelf)
    since, shown = 0, ""
    with bounded(settings):
        for state, _ in generations(goal.transform, settings, given=given):
            champion = state.best_exact()
            key = "" if champion is None else champion.program.content_hash
            since, shown = (since, shown) if key == shown else (state.generation, key)
    best = state.best_exact()
    reached = None if best is None else best.cost
    if best is None:
        within = "" if settings.max_growth is None else f" within {settings.max_growth:g} times the usual round-off"
        verdict = Verdict(False, f"nothing exact was found{within}")
    elif stands is not None and before is not None and best.cost > before:
        verdict = Verdict(False, stands_already(stands, goal.model))
    else:
        program = best.program
        provenance = _provenance(noted(settings, given), goal, program, since, since == state.generation)
        limit = settings.max_growth
        verdict = offer(folder, program, goal.transform, goal.model, provenance, limit, shelf, goal.free)
    better = verdict.accepted and (before is None or (reached is not None and reached < before))
    spent = replace(goal, slices=goal.slices + 1, improvements=goal.improvements + better)
    return Slice(spent, settings.start, before, reached, verdict)


def _provenance(settings: Settings, goal: Goal, program: Program, generation: int, cut: bool) -> dict[str, object]:
    """How the program was made, for its file: the command makes it again after so many generations.

    Where the time was over within the last of them, which the command runs to its end, it makes one as good.
    """
    again = replace(settings, seconds=None, generations=generation, threads=0)
    return {
        "command": command_line(goal.transform, again),
        "start": settings.start,
        **({"parts": list(settings.parts)} if settings.parts else {}),
        "seed": settings.seed,
        "version": __version__,
        "found_as": program.content_hash,
        "repeats": COUNT if cut else WHOLE,
        **({"note": CUT} if cut else {}),
    }
