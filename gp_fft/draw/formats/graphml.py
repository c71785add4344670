"""The graph of a program as GraphML, for Gephi, yEd, Cytoscape and ``networkx.read_graphml``.

GraphML knows only plain values, so ``coefficient`` is two numbers, ``real`` and ``imaginary``, ``terms`` is a
text of factors as in the text form (``"0.9238795325112867 -0.3826834323650898i"``), and ``vector`` a text of
its entries, ``1.0 -0.5`` or ``(1+0j) -1j``.
"""

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph
from gp_fft.draw.theme import Theme

_SIGNS = ("", "", "-", "-")


def to_graphml(graph: Graph, _: Theme) -> str:
    """A complete XML document."""
    import networkx as nx

    plain = graph.copy()
    for node in plain.nodes.values():
        if "vector" in node:
            node["vector"] = " ".join(map(repr, node["vector"].tolist()))
    for edge in plain.edges.values():
        factor = complex(edge.pop("coefficient"))
        edge["terms"] = " ".join(f"{_SIGNS[turn]}{size!r}{'i' * (turn % 2)}" for size, turn in edge["terms"])
        edge |= {"real": factor.real, "imaginary": factor.imag}
    lines = nx.generate_graphml(plain, named_key_ids=True)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + "\n".join(lines) + "\n"


FORMAT = Format(".graphml", "GraphML", to_graphml)
