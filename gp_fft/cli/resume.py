"""`gp-fft resume`: go on with a run from its checkpoint, as if it had never stopped."""

from __future__ import annotations

import dataclasses

import click

from gp_fft import runs
from gp_fft.cli.drive import drive
from gp_fft.cli.options import budget_options
from gp_fft.cli.outcome import print_outcome
from gp_fft.errors import UsageError
from gp_fft.search.settings import Settings


@click.command(short_help="Go on with a run that was stopped or has used its budget.")
@click.argument("run")
@budget_options
def command(
    run: str, seconds: float | None, generations: int | None, target_cost: float | None, threads: int | None
) -> None:
    """Go on with RUN: a run folder, or the name of one under runs/.

    Without options the rest of its budget is used. --seconds and --generations give that much more and
    replace the old budget and target. A run that is resumed ends as it would have ended without the break.

    \b
    Example:
      gp-fft resume runs/dft-8-001 --seconds 60
    """
    from gp_fft.search.loop import stop_reason

    opened = runs.Run.open(runs.find(run))
    state = opened.state()
    done = (state.seconds, state.generation) if state is not None else (0.0, 0)
    settings = _extended(opened.settings, seconds, generations, target_cost, threads, done)
    settings.check(opened.transform)
    if state is not None and (reason := stop_reason(state, settings)):
        raise UsageError(
            f"{opened.path} has stopped for good ({reason}) after {state.generation} generations; "
            f"give it more, such as: gp-fft resume {opened.path} --seconds 60"
        )
    if settings != opened.settings:
        opened = opened.with_settings(settings)
    click.echo(f"going on with {opened.path} after generation {done[1]}", err=True)
    left = None if settings.seconds is None else settings.seconds - done[0]
    print_outcome(opened, *drive(opened, state), left)


def _extended(
    settings: Settings, seconds: float | None, generations: int | None, target_cost: float | None,
    threads: int | None, done: tuple[float, int],
) -> Settings:  # fmt: skip
    """The settings with a new budget, counted from what is `done` (seconds, generations) already."""
    for name, value in (("--seconds", seconds), ("--generations", generations)):
        if value is not None and not value > 0:
            raise UsageError(f"{name} is {value}; it must be more than 0")
    if threads is not None:
        settings = dataclasses.replace(settings, threads=threads)
    if seconds is not None or generations is not None:
        settings = dataclasses.replace(
            settings,
            seconds=None if seconds is None else done[0] + seconds,
            generations=None if generations is None else done[1] + generations,
            target_cost=None,
        )
    return settings if target_cost is None else dataclasses.replace(settings, target_cost=target_cost)
