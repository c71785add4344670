"""Constructions: known programs to start from, compositions out of the records of other transforms, and baselines.

Each is an entry of a registry and one file in the folder ``starts``, ``methods`` or ``baselines``; another package adds
its own by an entry point. A composition asks for parts, each the best program known: its record or a composition of its
own. Programs that are not exact are dropped; those of the baselines are approximate, and measured.
"""

import math

from gp_fft.construct.baseline import Baseline, Gauge, Point, Task, staircase
from gp_fft.construct.conformance import check
from gp_fft.construct.given import NOTHING, Given
from gp_fft.construct.parts import Method, Parts, cheapest_first
from gp_fft.construct.textbook import Start
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.transforms import Transform
from primitives.registry import Registry

__all__ = [
    "BASELINES", "METHODS", "STARTS", "Baseline", "Point", "Task", "check_composable", "composable",
    "compose", "staircase", "staircases",
]  # fmt: skip

STARTS: Registry[Start] = Registry("gp_fft.starts", "gp_fft.construct.starts", "START", Start)
"""The known programs that a search can start from, by name."""

METHODS: Registry[Method] = Registry(
    "gp_fft.constructions",
    "gp_fft.construct.methods",
    "METHOD",
    Method,
    check=lambda method: check(method, METHODS),
    order=lambda method: method.rank,
)
"""The ways to compose a program, by name."""

BASELINES: Registry[Baseline] = Registry(
    "gp_fft.baselines", "gp_fft.construct.baselines", "BASELINE", Baseline, order=lambda baseline: baseline.rank
)
"""The simple ways to an approximate program, by name; the plainest first."""


def compose(transform: Transform, given: Given = NOTHING, clock: Clock | None = None) -> list[Program]:
    """All compositions of a transform out of the given records, cheapest first; UsageError where there is none.

    With a clock that may run out there are first those whose parts are records or out of a textbook, then as many more
    as there is time for; at least one. Raises TimeOver if somebody wishes to stop before that.
    """
    check_composable(transform, given)
    if clock is None or clock.deadline == math.inf:
        return Parts(METHODS, given, clock).compositions(transform)
    quick = Parts(METHODS, given, clock, deep=False).compositions(transform)
    try:
        more = Parts(METHODS, given, clock).compositions(transform)
    except TimeOver:
        return quick
    return cheapest_first([*more, *quick]) if clock.over else more


def check_composable(transform: Transform, given: Given = NOTHING) -> None:
    """Raise UsageError where there is no composition."""
    if not composable(transform, given):
        served = sorted({name for method in METHODS.values() for name in method.families})
        raise UsageError(
            f"start 'compose' knows no way to make {transform.title}; there are some for sizes of {', '.join(served)}"
        )


def composable(transform: Transform, given: Given = NOTHING) -> bool:
    """Whether there is any composition for this transform out of the given records."""
    return any(method.serves(transform, given) for method in METHODS.values())


def staircases(task: Task, gauge: Gauge | None = None) -> dict[str, tuple[Point, ...]]:
    """The staircase of every baseline by name, ascending in cost; none over GF(2), where little is near to anything.

    ``gauge`` measures a matrix in the place of the relative error.
    """
    if task.transform.field == "gf2":
        return {}
    return {name: staircase(baseline.make(task), task, gauge) for name, baseline in BASELINES.items()}
