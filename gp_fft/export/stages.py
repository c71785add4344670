"""Stages of a pipeline: what is made in each clock, and what is passed on in registers to where it is read."""

from __future__ import annotations

from dataclasses import dataclass

from gp_fft.export.form import Form, Statement
from gp_fft.export.levels import ends, levels


@dataclass(frozen=True)
class Stages:
    """The levels of a form; outputs leave after the highest."""

    level: tuple[int, ...]  # of every value, 0 of inputs
    end: tuple[int, ...]  # the last level that reads it, one beyond the highest of outputs, -1 of what nobody reads
    statements: tuple[Statement, ...]  # by levels

    @classmethod
    def of(cls, form: Form) -> Stages:
        """The stages of a form."""
        level = levels(form)
        statements = sorted(form.statements, key=lambda statement: level[statement.out])
        return cls(tuple(level), tuple(ends(form)), tuple(statements))

    @property
    def highest(self) -> int:
        """The number of levels."""
        return max(self.level, default=0)

    def passed(self, level: int) -> list[int]:
        """The values of earlier levels that are read after this one."""
        return [value for value in range(len(self.level)) if self.level[value] < level < self.end[value]]
