"""What else approximates a transform: the published approximations and the baselines, each as a staircase.

A front stands beside these, counted by the same rule and measured in the same way. A published approximation is rebuilt
as a program. Its shifts are free where the set prices none, as its authors count; its outputs take a product each
unless their factors are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, fsum, log

import numpy as np

from gp_fft.construct import BASELINES, Point, Task, staircases
from gp_fft.construct.baseline import Gauge
from gp_fft.construct.folding import folded
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.shelf import Shelf
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost, cost_model, offence, primitive_set
from gp_fft.store.known import MOST, task_of
from gp_fft.store.runs import Run
from gp_fft.store.standings import Rule, rule_of
from gp_fft.transforms import Transform, approximations
from gp_fft.transforms.approximations import Approximation
from gp_fft.transforms.measure import Measure
from gp_fft.transforms.measures import RELATIVE, measure
from gp_fft.transforms.scaling import BOTH, OUTPUTS

PUBLISHED = "published"
LARGEST = 1024  # entries of a matrix of which there are baselines
SHIFTS = "dyadic"  # the set in which published approximations are programs


@dataclass(frozen=True)
class Alternative:
    """One step of a staircase: what it costs, how far off it is, what it is and who had it."""

    cost: float
    error: float
    label: str
    source: str
    program: Program


Alternatives = Mapping[str, tuple[Alternative, ...]]
"""Staircases by name, each ascending in cost and falling in error."""


def alternatives(
    transform: Transform,
    rule: Rule,
    shelf: Shelf,
    error: str = RELATIVE,
    more: Sequence[Program] = (),
    most: int = MOST,
) -> Alternatives:
    """The staircases of a transform: the published one first, where something is published, then the baselines.

    ``error`` names the measure. The baselines start from the exact programs that the records know and those in
    ``more``, the cheapest ``most`` of them; of a matrix with too many entries there are none.
    """
    task = task_of(transform, rule, shelf, tuple(more), most)
    found = {PUBLISHED: steps} if (steps := _published_steps(task, error)) else {}
    return {**found, **_baseline_steps(task, error)}


def beside(run: Run, shelf: Shelf, most: int = MOST) -> Alternatives:
    """The staircases that the front of a run stands beside, by its rule and its measure of error."""
    return alternatives(run.transform, rule_of(run), shelf, measure_of(run).name, (), most)


def measure_of(run: Run) -> Measure:
    """What the errors of a run's front are compared by."""
    return measure(run.settings.error)


def measured(run: Run, files: Sequence[ProgramFile]) -> list[float]:
    """The error of each program of a run by its measure; 0 for an exact one, where that is not so by itself."""
    of = gauge(run.transform, run.settings.free, measure_of(run).name)
    relative = measure_of(run).name == RELATIVE
    errors = (file.error if relative else of(file.program.matrix()) for file in files)
    return [0.0 if is_exact(file.error, file.proof) else error for file, error in zip(files, errors, strict=True)]


def published(transform: Transform, rule: Rule, error: str = RELATIVE) -> tuple[Alternative, ...]:
    """The published approximations of a transform, by cost; none where the rule does not allow their outputs."""
    return tuple(_published(Task(transform.plain, (), rule.primitives, rule.model, rule.free), error))


def rebuilt(row: Approximation) -> Program:
    """A published matrix as a program of additions and shifts, by butterflies, with as many as its authors count."""
    return replace(folded(row.matrix.matrix.real, row.matrix.title), primitives=SHIFTS)


def cheapest(row: Approximation, shelf: Shelf) -> Program:
    """The cheapest program known of the same matrix: that one, or its record."""
    record = shelf.find(row.matrix, primitives=SHIFTS)
    return min([rebuilt(row)] if record is None else [rebuilt(row), record.program], key=cost)


def gauge(transform: Transform, free: str, error: str = RELATIVE) -> Gauge:
    """What measures a matrix against a transform, with what is free at the border, by the measure of a name."""
    of = measure(error).of
    return lambda matrix: of(matrix, transform.plain, free)


def best_at(steps: Alternatives, most: float, names: Iterable[str]) -> tuple[str, Alternative] | None:
    """Of several staircases the one that is nearest for a budget, and its step; None where all cost more."""
    fitting = [(name, step) for name in names for step in steps.get(name, ()) if step.cost <= most]
    return min(fitting, key=lambda pair: (pair[1].error, pair[1].cost), default=None)


def title(name: str) -> str:
    """What a staircase is called."""
    return "published approximations" if name == PUBLISHED else BASELINES[name].title


def geometric_mean(ratios: Sequence[float]) -> float:
    """The geometric mean of ratios above zero."""
    return exp(fsum(map(log, ratios)) / len(ratios))


@lru_cache(maxsize=16)
def _baseline_steps(task: Task, error: str) -> Alternatives:
    if task.transform.matrix.size > LARGEST:
        return {}
    made = staircases(task, gauge(task.transform, task.free, error))
    return {name: tuple(_step(point, name) for point in points) for name, points in made.items() if points}


def _step(point: Point, name: str) -> Alternative:
    return Alternative(point.cost, point.error, BASELINES[name].title, BASELINES[name].source, point.program)


def _published_steps(task: Task, error: str) -> tuple[Alternative, ...]:
    """Those that no other beats."""
    kept: list[Alternative] = []
    for step in _published(task, error):
        if not kept or step.error < kept[-1].error - EXACT:
            kept.append(step)
    return tuple(kept)


def _published(task: Task, error: str) -> list[Alternative]:
    """All of them, by cost, then by error."""
    scaled = task.free not in (OUTPUTS, BOTH)
    listed = task.chosen.constants is not None
    if scaled and listed:
        return []  # no set of listed constants has the factors of the outputs
    measured, steps = gauge(task.transform, task.free, error), []
    for row in approximations.of(task.transform):
        program = rebuilt(row)
        if listed:
            program = replace(program, primitives=task.primitives)
            if offence(program, primitive_set(task.primitives)):
                continue
        matrix, counted = program.matrix(), cost(program, task.model)
        if scaled:
            factors = np.array(row.factors(task.transform).over(*matrix.shape)[0])
            matrix, counted = matrix * factors[:, None], counted + len(matrix) * cost_model(task.model).scale
        label = f"{row.transform} of {row.by}"
        steps.append(Alternative(counted, measured(matrix), label, row.source, program))
    return sorted(steps, key=lambda step: (step.cost, round(step.error, 12)))
