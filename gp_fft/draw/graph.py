"""A program as a directed graph that networkx, Graphviz, Gephi and people understand.

:func:`to_graph` makes the graph, :func:`to_svg` draws it, :func:`write` puts it into a file by suffix.

**Graph attributes**: ``title`` (``"dft 8"``), ``field`` (``"complex"`` or ``"real"``), ``hash`` (the content
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
``vector``     ndarray  ``(inputs,)`` complex128 or float64, read-only: the row vector that the node computes
=============  =======  ===================================================================================

**Edges** go from the value that is read to the definition that reads it. Several terms of one definition with
the same reference (the cosine and the sine of a twiddle, say) are one edge. The labels are those of
:mod:`gp_fft.draw.coefficients`. Attributes:

===============  =======  =================================================================================
``coefficient``  complex  the sum of the terms; float if the field is real
``label``        str      the coefficient in words: ``"1"``, ``"-i"``, ``"√½"``, ``"ω₁₆³"``
``terms``        tuple    the terms as ``(size, turn)`` pairs, in program order
``turn``         int      the power of i of the first term
``scale``        bool     True if any term has a size other than 1, that is, needs a multiplication
===============  =======  =================================================================================
"""

from pathlib import Path

import networkx as nx

from gp_fft.draw.coefficients import write_coefficient
from gp_fft.program import Program, Term
from gp_fft.program.text import format_program
from gp_fft.program.values import LIMIT_HELD, over_inputs


def to_graph(program: Program) -> nx.DiGraph:
    """Turn a program into a networkx graph with the attributes listed in :mod:`gp_fft.draw.graph`.

    Args:
        program: any program.

    Returns:
        A fresh directed acyclic graph. ``vector`` is left out above ``LIMIT_HELD`` numbers (64 MiB).

    Examples:
        >>> from gp_fft.program import Program
        >>> graph = to_graph(Program.parse("# dft 2 complex\\ny0 = x0 + x1\\ny1 = x0 - x1\\n"))
        >>> list(graph), graph.edges["x1", "y1"]["label"]
        (['x0', 'x1', 'y0', 'y1'], '−1')
    """
    equations = format_program(program).splitlines()[1:]
    names = [f"x{i}" for i in range(program.inputs)] + [line.split(" ", 1)[0] for line in equations]
    graph = nx.DiGraph(title=program.title, field=program.field, hash=program.content_hash)
    _add_nodes(graph, program, names, equations)
    for name, row in zip(names[program.inputs :], program.rows(), strict=True):
        _add_edges(graph, names, name, row, program.field == "real")
    for name, node in graph.nodes.items():
        node["uses"] = graph.out_degree(name)
        node["shared"] = node["kind"] != "input" and node["uses"] > 1
    return graph


def to_svg(program: Program, theme: str = "light") -> str:
    """Draw a program as a layered dataflow diagram, see :mod:`gp_fft.draw.svg`.

    Args:
        program: any program.
        theme: ``"light"`` or ``"dark"``.

    Returns:
        A complete SVG document. :class:`~gp_fft.ground.errors.UsageError` for another theme.
    """
    from gp_fft.draw.svg import draw_svg

    return draw_svg(to_graph(program), theme)


def write(program: Program, path: str | Path, theme: str = "light") -> None:
    """Write a program as a graph; the suffix of ``path`` chooses the format.

    Args:
        program: any program.
        path: ends in one of the suffixes of :data:`gp_fft.draw.formats.FORMATS`, ``.svg`` for example.
        theme: ``"light"`` or ``"dark"``, for the formats that are pictures.

    Raises:
        UsageError: another suffix or theme. DataError: the file cannot be written; nothing is left behind.
    """
    from gp_fft.draw.formats import write_graph

    write_graph(to_graph(program), Path(path), theme)


def _add_nodes(graph: nx.DiGraph, program: Program, names: list[str], equations: list[str]) -> None:
    """Add all nodes in program order with everything but ``uses`` and ``shared``."""
    position = {int(definition): k for k, definition in enumerate(program.outputs)}
    vectors = None
    if len(names) * program.inputs <= LIMIT_HELD:
        vectors = over_inputs(program.inputs, program.rows(), program.field)
        vectors.flags.writeable = False
    layers = [0] * program.inputs
    for row in program.rows():
        layers.append(1 + max((layers[ref] for _, _, ref in row), default=0))
    for value, name in enumerate(names):
        definition = value - program.inputs
        kind, index, equation = "input", value, name
        if definition in position:
            kind, index, equation = "output", position[definition], equations[definition]
        elif definition >= 0:
            kind, index, equation = "definition", definition, equations[definition]
        graph.add_node(name, kind=kind, label=name, equation=equation, index=index, layer=layers[value])
        if vectors is not None:
            graph.nodes[name]["vector"] = vectors[value]


def _add_edges(graph: nx.DiGraph, names: list[str], name: str, row: list[Term], real: bool) -> None:
    """Add the edges into one definition, one for each value that it reads."""
    terms: dict[int, list[tuple[float, int]]] = {}
    for size, turn, ref in row:
        terms.setdefault(ref, []).append((size, turn))
    for ref, pairs in terms.items():
        coefficient = sum(size * (1, 1j, -1, -1j)[turn] for size, turn in pairs)
        graph.add_edge(
            names[ref],
            name,
            coefficient=float(coefficient.real) if real else complex(coefficient),
            label=write_coefficient(complex(coefficient)).text,
            terms=tuple(pairs),
            turn=pairs[0][1],
            scale=any(size != 1.0 for size, _ in pairs),
        )
