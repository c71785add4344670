"""Whether the equations, the arrays and the hash of a program file say the same, and which line is wrong if not.

Two of the three outvote the third: equations with the hash of the file convict the arrays, arrays with it convict
an equation.
"""

from collections.abc import Sequence
from itertools import zip_longest

from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.text import format_program, parse_program

_SHOWN = 80  # characters of an equation that a message quotes


def check_equations(program: Program, equations: Sequence[str], given_hash: str) -> None:
    """Raise :class:`DataError`, with the place at fault, unless the three agree."""
    written = format_program(program).splitlines()
    if equations == written:
        if given_hash != program.content_hash:
            raise DataError("the key 'hash' does not fit the program", ("hash", None))
        return
    line = next(k for k, (one, other) in enumerate(zip_longest(equations, written)) if one != other)
    one, other = (repr(lines[line][:_SHOWN]) if line < len(lines) else "nothing" for lines in (equations, written))
    place = ("equations", min(line, len(equations) - 1))
    if given_hash == program.content_hash:
        contrast = f"it says {one}, they {other}"
        raise DataError(f"the key 'equations' does not say what the arrays of the program say: {contrast}", place)
    meant = _parsed(equations)
    if meant is not None and meant.content_hash == given_hash:
        key, item = _difference(program, meant)
        raise DataError(f"the key {key!r} does not fit the key 'hash': it makes {other} of {one}", (key, item))
    contrast = f"{one} here, {other} in the arrays"
    raise DataError(f"the key 'hash' fits neither the arrays nor the key 'equations': {contrast}", place)


def _parsed(equations: Sequence[str]) -> Program | None:
    try:
        return parse_program("\n".join(equations))
    except DataError:
        return None


def _difference(program: Program, written: Program) -> tuple[str, int | None]:
    """The first key, and the item of its list, in which a program differs from the one that was meant."""
    for name in ("field", "inputs", "primitives"):
        if getattr(program, name) != getattr(written, name):
            return name, None
    for name in ("starts", "refs", "sizes", "turns", "outputs"):
        one, other = getattr(program, name).tolist(), getattr(written, name).tolist()
        if one != other:
            item = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
            return name, min(item, len(one) - 1)
    return "hash", None
