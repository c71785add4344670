"""What an operator of the search is: its name, its chance, the words of the docs, and the kernel that does it."""

from dataclasses import dataclass
from typing import Any

from primitives.base import FIELDS

LAST = 1000
NUMBERS = ("complex", "real")  # the fields that have an error of any size


@dataclass(frozen=True)
class Operator:
    """One way to vary a program."""

    name: str
    kind: str  # "rewrite" keeps the matrix, "mutation" and "approximation" may change it, "whole" acts once, "cycle" on
    # an island
    chance: float  # of the first three relative to its kind at each step, of others for each program or cycle
    description: str
    kernel: Any = None  # the compiled function ``(b)``, of a mutation ``(b, row)``, an approximation ``(b, sight)``
    place: int = LAST  # in the order of its kind, by which operators are drawn; equal ones stand in that of their files
    fields: tuple[str, ...] = FIELDS  # of the data on which it is switched on where nothing is said
