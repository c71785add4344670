"""Swaps of whole lanes: two wires that run through several columns in each other's place are put right together.

Placing one column between its neighbours (:mod:`gp_fft.draw.lanes`) cannot do this, since each column alone would
get worse. Here every pair of lanes over every range of inner columns is priced at once, by matrix products: inside the
range an edge between the two lanes keeps its climb, and only edges to third lanes and over the ends change.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
"""``(lanes, lanes)`` float64."""

MOST_WORK = 30_000_000  # squared columns times squared lanes, over all swaps
LEAST_GAIN = 1e-6


def swap_lanes(columns: list[NDArray[np.int64]], edges: Sequence[Table], prices: Table) -> list[NDArray[np.int64]]:
    """Swap lanes over ranges of inner columns as long as that lowers the price, the best swap first.

    Args:
        columns: the lane of every mark of every column; the first and the last column stay.
        edges: for each gap the total weight of edges from lane to lane.
        prices: the price of an edge from lane to lane, symmetric, zero on the diagonal.

    Returns:
        The lanes after the swaps.
    """
    columns, tables = list(columns), list(edges)
    ranges = _Ranges(tables, prices)
    for _ in range(MOST_WORK // (len(columns) * len(prices)) ** 2):
        gain, first, last, a, b = ranges.best()
        if gain < LEAST_GAIN:
            break
        order = np.arange(len(prices))
        order[[a, b]] = b, a
        for c in range(first, last + 1):
            columns[c] = order[columns[c]]
            tables[c - 1] = tables[c - 1][:, order]
            tables[c] = tables[c][order]
        ranges.renew(first - 1, last)
    return columns


class _Ranges:
    """The best swap of every range of inner columns; after a swap only the ranges that it touches are priced again."""

    def __init__(self, tables: list[Table], prices: Table) -> None:
        self.tables, self.prices = tables, prices
        self.left, self.right, self.both = ([prices] * len(tables) for _ in range(3))
        self.found: dict[tuple[int, int], tuple[float, int, int]] = {}
        self.renew(0, len(tables) - 1)

    def renew(self, start: int, end: int) -> None:
        """Price everything that looks at the tables from ``start`` to ``end``, which have changed."""
        for k in range(start, end + 1):
            table = self.tables[k]
            self.left[k] = _change(table.T, self.prices)  # if only the right ends move
            self.right[k] = _change(table, self.prices)  # if only the left ends move
            self.both[k] = self.left[k] + self.right[k] - 2.0 * _block(table, self.prices)
        for first in range(1, min(end + 2, len(self.tables))):
            inside = np.zeros_like(self.prices)
            for last in range(first, len(self.tables)):
                if last >= start:
                    change = self.left[first - 1] + inside + self.right[last]
                    a, b = divmod(int(change.argmin()), len(self.prices))
                    self.found[first, last] = float(-change[a, b]), a, b
                inside = inside + self.both[last]

    def best(self) -> tuple[float, int, int, int, int]:
        """The largest gain, the range of columns and the two lanes that it takes."""
        best = (0.0, 0, 0, 0, 0)
        for (first, last), (gain, a, b) in self.found.items():  # in the order of the ranges, as first priced
            if gain > best[0] + LEAST_GAIN:
                best = (gain, first, last, a, b)
        return best


def _change(table: Table, prices: Table) -> Table:
    """How much dearer the edges get if two rows change places."""
    moved = table @ prices
    stay = moved.diagonal()
    return moved + moved.T - stay[:, None] - stay[None, :]


def _block(table: Table, prices: Table) -> Table:
    """The part of that which edges between the two lanes have, which keep their climb if both ends move."""
    same = table.diagonal()
    return prices * (same[:, None] + same[None, :] - table - table.T)
