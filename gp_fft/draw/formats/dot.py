"""The graph of a program for Graphviz: ``dot -Tsvg``, or any tool that reads the DOT language.

All attributes of :mod:`gp_fft.draw.graph` that fit are there; shared nodes are boxes and scales bold, as in our
own pictures.
"""

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph
from gp_fft.draw.marks import role_of_edge, role_of_node
from gp_fft.draw.theme import Theme

_SHAPES = {"terminal": "plaintext", "definition": "circle", "shared": "box"}
_STYLES = {"wire": "solid", "minus": "dashed", "turned": "dotted", "scale": "bold"}


def to_dot(graph: Graph, theme: Theme) -> str:
    """A ``digraph`` from left to right, inputs on the first rank and outputs that nothing reads on the last."""
    title = quote_dot(graph.graph["title"] or "program")
    lines = [
        f"digraph {title} {{",
        f"  graph [rankdir=LR, label={title}, labelloc=t];",
        f'  graph [bgcolor="{theme.paper}", fontcolor="{theme.ink}"];',
        f'  node [color="{theme.ink}", fontcolor="{theme.ink}", margin="0.05"];',
        "  edge [arrowsize=0.5];",
    ]
    for name, node in graph.nodes.items():
        role = role_of_node(node)
        colour = f', color="{theme.shared}"' if role == "shared" else ""
        lines.append(
            f"  {quote_dot(name)} [label={quote_dot(node['label'])}, shape={_SHAPES[role]}{colour}, "
            f"kind={node['kind']}, layer={node['layer']}, uses={node['uses']}, "
            f"shared={str(node['shared']).lower()}, tooltip={quote_dot(node['equation'])}];"
        )
    for source, target, edge in graph.edges(data=True):
        role = role_of_edge(edge)
        colour = getattr(theme, role)
        label = "" if role == "wire" else f'label={quote_dot(edge["label"])}, fontcolor="{colour}", '
        lines.append(
            f'  {quote_dot(source)} -> {quote_dot(target)} [{label}style={_STYLES[role]}, color="{colour}", '
            f"scale={str(edge['scale']).lower()}];"
        )
    kinds = [(f"{quote_dot(name)};", node["kind"], node["uses"]) for name, node in graph.nodes.items()]
    inputs = " ".join(name for name, kind, _ in kinds if kind == "input")
    outputs = " ".join(name for name, kind, uses in kinds if kind == "output" and not uses)
    lines += [f"  {{ rank=source; {inputs} }}", f"  {{ rank=sink; {outputs} }}"]  # others stay where they fall
    return "\n".join([*lines, "}"]) + "\n"


def quote_dot(text: str) -> str:
    """Quote a text so that Graphviz shows it as it stands, without escape sequences."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


FORMAT = (Format(".dot", "Graphviz", to_dot), Format(".gv", "Graphviz", to_dot))
