"""The operators of the search by name: those of the kernels, from their table, and those that begin cycles."""

import numpy as np
from numpy.typing import NDArray

from gp_fft.kernels.operator import Operator
from gp_fft.kernels.operators import IN_KERNELS

CYCLES: tuple[Operator, ...] = (
    Operator("migrate", "cycle", 0.15, "begin a cycle with a good program of another island"),
    Operator("restart", "cycle", 0.15, "begin a cycle with the first program of the island"),
    Operator("consensus", "cycle", 0.1, "begin a cycle with what good programs share, everything else written out"),
    Operator("anneal", "cycle", 1.0, "accept dearer programs too, at a temperature that falls during the cycle"),
)

OPERATORS: tuple[Operator, ...] = (*IN_KERNELS, *CYCLES)

NAMES = tuple(operator.name for operator in OPERATORS)


def usual(field: str) -> tuple[str, ...]:
    """The names of the operators that are switched on where nothing is said, on data of a field."""
    return tuple(operator.name for operator in OPERATORS if field in operator.fields)


def drawn(operator: Operator, field: str = "complex") -> float:
    """The chance with which an operator is drawn beside those that are usual on data of a field."""
    if operator.kind not in ("rewrite", "mutation", "approximation"):
        return operator.chance
    alike = [other for other in OPERATORS if other.kind == operator.kind]
    return float(chances(operator.kind, (*usual(field), operator.name))[alike.index(operator)])


def chances(kind: str, switched_on: tuple[str, ...]) -> NDArray[np.float64]:
    """Probabilities of the operators of a kind in kernel order, float64, sum 1 (all zero if every one is off)."""
    raw = np.array([op.chance * (op.name in switched_on) for op in OPERATORS if op.kind == kind])
    total = raw.cumsum()[-1]  # one after the other: those that are off must not change how the others are rounded
    return raw / total if total else raw
