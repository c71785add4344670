"""From nodes to statements: which turn each value is held with, so that signs and swaps cost nothing.

A sum ``i**s a + i**t b`` is held without the turn of the operand that is chosen to lead it: ``a + i**(t-s) b`` with
``s``, or ``b + i**(s-t) a`` with ``t``. An output must be held without a turn. A sum leads with an operand without one
where it has such an operand; where an output is left with a turn, the leads of what it is made of are tried the other
way round, nearest first, and kept where fewer outputs are left turned.
"""

from __future__ import annotations

from gp_fft.export.form import Form, Statement
from gp_fft.export.nodes import Node, Nodes, Reading, in_parts, nodes_of
from gp_fft.program import Program

TRIALS = 400  # other ways tried for outputs that are held with a turn
NEAR = 60  # nodes above an output whose leads are tried


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
    leads = _leads(nodes)
    form = _statements(nodes, leads, _held(nodes, leads))
    return Form(program.field, 2 if split else 1, program.inputs, *form)


def _leads(nodes: Nodes) -> dict[int, int]:
    """Which reading of a node is to lead it (or, of a product, whether its size is negated), where it is not usual."""
    leads: dict[int, int] = {}
    held = _held(nodes, leads)
    left, trials = _turned(nodes, held), TRIALS
    for reading in nodes.outputs:
        if (held[reading.value] + reading.turn) % 4 == 0:
            continue
        for value in _near(nodes, reading.value):
            if trials == 0 or (held[reading.value] + reading.turn) % 4 == 0:
                break
            trials -= 1
            usual = leads.get(value, 0)
            leads[value] = 1 - usual
            other = _held(nodes, leads)
            if (fewer := _turned(nodes, other)) < left:
                held, left = other, fewer
            else:
                leads[value] = usual
    return leads


def _near(nodes: Nodes, value: int) -> list[int]:
    """The nodes that a value is made of, itself first, nearest first."""
    found = [value] if value >= nodes.inputs else []
    for here in found:
        if len(found) >= NEAR:
            break
        for reading in nodes.nodes[here - nodes.inputs].readings:
            if reading.value >= nodes.inputs and reading.value not in found:
                found.append(reading.value)
    return found


def _turned(nodes: Nodes, held: list[int]) -> int:
    return sum((held[reading.value] + reading.turn) % 4 != 0 for reading in nodes.outputs)


def _held(nodes: Nodes, leads: dict[int, int]) -> list[int]:
    """The turn that each value is held with."""
    held = [0] * nodes.inputs
    for k, node in enumerate(nodes.nodes):
        other = leads.get(nodes.inputs + k, 0)
        if not node.readings:
            held.append(0)
        elif node.product:
            held.append((held[node.readings[0].value] + 2 * other) % 4)
        else:
            held.append(_turn_of(_leading(node, held, other), held))
    return held


def _leading(node: Node, held: list[int], other: int) -> Reading:
    """The reading that leads a sum: the one with the least turn, of equal ones the first; or the other one."""
    a, b = node.readings
    if b.size != 1.0:
        return a
    first, second = (a, b) if _turn_of(a, held) <= _turn_of(b, held) else (b, a)
    return second if other else first


def _turn_of(reading: Reading, held: list[int]) -> int:
    return (reading.turn + held[reading.value]) % 4


def _statements(
    nodes: Nodes, leads: dict[int, int], held: list[int]
) -> tuple[tuple[Statement, ...], tuple[int, ...], tuple[str, ...]]:
    """The statements, the values of the outputs and the names of all values."""
    done, names = list[Statement](), list(nodes.names)
    for k, node in enumerate(nodes.nodes):
        done.append(_statement(node, nodes.inputs + k, leads, held))
    outputs = []
    for k, reading in enumerate(nodes.outputs):
        value, turn = reading.value, _turn_of(reading, held)
        if turn:
            done.append(Statement("turned", len(names), value, turn=turn))
            value = len(names)
            names.append(_output_name(nodes, k))
        outputs.append(value)
    return tuple(done), tuple(outputs), _apart(names)


def _output_name(nodes: Nodes, k: int) -> str:
    if nodes.names[0].endswith("re"):
        return f"y{k // 2}{('re', 'im')[k % 2]}"
    return f"y{k}"


def _apart(names: list[str]) -> tuple[str, ...]:
    """Names that stand for one value each: what an output is made of by a turn takes another one."""
    taken: dict[str, int] = {}
    for value, name in enumerate(names):
        if name in taken:  # the later one is the output
            names[taken[name]] = f"{name}_turned"
        taken[name] = value
    return tuple(names)


def _statement(node: Node, out: int, leads: dict[int, int], held: list[int]) -> Statement:
    """The statement of one node."""
    if not node.readings:
        return Statement("zero", out)
    if node.product:
        (reading,) = node.readings
        return Statement("product", out, reading.value, size=-reading.size if leads.get(out) else reading.size)
    a, b = node.readings
    if _leading(node, held, leads.get(out, 0)) is b:
        a, b = b, a
    turn = (_turn_of(b, held) - _turn_of(a, held)) % 4
    if b.size != 1.0:
        return Statement("fused", out, a.value, b.value, turn % 2, -b.size if turn >= 2 else b.size)
    return Statement("sum", out, a.value, b.value, turn)
