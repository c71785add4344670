"""A program as a product of sparse matrices: one for each level, rows of two entries at most where something is done.

The columns of the first are the inputs, the rows of the last the outputs; between them stand the values that are alive
from one level to the next, which those after pass on with a one. So every sum is done once and every constant stands
once, as in the program. Products of sparse matrices as a language for transforms: C. Van Loan, "Computational
Frameworks for the Fast Fourier Transform", SIAM 1992.
"""

from __future__ import annotations

from dataclasses import dataclass

from gp_fft.export.form import Form, Statement
from gp_fft.export.levels import ends, levels

TURNS = (1.0, 1j, -1.0, -1j)


@dataclass(frozen=True)
class Factor:
    """One sparse matrix: of each row its entries as (column, coefficient), and how many columns there are."""

    rows: tuple[tuple[tuple[int, complex], ...], ...]
    columns: int


def factors(form: Form) -> list[Factor]:
    """The factors of a form in the order in which they are applied; at least one."""
    level, end = levels(form), ends(form)
    makes = {statement.out: statement for statement in form.statements}
    highest = max(level, default=0)
    before, made = list(range(form.inputs * form.parts)), list[Factor]()
    for here in range(1, max(1, highest) + 1):
        after = [value for value in range(len(form.names)) if level[value] <= here < end[value]]
        if here >= highest:
            after = list(form.outputs)
        place = {value: column for column, value in enumerate(before)}
        rows = (_row(makes[value], place) if value not in place else ((place[value], 1.0),) for value in after)
        made.append(Factor(tuple(rows), len(before)))
        before = after
    return made


def _row(statement: Statement, place: dict[int, int]) -> tuple[tuple[int, complex], ...]:
    """The entries of the row that does a statement; two that meet in one place are one."""
    s = statement
    entries: dict[int, complex] = {}
    if s.operation == "product":
        entries = {place[s.a]: s.size}
    elif s.operation == "turned":
        entries = {place[s.a]: TURNS[s.turn]}
    elif s.operation != "zero":
        entries = {place[s.a]: 1.0}
        entries[place[s.b]] = entries.get(place[s.b], 0.0) + s.size * TURNS[s.turn]
    return tuple(sorted(entries.items(), key=lambda entry: entry[0]))
