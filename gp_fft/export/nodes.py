"""Programs as nodes of two operands at most: products made once, sums in the order of their terms, parts if asked."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

from gp_fft.program import Program


class Reading(NamedTuple):
    """A value as a node reads it: ``size * i**turn * value``; the size is 1 but in a fused sum."""

    value: int
    turn: int = 0
    size: float = 1.0


@dataclass(frozen=True)
class Node:
    """The value ``i**turn * size * a`` or ``a + b``, of readings; none at all is zero."""

    readings: tuple[Reading, ...]
    name: str
    product: bool = False


@dataclass
class Nodes:
    """Nodes in order; value k is input k or node ``k - inputs``."""

    inputs: int
    names: list[str]
    field: str
    nodes: list[Node] = dataclasses.field(default_factory=list)
    outputs: list[Reading] = dataclasses.field(default_factory=list)

    def add(self, *readings: Reading, name: str, product: bool = False) -> int:
        """Add a node, and give back its value."""
        self.nodes.append(Node(readings, name, product))
        self.names.append(name)
        return self.inputs + len(self.nodes) - 1


def nodes_of(program: Program, fused: bool) -> Nodes:
    """A program as nodes; where ``fused`` products go into the sums that use them, each time anew.

    Names are those of the text form, so that the two can be compared: ``t5``, ``y0``; the partial sums of ``t5`` are
    ``t5a``, ``t5b``; products are ``m0``, ``m1``.
    """
    made = Nodes(program.inputs, [f"x{k}" for k in range(program.inputs)], program.field)
    shown = {d: k for k, d in enumerate(program.outputs.tolist())}
    where = [Reading(k) for k in range(program.inputs)]  # how the values of the program are read
    products: dict[tuple[int, float], int] = {}
    hidden = 0
    for d, row in enumerate(program.rows()):
        name = f"y{shown[d]}" if d in shown else f"t{hidden}"
        hidden += d not in shown
        plain = any(size == 1.0 for size, _, _ in row)
        terms = []
        for k, (size, turn, ref) in enumerate(row):
            value, held, _ = where[ref]
            if size != 1.0 and fused and (plain or k) and len(row) > 1:
                terms.append(Reading(value, (turn + held) % 4, size))
                continue
            if size != 1.0:
                key = value, size
                if key not in products:
                    products[key] = made.add(Reading(value, 0, size), name=f"m{len(products)}", product=True)
                value = products[key]
            terms.append(Reading(value, (turn + held) % 4))
        where.append(_sum(made, terms, name, d in shown))
    made.outputs = [where[program.inputs + d] for d in program.outputs.tolist()]
    return made


def _sum(made: Nodes, terms: list[Reading], name: str, shown: bool) -> Reading:
    """How the sum of the terms is read: a node after all but the first of them; one term alone is no node."""
    if not terms:
        return Reading(made.add(name=name))
    if terms[0].size != 1.0:  # to be fused into what comes first
        first = next(k for k, term in enumerate(terms) if term.size == 1.0)
        terms = [terms[first], *terms[:first], *terms[first + 1 :]]
    total = terms[0]
    for k, term in enumerate(terms[1:], 1):
        last = k == len(terms) - 1
        total = Reading(made.add(total, term, name=name if last else f"{name}{_letters(k - 1)}"))
    return total


def _letters(k: int) -> str:
    """a, b, ... z, za, zb, ..."""
    return "z" * (k // 25) + "abcdefghijklmnopqrstuvwxy"[k % 25]


def in_parts(nodes: Nodes) -> Nodes:
    """The same with real and imaginary parts as values of their own: turns become swaps and signs.

    i (a + bi) is -b + ai: value v has the parts ``2 v`` and ``2 v + 1``.
    """
    made = Nodes(2 * nodes.inputs, [], "real")
    made.names = [f"{name}{part}" for name in nodes.names[: nodes.inputs] for part in ("re", "im")]
    for node in nodes.nodes:
        for part, suffix in enumerate(("re", "im")):
            readings = (_part(reading, part) for reading in node.readings)
            made.add(*readings, name=f"{node.name}{suffix}", product=node.product)
    made.outputs = [_part(reading, part) for reading in nodes.outputs for part in (0, 1)]
    return made


def _part(reading: Reading, part: int) -> Reading:
    """One part of what is read, as a part of the value with a sign."""
    value, turn, size = reading
    negative = turn in ((1, 2), (2, 3))[part]
    return Reading(2 * value + (part ^ turn % 2), 2 * negative, size)
