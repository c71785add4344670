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

from collections.abc import Sequence
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
    lanes = max(sizes)
    ends = _spread(sizes[0], lanes), _spread(sizes[-1], lanes)
    if len(sizes) == 2:
        return [ends[0], ends[1]], lanes
    starts = [_sweep_from_left(sizes, gaps, ends, lanes), _sweep_from_right(sizes, gaps, ends, lanes)]
    settled = [_settle(_swapped(_settle(start, gaps, lanes), gaps, lanes), gaps, lanes) for start in starts]
    return min(settled, key=lambda found: _price_of(found, gaps)), lanes


def _swapped(columns: list[Lanes], gaps: Sequence[Gap], lanes: int) -> list[Lanes]:
    """Put right what single columns cannot, unless the drawing is too wide for that."""
    if lanes > WIDEST_ASSIGNED:
        return columns
    edges = []
    for c, gap in enumerate(gaps):
        edges.append(np.zeros((lanes, lanes)))
        np.add.at(edges[-1], (columns[c][gap.left], columns[c + 1][gap.right]), gap.weight)
    return swap_lanes(columns, edges, _climb_prices(lanes))


def count_crossings(columns: Sequence[Lanes], gaps: Sequence[Gap], lanes: int) -> int:
    """Count the pairs of edges that cross between neighbouring columns."""
    total = 0
    for c, gap in enumerate(gaps):
        edges = np.zeros((lanes, lanes), dtype=np.int64)
        np.add.at(edges, (columns[c][gap.left], columns[c + 1][gap.right]), 1)
        above = np.cumsum(edges, axis=0)[:-1]
        below = above[:, ::-1].cumsum(axis=1)[:, ::-1]
        total += int((edges[1:, :-1] * below[:, 1:]).sum())
    return total


def _spread(size: int, lanes: int) -> Lanes:
    """Spread marks evenly over the lanes in their own order."""
    if size == 0:
        return np.zeros(0, dtype=np.int64)
    return (
        ((2 * np.arange(size, dtype=np.int64) + 1) * lanes // size - 1) // 2
        if size < lanes
        else np.arange(size)
    )


def _price(climb: NDArray[np.int64]) -> NDArray[np.float64]:
    """Price a climb over lanes: zero for a straight edge, concave beyond."""
    return np.sqrt(climb)


def _price_of(columns: Sequence[Lanes], gaps: Sequence[Gap]) -> float:
    """Add up the price of all edges."""
    return sum(
        float((gap.weight * _price(np.abs(columns[c][gap.left] - columns[c + 1][gap.right]))).sum())
        for c, gap in enumerate(gaps)
    )


@lru_cache(maxsize=8)
def _climb_prices(lanes: int) -> NDArray[np.float64]:
    """Price the way from every lane to every lane."""
    return _price(np.abs(np.arange(lanes)[:, None] - np.arange(lanes)[None, :]))


def _wishes(size: int, lanes: int, near: Sequence[Near]) -> NDArray[np.float64]:
    """Price every lane for every mark of a column, ``(size, lanes)``."""
    table, prices = _climb_prices(lanes), np.zeros((size, lanes))
    for own, there, weight in near:
        np.add.at(prices, own, weight[:, None] * table[there])
    middle = (np.arange(size, dtype=np.float64) + 0.5) * lanes / max(size, 1) - 0.5
    return prices + TIE * np.abs(np.arange(lanes)[None, :] - middle[:, None]) / lanes


def _place(size: int, lanes: int, near: Sequence[Near]) -> Lanes:
    """Give the marks of one column the cheapest different lanes."""
    if size == 0:
        return np.zeros(0, dtype=np.int64)
    if lanes > WIDEST_ASSIGNED:
        return _by_barycenter(size, lanes, near)
    from scipy.optimize import linear_sum_assignment

    _, found = linear_sum_assignment(_wishes(size, lanes, near))
    return np.asarray(found, dtype=np.int64)


def _by_barycenter(size: int, lanes: int, near: Sequence[Near]) -> Lanes:
    """Order the marks of one wide column by the mean lane of their neighbours."""
    total, weights = np.zeros(size), np.zeros(size)
    for own, there, weight in near:
        np.add.at(total, own, weight * there)
        np.add.at(weights, own, weight)
    order = np.argsort(np.where(weights > 0, total / np.maximum(weights, TIE), lanes), kind="stable")
    placed = np.empty(size, dtype=np.int64)
    placed[order] = _spread(size, lanes)
    return placed


def _sweep_from_left(
    sizes: Sequence[int], gaps: Sequence[Gap], ends: tuple[Lanes, Lanes], lanes: int
) -> list[Lanes]:
    """Place the columns one after another, each by its left neighbour alone."""
    columns = [ends[0]]
    for c in range(1, len(sizes) - 1):
        gap = gaps[c - 1]
        columns.append(_place(sizes[c], lanes, [(gap.right, columns[-1][gap.left], gap.weight)]))
    return [*columns, ends[1]]


def _sweep_from_right(
    sizes: Sequence[int], gaps: Sequence[Gap], ends: tuple[Lanes, Lanes], lanes: int
) -> list[Lanes]:
    """Place the columns one before another, each by its right neighbour alone."""
    columns = [ends[1]]
    for c in range(len(sizes) - 2, 0, -1):
        gap = gaps[c]
        columns.append(_place(sizes[c], lanes, [(gap.left, columns[-1][gap.right], gap.weight)]))
    return [ends[0], *reversed(columns)]


def _settle(columns: list[Lanes], gaps: Sequence[Gap], lanes: int) -> list[Lanes]:
    """Improve each inner column between its neighbours, to and fro, until neither way lowers the price."""
    best, price, idle = columns, _price_of(columns, gaps), 0
    inner = range(1, len(columns) - 1)
    for sweep in range(min(SWEEPS, MOST_WORK // (len(columns) * lanes**2))):
        columns = list(best)
        for c in inner if sweep % 2 == 0 else reversed(inner):
            before, after = gaps[c - 1], gaps[c]
            near = [
                (before.right, columns[c - 1][before.left], before.weight),
                (after.left, columns[c + 1][after.right], after.weight),
            ]
            columns[c] = _place(len(columns[c]), lanes, near)
        lower = _price_of(columns, gaps)
        idle = 0 if lower < price - 1e-9 else idle + 1
        if idle == 2:
            break
        if idle == 0:
            best, price = columns, lower
    return best
