"""The picture of a program as SVG, written by our own code: no Graphviz, no network, no script.

Every node and every edge is an element of its own with ``data-`` attributes that name it, so that a page can
find and light it up: ``<g class="node" data-name="t3">``, ``<path class="edge" data-from="x0" data-to="t3">``
and ``<path class="run" data-name="x0">`` for the wire on which a value runs on to later columns; texts that
belong to a node or an edge carry the same attributes and the class ``label``. A node is drawn once; where an
output is computed before the last column, its wire ends in a ``<g class="port" data-name="y0">``. Pointing at
a node shows its equation.

Large pictures are thinned out, and their legend says so (:mod:`gp_fft.draw.marks`); above 40 000 marks long edges run
straight, not in lanes of their own (:mod:`gp_fft.draw.grid`).
"""

import re
from html import escape

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph, to_graph
from gp_fft.draw.marks import draw_scene
from gp_fft.draw.scene import Label, Line, Node
from gp_fft.draw.theme import LINE_DASHES, LINE_WIDTHS, THEMES, Theme
from gp_fft.program import Program

FONT = "'DejaVu Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif"
Attributes = dict[str, str | float]
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_svg(program: Program, theme: Theme = THEMES["light"]) -> str:
    """Draw a program as a layered dataflow diagram: a complete SVG document, a pure function of the arguments."""
    return draw_svg(to_graph(program), theme)


def draw_svg(graph: Graph, theme: Theme) -> str:
    """Draw the graph of a program, one element a line."""
    scene = draw_scene(graph)
    width, height = _number(scene.width), _number(scene.height)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}" role="img">',
        _element("title", escape_xml(scene.title)),
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
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _number(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _element(name: str, *content: str, **attributes: str | float) -> str:
    """An element with texts (escaped already) and elements in it; attributes that are empty are left out."""
    words = [name]
    for key, value in attributes.items():
        if value != "":
            written = escape_xml(value) if isinstance(value, str) else _number(value)
            words.append(f'{key.strip("_").replace("_", "-")}="{written}"')
    return f"<{' '.join(words)}>{''.join(content)}</{name}>" if content else f"<{' '.join(words)}/>"


def _paint(fill: str, border: str, width: float) -> Attributes:
    return {"fill": fill, "stroke": border, "stroke_width": width}


def _line(line: Line, theme: Theme) -> str:
    """One wire or branch; samples in the legend carry no names."""
    path = "M" + " ".join(f"{_number(x)},{_number(y)}" for x, y in line.points)
    style: Attributes = {
        "stroke": getattr(theme, line.role),
        "stroke_width": LINE_WIDTHS[line.role],
        "stroke_dasharray": " ".join(map(_number, LINE_DASHES[line.role])),
    }
    if not line.target:
        return _element("path", class_="run" if line.source else "", data_name=line.source, d=path, **style)
    ends = {"class_": "edge", "data_from": line.source, "data_to": line.target}
    return _element("path", _element("title", escape_xml(line.tip)), **ends, d=path, **style)


def _node(node: Node, theme: Theme) -> str:
    """One node with its equation as a tooltip."""
    paint = _paint(*theme.of_node(node.role))
    if node.square:
        (x, y), side, corner = node.square
        shape = _element("rect", x=x, y=y, width=side, height=side, rx=corner, **paint)
    else:
        shape = _element("circle", cx=node.centre[0], cy=node.centre[1], r=node.radius, **paint)
    if not node.name:
        return shape
    kind = "port" if node.role == "port" else "node"
    return _element("g", _element("title", escape_xml(node.tip)), shape, class_=kind, data_name=node.name)


def _label(label: Label, theme: Theme) -> str:
    """One text, with its plate if it has one; in a group that says whose text it is, but for title and legend."""
    x, y = label.at
    text = _element(
        "text", escape_xml(label.text), x=x, y=y + 0.35 * label.size, font_size=label.size, text_anchor=label.anchor,
        fill=getattr(theme, label.role), font_weight="bold" if label.bold else "", pointer_events="none",
    )  # fmt: skip
    plate = ""
    if label.plate:
        half, tall = label.plate_size
        place: Attributes = {"x": x - half, "y": y - tall, "width": 2 * half, "height": 2 * tall, "rx": 0.6 * tall}
        plate = _element("rect", **place, **_paint(*theme.of_plate(label.bordered)))
    if not label.source:
        return plate + text
    names = {"data_from": label.source, "data_to": label.target} if label.target else {"data_name": label.source}
    return _element("g", plate, text, class_="label", **names, pointer_events="none")


FORMAT = Format(".svg", "picture", draw_svg)
