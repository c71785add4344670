"""The graph of a program for Graphviz: ``dot -Tsvg``, or any tool that reads the DOT language.

All attributes of :mod:`gp_fft.draw.graph` that fit are there; shared nodes are boxes and scales bold, as in our
own pictures.
"""

import networkx as nx

from gp_fft.draw.marks import role_of_edge, role_of_node
from gp_fft.draw.theme import get_theme

_SHAPES = {"terminal": "plaintext", "definition": "circle", "shared": "box"}
_STYLES = {"wire": "solid", "minus": "dashed", "turned": "dotted", "scale": "bold"}


def to_dot(graph: nx.DiGraph, theme: str = "light") -> str:
    """Write the graph in the DOT language.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: ``"light"`` or ``"dark"``.

    Returns:
        A ``digraph`` from left to right, inputs on the first rank and outputs that nothing reads on the last.
    """
    colours = get_theme(theme)
    title = quote_dot(graph.graph["title"] or "program")
    lines = [
        f"digraph {title} {{",
        f"  graph [rankdir=LR, label={title}, labelloc=t];",
        f'  graph [bgcolor="{colours.paper}", fontcolor="{colours.ink}"];',
        f'  node [color="{colours.ink}", fontcolor="{colours.ink}", margin="0.05"];',
        "  edge [arrowsize=0.5];",
    ]
    for name, node in graph.nodes.items():
        role = role_of_node(node)
        colour = f', color="{colours.shared}"' if role == "shared" else ""
        lines.append(
            f"  {quote_dot(name)} [label={quote_dot(node['label'])}, shape={_SHAPES[role]}{colour}, "
            f"kind={node['kind']}, layer={node['layer']}, uses={node['uses']}, "
            f"shared={str(node['shared']).lower()}, "
            f"tooltip={quote_dot(node['equation'])}];"
        )
    for source, target, edge in graph.edges(data=True):
        role = role_of_edge(edge)
        colour = getattr(colours, role)
        label = "" if role == "wire" else f'label={quote_dot(edge["label"])}, fontcolor="{colour}", '
        lines.append(
            f'  {quote_dot(source)} -> {quote_dot(target)} [{label}style={_STYLES[role]}, color="{colour}", '
            f"scale={str(edge['scale']).lower()}];"
        )
    lines += [_rank(graph, "source", "input"), _rank(graph, "sink", "output")]
    return "\n".join([*lines, "}"]) + "\n"


def quote_dot(text: str) -> str:
    """Quote a text so that Graphviz shows it as it stands, without escape sequences."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _rank(graph: nx.DiGraph, rank: str, kind: str) -> str:
    """Put the inputs or the outputs on one rank; outputs that other definitions read stay where they fall."""
    names = [name for name, node in graph.nodes.items() if node["kind"] == kind]
    if kind == "output":
        names = [name for name in names if not graph.nodes[name]["uses"]]
    return f"  {{ rank={rank}; {' '.join(quote_dot(name) + ';' for name in names)} }}"
