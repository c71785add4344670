"""Where on its branch each factor is written: clear of other factors and, if it can be, of other lines."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gp_fft.report.layout import RADIUS
from gp_fft.report.scene import Label, Line

SIZE = 10.0
ALONG = (0.74, 0.66, 0.58, 0.5, 0.42, 0.34, 0.82, 0.26, 0.2)
CLEAR = 9.0
MOST_COVERED = 0.12

Box = tuple[float, float, float, float]


def place_labels(factors: Sequence[tuple[Line, str, str]]) -> tuple[list[Label], int]:
    """Place the factors of all branches, greedily from top to bottom in each column gap.

    Args:
        factors: every branch with the text and the LaTeX of its factor, empty where there is nothing to
        write.

    Returns:
        The labels, and how many were left out because every place would cover too much of another one. Places
        near the end of the branch are tried first, where textbooks write factors.
    """
    gaps: dict[tuple[float, float], list[tuple[Line, str, str]]] = {}
    for factor in factors:
        points = factor[0].points
        gaps.setdefault((points[0][0], points[-1][0]), []).append(factor)
    labels = [label for gap in gaps.values() for label in _place_in_gap(gap)]
    return labels, sum(1 for _, text, _ in factors if text) - len(labels)


def _place_in_gap(factors: Sequence[tuple[Line, str, str]]) -> list[Label]:
    """Place the factors of the branches between two columns."""
    ends = np.array([(line.points[0][1], line.points[-1][1]) for line, _, _ in factors])
    taken: list[Box] = []
    labels: list[Label] = []
    order = sorted(range(len(factors)), key=lambda k: (abs(ends[k, 1] - ends[k, 0]), ends[k, 1]))
    for k in order:
        line, text, latex = factors[k]
        if not text:
            continue
        choices = [_label_at(line, along, text, latex) for along in ALONG if _fits(line, along, text)]
        choices = choices or [_label_at(line, 0.5, text, latex)]
        others = np.delete(ends, k, axis=0)
        boxes = np.array(taken).reshape(-1, 4)
        best = min(choices, key=lambda choice: _trouble(choice, line, others, boxes))
        if _covered(best, boxes) < MOST_COVERED:
            labels.append(best)
            taken.append(_box(best))
    return labels


def _label_at(line: Line, along: float, text: str, latex: str) -> Label:
    """Write the factor at a fraction of the way along its branch."""
    (x0, y0), (x1, y1) = line.points[0], line.points[-1]
    at = (x0 + along * (x1 - x0), y0 + along * (y1 - y0))
    return Label(at, text, latex, SIZE, line.role, plate=True, source=line.source, target=line.target)


def _fits(line: Line, along: float, text: str) -> bool:
    """Tell whether the text there stays between the two columns of nodes."""
    x0, x1 = line.points[0][0], line.points[-1][0]
    x, half = x0 + along * (x1 - x0), Label((0.0, 0.0), text, "", SIZE, "ink").width / 2.0 + 5.0
    return x0 + RADIUS < x - half and x + half < x1 - RADIUS


def _box(label: Label) -> Box:
    """The rectangle that a label covers: left, top, right, bottom."""
    half = label.width / 2.0 + 3.0
    return label.at[0] - half, label.at[1] - 8.0, label.at[0] + half, label.at[1] + 8.0


def _covered(label: Label, boxes: NDArray[np.float64]) -> float:
    """How much of a label other labels would share with it, as a fraction of its area."""
    left, top, right, bottom = _box(label)
    across = np.maximum(0.0, np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0]))
    down = np.maximum(0.0, np.minimum(bottom, boxes[:, 3]) - np.maximum(top, boxes[:, 1]))
    return float((across * down).sum()) / ((right - left) * (bottom - top))


def _trouble(label: Label, line: Line, others: NDArray[np.float64], boxes: NDArray[np.float64]) -> float:
    """How bad a place is: covering another factor is worst, then lines that run close by."""
    x0, x1 = line.points[0][0], line.points[-1][0]
    along = (label.at[0] - x0) / (x1 - x0)
    heights = others[:, 0] + along * (others[:, 1] - others[:, 0])
    near = np.maximum(0.0, CLEAR - np.abs(heights - label.at[1])).sum()
    return 1000.0 * _covered(label, boxes) + float(near)
