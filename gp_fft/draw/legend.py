"""The legend below a picture: one sample and a few words for every kind of mark that occurs."""

from collections.abc import Sequence

from gp_fft.draw.scene import Label, Line, Node, text_width

ROW = 24.0
SPACE = 22.0
SIZE = 11.0
SAMPLES = {"node": 18.0, "line": 36.0, "text": 0.0, "formula": 0.0}

Entry = tuple[str, str, str]
"""The kind of sample, one of ``SAMPLES``; its role, as in the scene; the words."""
Marks = tuple[list[Line], list[Node], list[Label]]


def draw_legend(entries: Sequence[Entry], left: float, top: float, right: float, zoom: float) -> tuple[Marks, float]:
    """Draw the legend between ``left`` and ``right`` from ``top`` downward, ``zoom`` times its usual size.

    Returns its marks and where it ends.
    """
    lines: list[Line] = []
    nodes: list[Node] = []
    labels: list[Label] = []
    x, y = left, top + zoom * ROW / 2.0
    for kind, role, words in entries:
        width = SAMPLES[kind] + text_width(words, SIZE)
        if x > left and x + zoom * width > right:
            x, y = left, y + zoom * ROW
        if kind == "node":
            nodes.append(Node((x + zoom * 6.0, y), zoom * 6.0, role))
        elif kind == "line":
            lines.append(Line(((x, y), (x + zoom * 30.0, y)), role))
            if role == "scale":
                labels.append(Label((x + zoom * 15.0, y), "c", zoom * 9.0, "scale", plate=True, formula=True))
        start = (x + zoom * SAMPLES[kind], y)
        labels.append(Label(start, words, zoom * SIZE, "faint", "start", formula=kind == "formula"))
        x += zoom * (width + SPACE)
    return (lines, nodes, labels), y + zoom * ROW / 2.0
