"""The graph of a program as JSON in node-link form, for D3 and ``networkx.node_link_graph(data,
edges="edges")``.

Complex numbers are pairs ``[real, imaginary]``; in a real program ``coefficient`` and ``vector`` are plain
numbers.
"""

import json
from typing import Any

import networkx as nx
import numpy as np


def to_node_link(graph: nx.DiGraph, theme: str = "light") -> str:
    """Write the graph as node-link JSON.

    Args:
        graph: as :func:`gp_fft.draw.graph.to_graph` makes it.
        theme: not used, a graph has no colours.

    Returns:
        One JSON object with ``directed``, ``multigraph``, ``graph``, ``nodes`` (each with its ``id``) and
        ``edges`` (each with its ``source`` and ``target``).
    """
    document = {
        "directed": True,
        "multigraph": False,
        "graph": dict(graph.graph),
        "nodes": [{"id": name, **_plain(node)} for name, node in graph.nodes.items()],
        "edges": [
            {"source": source, "target": target, **_plain(edge)}
            for source, target, edge in graph.edges(data=True)
        ],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _plain(attributes: dict[str, Any]) -> dict[str, Any]:
    """Turn complex numbers and arrays into what JSON has."""
    return {key: _plain_value(value) for key, value in attributes.items()}


def _plain_value(value: Any) -> Any:
    """Turn one value into what JSON has."""
    if isinstance(value, np.ndarray):
        return [_plain_value(entry) for entry in value.tolist()]
    return [value.real, value.imag] if isinstance(value, complex) else value
