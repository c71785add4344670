"""Constant factors at the border of a program: the outputs, or the inputs, of a transform each times its own number.

A quantiser, a filter bank or the next stage often multiplies every output anyway and swallows a factor for nothing
(Y. Arai, T. Agui and M. Nakajima, "A fast DCT-SQ scheme for images", 1988). A program that may come with such factors
computes ``D F E`` in the place of ``F``, with diagonal matrices of real numbers other than zero.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.nearest import nearest

NONE, UNIFORM, OUTPUTS, BOTH = "none", "uniform", "outputs", "both"
FREE = {
    NONE: "the program computes the transform itself",
    UNIFORM: "one common factor of all outputs is free",
    OUTPUTS: "each output may come times its own factor",
    BOTH: "each output and each input may have its own factor",
}
"""What may be left to the user of a program, and what that means."""
FARTHEST = 1e6
"""A factor is at most so large, and at least one part in so many."""
_KEYS = ("outputs", "inputs")


@dataclass(frozen=True)
class Scaling:
    """The factors of one program; a side whose factors are all 1 is empty. False where there are none at all.

    The program computes ``outputs[k] * sum_j F[k, j] * inputs[j] * x[j]``: who uses it divides output k by
    ``outputs[k]``, or what goes into input j by ``inputs[j]``.
    """

    outputs: tuple[float, ...] = ()
    inputs: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for side in _KEYS:
            factors = _checked(side, getattr(self, side))
            object.__setattr__(self, side, () if all(factor == 1.0 for factor in factors) else factors)

    def __bool__(self) -> bool:
        return bool(self.outputs or self.inputs)

    @property
    def kind(self) -> str:
        """The least that must be free for these factors: none, uniform, outputs or both."""
        if self.inputs:
            return BOTH
        return NONE if not self.outputs else UNIFORM if len(set(self.outputs)) == 1 else OUTPUTS

    @property
    def table(self) -> dict[str, list[float]]:
        """Plain data for a file: the sides that have factors."""
        return {side: list(getattr(self, side)) for side in _KEYS if getattr(self, side)}

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Scaling":
        """The inverse of :attr:`table`; DataError for anything else."""
        if not set(table) <= set(_KEYS):
            raise DataError(f"a scaling has the keys outputs and inputs; given are {', '.join(sorted(table))[:100]}")
        return cls(**{side: tuple(factors) for side, factors in table.items()})

    def check(self, outputs: int, inputs: int) -> None:
        """DataError unless there is a factor for each output, and for each input, or none at all."""
        for side, factors, size in (("outputs", self.outputs, outputs), ("inputs", self.inputs, inputs)):
            if factors and len(factors) != size:
                raise DataError(f"the scaling has {len(factors)} factors for {size} {side}; there must be one for each")

    def over(self, outputs: int, inputs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The factors of all outputs ``(outputs,)`` and of all inputs ``(inputs,)``."""
        return np.array(self.outputs or (1.0,) * outputs), np.array(self.inputs or (1.0,) * inputs)


def _checked(side: str, factors: Iterable[object]) -> tuple[float, ...]:
    """Factors as floats; DataError for one that no user could divide by."""
    checked = []
    for factor in factors:
        if isinstance(factor, bool) or not isinstance(factor, int | float | np.floating):
            raise DataError(f"the factors of the {side} must be real numbers, not {str(factor)[:20]!a}")
        factor = float(factor)
        if not (math.isfinite(factor) and 1 / FARTHEST <= abs(factor) <= FARTHEST):
            sizes = f"{1 / FARTHEST:g} to {FARTHEST:g}"
            raise DataError(f"the factor {factor:g} of the {side} must be finite and other than zero, {sizes} in size")
        checked.append(factor)
    return tuple(checked)


def check_free(given: str) -> str:
    """What is free at the border, as it was given; UsageError, with the nearest word, if that means nothing."""
    if given in FREE:
        return given
    raise UsageError(
        f"unknown scaling {given[:60]!r} (did you mean {nearest(given, FREE)}?); it must be one of {', '.join(FREE)}"
    )


UNSCALED = Scaling()
"""No factors: the program computes the transform itself."""
