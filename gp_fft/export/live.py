"""How many values an order of statements keeps alive: what registers have to hold.

The model is that of a routine on memory. An input is read where it is first used, an output is written where it is
made; a value is alive from there to its last use. What counts is the number alive after each statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gp_fft.export.form import Form


class Pressure(NamedTuple):
    """Values alive after each statement: the most, and the sum over all statements."""

    most: int
    total: int


class Graph(NamedTuple):
    """Statements by number, with what they read and who reads what they make."""

    inputs: int  # values that are inputs
    reads: tuple[tuple[int, ...], ...]  # values read by each statement
    makes: tuple[int, ...]  # the value made by each statement
    maker: tuple[int, ...]  # the statement that makes each value, -1 of an input
    users: tuple[tuple[int, ...], ...]  # the statements that read each value

    @classmethod
    def of(cls, form: Form) -> Graph:
        """The graph of the statements of a form, numbered as they stand."""
        users: list[list[int]] = [[] for _ in form.names]
        maker = [-1] * len(form.names)
        for k, statement in enumerate(form.statements):
            maker[statement.out] = k
            for value in statement.reads:
                users[value].append(k)
        reads = tuple(statement.reads for statement in form.statements)
        makes = tuple(statement.out for statement in form.statements)
        return cls(form.inputs * form.parts, reads, makes, tuple(maker), tuple(map(tuple, users)))

    def before(self, statement: int) -> list[int]:
        """The statements that must come before one."""
        return [self.maker[value] for value in self.reads[statement] if self.maker[value] >= 0]

    def after(self, statement: int) -> tuple[int, ...]:
        """The statements that must come after one."""
        return self.users[self.makes[statement]]

    def alive(self, order: Sequence[int]) -> list[int]:
        """The values alive after each statement of an order."""
        place = {statement: k for k, statement in enumerate(order)}
        now, counts = 0, []
        for k, statement in enumerate(order):
            now += self.change(statement, k, place)
            counts.append(now)
        return counts

    def change(self, statement: int, here: int, place: Sequence[int] | dict[int, int]) -> int:
        """By how many values more are alive after a statement at ``here`` than before it."""
        inputs, _, makes, _, users = self
        change = 1 if users[makes[statement]] else 0
        for value in self.reads[statement]:
            earlier = later = False
            for user in users[value]:
                at = place[user]
                if at > here:
                    later = True
                    if earlier:
                        break
                elif at < here:
                    earlier = True
                    if later:
                        break
            if value >= inputs or earlier:
                if not later:
                    change -= 1
            elif later:
                change += 1
        return change

    def pressure(self, order: Sequence[int]) -> Pressure:
        """How much an order keeps alive."""
        counts = self.alive(order)
        return Pressure(max(counts, default=0), sum(counts))


def pressure(form: Form) -> Pressure:
    """How much the statements of a form keep alive in the order in which they stand."""
    return Graph.of(form).pressure(range(len(form.statements)))
