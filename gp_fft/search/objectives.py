"""Objectives beside error and cost: levels of operations, of additions, values alive at once; limits and a third axis.

Each is a setting of its own as a limit (``depth``, ``add_depth``, ``live``), and a word of ``axis`` as the third axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gp_fft.evolution.aims import Aims
from gp_fft.ground.errors import UsageError
from gp_fft.transforms import Transform

if TYPE_CHECKING:
    from gp_fft.search.genome import Genome

LIMIT = 10**6
ZERO = 1e-12
"""An entry of a matrix below this, relative to the largest, is none."""


class Asked(Protocol):
    """What of the settings this is about."""

    @property
    def axis(self) -> str:
        """The third axis; empty for none."""


@dataclass(frozen=True)
class Objective:
    """One number of a program that is to be low."""

    axis: str  # its word as an axis, and as an option
    setting: str  # the setting that limits it, and its field in a job of the kernels
    column: str  # its name in tables, and the property of a Program and of a Genome
    least: Callable[[Transform], tuple[int, str]]  # what every program of a transform has at least, and why


def _least_levels(transform: Transform) -> tuple[int, str]:
    """The sum of k inputs is a tree with k leaves."""
    most = int(_needed(transform).sum(axis=1).max())
    return max(1, (most - 1).bit_length()), f"an output of {transform.title} depends on {most} of the inputs"


def _least_live(transform: Transform) -> tuple[int, str]:
    """At first all inputs are alive, at last all outputs."""
    inputs, outputs = int(_needed(transform).any(axis=0).sum()), transform.outputs
    what = f"{outputs} outputs at the end" if outputs >= inputs else f"{inputs} inputs at the start"
    return max(1, inputs, outputs), f"{transform.title} holds {what}"


def _needed(transform: Transform) -> Any:
    """Which output depends on which input, ``(outputs, inputs)`` bool."""
    sizes = np.abs(transform.matrix)
    return sizes > ZERO * sizes.max()


OBJECTIVES = (
    Objective("depth", "depth", "levels", _least_levels),
    Objective("add-depth", "add_depth", "add_levels", _least_levels),
    Objective("live", "live", "live", _least_live),
)
AXES = tuple(objective.axis for objective in OBJECTIVES)


def check_objectives(settings: Asked, transform: Transform) -> None:
    """Raise UsageError for a limit that no program keeps, or an axis that is not known."""
    for objective in OBJECTIVES:
        limit = getattr(settings, objective.setting)
        if limit is None:
            continue
        name = objective.axis
        if not 1 <= limit <= LIMIT:
            raise UsageError(f"{name} must be from 1 to {LIMIT}, not {limit}")
        least, why = objective.least(transform)
        if limit < least:
            raise UsageError(f"{name} must be at least {least}, since {why}; it is {limit}")
    if settings.axis and settings.axis not in AXES:
        near = get_close_matches(settings.axis, AXES, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UsageError(f"unknown axis {settings.axis!r}{hint}; the third axis is one of {', '.join(AXES)}")


def asked(settings: Asked) -> tuple[Objective, ...]:
    """The objectives that these settings limit or have as an axis."""
    return tuple(
        objective
        for objective in OBJECTIVES
        if getattr(settings, objective.setting) is not None or settings.axis == objective.axis
    )


def aims(settings: Asked, transform: Transform) -> Aims[Genome] | None:
    """What the settings ask beside error and cost; None for nothing."""
    if not asked(settings):
        return None
    axis = next((objective for objective in OBJECTIVES if objective.axis == settings.axis), None)
    limits = tuple((o.column, getattr(settings, o.setting)) for o in asked(settings))
    excess = partial(_excess, limits=tuple(limit for limit in limits if limit[1] is not None))
    if axis is None:
        return Aims(excess)
    return Aims(excess, partial(_number, name=axis.column), axis.least(transform)[0])


def limits_of(settings: Asked, limit: int | None) -> dict[str, int]:
    """The limits of a burst by the fields of its job, with that of an island on the axis; 0 for none."""
    limits = {}
    for objective in OBJECTIVES:
        given = (getattr(settings, objective.setting), limit if objective.axis == settings.axis else None)
        limits[objective.setting] = min((value for value in given if value is not None), default=0)
    return limits


def _excess(genome: Any, limits: tuple[tuple[str, int], ...]) -> float:
    return float(sum(max(0, getattr(genome, name) - limit) for name, limit in limits))


def _number(genome: Any, name: str) -> float:
    return float(getattr(genome, name))
