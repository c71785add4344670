"""The search for schemes as a call: ``gp_fft.discover("dft", family="2^k", seconds=10)`` gives the schemes found."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gp_fft.evolution.state import State
from gp_fft.ground.clock import Clock, stoppable
from gp_fft.ground.errors import UsageError
from gp_fft.ground.locks import FolderLock
from gp_fft.ground.words import several
from gp_fft.schemes.discovery import everything, generations
from gp_fft.schemes.draft import Draft
from gp_fft.schemes.family import Family
from gp_fft.schemes.files import describe
from gp_fft.schemes.found import Algorithm, Discovered
from gp_fft.schemes.settings import ALL, Asked
from gp_fft.search.asked import one_sentence, plain
from gp_fft.search.more import extended
from gp_fft.search.threads import bounded
from gp_fft.search.warm import tell_stderr, warm_up
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.recorder import Recorder

Path_ = str | os.PathLike[str]
OnGeneration = Callable[[Any, dict[str, Any]], object]


@one_sentence
def discover(
    transform: str = "dft",
    *,
    family: str = "2^k",
    seed: int = 1,
    population: int = 16,
    seconds: float | None = None,
    generations: int | None = None,
    target_cost: float | None = None,
    threads: int = 0,
    primitives: Sequence[str] = (),
    operators: Sequence[str] | None = None,
    out: Path_ | None = None,
    on_generation: OnGeneration | None = None,
) -> Discovered:
    """Discover recursive programs that serve every n of a family, from random expressions over whole vectors.

    Give at least one of ``seconds``, ``generations`` and ``target_cost``; the first that is reached ends it. Ctrl-C
    ends it, too, and returns the schemes so far.

    transform: dft, idft (without its factor 1/n), dht or wht.
    family: the sizes: "2^k", "3^k", "4^k" or "5^k".
    seed: 0 to 2**63 - 1; the same seed and number of generations give the same schemes.
    population: how many are kept from one generation to the next, 4 to 4096.
    seconds: stop after so many; the kernels are compiled before, at the first use on a machine.
    generations: stop after so many.
    target_cost: stop when a right scheme needs no more operations than this at the largest n up to 256.
    threads: threads to use, 0 means all cores; results do not depend on it.
    primitives: the vector primitives that are on; (): the usual ones.
    operators: the names of the operators that are on; None: all.
    out: the run folder to make, which must not exist yet; :func:`gp_fft.resume` and ``gp-fft resume`` go on with it.
    on_generation: called as ``on_generation(state, record)`` after the start and after each generation; if it returns
        True the search ends.

    Raises UsageError for names, types or values that do not fit, DataError for a folder that cannot be used.
    """
    if not isinstance(transform, str) or not isinstance(family, str):
        raise UsageError(
            'discover takes the names of a transform and of a family, such as discover("dft", family="2^k")'
        )
    if seconds is None and generations is None and target_cost is None:
        raise UsageError("discover needs a budget: seconds, generations or target_cost")
    asked: dict[str, Any] = {"seed": seed, "population": population, "seconds": seconds, "generations": generations}
    asked |= {"target_cost": target_cost, "threads": threads}
    asked |= {"operators": ALL if operators is None else tuple(operators)}
    if isinstance(primitives, str) or not all(isinstance(name, str) for name in primitives):
        raise UsageError(f"primitives must be a list of names such as ('self', 'add'), not {str(primitives)[:60]!r}")
    settings, wanted = Asked(**plain(asked), primitives=tuple(primitives)), Family.read(transform, family)
    settings.check(wanted)
    run = None if out is None else DiscoveryRun.create(wanted, settings, Path(out))
    clock = Clock()
    with stoppable(clock):
        if run is None:
            return _found(_going(wanted, settings, None, clock, None, on_generation))
        with Recorder(run) as recorder:
            return _found(_going(wanted, settings, None, clock, recorder, on_generation))


def go_on(
    run: DiscoveryRun, lock: FolderLock, wanted: dict[str, Any], on_generation: OnGeneration | None, clock: Clock
) -> Discovered:
    """Go on with a run folder that is held; ``wanted``: what :func:`gp_fft.resume` was given.

    Raises UsageError if nothing would be left to do, DataError for a folder that is damaged.
    """
    state = run.state()
    again = f"gp_fft.resume({str(run.path)!r}, seconds=60)"
    settings = extended(run.settings, run.family, state, again, **wanted)
    if settings != run.settings:
        run = run.with_settings(settings, lock)
    with Recorder(run, state, lock=lock) as recorder:
        return _found(_going(run.family, settings, state, clock, recorder, on_generation))


def _going(
    family: Family,
    settings: Asked,
    state: State[Draft] | None,
    clock: Clock,
    recorder: Recorder | None,
    on_generation: OnGeneration | None,
) -> State[Draft] | None:
    """Evolve until a budget is used, the callback says True or Ctrl-C comes; the last state."""
    interrupted = False
    try:
        warm_up(tell_stderr, clock, everything)
        with bounded(settings):
            for latest, record in () if clock.stopped else generations(family, settings, state, clock):
                if recorder is not None and state is None:
                    recorder.begin(latest, record, clock)
                elif recorder is not None:
                    recorder.add(latest, record)
                state = latest
                answer = None if on_generation is None else on_generation(state, record)
                if isinstance(answer, bool | np.bool_) and answer:
                    break
            interrupted = clock.stopped
    except KeyboardInterrupt:
        interrupted = True
    if interrupted:
        done = "before the first generation" if state is None else f"after {several(state.generation, 'generation')}"
        more = "" if recorder is None else f"; go on with gp_fft.resume({str(recorder.run.path)!r})"
        print(f"stopped by Ctrl-C {done}{more}", file=sys.stderr, flush=True)
    return state


def _found(state: State[Draft] | None) -> Discovered:
    """The front of a state as algorithms."""
    front = () if state is None else sorted(state.archive, key=lambda draft: (draft.error, draft.cost))
    return Discovered([Algorithm(describe(draft.scheme, draft.error)) for draft in front])
