"""A scheme written out for one n: the straight-line program of its recursion, which the search can then improve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gp_fft.construct.builder import ZERO, Builder, turned
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.schemes.family import UNSCALED, matrix
from gp_fft.schemes.running import run
from gp_fft.schemes.scheme import Scheme
from gp_fft.transforms import Transform, get
from primitives.vectors import Entries

LARGEST = 256
SNAP = 1e-14  # a part of a constant this small is a rounded 0


@dataclass(frozen=True)
class Terms:
    """Vectors of values of a program in the making; ``leaves``: programs for sizes."""

    build: Builder
    transform: str
    leaves: Mapping[int, Program]

    def turned(self, vector: Sequence[Term], turn: int) -> list[Term]:
        """``i**turn`` times a vector."""
        return [turned(value, turn) for value in vector]

    def sum(self, one: Sequence[Term], other: Sequence[Term]) -> list[Term]:
        """The sum of two."""
        return [self.build.sum(a, b) for a, b in zip(one, other, strict=True)]

    def entries(self, parts: Sequence[Sequence[Term]], entries: Entries) -> list[Term]:
        """Entries of parts, moved and weighed."""
        places = zip(entries.part.tolist(), entries.source.tolist(), entries.weights().tolist(), strict=True)
        return [self._times(parts[part][source], weight) for part, source, weight in places]

    def _times(self, value: Term, weight: complex) -> Term:
        """A constant times a value; (1 - i) sqrt(1/2) is a sum and one size, as it is counted."""
        if not value[0]:
            return ZERO
        real, imaginary = abs(weight.real), abs(weight.imag)
        if real > SNAP and imaginary > SNAP and abs(real - imaginary) < SNAP:
            first, second = turned(value, 0 if weight.real > 0 else 2), turned(value, 1 if weight.imag > 0 else 3)
            size, turn, ref = self.build.sum(first, second)
            return size * float(np.sqrt(0.5)), turn, ref
        return self.build.times(value, complex(real > SNAP and weight.real, imaginary > SNAP and weight.imag))

    def leaf(self, vector: Sequence[Term], n: int) -> list[Term]:
        """A given program, or the definition."""
        if n in self.leaves:
            return self.build.apply(self.leaves[n], vector)
        rows = matrix(self.transform, n)
        return [self.build.sum(*(self._times(x, w) for x, w in zip(vector, row.tolist(), strict=True))) for row in rows]


def transform_of(scheme: Scheme, n: int) -> Transform:
    """The transform that a scheme computes at n: idft without its factor, so under the norm ``forward``.

    Raises UsageError for an n outside the family, or larger than programs are.
    """
    scheme.family.require(n)
    if n > LARGEST:
        raise UsageError(f"n = {n} is too large for a straight-line program; at most {LARGEST} is allowed")
    return get(scheme.family.transform, n, norm=UNSCALED[scheme.family.transform])


def expand(scheme: Scheme, n: int, leaves: Mapping[int, Program] | None = None) -> Program:
    """The straight-line program of a scheme at n, which calls nothing.

    leaves: programs that stand for shorter transforms, such as records; else the recursion goes down to the definition.
    """
    target, given = transform_of(scheme, n), dict(leaves or {})
    given.pop(n, None)
    build = Builder(n, scheme.family.field)
    stop: Callable[[int], bool] = lambda size: size in given  # noqa: E731
    outputs = run(scheme, build.x, n, Terms(build, scheme.family.transform, given), stop)
    return build.program(outputs, target.title)
