"""Levels of statements: each one as early as what it reads allows."""

from __future__ import annotations

from gp_fft.export.form import Form


def levels(form: Form) -> list[int]:
    """The level of every value: 0 of an input, of what a statement makes one more than the highest that it reads."""
    level = [0] * len(form.names)
    for statement in form.statements:
        level[statement.out] = 1 + max((level[value] for value in statement.reads), default=0)
    return level


def ends(form: Form) -> list[int]:
    """The last level at which every value is read; an output is read one level beyond the highest, others -1."""
    level, end = levels(form), [-1] * len(form.names)
    for statement in form.statements:
        for value in statement.reads:
            end[value] = max(end[value], level[statement.out])
    for value in form.outputs:
        end[value] = max(level, default=0) + 1
    return end
