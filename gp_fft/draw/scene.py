"""A picture as plain marks, before any file format: SVG, PNG, PDF and TikZ all draw this same list.

Coordinates are picture units, origin at the top left, y downward. Every mark has a *role*, and only a theme
says which colour a role has.
"""

from dataclasses import dataclass

from gp_fft.draw.layout import Point


@dataclass(frozen=True)
class Line:
    """A polyline: the wire of a value (``target`` is empty) or the edge ``source`` to ``target``."""

    points: tuple[Point, ...]
    role: str  # "wire", "minus", "turned" or "scale"
    source: str = ""
    target: str = ""
    tip: str = ""


@dataclass(frozen=True)
class Node:
    """A node: a circle, but a square where its role is ``shared``."""

    centre: Point
    radius: float
    role: str
    name: str = ""
    tip: str = ""

    @property
    def square(self) -> tuple[Point, float, float] | None:
        """The upper left corner of a square, its side and how its corners are rounded; None for a circle."""
        (x, y), half = self.centre, 0.92 * self.radius
        return ((x - half, y - half), 2 * half, 0.25 * self.radius) if self.role == "shared" else None


@dataclass(frozen=True)
class Label:
    """One line of text, vertically centred at ``at``; with ``plate`` on a plate of its own."""

    at: Point
    text: str
    size: float
    role: str
    anchor: str = "middle"  # "start", "middle" or "end"
    plate: bool = False
    bold: bool = False
    formula: bool = False  # to be set as mathematics where that is known
    source: str = ""  # the node that it names, or whose edge it is written on
    target: str = ""  # the other end of that edge

    @property
    def width(self) -> float:
        """A generous estimate of the width of the text."""
        return text_width(self.text, self.size)

    @property
    def bordered(self) -> bool:
        """Whether the plate has a border: that of a scale."""
        return self.plate and self.role == "scale"

    @property
    def plate_size(self) -> Point:
        """Half the width and half the height of the plate."""
        return self.width / 2.0 + 2.5, self.size * (0.72 if self.bordered else 0.55)


@dataclass(frozen=True)
class Scene:
    """All marks of a picture in the order in which they are painted."""

    title: str
    width: float
    height: float
    lines: tuple[Line, ...]
    nodes: tuple[Node, ...]
    labels: tuple[Label, ...]


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is in a sans-serif face of ``size`` units."""
    narrow = sum(1 for character in text if character in "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻ .,;:il|()")
    wide = sum(1 for character in text if character in "√½⅓¼¾ωπ−+mwMW")
    return size * (0.62 * (len(text) - narrow - wide) + 0.42 * narrow + 0.85 * wide)
