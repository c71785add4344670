"""The picture of a program as TikZ, mark by mark the same as the SVG, with formulas set by LaTeX.

A ``.tikz`` file holds one ``tikzpicture`` to be read by ``\\input`` (it needs the packages tikz and amsmath);
a ``.tex`` file is a standalone document around it. Titles beyond ASCII need LuaLaTeX or XeLaTeX.
"""

from dataclasses import fields

import networkx as nx

from gp_fft.draw.marks import compose
from gp_fft.draw.scene import Label, Line, Node, Scene
from gp_fft.draw.theme import BORDER_WIDTHS, LINE_DASHES, LINE_WIDTHS, NODE_COLOURS, Theme, get_theme

_ANCHORS = {"start": "west", "middle": "center", "end": "east"}
_SPECIAL = {
    **{character: "\\" + character for character in "#$%&_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\ttfamily\char34}",
    "−": r"$-$",
    "·": r"$\cdot$",
}


def to_tikz(graph: nx.DiGraph, theme: str = "light") -> str:
    """Draw the graph as one ``tikzpicture``.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: ``"light"`` or ``"dark"``.

    Returns:
        LaTeX source; one picture unit is one point, so scale it with ``\\resizebox`` to the width of a
        column.
    """
    return _write_picture(compose(graph), get_theme(theme))


def to_tex(graph: nx.DiGraph, theme: str = "light") -> str:
    """Draw the graph as a standalone LaTeX document; arguments as in :func:`to_tikz`."""
    return (
        "\\documentclass[tikz]{standalone}\n\\usepackage{amsmath}\n\\begin{document}\n\\sffamily\n"
        + to_tikz(graph, theme)
        + "\\end{document}\n"
    )


def escape_latex(text: str) -> str:
    """Escape a text so that LaTeX sets it as it stands."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def _write_picture(scene: Scene, theme: Theme) -> str:
    """Write colours, styles and all marks."""
    lines = [
        f"\\definecolor{{gp{_colour(field.name)}}}{{HTML}}{{{getattr(theme, field.name)[1:].upper()}}}%"
        for field in fields(theme)
    ]
    lines += ["\\begin{tikzpicture}[x=1pt, y=-1pt, every node/.style={inner sep=0pt},", *_styles(), "]"]
    lines.append(f"\\fill[gppaper] (0,0) rectangle ({scene.width:.2f},{scene.height:.2f});")
    lines += [_line(line) for line in scene.lines]
    lines += [_node(node) for node in scene.nodes]
    lines += [_label(label) for label in scene.labels]
    return "\n".join([*lines, "\\end{tikzpicture}"]) + "\n"


def _colour(name: str) -> str:
    """The name of a colour of the theme without the underscore that LaTeX would stumble over."""
    return name.replace("_", "")


def _styles() -> list[str]:
    """The styles of all roles, ``gp wire`` for example, in TikZ options."""
    styles = []
    for role, width in LINE_WIDTHS.items():
        steps = zip(("on", "off"), LINE_DASHES[role], strict=False)
        dashes = " ".join(f"{word} {length}pt" for word, length in steps)
        pattern = f", dash pattern={dashes}" if dashes else ""
        styles.append(f"  gp {role}/.style={{draw=gp{role}, line width={width}pt{pattern}}},")
    for role, (fill, border) in NODE_COLOURS.items():
        shape = "rounded corners=2.5pt" if role == "shared" else "circle"
        paint = f"fill=gp{_colour(fill)}, draw=gp{_colour(border)}, line width={BORDER_WIDTHS[role]}pt"
        styles.append(f"  gp {role}/.style={{{shape}, {paint}}},")
    styles.append("  gp plate/.style={fill=gppaper, inner sep=1.5pt},")
    frame = "draw=gpscale, fill=gpscalefill, rounded corners=3pt, line width=0.8pt, inner sep=2pt"
    return [*styles, f"  gp scale plate/.style={{{frame}}},"]


def _line(line: Line) -> str:
    """One wire or branch."""
    return f"\\draw[gp {line.role}] " + " -- ".join(f"({x:.2f},{y:.2f})" for x, y in line.points) + ";"


def _node(node: Node) -> str:
    """One node, empty: its name is a label of its own."""
    side = 2 * node.radius * (0.92 if node.role == "shared" else 1.0)
    x, y = node.centre
    return f"\\node[gp {node.role}, minimum size={side:.2f}pt] at ({x:.2f},{y:.2f}) {{}};"


def _label(label: Label) -> str:
    """One text; formulas in math mode, everything else escaped."""
    plate = "" if not label.plate else "gp scale plate, " if label.role == "scale" else "gp plate, "
    size = f"\\fontsize{{{label.size:.1f}}}{{{1.2 * label.size:.1f}}}\\selectfont"
    bold = "\\bfseries " if label.bold else " "
    text = f"${label.latex}$" if label.latex else escape_latex(label.text)
    where = f"({label.at[0]:.2f},{label.at[1]:.2f})"
    options = f"{plate}anchor={_ANCHORS[label.anchor]}, text=gp{label.role}"
    return f"\\node[{options}] at {where} {{{size}{bold}{text}}};"
