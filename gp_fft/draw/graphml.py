"""The graph of a program as GraphML, for Gephi, yEd, Cytoscape and ``networkx.read_graphml``.

GraphML knows only plain values, so ``coefficient`` is two numbers, ``real`` and ``imaginary``, ``terms`` is a
text of factors as in the text form (``"0.9238795325112867 -0.3826834323650898i"``), and ``vector`` a text of
its entries.
"""

from typing import Any

import networkx as nx
from numpy.typing import NDArray

_SIGNS = ("", "", "-", "-")


def to_graphml(graph: nx.DiGraph, theme: str = "light") -> str:
    """Write the graph as GraphML.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: not used, a graph has no colours.

    Returns:
        A complete XML document.
    """
    plain = nx.DiGraph(**graph.graph)
    for name, node in graph.nodes.items():
        kept = {key: value for key, value in node.items() if key != "vector"}
        if "vector" in node:
            kept["vector"] = _write_vector(node["vector"])
        plain.add_node(name, **kept)
    for source, target, edge in graph.edges(data=True):
        kept = {key: value for key, value in edge.items() if key not in ("coefficient", "terms")}
        factor = complex(edge["coefficient"])
        terms = " ".join(_write_term(size, turn) for size, turn in edge["terms"])
        plain.add_edge(source, target, **kept, real=factor.real, imaginary=factor.imag, terms=terms)
    lines = nx.generate_graphml(plain, named_key_ids=True)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + "\n".join(lines) + "\n"


def _write_term(size: float, turn: int) -> str:
    """A factor as the text form writes it."""
    return f"{_SIGNS[turn]}{size!r}{'i' if turn % 2 else ''}"


def _write_vector(vector: NDArray[Any]) -> str:
    """The entries with a space between: ``1.0 -0.5``, or ``(1+0j) (0-1j)`` if they are complex."""
    return " ".join(repr(entry) for entry in vector.tolist())
