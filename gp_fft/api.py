"""The search and its files as calls: evolve, resume, load, save, prove.

``gp_fft.evolve(gp_fft.dft(8), seed=1, seconds=10)`` gives a front; Ctrl-C gives the front so far.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gp_fft import files
from gp_fft.construct import STARTS
from gp_fft.construct.given import Given
from gp_fft.evolution.steps import check_steps
from gp_fft.files import ProgramFile
from gp_fft.files.certificate import Evidence
from gp_fft.files.shelf import Shelf
from gp_fft.ground.clock import Clock, stoppable
from gp_fft.ground.errors import UsageError
from gp_fft.ground.later import later
from gp_fft.ground.version import __version__
from gp_fft.ground.words import several
from gp_fft.program import Program
from gp_fft.program.cost import cost
from gp_fft.proof import prove
from gp_fft.schemes import files as scheme_files
from gp_fft.schemes.found import Algorithm, Discovered
from gp_fft.search.asked import one_sentence, plain
from gp_fft.search.front import Front
from gp_fft.search.loop import generations
from gp_fft.search.more import extended
from gp_fft.search.settings import Settings, usual_cost
from gp_fft.search.start import check_start
from gp_fft.search.steps import NAMES as STEPS
from gp_fft.search.threads import bounded
from gp_fft.search.warm import tell_stderr, warm_up
from gp_fft.store import runs
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.lending import lend, noted
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run
from gp_fft.transforms import Transform

if TYPE_CHECKING:
    from gp_fft.search.state import State
    from gp_fft.search.steps import Steps

Path_ = str | os.PathLike[str]
OnGeneration = Callable[["State", dict[str, Any]], object]
OWN_STEPS = "evolved from Python with steps of its own: the command alone does not repeat it"
SAVED = "saved from Python: how the program was made is not known"


@one_sentence
def evolve(
    transform: Transform,
    *,
    start: Path_ = "random",
    primitives: str = "",
    cost: str | None = None,
    seed: int = 1,
    population: int = 16,
    seconds: float | None = None,
    generations: int | None = None,
    target_cost: float | None = None,
    threads: int = 0,
    operators: Sequence[str] | None = None,
    max_growth: float | None = None,
    scaling: str | None = None,
    depth: int | None = None,
    add_depth: int | None = None,
    live: int | None = None,
    axis: str = "",
    front: str = "beside",
    error: str = "relative",
    error_below: float | None = None,
    cost_below: float | None = None,
    deviation_below: float | None = None,
    deviation_price: float | None = None,
    error_price: float | None = None,
    keep_equal: int | None = None,
    parts: Sequence[str] = (),
    out: Path_ | None = None,
    toolbox: Steps | None = None,
    on_generation: OnGeneration | None = None,
) -> Front:
    """Evolve programs for a transform and return the front: the best programs by error and cost, cheapest first.

    Give at least one of ``seconds``, ``generations`` and ``target_cost``; the first that is reached ends it. Ctrl-C
    ends it, too, and returns the front so far. Exact programs come unproved: ``front.prove()`` proves them.

    start: what the first population is made of: random, definition, radix2, split-radix, compose, or the path of a
        program file.
    primitives: a primitive set, such as "dyadic" or "integer:bits=6"; "" takes the one named like the field.
    cost: the cost model: flops, adds, muls, fma, or weights such as "1:2.5"; None takes what the primitive set means,
        fma for the set of that name, else flops.
    seed: 0 to 2**63 - 1; the same seed and number of generations give the same programs.
    population: how many programs are kept from one generation to the next, 4 to 4096.
    seconds: stop after so many; the kernels are compiled before, at the first use on a machine.
    generations: stop after so many.
    target_cost: stop when an exact program costs no more than this.
    threads: threads to use, 0 means all cores; results do not depend on it.
    operators: the names of the operators that are switched on; None: those that are usual on the field.
    max_growth: refuse programs with more than this many times the round-off of numpy.fft.
    scaling: what is free at the border: none, uniform (one factor of all outputs), outputs (one of each) or both (of
        each input, too).
    depth: keep programs with at most so many levels of operations, see :attr:`gp_fft.Program.levels`.
    add_depth: keep programs with at most so many levels of additions.
    live: keep programs with at most so many values alive at once, see :attr:`gp_fft.Program.live`.
    axis: a third axis of the front, depth, add-depth or live: of exact programs it keeps all that no other beats in
        cost and on the axis.
    front: what is looked for beside exact programs: "exact" (nothing), "beside" (approximations, with a part of the
        time) or "full" (the least error of every cost).
    error: how an error is measured: relative, worst-output, worst-entry, energy, mse, coding-gain, efficiency.
    error_below: look for the cheapest program with at most this error.
    cost_below: look for the least error with at most this cost.
    deviation_below: keep approximations with at most this deviation from orthogonal outputs; 0 for orthogonal ones.
    deviation_price: what the mean squared cosine of an output with all others counts beside a squared error.
    error_price: what an error e times as large is worth in operations; None draws one for every walk.
    keep_equal: how many other programs as cheap as the cheapest exact one are kept beside the front, in the folder
        equal of a run (``out``); ``state.equals`` for ``on_generation``.
    parts: of start "compose", exactly these records, such as "dft-8@4dd3fd1b2c3d"; (): those at hand.
    out: the run folder to make, which must not exist yet; :func:`gp_fft.resume` goes on with it, ``gp-fft report``
        and all other commands take it. Without it nothing is written.
    toolbox: the steps of a generation, a DEAP toolbox from :func:`gp_fft.make_toolbox` for this transform and these
        settings with steps of your own; :class:`gp_fft.Steps` says what each is called with.
    on_generation: called as ``on_generation(state, record)`` after the start and after each generation, with the
        :class:`~gp_fft.search.state.State` and the line of the log as a dict; if it returns True the evolution ends.

    Raises UsageError for names, types or values that do not fit, DataError for a start or folder that cannot be used.
    """
    asked = dict(locals())
    if not isinstance(transform, Transform):
        raise UsageError(
            f"evolve takes a transform such as gp_fft.dft(8) first, not {' '.join(repr(transform).split())[:60]}"
        )
    if isinstance(primitives, str):
        asked["cost"] = usual_cost(primitives) if cost is None else cost
    settings = Settings(**plain({field.name: asked[field.name] for field in dataclasses.fields(Settings)}))
    if settings.seconds is None and settings.generations is None and settings.target_cost is None:
        raise UsageError("evolve needs a budget: seconds, generations or target_cost")
    _check_hooks(toolbox, on_generation)
    clock = _clock(toolbox)
    with stoppable(clock):
        settings, given = lend(transform, settings, Shelf.open(tell=_warn))
        settings.check(transform)
        if toolbox is None and settings.start in STARTS:
            check_start(transform, settings)  # before a folder is made or anything is compiled
        if out is None:
            return _evolve(transform, settings, None, None, toolbox, on_generation, given, clock)
        run = Run.create(transform, settings, _path("out", out), note="" if toolbox is None else OWN_STEPS)
        with Recorder(run) as recorder:
            return _evolve(transform, run.settings, None, recorder, toolbox, on_generation, given, clock)


@one_sentence
def resume(
    run: Path_,
    *,
    seconds: float | None = None,
    generations: int | None = None,
    target_cost: float | None = None,
    threads: int | None = None,
    toolbox: Steps | None = None,
    on_generation: OnGeneration | None = None,
) -> Front | Any:
    """Go on with a run folder from its last checkpoint, as if it had never stopped, and return the front.

    Of a run of :func:`gp_fft.discover` it returns what that returns, a :class:`gp_fft.Discovered`.

    Without a budget the rest of its own is used. ``seconds`` and ``generations`` give that much more, and replace the
    old budget and target. Ctrl-C, ``toolbox`` and ``on_generation`` are as in :func:`gp_fft.evolve`.

    run: the run folder, or the name of one under runs/.
    seconds: evolve for so many more.
    generations: evolve for so many more.
    target_cost: stop when an exact program costs no more than this.
    threads: threads to use, 0 means all cores.

    Raises UsageError if nothing would be left to do, DataError for a folder that is damaged or in use.
    """
    _check_hooks(toolbox, on_generation)
    more = {"seconds": seconds, "generations": generations, "target_cost": target_cost, "threads": threads}
    wanted = plain({name: value for name, value in more.items() if value is not None})
    clock = _clock(toolbox)
    with stoppable(clock), runs.hold(runs.find(str(_path("run", run)))) as lock:
        found = runs.open_run(lock.folder)
        if isinstance(found, DiscoveryRun):
            if toolbox is not None:
                raise UsageError("a toolbox is for the search for programs, and the run is a search for schemes")
            return later("go on with a discovery")(found, lock, wanted, on_generation, clock)
        opened = Run.open(lock.folder)
        again = f"gp_fft.resume({str(opened.path)!r}, seconds=60)"
        state = opened.state()
        settings, given = extended(opened.settings, opened.transform, state, again, **wanted), Given()
        if state is None:  # a search that has started needs nothing any more
            shelf = Shelf.open(Path(opened.records) if opened.records else None, _warn)
            settings, given = lend(opened.transform, settings, shelf)
        note = opened.note if toolbox is None else OWN_STEPS
        if (settings, note) != (opened.settings, opened.note):
            opened = dataclasses.replace(opened, note=note).with_settings(settings, lock)
        with Recorder(opened, state, lock=lock) as recorder:
            return _evolve(opened.transform, settings, state, recorder, toolbox, on_generation, given, clock)


def load(path: Path_) -> ProgramFile | Front | Algorithm | Discovered:
    """What lies at ``path``: the :class:`Front` of a run folder, the :class:`ProgramFile` of a program file.

    Of a search for schemes it is the :class:`gp_fft.Discovered`, of a scheme file the :class:`gp_fft.Algorithm`. The
    name of a run under runs/ will do. Programs come proved where the run holds their proofs. To a type checker the
    answer is one of these; ``gp_fft.files.load`` takes program files only. Raises DataError if it is damaged.
    """
    place = runs.find(str(_path("path", path)))
    if not place.is_dir():
        return Algorithm.load(place) if scheme_files.is_scheme(place) else files.load(place)
    found = runs.open_run(place)
    if isinstance(found, DiscoveryRun):
        return Discovered([Algorithm(file) for file in found.front()])
    run = Run.open(place)
    model = run.settings.cost
    kept = sorted(run.front(), key=lambda file: (cost(file.program, model), file.error))
    free = run.settings.free
    return Front(run.transform, [file.program for file in kept], model, [file.proof for file in kept], free)


def save(path: Path_, program: Program | ProgramFile, transform: Transform | None = None) -> None:
    """Write a program file, whole or not at all; what is at ``path`` is replaced.

    Of a bare program the transform is the one that its title names, unless it is given, and the file says that its
    origin is not known; a :class:`ProgramFile` is written as it is. Raises UsageError for anything else, DataError
    where the sizes differ or the disk refuses.
    """
    target = _path("path", path)
    if isinstance(program, ProgramFile) and transform is None:
        files.save(target, program)
    elif isinstance(program, Program):
        provenance = {"origin": SAVED, "version": __version__}
        files.save(target, files.describe(program, transform, provenance=provenance))
    else:
        given = "a ProgramFile, which has its transform" if isinstance(program, ProgramFile) else type(program).__name__
        raise UsageError(f"save takes a Program, with or without a transform, or a ProgramFile alone, not {given}")


def prove_front(front: Front) -> Front:
    """The front with its programs proved, see :meth:`Front.prove`."""
    programs, evidence = [], list[Evidence | None]()
    for program, known, transform in zip(front, front.evidence, front.transforms, strict=True):
        if known is None:
            outcome = prove(program, transform, free=front.free)
            program, known = outcome.program, outcome.evidence
        programs.append(program)
        evidence.append(known)
    return Front(front.transform, programs, front.cost_model, evidence, front.free)


def _evolve(
    transform: Transform,
    settings: Settings,
    state: State | None,
    recorder: Recorder | None,
    toolbox: Steps | None,
    on_generation: OnGeneration | None,
    given: Given,
    clock: Clock,
) -> Front:
    """Evolve until a budget is used, the callback says True or Ctrl-C comes; the front of the last state."""

    interrupted = False
    try:
        with bounded(settings):
            warm_up(tell_stderr, clock)
            going_on = () if clock.stopped else generations(transform, settings, state, toolbox, given, clock)
            for latest, record in going_on:
                if recorder is not None and state is None:
                    recorder.note(noted(settings, given))
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
        after = "before the first generation: the front is empty"
        if state is not None:
            after = f"after {several(state.generation, 'generation')}: this is the front so far"
        more = "" if recorder is None else f"; go on with gp_fft.resume({str(recorder.run.path)!r})"
        print(f"stopped by Ctrl-C {after}{more}", file=sys.stderr, flush=True)
    return Front(transform, () if state is None else state.front, settings.cost, free=settings.free)


def _clock(toolbox: Steps | None) -> Clock:
    """The clock that the steps look at: the toolbox's own, if it has one, which may know of a Ctrl-C of before."""
    clock: Clock = getattr(toolbox, "clock", None) or Clock()
    clock.renew()
    return clock


def _check_hooks(toolbox: object, on_generation: object) -> None:
    if on_generation is not None and not callable(on_generation):
        raise UsageError(f"on_generation must be a function of state and record, not {type(on_generation).__name__}")
    if toolbox is not None:
        check_steps(toolbox, STEPS)


def _warn(sentence: str) -> None:
    """Tell of a damaged record, which is left out."""
    warnings.warn(sentence, stacklevel=4)


def _path(name: str, given: object) -> Path:
    if isinstance(given, str | os.PathLike) and isinstance(os.fspath(given), str):
        return Path(os.fspath(given))
    raise UsageError(f"{name} must be a path, not {type(given).__name__}")
