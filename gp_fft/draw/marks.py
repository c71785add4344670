"""From a graph and its layout to the marks of a picture: nodes, wires, branches, coefficients, title, legend.

Up to ``MOST_NAMED`` nodes and ``MOST_WRITTEN`` edges every node carries its name and every factor other than
1 its value; column gaps are widened until all factors have room. A larger picture is thinned out: the names
of inner nodes and the written factors go, nodes shrink to small marks, and only the colour and the dashes of
an edge say what it does; the legend says that this was done, and the layout stays.
"""

import networkx as nx

from gp_fft.draw.coefficients import is_root_of_unity, subscript, write_coefficient
from gp_fft.draw.labels import make_room, place_labels
from gp_fft.draw.layout import RADIUS, Layout, Point, lay_out
from gp_fft.draw.legend import Entry, draw_legend
from gp_fft.draw.scene import Label, Line, Node, Scene, text_width
from gp_fft.ground.words import several

MOST_NAMED = 2_000
MOST_WRITTEN = 5_000
MARGIN = 24.0
HEADER = 56.0
TITLE_SIZE = 17.0
ZOOM_HEIGHT = 700.0  # title and legend grow with pictures taller than this
LARGEST_ZOOM = 2.0
NAME_SIZE = 14.0
INNER_SIZE = 9.5
TERMINAL_RADIUS = 4.0
THIN_RADIUS = 5.0
FORK_RADIUS = 1.8
PORT_RADIUS = 5.5


def compose(graph: nx.DiGraph) -> Scene:
    """Compose the picture of a program.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.

    Returns:
        The finished :class:`~gp_fft.draw.scene.Scene`.
    """
    thin = len(graph) > MOST_NAMED or graph.number_of_edges() > MOST_WRITTEN
    layout = lay_out(graph)
    if not thin:
        layout = layout.widened(make_room(_factors(graph, _lines(graph, layout, (0.0, 0.0)))))
    names = _terminal_labels(graph, layout, (0.0, 0.0))
    left = MARGIN + max((label.width for label in names if label.anchor == "end"), default=0.0) + 10.0
    right = MARGIN + max((label.width for label in names if label.anchor == "start"), default=0.0) + 10.0
    title, summary = _heading(graph)
    zoom = min(LARGEST_ZOOM, max(1.0, layout.height / ZOOM_HEIGHT))
    width = max(left + layout.width + right, 380.0, 2 * MARGIN + text_width(title, TITLE_SIZE * zoom))
    shift = (left + (width - left - right - layout.width) / 2.0, HEADER * zoom + MARGIN)
    lines = _lines(graph, layout, shift)
    nodes = _nodes(graph, layout, shift, thin)
    labels = [
        Label((MARGIN, 26.0 * zoom), title, "", TITLE_SIZE * zoom, "ink", "start", bold=True),
        Label((MARGIN, 47.0 * zoom), summary, "", 11.0 * zoom, "faint", "start"),
        *_terminal_labels(graph, layout, shift),
    ]
    dropped = 0
    if not thin:
        factors, dropped = place_labels(_factors(graph, lines))
        labels += _inner_labels(graph, layout, shift) + factors
    top = shift[1] + layout.height + RADIUS + MARGIN
    legend = draw_legend(_entries(graph, thin, dropped), MARGIN, top, width - MARGIN, zoom)
    return Scene(
        title=title,
        width=width,
        height=top + legend.height + MARGIN / 2,
        lines=(*lines, *legend.lines),
        nodes=(*nodes, *legend.nodes),
        labels=(*labels, *legend.labels),
    )


def role_of_edge(edge: dict[str, object]) -> str:
    """Tell how an edge is drawn: ``wire``, ``minus``, ``turned`` (free) or ``scale`` (a multiplication)."""
    if edge["scale"]:
        return "scale"
    return {"1": "wire", "−1": "minus"}.get(str(edge["label"]), "turned")


def role_of_node(node: dict[str, object]) -> str:
    """Tell how a node is drawn: ``terminal``, ``shared`` or ``definition``."""
    if node["kind"] == "input":
        return "terminal"
    return "shared" if node["shared"] else "definition"


def _moved(point: Point, shift: Point) -> Point:
    return point[0] + shift[0], point[1] + shift[1]


def _heading(graph: nx.DiGraph) -> tuple[str, str]:
    """The title of the transform, and one line of numbers."""
    inner = sum(1 for _, kind in graph.nodes(data="kind") if kind != "input")
    shared = sum(1 for _, flag in graph.nodes(data="shared") if flag)
    depth = max(layer for _, layer in graph.nodes(data="layer"))
    title = graph.graph["title"] or "program"
    return title, f"{graph.graph['field']} · {several(inner, 'definition')}, {shared} shared · depth {depth}"


