"""Hypothesis strategies that several tests share: small random programs with everything they may have."""

from __future__ import annotations

from hypothesis import strategies as st

import primitives
from gp_fft.program import Program, Term

SIZES = (1.0, 1.0, 1.0, 0.7071067811865476, 0.5, 2.0)
"""Sizes that meet again, so that products are shared; 1 most of all, as in real programs."""


def sizes() -> st.SearchStrategy[float]:
    """Familiar sizes, and now and then any other of moderate magnitude."""
    return st.one_of(st.sampled_from(SIZES), st.floats(0.01, 100.0))


@st.composite
def rows(draw, field: str, inputs: int, most: int = 8) -> list[list[Term]]:
    """Rows of one to four terms that refer to inputs and earlier rows."""
    turns = st.sampled_from((0, 1, 2, 3) if field == "complex" else (0, 2))
    count = draw(st.integers(1, most))
    return [
        draw(st.lists(st.tuples(sizes(), turns, st.integers(0, inputs + d - 1)), min_size=1, max_size=4))
        for d in range(count)
    ]


@st.composite
def bit_programs(draw, inputs: int | None = None, most: int = 8, outputs: int | None = None) -> Program:
    """A random canonical program over GF(2), of rows in which things may vanish."""
    inputs = inputs or draw(st.integers(1, 9))
    count = draw(st.integers(outputs or 1, max(most, outputs or 1)))
    table: list[list[Term]] = [
        [(1.0, 0, ref) for ref in draw(st.lists(st.integers(0, inputs + d - 1), max_size=5))] for d in range(count)
    ]
    least, greatest = (outputs, outputs) if outputs else (1, 5)
    shown = draw(st.lists(st.integers(0, count - 1), min_size=least, max_size=greatest, unique=True))
    return Program.build(inputs, "gf2", table, shown, draw(st.sampled_from(("", "random 1"))))


@st.composite
def programs(draw, field: str | None = None, inputs: int | None = None, most: int = 8, empty: bool = True) -> Program:
    """A random canonical program; ``empty`` allows an output that is zero."""
    field = field or draw(st.sampled_from(("complex", "real")))
    inputs = inputs or draw(st.integers(1, 5))
    table = draw(rows(field, inputs, most))
    outputs = draw(st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=5, unique=True))
    if empty and draw(st.integers(0, 9)) == 9:
        outputs.append(len(table))
        table.append([])
    return Program.build(inputs, field, table, outputs, draw(st.sampled_from(("", "random 1", "my map"))))


SETS = ("dyadic", "dyadic:shift=0.25", "integer:bits=3", "octant", "gf2")
"""Primitive sets that do not allow everything."""


@st.composite
def set_programs(draw, name: str | None = None) -> Program:
    """A random canonical program in the terms of a primitive set; terms of one reference may stand apart."""
    chosen = primitives.get(name or draw(st.sampled_from(SETS)))
    field, inputs = draw(st.sampled_from(chosen.fields)), draw(st.integers(1, 5))
    listed = [1.0, 1.0, *(size for size, _ in chosen.constants or () if 0.1 < size < 10.0)]
    terms = st.tuples(st.sampled_from(listed), st.sampled_from(chosen.turns_on(field)))
    table = []
    for d in range(draw(st.integers(1, 8))):
        refs = draw(st.lists(st.integers(0, inputs + d - 1), min_size=1, max_size=4))
        table.append([(*draw(terms), ref) for ref in refs])
    outputs = draw(st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=5, unique=True))
    return Program.build(inputs, field, table, outputs, "random 1", chosen.name if field != chosen.name else "")
