"""The table of the operators that the kernels apply: the order here is their number everywhere, names lead to numbers.

Each rewrite and each mutation names the compiled function that does it; ``dispatch.py`` makes of that the call by
number. A new one is a function in ``rewrites.py`` or ``mutations.py`` and an entry here, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """One way to vary a program."""

    name: str
    kind: str  # "rewrite" keeps the matrix, "mutation" may change it, "whole" acts once on it, "cycle" on an island
    chance: float  # of a rewrite or mutation relative to its kind at each step, of others for each program or cycle
    description: str
    kernel: str = ""  # the function of a rewrite in ``rewrites.py``, of a mutation in ``mutations.py``


IN_KERNELS: tuple[Operator, ...] = (
    Operator("inline", "rewrite", 0.08, "put one to four definitions back into their users", "inline_some"),
    Operator("inline-many", "rewrite", 0.01, "put up to a fifth of all definitions back, at most 40", "inline_many"),
    Operator("rescale", "rewrite", 0.15, "multiply a definition by a constant and its users by the inverse", "rescale"),
    Operator("change-basis", "rewrite", 0.10, "rewrite sums of p and q in p + r q and p - r q", "change_basis"),
    Operator(
        "substitute",
        "rewrite",
        0.20,
        "define e = p + r q, write p as e - r q: the pair that promises most",
        "substitute",
    ),
    Operator("difference", "rewrite", 0.14, "write a sum as a multiple of another plus the rest", "difference"),
    Operator("resubstitute", "rewrite", 0.05, "write a sum as two values that happen to add up to it", "resubstitute"),
    Operator("add", "mutation", 0.50, "add a random term", "mutate_add"),
    Operator("drop", "mutation", 0.18, "drop a random term", "mutate_drop"),
    Operator("retarget", "mutation", 0.10, "let a term refer to another value", "mutate_retarget"),
    Operator("reweight", "mutation", 0.07, "give a term another turn or constant of the program", "mutate_reweight"),
    Operator("define", "mutation", 0.05, "define a random sum of two values and use it", "mutate_define"),
    Operator("undefine", "mutation", 0.05, "remove a definition from all its users", "mutate_undefine"),
    Operator("refit", "mutation", 0.05, "give the terms of the outputs their least-squares weights", "mutate_refit"),
    Operator("share", "whole", 1.0, "extract the pair of terms that saves most, again and again"),
    Operator("merge", "whole", 1.0, "let definitions with proportional vectors become one"),
    Operator(
        "crossover",
        "whole",
        0.2,
        "exchange outputs and definitions with another program when a cycle begins with the best (inexact ones: 10 %)",
    ),
    Operator("expand", "whole", 1.0, "inline everything in a program of very many terms and share it afresh"),
)

REWRITES = tuple(operator for operator in IN_KERNELS if operator.kind == "rewrite")
MUTATIONS = tuple(operator for operator in IN_KERNELS if operator.kind == "mutation")
TALLIES = len(IN_KERNELS)  # rows of a tally
_NAMES = tuple(operator.name for operator in IN_KERNELS)


def number(name: str) -> int:
    """The number of an operator among those that the kernels apply: its row in a tally."""
    return _NAMES.index(name)


def _check() -> None:
    """Rewrites come first and mutations next: the number of a rewrite in the dispatch is that in a tally."""
    ranks = [("rewrite", "mutation", "whole").index(operator.kind) for operator in IN_KERNELS]
    if ranks != sorted(ranks) or len(set(_NAMES)) < TALLIES:
        raise ValueError("the table of operators must list rewrites, mutations and the rest, every name once")


_check()
