"""In which lane of its column each mark stands: few crossings, wires straight, butterflies in their usual
order.

Every column is a set of marks to be given different whole lanes. With its two neighbouring columns held
still, the best lanes of one column are a linear assignment problem, solved exactly; sweeps to and fro over
the columns do the rest, and swaps of whole lanes (:mod:`gp_fft.draw.swaps`). The price of an edge is a
*concave* function of the lanes that it climbs. A median or barycenter (Sugiyama, Tagawa and Toda, 1981) would
pull both nodes of a butterfly into the middle between their two operands; a concave price prefers one
straight and one long edge to two half-long ones, and this is how textbooks draw a butterfly. The barycenter
only orders columns that are too wide for the assignment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gp_fft.draw.swaps import swap_lanes

Lanes = NDArray[np.int64]
Near = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Edges to a column held still: the own mark, the lane of the neighbour, the weight."""

WIDEST_ASSIGNED = 160
SWEEPS = 12
MOST_WORK = 20_000_000  # columns times squared lanes, over all sweeps of one start
TIE = 1e-4


@dataclass(frozen=True)
class Gap:
    """Edges between neighbouring columns: mark ``left[k]`` to mark ``right[k]`` with ``weight[k]``."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.float64]


def choose_lanes(sizes: Sequence[int], gaps: Sequence[Gap]) -> tuple[list[Lanes], int]:
    """Choose a lane for every mark of every column.

    Args:
        sizes: the number of marks in each column.
        gaps: the edges between columns ``c`` and ``c + 1``; one fewer than there are columns.

    Returns:
        For each column a ``(size,)`` int64 array of different lanes, and the number of lanes. The first and
        the last column keep their order and are spread evenly.
    """
    loom = _Loom(sizes, gaps, max(sizes))
    settled = []
    for first, step in ((0, 1), (len(sizes) - 1, -1)):
        columns = loom.swept(first, step)
        settled.append(loom.settled(loom.swapped(loom.settled(columns))))
    return min(settled, key=loom.price), loom.lanes


def count_crossings(columns: Sequence[Lanes], gaps: Sequence[Gap], lanes: int) -> int:
    """Count the pairs of edges that cross between neighbouring columns."""
    total = 0
    for edges in _tables(columns, gaps, lanes):
        above = np.cumsum(edges > 0, axis=0)[:-1]
        below = above[:, ::-1].cumsum(axis=1)[:, ::-1]
        total += int(((edges > 0)[1:, :-1] * below[:, 1:]).sum())
    return total


def _tables(columns: Sequence[Lanes], gaps: Sequence[Gap], lanes: int) -> list[NDArray[np.float64]]:
    """The total weight of the edges from lane to lane, ``(lanes, lanes)``, for each gap."""
    tables = [np.zeros((lanes, lanes)) for _ in gaps]
    for c, (table, gap) in enumerate(zip(tables, gaps, strict=True)):
        np.add.at(table, (columns[c][gap.left], columns[c + 1][gap.right]), gap.weight)
    return tables


@lru_cache(maxsize=8)
def _climb_prices(lanes: int) -> NDArray[np.float64]:
    """Price the way from every lane to every lane: zero for a straight edge, concave beyond."""
    prices: NDArray[np.float64] = np.sqrt(np.abs(np.arange(lanes)[:, None] - np.arange(lanes)))
    return prices


def _spread(size: int, lanes: int) -> Lanes:
    """Spread marks evenly over the lanes in their own order."""
    return ((2 * np.arange(size) + 1) * lanes // size - 1) // 2 if 0 < size < lanes else np.arange(size)


@dataclass(frozen=True)
class _Loom:
    """What is to be laid into lanes; ``columns`` below is the lane of every mark of every column."""

    sizes: Sequence[int]
    gaps: Sequence[Gap]
    lanes: int

    def price(self, columns: Sequence[Lanes]) -> float:
        """Add up the price of all edges."""
        climbs = [columns[c][gap.left] - columns[c + 1][gap.right] for c, gap in enumerate(self.gaps)]
        prices = [gap.weight * np.sqrt(np.abs(climb)) for gap, climb in zip(self.gaps, climbs, strict=True)]
        return float(sum(price.sum() for price in prices))

    def swept(self, first: int, step: int) -> list[Lanes]:
        """Place the columns one after another from one end, each by the neighbour that stands already."""
        columns = [_spread(size, self.lanes) for size in self.sizes]
        for c in range(first + step, len(columns) - 1 - first, step):
            columns[c] = self.placed(c, columns, (c - step,))
        return columns

    def settled(self, columns: list[Lanes]) -> list[Lanes]:
        """Improve each inner column between its neighbours, to and fro, until neither way lowers the price."""
        best, price, idle = columns, self.price(columns), 0
        inner = range(1, len(columns) - 1)
        for sweep in range(min(SWEEPS, MOST_WORK // (len(columns) * self.lanes**2))):
            columns = list(best)
            for c in inner if sweep % 2 == 0 else reversed(inner):
                columns[c] = self.placed(c, columns, (c - 1, c + 1))
            lower = self.price(columns)
            idle = 0 if lower < price - 1e-9 else idle + 1
            if idle == 2:
                break
            if idle == 0:
                best, price = columns, lower
        return best

    def swapped(self, columns: list[Lanes]) -> list[Lanes]:
        """Put right what single columns cannot, unless the drawing is too wide for that."""
        if self.lanes > WIDEST_ASSIGNED:
            return columns
        return swap_lanes(columns, _tables(columns, self.gaps, self.lanes), _climb_prices(self.lanes))

    def placed(self, c: int, columns: Sequence[Lanes], beside: Iterable[int]) -> Lanes:
        """Give the marks of one column the cheapest different lanes, with some neighbouring columns held still."""
        near: list[Near] = []
        for other in beside:
            gap = self.gaps[min(c, other)]
            own, there = (gap.right, gap.left) if other < c else (gap.left, gap.right)
            near.append((own, columns[other][there], gap.weight))
        if self.lanes > WIDEST_ASSIGNED:
            return self._by_barycenter(self.sizes[c], near)
        from scipy.optimize import linear_sum_assignment

        _, lanes = linear_sum_assignment(self._wishes(self.sizes[c], near))
        return np.asarray(lanes, dtype=np.int64)

    def _wishes(self, size: int, near: Sequence[Near]) -> NDArray[np.float64]:
        """Price every lane for every mark of a column, ``(size, lanes)``."""
        table, prices = _climb_prices(self.lanes), np.zeros((size, self.lanes))
        for own, there, weight in near:
            np.add.at(prices, own, weight[:, None] * table[there])
        middle = (np.arange(size) + 0.5) * self.lanes / max(size, 1) - 0.5
        return prices + TIE * np.abs(np.arange(self.lanes) - middle[:, None]) / self.lanes

    def _by_barycenter(self, size: int, near: Sequence[Near]) -> Lanes:
        """Order the marks of one wide column by the mean lane of their neighbours."""
        total, weights = np.zeros(size), np.zeros(size)
        for own, there, weight in near:
            np.add.at(total, own, weight * there)
            np.add.at(weights, own, weight)
        order = np.argsort(np.where(weights > 0, total / np.maximum(weights, TIE), self.lanes), kind="stable")
        placed = np.empty(size, dtype=np.int64)
        placed[order] = _spread(size, self.lanes)
        return placed
