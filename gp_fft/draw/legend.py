"""The legend below a picture: one sample and a few words for every kind of mark that occurs."""

from collections.abc import Sequence
from dataclasses import dataclass

from gp_fft.draw.scene import Label, Line, Node, text_width

ROW = 24.0
SPACE = 22.0
SIZE = 11.0
SAMPLES = {"node": 18.0, "line": 36.0, "text": 0.0}


@dataclass(frozen=True)
class Entry:
    """One entry: ``kind`` is ``"node"``, ``"line"`` or ``"text"``, ``role`` as in the scene."""

    kind: str
    role: str
    words: str
    latex: str = ""  # the words as a formula, if they are one

    @property
    def width(self) -> float:
        """How much room sample and words take."""
        return SAMPLES[self.kind] + text_width(self.words, SIZE)


@dataclass(frozen=True)
class Legend:
    """The marks of a legend."""

    lines: list[Line]
    nodes: list[Node]
    labels: list[Label]
    height: float


def draw_legend(entries: Sequence[Entry], left: float, top: float, right: float, zoom: float = 1.0) -> Legend:
    """Draw the legend between ``left`` and ``right`` from ``top`` downward, ``zoom`` times its usual size."""
    lines: list[Line] = []
    nodes: list[Node] = []
    labels: list[Label] = []
    x, y = left, top + zoom * ROW / 2.0
    for entry in entries:
        if x > left and x + zoom * entry.width > right:
            x, y = left, y + zoom * ROW
        if entry.kind == "node":
            nodes.append(Node((x + zoom * 6.0, y), zoom * 6.0, entry.role))
        elif entry.kind == "line":
            lines.append(Line(((x, y), (x + zoom * 30.0, y)), entry.role))
            if entry.role == "scale":
                labels.append(Label((x + zoom * 15.0, y), "c", "c", zoom * 9.0, "scale", plate=True))
        start = (x + zoom * SAMPLES[entry.kind], y)
        labels.append(Label(start, entry.words, entry.latex, zoom * SIZE, "faint", "start"))
        x += zoom * (entry.width + SPACE)
    return Legend(lines, nodes, labels, y + zoom * ROW / 2.0 - top)
