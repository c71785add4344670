"""Baselines: simple ways to an approximate program, which a search for such programs has to beat, and their staircases.

A baseline turns what is known of a transform, exact programs that its caller hands in, into programs that do less and
cost less. All of them are counted by the rule of the house and measured on the whole matrix; what another one beats in
both is left out, so that a baseline is a staircase of error over cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gp_fft.construct.builder import Builder, collected
from gp_fft.construct.textbook import definition
from gp_fft.ground.errors import DataError
from gp_fft.program import Program, Term
from gp_fft.program.cost import EXACT, cost, cost_model, primitive_set
from gp_fft.transforms import Transform, scaled_to
from gp_fft.transforms.matrix_files import Matrix
from gp_fft.transforms.scaling import NONE
from primitives import REAL_PARTS, PrimitiveSet

Rows = list[list[Term]]
Gauge = Callable[[Matrix], float]
"""The error of a matrix, ``(outputs, inputs)``; the smaller the better."""
MOST_TERMS = 200  # of a program that is cut term by term
LEAST = 1e-9  # a constant below this is zero


@dataclass(frozen=True)
class Task:
    """What a baseline approximates, out of what, and by which rule it is counted."""

    transform: Transform  # without factors
    known: tuple[Program, ...] = ()  # exact programs, the cheapest first; where there is none the definition stands in
    primitives: str = ""  # what programs say of their set; "": the one called like the field
    model: str = "flops"  # the cost model
    free: str = NONE  # the factors at the border that cost nothing, one of transforms.FREE

    @property
    def sources(self) -> tuple[Program, ...]:
        """The programs to start from: those that are known, or the definition."""
        return self.known or (definition(self.transform),)

    @property
    def prunable(self) -> tuple[Program, ...]:
        """Those that are small enough to be cut term by term."""
        return tuple(program for program in self.sources if program.terms <= MOST_TERMS)

    @property
    def chosen(self) -> PrimitiveSet:
        """The primitive set."""
        return primitive_set(self.primitives or self.transform.field)

    def error(self, matrix: Matrix) -> float:
        """The relative error of a matrix once the factors that are free are divided out."""
        return scaled_to(matrix, self.transform, self.free).error(matrix)

    def allowed(self, size: float) -> float:
        """The size nearest to this one that the set allows, zero among them."""
        table = self.chosen.constants
        if table is None:
            return size if size > LEAST else 0.0
        return min((0.0, 1.0, *(listed for listed, _ in table)), key=lambda listed: abs(listed - size))

    def counted(self, rows: Rows, outputs: Sequence[int]) -> float:
        """What :meth:`program` would cost, without making it; infinite for what the set does not allow, or nearly.

        Sums that are there twice are not found here, and a fused model is taken for a plain one.
        """
        inputs, table = self.transform.inputs, self.chosen
        values: list[Term] = [(1.0, 0, k) for k in range(inputs)]
        sums: dict[int, list[Term]] = {}
        for row in rows:
            terms = collected((values[ref][0] * size, values[ref][1] + turn, values[ref][2]) for size, turn, ref in row)
            if len(terms) == 1:
                values.append(terms[0])
            else:
                sums[len(values)] = terms
                values.append((1.0 if terms else 0.0, 0, len(values)))
        ends = [values[inputs + d] for d in outputs]
        needed = [ref for size, _, ref in ends if size]
        products = {(size, ref) for size, _, ref in ends if size not in (0.0, 1.0)}
        adds, seen = 0, set[int]()
        while needed:
            ref = needed.pop()
            if ref < inputs or ref in seen:
                continue
            seen.add(ref)
            adds += len(sums[ref]) - 1
            products |= {(size, other) for size, _, other in sums[ref] if size != 1.0}
            needed += [other for _, _, other in sums[ref]]
        try:
            scales = sum(table.price(size) for size, _ in sorted(products))
        except KeyError:
            return float("inf")
        model = cost_model(self.model)
        return REAL_PARTS[self.transform.field] * (model.add * table.add * adds + model.scale * scales)

    def program(self, rows: Rows, outputs: Sequence[int]) -> Program | None:
        """The program of rows whose sizes are what the set allows next to them, its single terms put into their users.

        None where the set does not allow that at all.
        """
        kept: Rows = [[(near, turn, ref) for size, turn, ref in row if (near := self.allowed(size))] for row in rows]
        for merged in (True, False):
            made = self._built(kept, outputs, merged)
            try:
                cost(made, self.model)
            except DataError:
                continue
            return made
        return None

    def _built(self, rows: Rows, outputs: Sequence[int], merged: bool) -> Program:
        build = Builder(self.transform.inputs, self.transform.field, plain=not merged)
        values = list(build.x)
        for row in rows:
            values.append(build.resolve(row, values))
        made = build.program([values[self.transform.inputs + d] for d in outputs], self.transform.title)
        return replace(made, primitives=self.primitives) if self.primitives else made


@dataclass(frozen=True)
class Baseline:
    """One simple way: ``make`` gives programs of a task in any order, of which the best are kept."""

    name: str
    title: str  # what it does, in a few words
    source: str  # (author, year), or where it is common
    make: Callable[[Task], Iterator[Program]]
    rank: int  # where it stands among the others: the plainest first


@dataclass(frozen=True)
class Point:
    """One step of a staircase."""

    cost: float
    error: float
    program: Program


def staircase(programs: Iterable[Program], task: Task, gauge: Gauge | None = None) -> tuple[Point, ...]:
    """The programs that no other beats in cost and error, ascending in cost, so falling in error.

    ``gauge`` measures a matrix in the place of the relative error; what has no finite error is left out, and a program
    that is nearer by no more than round-off.
    """
    gauge = gauge or task.error
    points = [Point(cost(program, task.model), gauge(program.matrix()), program) for program in programs]
    points.sort(key=lambda point: (point.cost, point.error))
    kept: list[Point] = []
    for point in points:
        if np.isfinite(point.error) and (not kept or point.error < kept[-1].error - EXACT):
            kept.append(point)
    return tuple(kept)


def at_most(points: Sequence[Point], most: float) -> Point | None:
    """The step of a staircase for a budget: the dearest that costs at most so much; None where all cost more."""
    return next((point for point in reversed(points) if point.cost <= most), None)


def within(points: Sequence[Point], error: float) -> Point | None:
    """The cheapest step with at most this error; None where there is none."""
    return next((point for point in points if point.error <= error), None)


def matrix_rows(matrix: NDArray[np.complexfloating | np.floating]) -> Rows:
    """The terms of the definition of a matrix ``(outputs, inputs)``: one for each part of an entry that is not zero."""
    return [
        [
            (abs(part), turn + 2 * (part < 0), ref)
            for ref, entry in enumerate(line)
            for part, turn in ((complex(entry).real, 0), (complex(entry).imag, 1))
            if abs(part) > LEAST
        ]
        for line in matrix.tolist()
    ]
