"""`gp-fft resume`: go on with a run from its checkpoint, as if it had never stopped."""

from functools import partial
from typing import Any

import click

from gp_fft.cli.drive import drive, follow
from gp_fft.cli.options import budget_options, open_shelf, say
from gp_fft.cli.outcome import print_outcome
from gp_fft.cli.scheme_tables import print_discovery
from gp_fft.construct.given import Given
from gp_fft.ground.locks import FolderLock
from gp_fft.ground.words import quoted
from gp_fft.search.more import extended
from gp_fft.store import runs
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.lending import lend
from gp_fft.store.recorder import Recorder


@click.command()
@click.argument("run")
@budget_options
def command(run: str, **budget: Any) -> int:
    """Go on with RUN: a run folder, or the name of one under runs/.

    Without options the rest of its budget is used. --seconds and --generations give that much more and
    replace the old budget and target. A run that is resumed ends as it would have ended without the break.

    \b
    Example:
      gp-fft resume runs/dft-8-001 --seconds 60
    """
    with runs.hold(runs.find(run)) as lock:
        found = runs.open_run(lock.folder)
        if isinstance(found, DiscoveryRun):
            return _discover(found, lock, budget)
        opened = runs.Run.open(lock.folder)
        state = opened.state()
        again = f"gp-fft resume {quoted(opened.path)} --seconds 60"
        settings = extended(opened.settings, opened.transform, state, again, **budget)
        given = Given()  # a search that has started needs nothing any more
        if state is None:
            settings, given = lend(opened.transform, settings, open_shelf(opened.records))
        if settings != opened.settings:
            opened = opened.with_settings(settings, lock)
        say(f"going on with {opened.path} after generation {state.generation if state else 0}")
        with Recorder(opened, state, lock=lock) as recorder:
            left = None if settings.seconds is None else settings.seconds - (0.0 if state is None else state.seconds)
            return print_outcome(recorder, *drive(opened, state, recorder, given), left)


def _discover(opened: DiscoveryRun, lock: FolderLock, budget: dict[str, Any]) -> int:
    """Go on with a search for schemes."""
    from gp_fft.schemes.discovery import everything, generations
    from gp_fft.search.warm import warm_up

    state = opened.state()
    again = f"gp-fft resume {quoted(opened.path)} --seconds 60"
    settings = extended(opened.settings, opened.family, state, again, **budget)
    if settings != opened.settings:
        opened = opened.with_settings(settings, lock)
    say(f"going on with {opened.path} after generation {state.generation if state else 0}")
    with Recorder(opened, state, lock=lock) as recorder:
        warm = partial(warm_up, run=everything)
        outcome = follow(
            opened, state, recorder, warm, lambda clock: generations(opened.family, settings, state, clock)
        )
        return print_discovery(opened, *outcome)
