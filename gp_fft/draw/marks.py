"""From a graph and its layout to the marks of a picture: nodes, wires, branches, coefficients, title, legend.

Up to ``MOST_NAMED`` nodes and ``MOST_WRITTEN`` edges every node carries its name and every factor other than
1 its value; column gaps are widened until all factors have room. A larger picture is thinned out: the names
of inner nodes and the written factors go, nodes shrink to small marks, and only the colour and the dashes of
an edge say what it does; the legend says that this was done, and the layout stays.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from gp_fft.draw import labels
from gp_fft.draw.coefficients import subscript
from gp_fft.draw.graph import Graph
from gp_fft.draw.labels import place_factors
from gp_fft.draw.layout import RADIUS, Layout, Point, lay_out
from gp_fft.draw.legend import Entry, draw_legend
from gp_fft.draw.scene import Label, Line, Node, Scene, text_width
from gp_fft.ground.words import several

MOST_NAMED = 2_000
MOST_WRITTEN = 5_000
MARGIN = 24.0
NARROWEST = 380.0
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
BESIDE = 11.5  # how far the names of inputs and outputs stand from their marks
EDGE_ROLES = {"wire": "factor 1", "minus": "factor −1", "turned": "turn (no multiplication)",
              "scale": "scale (multiplication)"}  # fmt: skip
"""In painting order, so that factors lie on top, with what the legend says of each."""
NODE_ROLES = {"definition": "sum, used once", "shared": "shared: used more than once"}

Places = dict[tuple[str, str], float]
"""How far along its branch the factor of an edge is written, as a fraction."""


def draw_scene(graph: Graph) -> Scene:
    """Draw the picture of a program, in no colours yet.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.

    Returns:
        The finished :class:`~gp_fft.draw.scene.Scene`.
    """
    thin = len(graph) > MOST_NAMED or graph.number_of_edges() > MOST_WRITTEN
    layout, places = lay_out(graph), Places()
    if not thin:
        layout, places = _with_factors(graph, layout)
    title, summary = _heading(graph)
    zoom = min(LARGEST_ZOOM, max(1.0, layout.height / ZOOM_HEIGHT))
    _, names = _nodes(graph, layout, thin)
    left, right = (
        MARGIN + max((name.width for name in names if name.anchor == anchor), default=0.0) + 10.0
        for anchor in ("end", "start")
    )
    width = max(left + layout.width + right, NARROWEST, 2 * MARGIN + text_width(title, TITLE_SIZE * zoom))
    layout = layout.moved(left + (width - left - right - layout.width) / 2.0, HEADER * zoom + MARGIN)
    (nodes, names), factors = _nodes(graph, layout, thin), _factors(graph, layout, places)
    dropped = 0 if thin else sum(map(_written, graph.edges.values())) - len(factors)
    top = HEADER * zoom + MARGIN + layout.height + RADIUS + MARGIN
    legend, bottom = draw_legend(_entries(graph, thin, dropped), MARGIN, top, width - MARGIN, zoom)
    heading = (
        Label((MARGIN, 26.0 * zoom), title, TITLE_SIZE * zoom, "ink", "start", bold=True),
        Label((MARGIN, 47.0 * zoom), summary, 11.0 * zoom, "faint", "start"),
    )
    return Scene(
        title=title,
        width=width,
        height=bottom + MARGIN / 2,
        lines=(*_lines(graph, layout), *legend[0]),
        nodes=(*nodes, *legend[1]),
        labels=(*heading, *names, *factors, *legend[2]),
    )


def role_of_edge(edge: dict[str, Any]) -> str:
    """Tell how an edge is drawn: ``wire``, ``minus``, ``turned`` (free) or ``scale`` (a multiplication)."""
    if edge["scale"]:
        return "scale"
    return {"1": "wire", "−1": "minus"}.get(edge["label"], "turned")


def role_of_node(node: dict[str, Any]) -> str:
    """Tell how a node is drawn: ``terminal``, ``shared`` or ``definition``."""
    if node["kind"] == "input":
        return "terminal"
    return "shared" if node["shared"] else "definition"


def _written(edge: dict[str, Any]) -> bool:
    return role_of_edge(edge) != "wire"


def _with_factors(graph: Graph, layout: Layout) -> tuple[Layout, Places]:
    """Choose where the factors are written; the layout with gaps in which they have room."""
    gaps: dict[tuple[float, float], list[tuple[str, str]]] = {}
    for edge in _painted(graph, layout):
        start, end = layout.branches[edge]
        gaps.setdefault((start[0], end[0]), []).append(edge)
    widths, places = {}, Places()
    for (left, right), edges in gaps.items():
        ends = np.array([[y for _, y in layout.branches[edge]] for edge in edges])
        texts = [graph.edges[edge]["label"] * _written(graph.edges[edge]) for edge in edges]
        widths[left, right], along = place_factors(ends, texts, right - left)
        places |= {edge: place for edge, place in zip(edges, along, strict=True) if place is not None}
    return layout.widened(widths), places


def _painted(graph: Graph, layout: Layout) -> list[tuple[str, str]]:
    """The edges in painting order."""
    roles = list(EDGE_ROLES)
    return sorted(layout.branches, key=lambda edge: roles.index(role_of_edge(graph.edges[edge])))


def _heading(graph: Graph) -> tuple[str, str]:
    """The title of the transform, and one line of numbers."""
    inner = sum(1 for _, kind in graph.nodes(data="kind") if kind != "input")
    shared = sum(1 for _, flag in graph.nodes(data="shared") if flag)
    depth = max(layer for _, layer in graph.nodes(data="layer"))
    title = graph.graph["title"] or "program"
    field = {"gf2": "GF(2), sums are XOR"}.get(graph.graph["field"], graph.graph["field"])
    return title, f"{field} · {several(inner, 'definition')}, {shared} shared · depth {depth}"


def _lines(graph: Graph, layout: Layout) -> list[Line]:
    """Wires first, then branches."""
    lines = [Line(points, "wire", source=name, tip=name) for name, points in layout.wires.items()]
    for source, target in _painted(graph, layout):
        edge = graph.edges[source, target]
        tip = f"{source} to {target}: {edge['label']}"
        lines.append(Line(layout.branches[source, target], role_of_edge(edge), source, target, tip))
    return lines


def _nodes(graph: Graph, layout: Layout, thin: bool) -> tuple[list[Node], list[Label]]:
    """Every node once, with its name; a dot where branches leave a wire, and where the wire of an inner output ends."""
    branches = layout.branches.items()
    forks = {(source, start) for (source, _), (start, _) in branches if start != layout.places[source]}
    nodes, names = [Node(start, FORK_RADIUS, "fork") for _, start in sorted(forks)], []

    def mark(name: str, at: Point, role: str, radius: float) -> None:
        nodes.append(Node(at, radius, role, name, graph.nodes[name]["equation"]))

    def write(name: str, at: Point, size: float, anchor: str) -> None:
        names.append(Label(at, subscript(name), size, "ink", anchor, formula=True, source=name))

    for name, place in layout.places.items():
        role, port = role_of_node(graph.nodes[name]), layout.ports.get(name)
        if role == "terminal":
            mark(name, place, role, TERMINAL_RADIUS)
            write(name, (place[0] - BESIDE, place[1]), NAME_SIZE, "end")
        if port is not None:
            mark(name, port, "output" if port == place else "port", PORT_RADIUS)
            write(name, (port[0] + BESIDE, port[1]), NAME_SIZE, "start")
        if role != "terminal" and port != place:
            mark(name, place, role, THIN_RADIUS if thin else RADIUS)
            if not thin:
                write(name, place, INNER_SIZE, "middle")
    return nodes, names


def _factors(graph: Graph, layout: Layout, places: Places) -> list[Label]:
    """The written factors, on plates that lie over the branches."""
    factors = []
    for (source, target), along in places.items():
        (x, y), (end, there) = layout.branches[source, target]
        edge, at = graph.edges[source, target], (x + along * (end - x), y + along * (there - y))
        label = Label(at, edge["label"], labels.SIZE, role_of_edge(edge), plate=True, formula=True)
        factors.append(replace(label, source=source, target=target))
    return factors


def _entries(graph: Graph, thin: bool, dropped: int) -> list[Entry]:
    """What the legend explains: only what occurs in the picture."""
    edges = graph.edges.values()
    shapes = {role_of_node(node) for node in graph.nodes.values() if node["kind"] != "output" or node["shared"]}
    roles = set(map(role_of_edge, edges))
    entries = [("node", role, words) for role, words in NODE_ROLES.items() if role in shapes]
    entries += [("line", role, words) for role, words in EDGE_ROLES.items() if role in roles]
    if not thin and any("ω" in edge["label"] for edge in edges):
        entries.append(("formula", "faint", "ωₙ = exp(−2πi/n)"))
    if dropped:
        entries.append(("text", "faint", f"{several(dropped, 'factor')} left out for want of room"))
    if thin:
        entries.append(("text", "faint", f"{len(graph)} nodes, {len(edges)} edges: names and factors left out"))
    return entries
