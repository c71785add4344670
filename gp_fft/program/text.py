"""The text form of a program: one definition a line, as people write it, read back to the last bit.

A header ``# dft 8 complex`` gives title and field, and after them what these do not tell: ``inputs=8``, the primitive
set where it is not the one called like the field, ``primitives=dyadic``, the kernel of a transform that has one,
``# conv 3 real kernel=2,7,1.5``, and the factors at the border of a scaled program, one for each output,
``scaling=1,0.5,2``, and one for each input, ``input-scaling=1,0.5,2``.
Then come ``t2 = x1 - 1i*x5 + 0.7071067811865476*t1`` and, for the outputs, ``y0 = t0 + t2``; an empty output
is ``y0 = 0``. A coefficient is ``real``, ``reali``, ``i`` or nothing; over GF(2), as in ``# reed-muller 8 gf2``, it is
nothing and a plus is XOR. What follows another ``#`` is a remark.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Sequence
from math import isfinite

from gp_fft.ground.errors import DataError
from gp_fft.program import LIMIT_INPUTS, LIMIT_TERMS, Program, Term, check_border
from gp_fft.program.cost import keep_to_own
from gp_fft.transforms import UNSCALED, Scaling, title_inputs
from primitives.base import FIELDS

LIMIT_TEXT = 16 << 20
"""Most characters of a text form: room for LIMIT_TERMS terms."""

_INPUTS = re.compile(r"(inputs)=([0-9]{1,9})")
_SET = re.compile(r"(primitives)=([a-z0-9_:=.,+-]{1,100})")
_LIST = re.compile(r"(kernel|scaling|input-scaling)=([-+0-9.eE,]{1,200000})")
_DEFINITION = re.compile(r"([ty])([0-9]{1,9})\s*=\s*")
_NUMBER = r"(?>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|(?i:nan|inf(?:inity)?))"
_TERM = re.compile(rf"([+-])?\s*(?:(?:({_NUMBER})(i)?|(i))\s*\*\s*)?([xty])([0-9]{{1,9}})(?![0-9.])\s*")
_ZERO = re.compile(r"[+-]?0(?:\.0*)?")


def format_program(program: Program, kernel: Sequence[float] = (), scaling: Scaling = UNSCALED) -> str:
    """The text form of ``program``, with a newline at the end; :func:`parse_program` reads it back.

    With the kernel of its transform, where that has one, and its scaling :func:`read_program` reads these back too.
    """
    names = [f"x{k}" for k in range(program.inputs)]
    shown, hidden = {d: f"y{k}" for k, d in enumerate(program.outputs.tolist())}, itertools.count()
    lines = [_header(program, {"kernel": kernel, "scaling": scaling.outputs, "input-scaling": scaling.inputs})]
    for d, row in enumerate(program.rows()):
        names.append(shown.get(d) or f"t{next(hidden)}")
        lines.append(f"{names[-1]} = {_format_row(row, names)}")
    return "\n".join(lines) + "\n"


def _format_row(row: list[Term], names: list[str]) -> str:
    """One sum; the first term carries a sign only if it is a minus."""
    if not row:
        return "0"
    text = " ".join(f"{'-' if turn >= 2 else '+'} {_factor(size, turn)}{names[ref]}" for size, turn, ref in row)
    return text[2:] if text[0] == "+" else "-" + text[2:]


def _factor(size: float, turn: int) -> str:
    if size == 1.0:
        return "1i*" if turn % 2 else ""
    return f"{size!r}{'i' * (turn % 2)}*"


def _header(program: Program, lists: dict[str, Sequence[float]]) -> str:
    """``# TITLE FIELD``, and ``inputs=K`` where neither the title nor the references tell it; then the lists."""
    used = program.refs[program.refs < program.inputs]
    expected = _title_inputs(program.title) or 1 + int(used.max(initial=0))
    inputs = "" if expected == program.inputs else f"inputs={program.inputs}"
    words = [f"{name}={_list(values)}" for name, values in lists.items() if values]
    chosen = program.primitives and f"primitives={program.primitives}"
    return " ".join(filter(None, ["#", program.title, program.field, inputs, chosen, *words]))


def _list(values: Sequence[float]) -> str:
    """Numbers with commas between them, to the last bit."""
    return ",".join(repr(float(value)).removesuffix(".0") for value in values)


def _title_inputs(title: str) -> int | None:
    """The number of inputs of the transform that ``title`` names, or None if it names none."""
    try:
        return title_inputs(title)
    except DataError:
        return None


def parse_program(text: str) -> Program:
    """The program that ``text`` describes, in canonical order.

    Raises :class:`DataError` with the number of the line: a reference that is not defined above, a name given
    twice, a coefficient that is zero or not finite, an imaginary one in a real program, or plain junk.
    """
    return read_program(text)[0]


def read_program(text: str) -> tuple[Program, tuple[float, ...], Scaling]:
    """The program that ``text`` describes, and kernel and scaling from its header.

    Raises what :func:`parse_program` raises.
    """
    if len(text) > LIMIT_TEXT:
        raise DataError(f"the text has {len(text)} characters, a program has at most {LIMIT_TEXT}")
    reader: _Reader | None = None
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        try:
            if reader is None:
                reader = _read_header(line.strip())
            else:
                reader.read(line.split("#", 1)[0].strip())
        except DataError as error:
            raise DataError(f"line {number}: {error}") from None
    if reader is None:
        raise DataError("the text is empty; a program starts with a header such as '# dft 8 complex'")
    program = reader.program()
    keep_to_own(program)
    return program, reader.kernel, reader.scaling


