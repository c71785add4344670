"""The picture of a program as SVG, written by our own code: no Graphviz, no network, no script.

Every node and every edge is an element of its own with ``data-`` attributes that name it, so that a page can
find and light it up: ``<g class="node" data-name="t3">``, ``<path class="edge" data-from="x0" data-to="t3">``
and ``<path class="run" data-name="x0">`` for the wire on which a value runs on to later columns; texts that
belong to a node or an edge carry the same attributes and the class ``label``. A node is drawn once; where an
output is computed before the last column, its wire ends in a ``<g class="port" data-name="y0">``. Pointing at
a node shows its equation.

Thinning: up to 2000 nodes and 5000 edges everything is written out (a 64-point FFT has 500 and 1000). Above,
the names of inner nodes and the written factors are left out. The
legend says so in both cases (:mod:`gp_fft.draw.marks`). Above 40 000 marks long edges run straight, not
in lanes of their own (:mod:`gp_fft.draw.grid`).
"""

import networkx as nx

from gp_fft.draw.marks import compose
from gp_fft.draw.scene import Label, Line, Node, Scene
from gp_fft.draw.theme import BORDER_WIDTHS, LINE_DASHES, LINE_WIDTHS, NODE_COLOURS, Theme, get_theme

FONT = "'DejaVu Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif"


def draw_svg(graph: nx.DiGraph, theme: str = "light") -> str:
    """Draw the graph of a program.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: ``"light"`` or ``"dark"``; :class:`~gp_fft.ground.errors.UsageError` otherwise.

    Returns:
        A complete SVG document, a pure function of the arguments.
    """
    colours = get_theme(theme)
    return scene_to_svg(compose(graph), colours)


def scene_to_svg(scene: Scene, theme: Theme) -> str:
    """Write the marks of a scene as SVG, one element a line."""
    width, height = _number(scene.width), _number(scene.height)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" '
        f'font-family="{FONT}" role="img">',
        f"<title>{escape_xml(scene.title)}</title>",
        f'<rect width="100%" height="100%" fill="{theme.paper}"/>',
        '<g fill="none" stroke-linecap="round">',
        *(_line(line, theme) for line in scene.lines),
        "</g>",
        *(_node(node, theme) for node in scene.nodes),
        *(_label(label, theme) for label in scene.labels),
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def escape_xml(text: str) -> str:
    """Escape a text for XML content or a quoted attribute; characters that XML 1.0 forbids become U+FFFD."""
    allowed = (
        c
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
        else "\ufffd"
        for c in text
    )
    safe = "".join(allowed).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;").replace("'", "&#39;")


def _number(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _line(line: Line, theme: Theme) -> str:
    """One wire or branch; samples in the legend carry no names."""
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in line.points)
    lengths = " ".join(_number(length) for length in LINE_DASHES[line.role])
    dashes = f' stroke-dasharray="{lengths}"' if lengths else ""
    style = f'stroke="{getattr(theme, line.role)}" stroke-width="{LINE_WIDTHS[line.role]}"{dashes}'
    source, target = escape_xml(line.source), escape_xml(line.target)
    if line.target:
        title = f"<title>{escape_xml(line.tip)}</title>"
        return (
            f'<path class="edge" data-from="{source}" data-to="{target}" d="M{path}" {style}>{title}</path>'
        )
    name = f'class="run" data-name="{source}" ' if line.source else ""
    return f'<path {name}d="M{path}" {style}/>'


def _node(node: Node, theme: Theme) -> str:
    """One node with its equation as a tooltip."""
    (x, y), radius = node.centre, node.radius
    fill, border = (getattr(theme, colour) for colour in NODE_COLOURS[node.role])
    paint = f'fill="{fill}" stroke="{border}" stroke-width="{BORDER_WIDTHS[node.role]}"'
    if node.role == "shared":
        half = 0.92 * radius
        side, corner = _number(2 * half), _number(0.25 * radius)
        place = f'x="{_number(x - half)}" y="{_number(y - half)}"'
        shape = f'<rect {place} width="{side}" height="{side}" rx="{corner}" {paint}/>'
    else:
        shape = f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" {paint}/>'
    if not node.name:
        return shape
    title = f"<title>{escape_xml(node.tip)}</title>"
    kind = "port" if node.role == "port" else "node"
    return f'<g class="{kind}" data-name="{escape_xml(node.name)}">{title}{shape}</g>'


def _label(label: Label, theme: Theme) -> str:
    """One text, with its plate if it has one; the plate of a scale has a border as well."""
    x, y = label.at
    plate = ""
    if label.plate:
        half, tall = label.plate_size
        fill, border = (theme.scale_fill, theme.scale) if label.bordered else (theme.paper, "none")
        plate = (
            f'<rect x="{_number(x - half)}" y="{_number(y - tall)}" width="{_number(2 * half)}" '
            f'height="{_number(2 * tall)}" rx="{_number(tall * 0.6)}" fill="{fill}" stroke="{border}" '
            f'stroke-width="0.8"/>'
        )
    weight = ' font-weight="bold"' if label.bold else ""
    opening, closing = _owner(label)
    return (
        f'{opening}{plate}<text x="{_number(x)}" y="{_number(y + 0.35 * label.size)}" '
        f'font-size="{_number(label.size)}" '
        f'text-anchor="{label.anchor}" fill="{getattr(theme, label.role)}"{weight} pointer-events="none">'
        f"{escape_xml(label.text)}</text>{closing}"
    )


def _owner(label: Label) -> tuple[str, str]:
    """A group that says whose text it is; nothing for title and legend."""
    if not label.source:
        return "", ""
    source, target = escape_xml(label.source), escape_xml(label.target)
    names = f'data-from="{source}" data-to="{target}"' if target else f'data-name="{source}"'
    return f'<g class="label" {names} pointer-events="none">', "</g>"
