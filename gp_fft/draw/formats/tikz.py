"""The picture of a program as TikZ, mark by mark the same as the SVG, with formulas set by LaTeX.

A ``.tikz`` file holds one ``tikzpicture`` to be read by ``\\input`` (it needs the packages tikz and amsmath); one
picture unit is one point, so scale it with ``\\resizebox`` to the width of a column. A ``.tex`` file is a standalone
document around it. Titles beyond ASCII need LuaLaTeX or XeLaTeX.
"""

import re
import unicodedata
from dataclasses import fields

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph
from gp_fft.draw.marks import draw_scene
from gp_fft.draw.scene import Label
from gp_fft.draw.theme import LINE_DASHES, LINE_WIDTHS, NODE_PAINTS, PLATE_BORDER, Theme

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
_FORMULAS = (  # in this order; NFKC writes ½ as 1⁄2 and lowered and raised figures as plain ones
    (r"[₀-₉ₙ]+", lambda match: f"_{{{unicodedata.normalize('NFKC', match[0])}}}"),
    (r"[⁻⁰¹²³⁴-⁹]+", lambda match: f"^{{{unicodedata.normalize('NFKC', match[0])}}}"),
    (r"[½⅓⅔¼¾]", lambda match: unicodedata.normalize("NFKC", match[0])),
    (r"√\(?(\d+)[/⁄](\d+)\)?", r"\\sqrt{\\tfrac{\1}{\2}}"),
    (r"√(\d+)", r"\\sqrt{\1}"),
    (r"(\d*π|\d+)[/⁄](\d+)", r"\\tfrac{\1}{\2}"),
    (r"(sin|cos|tan|exp)", r"\\\1"),
    (r"×", r"\\cdot "),
    (r"π", r"\\pi "),
    (r"ω", r"\\omega"),
    (r"[−⁻]", "-"),
)


def draw_tikz(graph: Graph, theme: Theme) -> str:
    """Draw the graph as one ``tikzpicture``: colours, styles and all marks."""
    scene = draw_scene(graph)
    lines = [
        f"\\definecolor{{gp{_colour(field.name)}}}{{HTML}}{{{getattr(theme, field.name)[1:].upper()}}}%"
        for field in fields(theme)
    ]
    lines += ["\\begin{tikzpicture}[x=1pt, y=-1pt, every node/.style={inner sep=0pt},", *_styles(), "]"]
    lines.append(f"\\fill[gppaper] (0,0) rectangle {_point((scene.width, scene.height))};")
    lines += [f"\\draw[gp {line.role}] {' -- '.join(map(_point, line.points))};" for line in scene.lines]
    for node in scene.nodes:  # empty: its name is a label of its own
        side = node.square[1] if node.square else 2 * node.radius
        lines.append(f"\\node[gp {node.role}, minimum size={side:.2f}pt] at {_point(node.centre)} {{}};")
    lines += map(_label, scene.labels)
    return "\n".join([*lines, "\\end{tikzpicture}"]) + "\n"


def draw_tex(graph: Graph, theme: Theme) -> str:
    """Draw the graph as a standalone LaTeX document."""
    head = "\\documentclass[tikz]{standalone}\n\\usepackage{amsmath}\n\\begin{document}\n\\sffamily\n"
    return head + draw_tikz(graph, theme) + "\\end{document}\n"


def escape_latex(text: str) -> str:
    """Escape a text so that LaTeX sets it as it stands."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def to_formula(text: str) -> str:
    """A name or a coefficient, as pictures write them, for math mode: ``ω₁₆³`` becomes ``\\omega_{16}^{3}``."""
    for pattern, replacement in _FORMULAS:
        text = re.sub(pattern, replacement, text)
    return text


def _point(point: tuple[float, float]) -> str:
    return f"({point[0]:.2f},{point[1]:.2f})"


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
    for role, (fill, border, width) in NODE_PAINTS.items():
        shape = "rounded corners=2.5pt" if role == "shared" else "circle"
        paint = f"fill=gp{_colour(fill)}, draw=gp{_colour(border)}, line width={width}pt"
        styles.append(f"  gp {role}/.style={{{shape}, {paint}}},")
    styles.append("  gp plate/.style={fill=gppaper, inner sep=1.5pt},")
    frame = f"draw=gpscale, fill=gpscalefill, rounded corners=3pt, line width={PLATE_BORDER}pt, inner sep=2pt"
    return [*styles, f"  gp scale plate/.style={{{frame}}},"]


def _label(label: Label) -> str:
    """One text; formulas in math mode, everything else escaped."""
    plate = "" if not label.plate else "gp scale plate, " if label.bordered else "gp plate, "
    size = f"\\fontsize{{{label.size:.1f}}}{{{1.2 * label.size:.1f}}}\\selectfont"
    bold = "\\bfseries " if label.bold else " "
    text = f"${to_formula(label.text)}$" if label.formula else escape_latex(label.text)
    options = f"{plate}anchor={_ANCHORS[label.anchor]}, text=gp{label.role}"
    return f"\\node[{options}] at {_point(label.at)} {{{size}{bold}{text}}};"


FORMAT = (Format(".tex", "LaTeX", draw_tex), Format(".tikz", "LaTeX", draw_tikz))
