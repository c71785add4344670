"""What people published for other rules than the usual one: with shifts for multipliers, over GF(2), fused, shallow.

A rule is a primitive set and a cost model. The usual one, any complex or real constant counted in flops, has its own
table: :mod:`gp_fft.transforms.published`.
"""

import csv
from dataclasses import dataclass
from functools import cache

import msgspec

from gp_fft.ground import shipped


@dataclass(frozen=True)
class InSet:
    """One published count: ``total`` under ``model`` with the primitives of the set, in operations on real data.

    What the source does not say is None. A ``depth`` is in levels of operations; a row with one counts a circuit that
    keeps to it.
    """

    transform: str
    n: int
    primitives: str  # a set: "dyadic", "gf2", or that which is called like the field
    model: str  # a cost model
    depth: int | None
    adds: int | None
    muls: int | None
    shifts: int | None
    total: int
    by: str  # who, in a word or two
    source: str


@cache
def _table() -> tuple[InSet, ...]:
    """Every row of set_counts.csv, in its order."""
    text = (shipped.folder("_reference") / "set_counts.csv").read_text(encoding="utf-8")
    rows = ({key: value or None for key, value in row.items()} for row in csv.DictReader(text.splitlines()))
    return tuple(msgspec.convert(row, InSet, strict=False) for row in rows)


def rows(
    transform: str | None = None, n: int | None = None, primitives: str | None = None, model: str | None = None
) -> tuple[InSet, ...]:
    """The published counts of a transform, a size, a set and a cost model; what is None may be any."""
    wanted = (transform, n, primitives, model)
    return tuple(
        row
        for row in _table()
        if all(ask in (None, has) for ask, has in zip(wanted, _rule(row), strict=True))
    )  # fmt: skip


def _rule(row: InSet) -> tuple[str, int, str, str]:
    return row.transform, row.n, row.primitives, row.model


def best(transform: str, n: int, primitives: str, model: str = "flops", depth: int | None = None) -> InSet | None:
    """The least published count, of circuits of at most this depth where one is given; None if there is none.

    >>> best("aes-mixcolumns", 32, "gf2").total, best("aes-mixcolumns", 32, "gf2", depth=3).total
    (88, 99)
    """
    known = rows(transform, n, primitives, model)
    fitting = [row for row in known if depth is None or (row.depth is not None and row.depth <= depth)]
    return min(fitting, key=lambda row: row.total, default=None)
