"""The scheme: a recursive program as a frozen value, typed by length when it is made.

Step i computes vector i + 1 out of vectors before it; vector 0 is the input, the last step the output. A vector of
level l has the length n / p**l, where p is the prime of the family.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from gp_fft.ground.errors import DataError
from gp_fft.ground.later import later
from gp_fft.schemes.family import Family
from gp_fft.schemes.forms import Form
from primitives import VECTORS, VectorPrimitive

MOST_STEPS = 256
MOST_LEVELS = 6
INPUT, SUM, CALL = "x", "add", "self"
Argument = tuple[int, int]  # a vector and the power of i that it is taken times


@dataclass(frozen=True)
class Step:
    """A form applied to arguments."""

    form: Form
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Scheme:
    """A recursive program for a family; raises DataError, in one sentence, unless its lengths fit and it shrinks."""

    family: Family
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.steps) <= MOST_STEPS:
            raise DataError(f"a scheme has 1 to {MOST_STEPS} steps, not {len(self.steps)}")
        if self.levels[-1] != 0:
            raise DataError(
                f"the last step of the scheme has n/{self.family.prime ** self.levels[-1]} entries; the result has n"
            )

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The level of every vector, the input first."""
        levels = [0]
        for k, step in enumerate(self.steps):
            for ref, turn in step.arguments:
                if not 0 <= ref <= k or turn not in range(4):
                    raise DataError(f"step {k + 1} of the scheme refers to what does not stand before it")
            levels.append(level_of(self.family, k + 1, step, [levels[ref] for ref, _ in step.arguments]))
        return tuple(levels)

    @cached_property
    def depth(self) -> int:
        """The deepest level: the scheme applies to n from p**depth on."""
        return max(self.levels)

    @cached_property
    def calls(self) -> Counter[int]:
        """How many calls there are at each level."""
        return Counter(level for level, step in zip(self.levels[1:], self.steps, strict=True) if step.form.name == CALL)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of what it is."""
        table = [[step.form.name, step.form.levels, step.form.k, step.form.of, step.arguments] for step in self.steps]
        return hashlib.sha256(repr((self.family.title, table)).encode()).hexdigest()

    def primitive(self, step: Step) -> VectorPrimitive | None:
        """The vector primitive of a step; None of a sum and of a call."""
        return None if step.form.name in (SUM, CALL) else VECTORS[step.form.name]

    def __str__(self) -> str:
        return str(later("format a scheme")(self))


def level_of(family: Family, k: int, step: Step, levels: list[int]) -> int:
    """The level of the result of step k; DataError where the lengths of its arguments do not fit."""
    form, prime = step.form, family.prime
    said = f"step {k} of the scheme, {form.name},"
    if form.name != SUM and form.name != CALL:
        if form.name not in VECTORS or VECTORS[form.name].entries is None:
            raise DataError(f"{said} is no vector primitive; known are {', '.join(VECTORS)}")
        primitive = VECTORS[form.name]
        if family.field not in primitive.fields:
            raise DataError(f"{said} is not for {family.field} data, which {family.transform} has")
        if (form.levels, form.k, form.of) not in primitive.choices(prime, MOST_LEVELS):
            raise DataError(f"{said} has numbers that it does not allow in the family {family}")
        wanted = prime**form.levels if primitive.joins else 1
    else:
        primitive, wanted = None, 2 if form.name == SUM else 1
    if len(step.arguments) != wanted:
        raise DataError(f"{said} has {len(step.arguments)} arguments; it takes {wanted}")
    if len(set(levels)) > 1:
        lengths = " and ".join("n" if level == 0 else f"n/{prime**level}" for level in levels)
        raise DataError(f"{said} has arguments of the lengths {lengths}; they must be the same")
    if family.field == "real" and any(turn % 2 for _, turn in step.arguments):
        raise DataError(f"{said} has an imaginary factor; {family.transform} is on real data")
    level = levels[0]
    if form.name == CALL:
        if level == 0:
            raise DataError(f"{said} is called on a vector as long as the whole: the recursion does not shrink")
        if level % family.step:
            raise DataError(f"{said} is called on n/{prime**level} entries, which is no size of the family {family}")
    if primitive is not None and primitive.shortens:
        level += form.levels
    if primitive is not None and primitive.joins:
        level -= form.levels
    if not 0 <= level <= MOST_LEVELS:
        raise DataError(f"{said} makes a vector of n/{prime}^{level} entries; allowed is n to n/{prime**MOST_LEVELS}")
    return level