def _lines(graph: nx.DiGraph, layout: Layout, shift: Point) -> list[Line]:
    """Wires first, then plain branches, then those that carry a factor, so that factors lie on top."""
    wires = [
        Line(tuple(_moved(point, shift) for point in points), "wire", source=name, tip=name)
        for name, points in layout.wires.items()
    ]
    branches = []
    for (source, target), (start, end) in layout.branches.items():
        edge = graph.edges[source, target]
        tip = f"{source} to {target}: {edge['label']}"
        branches.append(
            Line((_moved(start, shift), _moved(end, shift)), role_of_edge(edge), source, target, tip)
        )
    order = {"wire": 0, "minus": 1, "turned": 2, "scale": 3}
    return wires + sorted(branches, key=lambda line: order[line.role])


def _nodes(graph: nx.DiGraph, layout: Layout, shift: Point, thin: bool) -> list[Node]:
    """Every node once, a dot where branches leave a wire and where the wire of an inner output ends."""
    forks = {
        (source, start)
        for (source, _), (start, _) in layout.branches.items()
        if start != layout.places[source]
    }
    marks = [Node(_moved(start, shift), FORK_RADIUS, "fork") for _, start in sorted(forks)]
    for name, place in layout.places.items():
        node = graph.nodes[name]
        role = role_of_node(node)
        radius = TERMINAL_RADIUS if role == "terminal" else THIN_RADIUS if thin else RADIUS
        if node["kind"] == "output" and layout.ports[name] != place:
            marks.append(Node(_moved(layout.ports[name], shift), PORT_RADIUS, "port", name, node["equation"]))
        elif node["kind"] == "output":
            radius, role = PORT_RADIUS, "output"
        marks.append(Node(_moved(place, shift), radius, role, name, node["equation"]))
    return marks


def _terminal_labels(graph: nx.DiGraph, layout: Layout, shift: Point) -> list[Label]:
    """The names of inputs on the left and of outputs on the right."""
    labels = []
    for name, node in graph.nodes.items():
        latex = f"{name[0]}_{{{name[1:]}}}"
        if node["kind"] == "input":
            x, y = _moved(layout.places[name], shift)
            labels.append(Label((x - 11.0, y), subscript(name), latex, NAME_SIZE, "ink", "end", source=name))
        elif node["kind"] == "output":
            x, y = _moved(layout.ports[name], shift)
            labels.append(Label((x + 12.0, y), subscript(name), latex, NAME_SIZE, "ink", "start", source=name))
    return labels


def _inner_labels(graph: nx.DiGraph, layout: Layout, shift: Point) -> list[Label]:
    """The names of definitions inside their nodes."""
    labels = []
    for name, place in layout.places.items():
        if graph.nodes[name]["kind"] != "input" and layout.ports.get(name) != place:
            latex = f"{name[0]}_{{{name[1:]}}}"
            labels.append(Label(_moved(place, shift), subscript(name), latex, INNER_SIZE, "ink", source=name))
    return labels


def _factors(graph: nx.DiGraph, lines: list[Line]) -> list[tuple[Line, str, str]]:
    """Every branch with what is written on it; nothing where the factor is 1."""
    found = []
    for line in lines:
        if line.target:
            written = write_coefficient(complex(graph.edges[line.source, line.target]["coefficient"]))
            found.append((line, written.text if line.role != "wire" else "", written.latex))
    return found


def _entries(graph: nx.DiGraph, thin: bool, dropped: int) -> list[Entry]:
    """What the legend explains: only what occurs in the picture."""
    edges = [edge for _, _, edge in graph.edges(data=True)]
    roles = {role_of_edge(edge) for edge in edges}
    shapes = {
        role_of_node(node) for node in graph.nodes.values() if node["kind"] != "output" or node["shared"]
    }
    entries = [Entry("node", role, text) for role, text in _NODE_WORDS if role in shapes]
    entries += [Entry("line", role, text) for role, text in _LINE_WORDS if role in roles]
    if not thin and any(is_root_of_unity(edge["coefficient"]) for edge in edges):
        entries.append(Entry("text", "faint", "ωₙ = exp(−2πi/n)", r"\omega_n = \exp(-2\pi i/n)"))
    if dropped:
        entries.append(Entry("text", "faint", f"{dropped} factor{'s' * (dropped > 1)} left out for want of room"))
    if thin:
        size = f"{len(graph)} nodes, {len(edges)} edges"
        entries.append(Entry("text", "faint", f"{size}: names and factors left out"))
    return entries


_NODE_WORDS = (("definition", "sum, used once"), ("shared", "shared: used more than once"))
_LINE_WORDS = (
    ("wire", "factor 1"),
    ("minus", "factor −1"),
    ("turned", "turn (no multiplication)"),
    ("scale", "scale (multiplication)"),
)
