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


def drawn(operator: Operator) -> float:
    """The chance with which an operator is drawn while all are switched on."""
    if operator.kind not in ("rewrite", "mutation"):
        return operator.chance
    alike = [other for other in OPERATORS if other.kind == operator.kind]
    return float(chances(operator.kind, NAMES)[alike.index(operator)])


def chances(kind: str, switched_on: tuple[str, ...]) -> NDArray[np.float64]:
    """Probabilities of the operators of a kind in kernel order, float64, sum 1 (all zero if every one is off)."""
    raw = np.array([op.chance * (op.name in switched_on) for op in OPERATORS if op.kind == kind])
    return raw / raw.sum() if raw.sum() else raw
