"""Whether the equations, the arrays and the hash of a program file say the same, and which line is wrong if not.

Two of the three outvote the third: equations with the hash of the file convict the arrays, arrays with it convict
an equation.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.text import format_program, parse_program

_SHOWN = 80  # characters of an equation that a message quotes


def check_equations(program: Program, equations: Sequence[str], given_hash: str) -> None:
    """Raise :class:`DataError`, with the place at fault, unless the three agree."""
    said = format_program(program).splitlines()
    if equations == said:
        if given_hash != program.content_hash:
            raise DataError("the key 'hash' does not fit the program", ("hash", None))
        return
    line = next(k for k, (one, other) in enumerate(zip_longest(equations, said)) if one != other)
    one, other = (_quoted(lines, line) for lines in (equations, said))
    if given_hash == program.content_hash:
        told = f"the key 'equations' does not say what the arrays of the program say: it says {one}, they {other}"
        raise DataError(told, ("equations", min(line, len(equations) - 1)))
    written = _parsed(equations)
    if written is not None and written.content_hash == given_hash:
        key, item = _difference(program, written)
        told = f"the key {key!r} does not fit the key 'hash': it makes {other} of {one}"
        raise DataError(told, (key, item))
    told = f"the key 'hash' fits neither the arrays nor the key 'equations': {one} here, {other} in the arrays"
    raise DataError(told, ("equations", min(line, len(equations) - 1)))


def _quoted(lines: Sequence[str], k: int) -> str:
    return repr(lines[k][:_SHOWN]) if k < len(lines) else "nothing"


def _parsed(equations: Sequence[str]) -> Program | None:
    try:
        return parse_program("\n".join(equations))
    except DataError:
        return None


def _difference(program: Program, written: Program) -> tuple[str, int | None]:
    """The first key, and the item of its list, in which a program differs from the one that was meant."""
    for name in ("field", "inputs"):
        if getattr(program, name) != getattr(written, name):
            return name, None
    for name in ("starts", "refs", "sizes", "turns", "outputs"):
        one, other = getattr(program, name), getattr(written, name)
        shared = min(len(one), len(other))
        differs = np.flatnonzero(one[:shared] != other[:shared])
        if len(differs) or len(one) != len(other):
            return name, int(differs[0]) if len(differs) else min(shared, len(one) - 1)
    return "hash", None
