"""The graph of a program as JSON in node-link form, for D3 and ``networkx.node_link_graph(data, edges="edges")``.

Complex numbers are pairs ``[real, imaginary]``; in a real program ``coefficient`` and ``vector`` are plain
numbers.
"""

import json
from typing import Any

from gp_fft.draw.format import Format
from gp_fft.draw.graph import Graph
from gp_fft.draw.theme import Theme


def to_node_link(graph: Graph, _: Theme) -> str:
    """One JSON object with ``directed``, ``multigraph``, ``graph``, ``nodes`` (with ``id``) and ``edges``."""
    import networkx as nx

    document = nx.node_link_data(graph, edges="edges")
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1, default=_plain) + "\n"


def _plain(value: Any) -> list[Any]:
    """A complex number or an array in what JSON has."""
    return [value.real, value.imag] if isinstance(value, complex) else value.tolist()


FORMAT = Format(".json", "node-link JSON", to_node_link)
