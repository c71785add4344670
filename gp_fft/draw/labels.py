"""Where on its branch each factor is written: clear of other factors and, if it can be, of other lines.

A column gap is as wide as its factors need: one that is too narrow for all of them is widened, before the picture is
composed, until every factor has a place (:func:`make_room`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gp_fft.draw.layout import RADIUS, Point
from gp_fft.draw.scene import Label, Line

SIZE = 10.0
ALONG = (0.74, 0.66, 0.58, 0.5, 0.42, 0.34, 0.82, 0.26, 0.2)
NEAREST, FURTHEST, STEP = 0.88, 0.12, 6.0  # where all of ALONG are taken: the first free place this many units apart
CLEAR = 9.0
TALL = 8.0  # half the height of the room that a factor takes
CELL, ABOVE = 2.0, 8  # the side of a cell of paper, and how many lie above the highest line
MOST_COVERED = 0.12
WIDER = 1.3  # how much wider a gap becomes at a time
MOST_WIDENED = 12  # times; a gap of 64 inputs, each read by 64 outputs, takes five
FILLED = 0.7  # the part of a gap that factors can fill at the very best

Factor = tuple[Line, str, str]
Gap = tuple[float, float]
"""The columns to the left and to the right, as coordinates."""


def place_labels(factors: Sequence[Factor]) -> tuple[list[Label], int]:
    """Place the factors of all branches, greedily from flat to steep in each column gap.

    Args:
        factors: every branch with the text and the LaTeX of its factor, empty where there is nothing to
        write.

    Returns:
        The labels, and how many were left out because every place would cover too much of another one. Places
        near the end of the branch are tried first, where textbooks write factors.
    """
    labels = [label for gap in _gaps(factors).values() for label in _place_in_gap(gap)]
    return labels, sum(1 for _, text, _ in factors if text) - len(labels)


def make_room(factors: Sequence[Factor]) -> dict[Gap, float]:
    """How wide each gap has to be so that :func:`place_labels` leaves nothing out, where it is too narrow now."""
    wider = {}
    for gap, inside in _gaps(factors).items():
        width = _needed(inside, gap[1] - gap[0])
        if width > gap[1] - gap[0]:
            wider[gap] = width
    return wider


def _gaps(factors: Sequence[Factor]) -> dict[Gap, list[Factor]]:
    """The branches between each two columns."""
    gaps: dict[Gap, list[Factor]] = {}
    for factor in factors:
        points = factor[0].points
        gaps.setdefault((points[0][0], points[-1][0]), []).append(factor)
    return gaps


def _needed(factors: Sequence[Factor], width: float) -> float:
    """The width at which every factor of one gap has a place, or the last one tried."""
    sizes = [_size(text) for _, text, _ in factors if text]
    if not sizes:
        return width
    ends = [point[1] for line, _, _ in factors for point in line.points]
    tall = max(ends) - min(ends) + 16.0
    area = sum(16.0 * (size - 4.0) for size in sizes)
    width = max(width, max(sizes) + 2.0 * RADIUS + 2.0, area / (FILLED * tall))
    for _ in range(MOST_WIDENED):
        if _place_in_gap([(_across(line, width), text, latex) for line, text, latex in factors], all_or_none=True):
            break
        width = float(np.ceil(width * WIDER))
    return width


def _size(text: str) -> float:
    """How much of the way between two columns a factor takes."""
    return Label((0.0, 0.0), text, "", SIZE, "ink").width + 10.0


def _across(line: Line, width: float) -> Line:
    """The branch in a gap of another width."""
    (x, y), (_, end) = line.points[0], line.points[-1]
    return replace(line, points=((x, y), (x + width, end)))


def _place_in_gap(factors: Sequence[Factor], all_or_none: bool = False) -> list[Label]:
    """Place the factors of the branches between two columns; where the gap stands makes no difference."""
    x = factors[0][0].points[0][0]
    y = min(point[1] for line, _, _ in factors for point in line.points)
    moved = [(_moved(line, (-x, -y)), text, latex) for line, text, latex in factors]
    return [replace(label, at=(label.at[0] + x, label.at[1] + y)) for label in _place(moved, all_or_none)]


def _moved(line: Line, shift: Point) -> Line:
    """The branch in whole millionths, so that a place does not hang on the last bit of a coordinate."""
    points = tuple((round(a + shift[0], 6), round(b + shift[1], 6)) for a, b in line.points)
    return replace(line, points=points)


def _place(factors: Sequence[Factor], all_or_none: bool) -> list[Label]:
    """The labels of a gap, flat branches first: they have the least choice."""
    ends = np.array([(line.points[0][1], line.points[-1][1]) for line, _, _ in factors])
    taken, paper = np.zeros((len(factors), 4)), _Paper(factors)
    labels: list[Label] = []
    order = sorted(range(len(factors)), key=lambda k: (abs(ends[k, 1] - ends[k, 0]), ends[k, 1]))
    for k in order:
        line, text, latex = factors[k]
        if not text:
            continue
        choices = [_label_at(line, along, text, latex) for along in ALONG if _fits(line, along, text)]
        choices = choices or [_label_at(line, 0.5, text, latex)]
        best = _choose(choices, line, np.delete(ends, k, axis=0), taken[: len(labels)])
        best = best or paper.first_free(line, text, latex)
        if best is not None:
            taken[len(labels)] = _box(best)
            paper.take(best)
            labels.append(best)
        elif all_or_none:
            return []
    return labels


class _Paper:
    """Which parts of a gap are written on, in square cells."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        """A blank one, with the origin at the left column and the highest end."""
        tall = max(point[1] for line, _, _ in factors for point in line.points)
        wide = max(line.points[-1][0] for line, _, _ in factors)
        self.cells = np.zeros((int(tall / CELL) + 2 * ABOVE, int(wide / CELL) + 2), dtype=np.bool_)

    def take(self, label: Label) -> None:
        """Write a label."""
        left, top, right, bottom = (int(edge / CELL) for edge in _box(label))
        self.cells[top + ABOVE : bottom + ABOVE + 1, max(0, left) : right + 1] = True

    def first_free(self, line: Line, text: str, latex: str) -> Label | None:
        """The place nearest to the end of the branch that nothing is written on; None if there is none.

        All boxes are equally high: where two overlap, the upper or the lower edge of one lies in the other.
        """
        (x, y), (end, there) = line.points[0], line.points[-1]
        half = _size(text) / 2.0
        along = np.linspace(NEAREST, FURTHEST, int((NEAREST - FURTHEST) * (end - x) / STEP) + 2)
        along = along[(along * (end - x) - half > RADIUS) & ((1.0 - along) * (end - x) - half > RADIUS)]
        first = ((x + along * (end - x) - half) / CELL).astype(np.int64)
        columns = first[:, None] + np.arange(int(2 * half / CELL) + 2)
        middle = y + along * (there - y)
        rows = ((middle[:, None] + np.array([-TALL, TALL])) / CELL + ABOVE).astype(np.int64)
        free = ~self.cells[rows[:, :, None], columns[:, None, :]].any(axis=(1, 2))
        return _label_at(line, float(along[free.argmax()]), text, latex) if free.any() else None


def _label_at(line: Line, along: float, text: str, latex: str) -> Label:
    """Write the factor at a fraction of the way along its branch."""
    (x0, y0), (x1, y1) = line.points[0], line.points[-1]
    at = (x0 + along * (x1 - x0), y0 + along * (y1 - y0))
    return Label(at, text, latex, SIZE, line.role, plate=True, source=line.source, target=line.target)


def _fits(line: Line, along: float, text: str) -> bool:
    """Tell whether the text there stays between the two columns of nodes."""
    x0, x1 = line.points[0][0], line.points[-1][0]
    x, half = x0 + along * (x1 - x0), _size(text) / 2.0
    return x0 + RADIUS < x - half and x + half < x1 - RADIUS


def _box(label: Label) -> tuple[float, float, float, float]:
    """The rectangle that a label covers: left, top, right, bottom."""
    half = label.width / 2.0 + 3.0
    return label.at[0] - half, label.at[1] - TALL, label.at[0] + half, label.at[1] + TALL


def _choose(
    choices: Sequence[Label], line: Line, others: NDArray[np.float64], boxes: NDArray[np.float64]
) -> Label | None:
    """The place with the least trouble: covering other factors is worst, then lines that run close by.

    None if too much of another factor would be covered.
    """
    covered = _covered(np.array([_box(choice) for choice in choices]), boxes)
    x0, x1 = line.points[0][0], line.points[-1][0]
    at = np.array([choice.at for choice in choices])
    along = (at[:, :1] - x0) / (x1 - x0)
    heights = others[:, 0] + along * (others[:, 1] - others[:, 0])
    near = np.maximum(0.0, CLEAR - np.abs(heights - at[:, 1:])).sum(axis=1)
    best = int((1000.0 * covered + near).argmin())
    return choices[best] if covered[best] < MOST_COVERED else None


def _covered(labels: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each label other labels would share with it, as a fraction of its area."""
    left, top, right, bottom = labels.T[:, :, None]
    across = np.maximum(0.0, np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0]))
    down = np.maximum(0.0, np.minimum(bottom, boxes[:, 3]) - np.maximum(top, boxes[:, 1]))
    shares: NDArray[np.float64] = (across * down).sum(axis=1) / ((right - left) * (bottom - top))[:, 0]
    return shares
