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
    for _ in range(MOST_WORK // (len(columns) * len(prices)) ** 2):
        gain, first, last, a, b = _best_swap(tables, prices)
        if gain < LEAST_GAIN:
            break
        order = np.arange(len(prices))
        order[[a, b]] = b, a
        for c in range(first, last + 1):
            columns[c] = order[columns[c]]
            tables[c - 1] = tables[c - 1][:, order]
            tables[c] = tables[c][order]
    return columns


def _best_swap(tables: Sequence[Table], prices: Table) -> tuple[float, int, int, int, int]:
    """The largest gain, the range of columns and the two lanes that it takes."""
    left = [_change(table.T, prices) for table in tables]  # if only the right ends move
    right = [_change(table, prices) for table in tables]  # if only the left ends move
    both = [one + other - 2.0 * _block(table, prices) for one, other, table in zip(left, right, tables, strict=True)]
    best = (0.0, 0, 0, 0, 0)
    for first in range(1, len(tables)):
        inside = np.zeros_like(prices)
        for last in range(first, len(tables)):
            change = left[first - 1] + inside + right[last]
            a, b = divmod(int(change.argmin()), len(prices))
            if -change[a, b] > best[0] + LEAST_GAIN:
                best = (float(-change[a, b]), first, last, a, b)
            inside = inside + both[last]
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
