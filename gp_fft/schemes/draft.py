"""A draft: a scheme while it evolves, as the rows that the kernels take; the member of a population."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import DataError
from gp_fft.kernels.vectors.layout import PARTS, WIDTH
from gp_fft.schemes.forms import Table
from gp_fft.schemes.scheme import CALL, SUM, Scheme, Step, level_of
from gp_fft.schemes.text import format_scheme

CLEAN = -1  # the walk of a draft that holds nothing but what its output asks for


@dataclass(eq=False)
class Draft:
    """Rows with an error and a cost, both infinite until it is scored."""

    table: Table
    rows: NDArray[np.int64]  # (count, WIDTH)
    walk: int = CLEAN  # the number of the climber that it is; a climber is full of what it does not use
    age: int = 0  # generations since it came nearer
    error: float = math.inf
    cost: float = math.inf
    fresh: bool = False  # whether it came right from a climber, and no island has walked on it
    lineage: tuple[tuple[int, int, float, float], ...] = ()  # (generation, evaluations, error, cost) of its steps

    @cached_property
    def key(self) -> tuple[int, bytes]:
        """Tells copies apart."""
        return self.walk, self.rows.tobytes()

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme of a clean draft."""
        return scheme_of(self.table, self.rows)

    @cached_property
    def species(self) -> tuple[int, ...]:
        """How many calls it has at each level: their number, and the set of lengths called."""
        calls = self.scheme.calls
        return tuple(calls.get(level, 0) for level in range(1, self.table.depth + 1))

    def text(self) -> str:
        """The text form of the scheme; of a climber how many rows it has."""
        return format_scheme(self.scheme) if self.walk == CLEAN else f"a climber of {len(self.rows)} rows"

    def to_dict(self) -> dict[str, Any]:
        """What JSON holds of it."""
        numbers = {
            name: None if math.isinf(value) else value for name, value in (("error", self.error), ("cost", self.cost))
        }
        return {
            "rows": self.rows.tolist(),
            "walk": self.walk,
            "age": self.age,
            "fresh": self.fresh,
            **numbers,
            "lineage": [list(event) for event in self.lineage],
        }

    @classmethod
    def from_dict(cls, table: Table, data: Mapping[str, Any]) -> Draft:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on damaged data."""
        rows = np.array(data["rows"], dtype=np.int64)
        if rows.ndim != 2 or rows.shape[1] != WIDTH or not len(rows) > 1:
            raise ValueError("a draft with rows of another width")
        _check_lengths(table, rows)
        error, cost = (math.inf if data[name] is None else float(data[name]) for name in ("error", "cost"))
        lineage = tuple((int(a), int(b), float(c), float(d)) for a, b, c, d in data["lineage"])
        flag = data["fresh"] is True
        return cls(table, rows, int(data["walk"]), int(data["age"]), error, cost, flag, lineage)


def scheme_of(table: Table, rows: NDArray[np.int64]) -> Scheme:
    """The scheme of the rows of a clean draft."""
    return Scheme(table.family, steps_of(table, rows))


def steps_of(table: Table, rows: NDArray[np.int64]) -> tuple[Step, ...]:
    """The steps of rows; ValueError where one has no form, or refers to what does not stand before it."""
    steps = list[Step]()
    for row in rows[1:].tolist():
        if not 0 < row[0] < len(table.forms):
            raise ValueError("a row with a form that is none")
        arguments = tuple((row[1 + 2 * p], row[2 + 2 * p]) for p in range(int(table.arrays.arity[row[0]])))
        if not all(0 <= ref <= len(steps) and 0 <= turn < 4 for ref, turn in arguments):
            raise ValueError("a row that refers to what does not stand before it")
        steps.append(Step(table.forms[row[0]], arguments))
    return tuple(steps)


def _check_lengths(table: Table, rows: NDArray[np.int64]) -> None:
    """Raise ValueError for rows, which need not end in a whole vector, whose lengths do not fit."""
    levels = [0]
    for k, step in enumerate(steps_of(table, rows), 1):
        try:
            levels.append(level_of(table.family, k, step, [levels[ref] for ref, _ in step.arguments]))
        except DataError as error:
            raise ValueError(str(error)) from error


def rows_of(table: Table, scheme: Scheme) -> NDArray[np.int64]:
    """The rows of a scheme; KeyError for a form that the table does not have."""
    rows = np.zeros((len(scheme.steps) + 1, WIDTH), np.int64)
    for k, step in enumerate(scheme.steps, 1):
        rows[k, 0] = {SUM: 1, CALL: 2}.get(step.form.name) or table.number(step.form)
        for p, (ref, turn) in enumerate(step.arguments[:PARTS]):
            rows[k, 1 + 2 * p : 3 + 2 * p] = ref, turn
    return rows
