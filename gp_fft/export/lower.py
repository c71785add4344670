"""From a program to its statements: nodes, their turns, and what each then is."""

from __future__ import annotations

from gp_fft.export.form import Form, Statement
from gp_fft.export.nodes import Nodes, in_parts, nodes_of
from gp_fft.export.signs import Held
from gp_fft.program import Program


def lower(program: Program, parts: int = 1, fused: bool = False) -> Form:
    """A program as statements in its own order; see :mod:`gp_fft.export.order` for a better one.

    Args:
        program: any program.
        parts: 2 splits complex values into real parts; of other fields it is always 1.
        fused: products go into the sums that use them, as one operation each, as the cost model ``fma`` counts.
    """
    nodes = nodes_of(program, fused)
    if split := parts == 2 and program.field == "complex":
        nodes = in_parts(nodes)
    held, names = Held(nodes), list(nodes.names)
    done = [_statement(nodes, held, k) for k in range(len(nodes.nodes))]
    outputs = []
    for k, reading in enumerate(nodes.outputs):
        value = reading.value
        if turn := held.of(reading):
            done.append(Statement("turned", len(names), value, turn=turn))
            value = len(names)
            names.append(f"y{k // 2}{('re', 'im')[k % 2]}" if split else f"y{k}")
        outputs.append(value)
    return Form(program.field, 2 if split else 1, program.inputs, tuple(done), tuple(outputs), _apart(names))


def _statement(nodes: Nodes, held: Held, k: int) -> Statement:
    """The statement of node k."""
    node, out = nodes.nodes[k], nodes.inputs + k
    if not node.readings:
        return Statement("zero", out)
    if node.product:
        (reading,) = node.readings
        return Statement("product", out, reading.value, size=-reading.size if held.negated(k) else reading.size)
    a, b = held.lead(k)
    turn = (held.of(b) - held.of(a)) % 4
    if b.size != 1.0:
        return Statement("fused", out, a.value, b.value, turn % 2, -b.size if turn >= 2 else b.size)
    return Statement("sum", out, a.value, b.value, turn)


def _apart(names: list[str]) -> tuple[str, ...]:
    """Names that stand for one value each: what an output is made of by a turn takes another one."""
    taken: dict[str, int] = {}
    for value, name in enumerate(names):
        if name in taken:  # the later one is the output
            names[taken[name]] = f"{name}_turned"
        taken[name] = value
    return tuple(names)