def _read_header(line: str) -> _Reader | None:
    """The reader that a header line asks for; None for an empty line, which may stand before it."""
    words = line.removeprefix("#").split()
    if not line:
        return None
    said: dict[str, str] = {}
    while words and (given := next(filter(None, (word.fullmatch(words[-1]) for word in (_INPUTS, _SET, _LIST))), None)):
        if given[1] in said:
            raise DataError(f"the word {_quote(words[-1])} says something that the header has said already")
        said[given[1]] = given[2]
        words.pop()
    if not line.startswith("#") or not words or words[-1] not in FIELDS:
        raise DataError(f"expected a header such as '# dft 8 complex', found {_quote(line)}")
    title = " ".join(words[:-1])
    return _Reader(title, words[-1], int(said["inputs"]) if "inputs" in said else _title_inputs(title), said)


def _numbers(name: str, text: str) -> tuple[float, ...]:
    """The numbers of a list in the header, with commas between them."""
    try:
        return tuple(float(word) for word in text.split(",")) if text else ()
    except ValueError:
        raise DataError(f"the {name} {_quote(text)} must be numbers with commas between them") from None


class _Reader:
    """What has been read so far; references to definition d are held as ``~d`` until the inputs are known."""

    def __init__(self, title: str, field: str, inputs: int | None, said: dict[str, str]) -> None:
        check_border(1 if inputs is None else inputs, field, 1)
        self.primitives = said.get("primitives", "")
        lists = {name: _numbers(name, text) for name, text in said.items() if _LIST.match(f"{name}={text}")}
        self.kernel = lists.get("kernel", ())
        self.scaling = Scaling(lists.get("scaling", ()), lists.get("input-scaling", ()))
        self.title, self.field, self.inputs = title, field, inputs
        self.rows: list[list[Term]] = []
        self.names: dict[str, int] = {}
        self.outputs: dict[int, int] = {}
        self.largest = self.terms = 0

    def read(self, line: str) -> None:
        """Read one definition, or nothing from an empty line."""
        if not line:
            return
        head = _DEFINITION.match(line)
        if head is None:
            raise DataError(f"expected a definition such as 't0 = x0 + x4', found {_quote(line)}")
        number, output = int(head[2]), head[1] == "y"
        name = f"{head[1]}{number}"
        if name in self.names:
            raise DataError(f"{name} is defined a second time")
        if output and number >= LIMIT_INPUTS:
            raise DataError(f"{name} is too many, a program has at most {LIMIT_INPUTS} outputs")
        empty = output and _ZERO.fullmatch(line, head.end())
        terms = [] if empty else self._terms(line, head.end())
        self.names[name] = len(self.rows)
        if output:
            self.outputs[number] = len(self.rows)
        self.rows.append(terms)

    def _terms(self, line: str, at: int) -> list[Term]:
        """The terms of ``line`` from position ``at`` to its end."""
        terms: list[Term] = []
        while at < len(line) or not terms:
            match = _TERM.match(line, at)
            if match is None or (terms and not match[1]):
                raise DataError(f"expected a term such as '- 0.5i*x3', found {_quote(line[at : at + 80])}")
            terms.append(self._term(match))
            at = match.end()
            self.terms += 1
            if self.terms > LIMIT_TERMS:
                raise DataError(f"a program has at most {LIMIT_TERMS} terms")
        return terms

    def _term(self, match: re.Match[str]) -> Term:
        size = float(match[2] or 1)
        if not isfinite(size) or size == 0:
            raise DataError(f"the coefficient {_quote(match[2])} must be a finite number other than zero")
        imaginary = bool(match[3] or match[4])
        if imaginary and self.field == "real":
            raise DataError(f"an imaginary coefficient, {_quote(match[0])}, in a real program")
        turn = (2 if match[1] == "-" else 0) + imaginary
        if self.field == "gf2" and (size != 1.0 or turn):
            raise DataError(f"the term {_quote(match[0].strip())}: over GF(2) there is no coefficient other than 1")
        return size, turn, self._reference(match[5], int(match[6]))

    def _reference(self, kind: str, number: int) -> int:
        if kind != "x":
            known = self.names.get(f"{kind}{number}")
            if known is None:
                raise DataError(f"{kind}{number} is not defined above this line")
            return ~known
        inputs = self.inputs or LIMIT_INPUTS
        if number >= inputs:
            raise DataError(f"x{number} is not an input, the last one is x{inputs - 1}")
        self.largest = max(self.largest, number)
        return number

    def program(self) -> Program:
        """The program of all that was read."""
        if not self.outputs:
            raise DataError("the text defines no output, such as 'y0 = x0 + x1'")
        missing = next((k for k in range(len(self.outputs)) if k not in self.outputs), None)
        if missing is not None:
            raise DataError(f"y{missing} is missing, although y{max(self.outputs)} is defined")
        inputs = self.inputs or 1 + self.largest
        rows = [[(s, t, ref if ref >= 0 else inputs + ~ref) for s, t, ref in row] for row in self.rows]
        outputs = [self.outputs[k] for k in range(len(self.outputs))]
        return Program.build(inputs, self.field, rows, outputs, self.title, self.primitives)


def _quote(text: str) -> str:
    """At most 40 characters of what stands there, safe to print."""
    return ascii(text if len(text) <= 40 else text[:37] + "...")
