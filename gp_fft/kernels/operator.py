"""What an operator of the search is: its name, its chance, the words of the docs, and the kernel that does it."""

from dataclasses import dataclass
from typing import Any

from primitives.base import FIELDS

LAST = 1000


@dataclass(frozen=True)
class Operator:
    """One way to vary a program."""

    name: str
    kind: str  # "rewrite" keeps the matrix, "mutation" may change it, "whole" acts once on it, "cycle" on an island
    chance: float  # of a rewrite or mutation relative to its kind at each step, of others for each program or cycle
    description: str
    kernel: Any = None  # the compiled function of a rewrite ``(b)`` or of a mutation ``(b, row)``
    place: int = LAST  # in the order of its kind, by which operators are drawn; equal ones stand in that of their files
    fields: tuple[str, ...] = FIELDS  # of the data on which it is switched on where nothing is said
