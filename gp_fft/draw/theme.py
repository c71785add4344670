"""How the roles of a picture look: colours for light paper and for a dark screen, dashes, widths of lines.

The hues are those of Okabe and Ito ("Color universal design", 2008), which stay apart for colour-blind
readers; nothing is told by colour alone: shared nodes are square, factors are lettered, and turned edges are
dashed.
"""

from dataclasses import dataclass

from gp_fft.ground.errors import UsageError

LINE_DASHES = {"wire": (), "minus": (7.0, 3.0), "turned": (2.0, 2.5), "scale": ()}
LINE_WIDTHS = {"wire": 1.1, "minus": 1.2, "turned": 1.3, "scale": 1.5}
NODE_PAINTS = {
    **dict.fromkeys(("output", "definition", "port"), ("node_fill", "terminal", 1.2)),
    "terminal": ("terminal", "terminal", 1.2),
    "shared": ("shared_fill", "shared", 1.6),
    "fork": ("wire", "wire", 1.2),
}
"""The colours of the inside and of the border of each role, as fields of a theme, and the width of the border."""
PLATE_BORDER = 0.8


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``."""

    paper: str
    ink: str
    faint: str  # secondary text, frame of the legend
    wire: str  # edges and wires with coefficient 1
    minus: str  # edges with coefficient -1
    turned: str  # edges with coefficient i or -i
    scale: str  # edges that need a multiplication
    scale_fill: str  # the plate behind a scale
    node_fill: str  # a definition
    shared: str  # border of a shared definition
    shared_fill: str
    terminal: str  # inputs and outputs

    def of_node(self, role: str) -> tuple[str, str, float]:
        """Inside, border and width of the border of a node."""
        fill, border, width = NODE_PAINTS[role]
        return getattr(self, fill), getattr(self, border), width

    def of_plate(self, bordered: bool) -> tuple[str, str, float]:
        """The same of the plate behind a text."""
        return (self.scale_fill, self.scale, PLATE_BORDER) if bordered else (self.paper, "none", PLATE_BORDER)


THEMES = {
    "light": Theme(
        paper="#ffffff",
        ink="#1b1f24",
        faint="#6a737d",
        wire="#59636e",
        minus="#0067a8",
        turned="#8a3a78",
        scale="#b34700",
        scale_fill="#fff1e3",
        node_fill="#ffffff",
        shared="#007a5a",
        shared_fill="#dff3ec",
        terminal="#1b1f24",
    ),
    "dark": Theme(
        paper="#14181d",
        ink="#e8ebee",
        faint="#97a1ab",
        wire="#8d98a3",
        minus="#62b5e8",
        turned="#dd96cb",
        scale="#f0954a",
        scale_fill="#3a2817",
        node_fill="#14181d",
        shared="#3dc49a",
        shared_fill="#123a30",
        terminal="#e8ebee",
    ),
}


def get_theme(name: str) -> Theme:
    """Look up a theme; :class:`~gp_fft.ground.errors.UsageError` unless it is ``light`` or ``dark``."""
    if name not in THEMES:
        raise UsageError(f"unknown theme {name!r}: choose one of {', '.join(THEMES)}")
    return THEMES[name]
