"""Statements as lines that Python, and what looks like it, understands; for the targets that are written in it."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable

from gp_fft.export.form import Form, Statement
from gp_fft.export.target import Bare

KEYWORDS = frozenset({*keyword.kwlist, *keyword.softkwlist})


def constant_names(form: Form) -> dict[float, str]:
    """The names of the constants: C0, C1, ... ascending."""
    return {size: f"C{k}" for k, size in enumerate(form.constants)}


def constant_lines(form: Form, source: Bare) -> list[str]:
    """A line for each constant, with the exact number that it stands for where that is known."""
    lines = []
    for size, name in constant_names(form).items():
        exact = source.exact.get(size, "")
        lines.append(f"{name} = {size!r}{f'  # {exact}' if exact and len(exact) <= 80 else ''}")
    return lines


def docstring(source: Bare, first: str, indent: str = "    ") -> list[str]:
    """The docstring of a function: what it does, and the header."""
    lines = [f'"""{first}', "", *source.header, '"""']
    return [f"{indent}{line}".rstrip() for line in lines]


def expression(form: Form, statement: Statement) -> str:
    """The right side of a statement on real numbers or words of bits."""
    a, b = (form.names[value] if value >= 0 else "" for value in (statement.a, statement.b))
    sign = "-" if statement.size < 0 else ""
    size = constant_names(form).get(abs(statement.size), "1.0")
    match statement.operation:
        case "sum" if form.field == "gf2":
            return f"{a} ^ {b}"
        case "sum":
            return f"{a} - {b}" if statement.turn else f"{a} + {b}"
        case "product":
            return f"{sign}{size} * {a}"
        case "fused":
            return f"{a} {sign or '+'} {size} * {b}"
        case "turned":
            return f"-{a}"
    return "0" if form.field == "gf2" else "0.0"


def body(
    form: Form, load: Callable[[int], str], zero: str = "", right: Callable[[Statement], str] | None = None
) -> Iterable[str]:
    """The statements as assignments, each input loaded by ``load`` where it is first used, outputs left in their names.

    ``zero`` is what stands for nothing at all, where that is no plain number; ``right`` writes a right side, where that
    is not :func:`expression`.
    """
    inputs, seen = form.inputs * form.parts, set[int]()
    for statement in form.statements:
        for value in statement.reads:
            if value < inputs and value not in seen:
                seen.add(value)
                yield f"{form.names[value]} = {load(value)}"
        written = right(statement) if right else expression(form, statement)
        text = zero if statement.operation == "zero" and zero else written
        yield f"{form.names[statement.out]} = {text}"
    for value in form.outputs:
        if value < inputs and value not in seen:
            seen.add(value)
            yield f"{form.names[value]} = {load(value)}"
