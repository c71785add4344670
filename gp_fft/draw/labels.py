"""Where on its branch each factor is written: clear of other factors and, if it can be, of other lines.

A column gap is as wide as its factors need: one that is too narrow for all of them is widened until every factor has a
place. Lengths are picture units; the origin of a gap is its left column, at the height of its highest branch.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gp_fft.draw.layout import RADIUS
from gp_fft.draw.scene import text_width

Floats = NDArray[np.float64]

SIZE = 10.0
ALONG = np.array((0.74, 0.66, 0.58, 0.5, 0.42, 0.34, 0.82, 0.26, 0.2))
"""How far along its branch a factor may stand; near the end, where textbooks write factors, is tried first."""
NEAREST, FURTHEST, STEP = 0.88, 0.12, 6.0  # where all of ALONG are taken: the first free place this many units apart
CLEAR = 9.0
TALL = 7.2  # half the height of the room that a factor takes: that of its plate
BESIDE = 2.5  # how far that room reaches beyond the ends of the text
SPACE = 5.0  # what lies between the text and a node, or where all of ALONG are taken another text
CELL, ABOVE = 2.0, 8  # the side of a cell of paper, and how many lie above the highest line
WIDER = 1.3  # how much wider a gap becomes at a time
MOST_WIDENED = 12  # times; a gap of 64 inputs, each read by 64 outputs, takes five
FILLED = 0.7  # the part of a gap that factors can fill at the very best


def place_factors(ends: Floats, texts: Sequence[str], width: float) -> tuple[float, list[float | None]]:
    """Place the factors of all branches of a column gap, greedily from flat to steep.

    Args:
        ends: ``(branches, 2)``, the heights at which each branch begins and ends.
        texts: the factor of each branch, empty where there is nothing to write.
        width: the least width of the gap.

    Returns:
        The width at which every factor has a place, or the last one tried; and how far along its branch each stands,
        as a fraction. None where there is no text, or where every place would cover part of another factor.
    """
    halves = np.array([text_width(text, SIZE) / 2.0 for text in texts])
    written = halves[halves > 0.0]
    if not len(written):
        return width, [None] * len(texts)
    area = 2.0 * TALL * (2.0 * written + 2.0 * BESIDE).sum()
    tall = np.ptp(ends) + 2.0 * TALL
    width = max(width, 2.0 * (written.max() + SPACE + RADIUS) + 2.0, area / (FILLED * tall))
    for tried in range(MOST_WIDENED + 1):
        along, left_out = _Gap(ends - ends.min(), halves, width).place(patient=tried == MOST_WIDENED)
        if left_out and tried < MOST_WIDENED:
            width = float(np.ceil(width * WIDER))
        else:
            break
    return width, along


class _Gap:
    """A column gap of some width: its branches, what is written on them, and in cells which parts of it are taken."""

    def __init__(self, ends: Floats, halves: Floats, width: float) -> None:
        self.ends, self.halves, self.width = ends, halves, width
        self.taken = np.zeros((int(ends.max() / CELL) + 2 * ABOVE, int(width / CELL) + 2), dtype=np.bool_)

    def place(self, patient: bool = True) -> tuple[list[float | None], int]:
        """Place all factors, flat branches first: they have the least choice. Also how many were left out.

        Without patience nothing more is placed after the first that was left out.
        """
        along: list[float | None] = [None] * len(self.ends)
        left_out = 0
        climbs = np.abs(self.ends[:, 1] - self.ends[:, 0])
        for k in np.lexsort((self.ends[:, 1], climbs)).tolist():
            if self.halves[k] and (patient or not left_out):
                along[k] = self._write(k)
                left_out += along[k] is None
        return along, left_out

    def _write(self, k: int) -> float | None:
        """Write a factor at the free place that fewest lines come close to, else at the first that is free."""
        (start, end), others = self.ends[k], np.delete(self.ends, k, axis=0)
        along, rooms = self._free(k, ALONG)
        if len(along):
            heights = others[:, 0] + along[:, None] * (others[:, 1] - others[:, 0])
            gaps = np.abs(heights - start - along[:, None] * (end - start))
            best = int(np.maximum(0.0, CLEAR - gaps).sum(axis=1).argmin())
        else:
            steps = int((NEAREST - FURTHEST) * self.width / STEP) + 2
            along, rooms = self._free(k, np.linspace(NEAREST, FURTHEST, steps))
            best = 0
        if not len(along):
            return None
        left, top, right, bottom = rooms[best]
        self.taken[top : bottom + 1, left : right + 1] = True
        return float(along[best])

    def _free(self, k: int, along: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Those of the places that lie between the two columns of nodes and on which nothing is written.

        Also the cells that the factor would take there, ``(places, 4)``: left, top, right, bottom. All are equally
        high: where two overlap, the upper or the lower edge of one lies in the other.
        """
        space = self.halves[k] + SPACE + RADIUS
        along = along[(along * self.width > space) & ((1.0 - along) * self.width > space)]
        start, end = self.ends[k]
        x, y, half = along * self.width, start + along * (end - start), self.halves[k] + BESIDE
        edges = np.column_stack((x - half, y - TALL, x + half, y + TALL))
        rooms = np.floor(edges / CELL).astype(np.int64) + np.array((0, ABOVE, 0, ABOVE))
        columns = rooms[:, :1] + np.arange(int(2.0 * half / CELL) + 2)
        free = ~self.taken[rooms[:, (1, 3), None], columns[:, None]].any(axis=(1, 2))
        return along[free], rooms[free]
