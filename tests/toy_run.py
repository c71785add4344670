"""A run of the toy problem, which ``tests/test_toy_problem.py`` also starts in processes that it kills."""

import itertools
from pathlib import Path

from gp_fft.evolution.loop import evolution
from gp_fft.ground.clock import Clock
from gp_fft.store.folders import RunFolder
from gp_fft.store.recorder import Recorder
from tests.toy import Asked, Chains


def evolve(path: Path, tell=lambda record: None) -> RunFolder:
    """Make the run at ``path``, or go on with it, until its budget is used; its seconds are looks at the clock."""
    run = RunFolder.open(path) if path.exists() else RunFolder.make(Chains(Asked(generations=40)), path)
    state, clock = run.state(), Clock(now=itertools.count(0.0, 0.5).__next__)
    with Recorder(run, state, every=0.0) as recorder:
        for latest, record in evolution(run.problem, run.problem.steps(clock), state, clock):
            recorder.add(latest, record)
            tell(record)
    return run
