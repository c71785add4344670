"""A program as a directed graph that networkx, Graphviz, Gephi and people understand.

:func:`to_graph` makes the graph, :func:`gp_fft.draw.formats.write` puts it into a file by suffix.

**Graph attributes**: ``title`` (``"dft 8"``), ``field`` (``"complex"``, ``"real"`` or ``"gf2"``), ``hash`` (the content
hash).

**Nodes** are named as in the text form (``x3``, ``t5``, ``y0``) and stand in program order, inputs first.
Attributes:

=============  =======  ===================================================================================
``kind``       str      ``"input"``, ``"definition"`` or ``"output"``
``label``      str      the name again, for tools that show labels
``equation``   str      the line of the text form, ``"t0 = x0 + x4"``; for an input its name
``index``      int      which input, which definition of the program, or which output it is
``layer``      int      0 for inputs, else one more than the largest layer among the values it reads
``uses``       int      how many definitions read it
``shared``     bool     a definition or output that two or more definitions read
``factor``     float    of inputs and outputs of a scaled program: what its user divides there
``vector``     ndarray  ``(inputs,)`` complex128 or float64, read-only: the row vector that the node computes
=============  =======  ===================================================================================

**Edges** go from the value that is read to the definition that reads it. Several terms of one definition with
the same reference (the cosine and the sine of a twiddle, say) are one edge. The labels are those of
:mod:`gp_fft.draw.coefficients`. Attributes:

===============  =======  =================================================================================
``coefficient``  complex  the sum of the terms; float if the field is not complex
``label``        str      the coefficient in words: ``"1"``, ``"-i"``, ``"√½"``, ``"ω₁₆³"``
``terms``        tuple    the terms as ``(size, turn)`` pairs, in program order
``turn``         int      the power of i of the first term
``scale``        bool     True if any term has a size other than 1, that is, needs a multiplication
===============  =======  =================================================================================
"""

from typing import Any

from gp_fft.draw.coefficients import write_coefficient
from gp_fft.program import Program, Term
from gp_fft.program.text import format_program
from gp_fft.program.values import LIMIT_HELD, over_inputs
from gp_fft.transforms import UNSCALED, Scaling

Graph = Any
"""A ``networkx.DiGraph`` as :func:`to_graph` makes it; networkx has no types, and is not loaded before it is needed."""


def to_graph(program: Program, scaling: Scaling = UNSCALED) -> Graph:
    """Turn a program into a networkx graph with the attributes listed in :mod:`gp_fft.draw.graph`.

    Args:
        program: any program.
        scaling: the factors with which its outputs come, and its inputs go in.

    Returns:
        A fresh directed acyclic graph. ``vector`` is left out above ``LIMIT_HELD`` numbers (64 MiB).

    Examples:
        >>> from gp_fft.program import Program, Term
        >>> graph = to_graph(Program.parse("# dft 2 complex\\ny0 = x0 + x1\\ny1 = x0 - x1\\n"))
        >>> list(graph), graph.edges["x1", "y1"]["label"]
        (['x0', 'x1', 'y0', 'y1'], '−1')
    """
    import networkx as nx

    title = f"{program.title}, scaling {scaling.kind}" if scaling else program.title
    graph = nx.DiGraph(title=title, field=program.field, hash=program.content_hash)
    for k in range(program.inputs):
        graph.add_node(f"x{k}", kind="input", label=f"x{k}", equation=f"x{k}", index=k, layer=0)
    names = list(graph)
    outputs = {definition: k for k, definition in enumerate(program.outputs.tolist())}
    equations = format_program(program).splitlines()[1:]
    for definition, (row, equation) in enumerate(zip(program.rows(), equations, strict=True)):
        name = equation.split(" ", 1)[0]
        kind = "output" if definition in outputs else "definition"
        index = outputs.get(definition, definition)
        layer = 1 + max((graph.nodes[names[ref]]["layer"] for _, _, ref in row), default=0)
        graph.add_node(name, kind=kind, label=name, equation=equation, index=index, layer=layer)
        _add_edges(graph, names, name, row)
        names.append(name)
    for side, factors in (("x", scaling.inputs), ("y", scaling.outputs)):
        for k, factor in enumerate(factors):
            graph.nodes[f"{side}{k}"]["factor"] = factor
    for name, node in graph.nodes.items():
        node["uses"] = graph.out_degree(name)
        node["shared"] = node["kind"] != "input" and node["uses"] > 1
    if len(graph) * program.inputs <= LIMIT_HELD:
        _add_vectors(graph, program)
    return graph


def _add_edges(graph: Graph, names: list[str], name: str, row: list[Term]) -> None:
    """Add the edges into one definition, one for each value that it reads."""
    terms: dict[int, list[tuple[float, int]]] = {}
    for size, turn, ref in row:
        terms.setdefault(ref, []).append((size, turn))
    for ref, pairs in terms.items():
        coefficient = complex(sum(size * (1, 1j, -1, -1j)[turn] for size, turn in pairs))
        graph.add_edge(
            names[ref],
            name,
            coefficient=coefficient if graph.graph["field"] == "complex" else coefficient.real,
            label=write_coefficient(coefficient),
            terms=tuple(pairs),
            turn=pairs[0][1],
            scale=any(size != 1.0 for size, _ in pairs),
        )


def _add_vectors(graph: Graph, program: Program) -> None:
    """Give every node the row vector of its value."""
    vectors = over_inputs(program.inputs, program.rows(), program.field)
    vectors.flags.writeable = False
    for node, vector in zip(graph.nodes.values(), vectors, strict=True):
        node["vector"] = vector
