"""The operators of the search by name: what each does, how often it is tried, in the order the kernels know them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tally = tuple[int, int, int]  # tried, accepted, improved


@dataclass(frozen=True)
class Operator:
    """One way to vary a program."""

    name: str
    kind: str  # "rewrite" keeps the matrix, "mutation" may change it, "whole" acts once on it, "cycle" on an island
    chance: float  # relative to its kind; of a "cycle" operator for each cycle
    description: str


OPERATORS: tuple[Operator, ...] = (
    Operator("inline", "rewrite", 0.08, "put one to four definitions back into their users"),
    Operator("inline-many", "rewrite", 0.01, "put up to a fifth of all definitions back, at most 40"),
    Operator("rescale", "rewrite", 0.15, "multiply a definition by a constant and its users by the inverse"),
    Operator("change-basis", "rewrite", 0.10, "rewrite sums of p and q in p + r q and p - r q"),
    Operator("substitute", "rewrite", 0.20, "define e = p + r q, write p as e - r q: the pair that promises most"),
    Operator("difference", "rewrite", 0.14, "write a sum as a multiple of another plus the rest"),
    Operator("resubstitute", "rewrite", 0.05, "write a sum as two values that happen to add up to it"),
    Operator("add", "mutation", 0.50, "add a random term"),
    Operator("drop", "mutation", 0.18, "drop a random term"),
    Operator("retarget", "mutation", 0.10, "let a term refer to another value"),
    Operator("reweight", "mutation", 0.07, "give a term another turn or constant of the program"),
    Operator("define", "mutation", 0.05, "define a random sum of two values and use it"),
    Operator("undefine", "mutation", 0.05, "remove a definition from all its users"),
    Operator("refit", "mutation", 0.05, "give the terms of the outputs their least-squares weights"),
    Operator("share", "whole", 1.0, "extract the pair of terms that saves most, again and again"),
    Operator("merge", "whole", 1.0, "let definitions with proportional vectors become one"),
    Operator("crossover", "whole", 1.0, "exchange outputs and definitions between two programs"),
    Operator("expand", "whole", 1.0, "inline everything in a program of very many terms and share it afresh"),
    Operator("migrate", "cycle", 0.15, "begin a cycle with a good program of another island"),
    Operator("restart", "cycle", 0.15, "begin a cycle with the first program of the island"),
    Operator("consensus", "cycle", 0.1, "begin a cycle with what good programs share, everything else written out"),
    Operator("anneal", "cycle", 1.0, "accept dearer programs too, at a temperature that falls during the cycle"),
)

IN_KERNELS = tuple(operator for operator in OPERATORS if operator.kind != "cycle")

NAMES = tuple(operator.name for operator in OPERATORS)


def chances(kind: str, switched_on: tuple[str, ...]) -> NDArray[np.float64]:
    """Probabilities of the operators of a kind in kernel order, float64, sum 1 (all zero if every one is off)."""
    raw = np.array([op.chance * (op.name in switched_on) for op in OPERATORS if op.kind == kind])
    return raw / raw.sum() if raw.sum() else raw
