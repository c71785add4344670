"""A scheme as a recursive Python function: one file that needs numpy alone and runs at any n of the family."""

from __future__ import annotations

import keyword
import re

from gp_fft.ground.errors import UsageError
from gp_fft.schemes.operations import solve
from gp_fft.schemes.proving import prove
from gp_fft.schemes.scheme import CALL, SUM, Scheme, Step
from gp_fft.schemes.text import format_scheme, name

_TURNS = ("", "1j*", "-", "-1j*")
_LEAVES = {
    "dft": "np.exp(-2j*np.pi*(j[:, None]*j % n)/n)",
    "idft": "np.exp(2j*np.pi*(j[:, None]*j % n)/n)",
    "dht": "np.cos(2*np.pi*(j[:, None]*j % n)/n) + np.sin(2*np.pi*(j[:, None]*j % n)/n)",
    "wht": "1.0 - 2*(np.bitwise_count(j[:, None] & j) % 2)",
}
_HEAD = '''"""{title}: one recursive program for every n of the family, {status}.

{recurrence}{closed}

{scheme}"""

import numpy as np


def {function}(x):
    """The transform of x along its last axis, whose length is 1, {base}, {base}**2, ...{scaled}"""
    x = np.asarray(x, dtype={kind})
    n = x.shape[-1]
    while n > 1 and n % {base} == 0:
        n //= {base}
    if n != 1:
        raise ValueError(f"n = {{x.shape[-1]}} is no power of {base}")
    return _{function}(x)


def _{function}(x):
    n = x.shape[-1]
    j = np.arange(n)
    if n < {least}:
        return x @ ({leaf})
'''


def checked_name(function: str) -> str:
    """The name of a function, UsageError for one that no language takes."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,40}", function) or keyword.iskeyword(function):
        raise UsageError(f"a function is called by letters, digits and _, a letter first, not {function[:40]!r}")
    return function


def python_source(scheme: Scheme, function: str = "") -> str:
    """The text of a Python module; the function is called like the transform where nothing is said.

    Raises UsageError for a name that is none, and for a primitive that has no Python.
    """
    family, solution = scheme.family, solve(scheme)
    called = checked_name(function or family.transform)
    lines = []
    for k, step in enumerate(scheme.steps, 1):
        left = "return" if k == len(scheme.steps) else f"{name(k)} ="
        lines.append(f"    {left} {_expression(scheme, step, called)}")
    head = _HEAD.format(
        title=family.title,
        status=prove(scheme).status.replace("every n", "proved for every n").replace("sizes", "proved to 4096"),
        recurrence=solution.recurrence,
        closed=f" = {solution.closed}" if solution.closed else "",
        scheme=format_scheme(scheme),
        function=called,
        base=family.base,
        scaled=" Without the factor 1/n." if family.transform == "idft" else "",
        kind="complex" if family.field == "complex" else "float",
        least=family.prime**scheme.depth,
        leaf=_LEAVES[family.transform],
    )
    return head + "\n".join(lines) + "\n"


def _expression(scheme: Scheme, step: Step, function: str) -> str:
    """The right side of a line of Python."""
    words = [_TURNS[turn] + name(ref) for ref, turn in step.arguments]
    inside = [f"({word})" if word[0] in "-1" else word for word in words]
    if step.form.name == SUM:
        return f"{words[0]} + {words[1]}".replace("+ -", "- ")
    if step.form.name == CALL:
        return f"_{function}({words[0]})"
    primitive = scheme.primitive(step)
    assert primitive is not None
    radix, k, of = scheme.family.prime**step.form.levels, step.form.k, step.form.of
    a, angle = inside[0], f"2*np.pi*{k}*j[:{name(step.arguments[0][0])}.shape[-1]]/n"
    size = f"{name(step.arguments[0][0])}.shape[-1]//{radix}"
    written = {
        "stride": f"{a}[..., {k}::{radix}]",
        "block": f"{a}[..., {k}*({size}):{k + 1}*({size})]",
        "concatenate": f"np.concatenate(({', '.join(words)}), axis=-1)",
        "interleave": f"np.stack(({', '.join(words)}), axis=-1).reshape(*x.shape[:-1], -1)",
        "twiddle": f"np.exp(-1j*{angle})*{a}",
        "cosine": f"np.cos({angle})*{a}",
        "sine": f"np.sin({angle})*{a}",
        "root": f"np.exp(-2j*np.pi*{k}/{of or 1})*{a}",
        "constant": f"np.cos(2*np.pi*{k}/{of or 1})*{a}",
        "reverse": f"np.roll({a}[..., ::-1], 1, axis=-1)",
        "shift": f"np.roll({a}, {-k}, axis=-1)",
    }
    if primitive.symbol not in written:
        raise UsageError(f"the vector primitive {primitive.name!r} has no Python")
    return written[primitive.symbol]
