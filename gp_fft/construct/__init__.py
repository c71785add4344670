"""Compositions: programs for larger transforms out of the records of smaller and of related ones.

Each method is one file with one :class:`~gp_fft.construct.parts.Method`, and one name in the list below. A
part is the best program known: its record or a composition of its own. Programs that are not exact are dropped.
"""

from __future__ import annotations

import math

from gp_fft.construct import (
    convolution,
    factors,
    halves,
    inverse,
    kin,
    lift,
    nesting,
    rader,
    rows_columns,
    split_radix,
    transpose,
)
from gp_fft.construct.given import NOTHING, Given
from gp_fft.construct.parts import Method, Parts, cheapest_first
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.transforms import Transform

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        lift.LIFT,
        lift.RESTRICT,
        factors.PRIME_FACTOR,
        nesting.METHOD,
        factors.COOLEY_TUKEY,
        split_radix.METHOD,
        rader.METHOD,
        convolution.METHOD,
        halves.METHOD,
        kin.METHOD,
        transpose.MIRROR,
        transpose.PARTNER,
        inverse.METHOD,
        rows_columns.METHOD,
    )
}


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
