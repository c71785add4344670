"""What `evolve` and `resume` say at the end: why they stopped, what came out, where it is, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from gp_fft.cli import stopping
from gp_fft.cli.answer import answer
from gp_fft.cli.options import say
from gp_fft.cli.prove import prove_front
from gp_fft.cli.tables import print_front, published_for
from gp_fft.files import ProgramFile
from gp_fft.files.best import best_of, is_exact
from gp_fft.ground.clock import Clock
from gp_fft.ground.words import quoted
from gp_fft.program.cost import cost, unit_of
from gp_fft.proof import standing
from gp_fft.search.objectives import asked
from gp_fft.search.settings import Settings
from gp_fft.store.proofs import read_front
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run
from gp_fft.store.standings import BEST, judged_by, rule_of

if TYPE_CHECKING:
    from gp_fft.search.state import State

PROVING, SHARE = 0.8, 0.05  # seconds, and part of a budget of seconds, that the proofs at the end of a run may take


def proof_clock(seconds: float | None, reason: str) -> Clock:
    """How long the proofs may take: as they need, but for a budget of `seconds`, and hardly anything after a stop."""
    if stopping.was_stopped(reason):
        return Clock(PROVING / 2)
    return Clock() if seconds is None else Clock(PROVING + SHARE * seconds)


def print_outcome(recorder: Recorder, state: State | None, reason: str, seconds: float | None = None) -> int:
    """Prove and print the front of a run beside the published counts, and the commands that go on from here.

    The run is still held by its recorder, which sees whether the folder is still there. `seconds` is the budget that
    it had; the proofs keep to a small part of it. Returns the exit code.
    """
    run, code = recorder.run, stopping.exit_code(reason)
    recorder.check()
    clock = proof_clock(seconds, reason)
    front = read_front(run)
    try:
        prove_front(run, front, clock)
    except KeyboardInterrupt as stop:
        code = stopping.exit_code(stopping.reason(stop)) or code
        say(f"stopped proving; go on with: gp-fft prove {quoted(run.path)}")
    recorder.check()
    _print(run, state, reason, sorted(front.values(), key=lambda file: (file.error, file.program.content_hash)))
    return code


def _print(run: Run, state: State | None, reason: str, front: Sequence[ProgramFile]) -> None:
    path = quoted(run.path)
    if state is None or not front:
        within = _within(run.settings)
        click.echo(f"{reason}: nothing was found yet{within}; go on with: gp-fft resume {path}")
        return
    click.echo(f"{reason} after {state.generation} generations, {state.seconds:.1f} s\n")
    print_front(front, run.settings, f"gp-fft show --all {path}")
    against = "bits and words of bits" if run.transform.field == "gf2" else "numpy.fft and scipy.fft"
    click.echo(
        f"\n{published_for(run)}\n{answer(run, front) or _verdict(run, best_of(front, run.settings.cost))}\n\n"
        f"run folder: {run.path}\n"
        f"  gp-fft show {path}                 look at the front again\n"
        f"  gp-fft show --text {path}          the best program as text\n"
        f"  gp-fft graph {path} -o best.svg    draw it\n"
        f"  gp-fft verify {path}               check it against {against}\n"
        f"  gp-fft resume {path} --seconds 60  go on"
    )


def _within(settings: Settings) -> str:
    """The limits that a program must keep to come onto the front: `` within --depth 4``."""
    limits = [("max-growth", settings.max_growth), *((o.axis, getattr(settings, o.setting)) for o in asked(settings))]
    words = [f"--{name} {limit:g}" for name, limit in limits if limit is not None]
    return f" within {' and '.join(words)}" if words else ""


def _verdict(run: Run, best: ProgramFile) -> str:
    """How good the best program is, and what to try next."""
    if not is_exact(best.error, best.proof):
        return "No exact program yet; try more seconds, another --seed, or --start definition."
    rule, known = judged_by(run.transform, rule_of(run))
    count, published = cost(best.program, rule.model), known.get(BEST)
    so_far = (
        f"Best program: {count:g} {unit_of(best.program) if rule.model == 'flops' else rule.model}, {standing(best)}"
    )
    if published is None:
        return f"{so_far}; more seconds or another --seed may find less."
    if count > published:
        above = f"{so_far}, {count - published:g} above the best published"
        return f"{above}; try more seconds, another --seed or another --start."
    below = f"{published - count:g} below" if count < published else "the same as"
    return f"{so_far}, {below} the best published count."
