"""The text form of a scheme: what ``show`` prints, what files hold; it round-trips.

One step a line, ``y`` the last one::

    # scheme dft 2^k
    t1 = stride(x, 2, 0)
    t2 = self(t1)
    ...
    y = concatenate(t6, t7)

A stride or block names its radix and which part it takes, other primitives their number. An argument may have ``-``,
``1i*`` or ``-1i*`` before it. A sum is written as one.
"""

from __future__ import annotations

import re

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.schemes.family import Family
from gp_fft.schemes.forms import Form
from gp_fft.schemes.scheme import CALL, MOST_LEVELS, SUM, Argument, Scheme, Step
from primitives import VECTORS, VectorPrimitive

TURNS = ("", "1i*", "-", "-1i*")
_NAME = r"x|t[1-9][0-9]{0,3}"
_FACTOR = rf"(-?1i\*|-)?({_NAME})"
_SUM = re.compile(rf"{_FACTOR} ([+-]) (-?1i\*|-)?({_NAME})")
_APPLIED = re.compile(r"([a-z][a-z-]*)\(([^()]*)\)")
_LINE = re.compile(r"(t[1-9][0-9]{0,3}|y) = (.+)")
_HEADER = re.compile(r"# scheme ([a-z0-9-]{1,20}) (\S{1,10})")
LONGEST = 1 << 16  # characters of a text


def format_scheme(scheme: Scheme) -> str:
    """The text of a scheme, header first, ending with a newline."""
    last = len(scheme.steps)
    lines = [f"# scheme {scheme.family.title}"]
    for k, step in enumerate(scheme.steps, 1):
        lines.append(f"{'y' if k == last else f't{k}'} = {format_step(step, scheme.family)}")
    return "\n".join(lines) + "\n"


def format_step(step: Step, family: Family) -> str:
    """The right side of a line."""
    words = [TURNS[turn] + name(ref) for ref, turn in step.arguments]
    if step.form.name == SUM:
        second = step.arguments[1]
        if second[1] >= 2:
            return f"{words[0]} - {TURNS[second[1] - 2]}{name(second[0])}"
        return f"{words[0]} + {words[1]}"
    numbers = [] if step.form.name == CALL else _numbers(VECTORS[step.form.name], step.form, family.prime)
    return f"{step.form.name}({', '.join([*words, *map(str, numbers)])})"


def name(ref: int) -> str:
    """How a vector is called."""
    return f"t{ref}" if ref else "x"


def _shape(primitive: VectorPrimitive, prime: int) -> tuple[bool, bool, bool]:
    """Whether a radix, a number and what it is counted in are written."""
    choices = primitive.choices(prime, MOST_LEVELS)
    return primitive.shortens, any(k for _, k, _ in choices), any(of for _, _, of in choices)


def _numbers(primitive: VectorPrimitive, form: Form, prime: int) -> list[int]:
    written = zip(_shape(primitive, prime), (prime**form.levels, form.k, form.of), strict=True)
    return [number for wanted, number in written if wanted]


def parse_scheme(text: str) -> Scheme:
    """The scheme in a text; DataError, with the line, for anything that is none."""
    if len(text) > LONGEST:
        raise DataError(f"the text of the scheme is longer than {LONGEST} characters")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    match = _HEADER.fullmatch(lines[0]) if lines else None
    if match is None:
        raise DataError("the text of a scheme begins with a line such as: # scheme dft 2^k")
    try:
        family = Family.read(match[1], match[2])
    except UsageError as error:
        raise DataError(str(error)) from error
    steps, body = list[Step](), [line for line in lines[1:] if not line.startswith("#")]
    for k, line in enumerate(body, 1):
        found, wanted = _LINE.fullmatch(line), "y" if k == len(body) else f"t{k}"
        if found is None or found[1] != wanted:
            raise DataError(f"line {k} of the scheme is {line[:60]!r}; it must begin with: {wanted} =")
        steps.append(_step(found[2], k, family))
    return Scheme(family, tuple(steps))


def _step(text: str, k: int, family: Family) -> Step:
    total = _SUM.fullmatch(text)
    if total is not None:
        first = (_ref(total[2]), TURNS.index(total[1] or ""))
        second = (_ref(total[5]), (TURNS.index(total[4] or "") + 2 * (total[3] == "-")) % 4)
        return Step(Form(SUM), (first, second))
    applied = _APPLIED.fullmatch(text)
    if applied is None:
        raise DataError(f"line {k} of the scheme cannot be read: {text[:60]!r}")
    words = [word.strip() for word in applied[2].split(",")]
    arguments, numbers = list[Argument](), list[int]()
    for word in words:
        factor = re.fullmatch(_FACTOR, word)
        if factor is not None and not numbers:
            arguments.append((_ref(factor[2]), TURNS.index(factor[1] or "")))
        elif re.fullmatch(r"-?[0-9]{1,4}", word):
            numbers.append(int(word))
        else:
            raise DataError(f"line {k} of the scheme has {word[:30]!r} where a vector or a number is wanted")
    return Step(_form(applied[1], numbers, len(arguments), k, family), tuple(arguments))


def _form(called: str, numbers: list[int], arguments: int, k: int, family: Family) -> Form:
    """The form that is called by a name with these numbers."""
    if called == CALL:
        if numbers:
            raise DataError(f"line {k} of the scheme: self takes a vector and no numbers")
        return Form(CALL)
    if called not in VECTORS or VECTORS[called].entries is None:
        known = ", ".join(name for name, one in VECTORS.items() if one.entries is not None)
        raise DataError(f"line {k} of the scheme: {called[:30]!r} is no vector primitive; known are self, {known}")
    primitive = VECTORS[called]
    shape = _shape(primitive, family.prime)
    if len(numbers) != sum(shape):
        raise DataError(f"line {k} of the scheme: {called} takes {sum(shape)} numbers, not {len(numbers)}")
    left = iter(numbers)
    radix, number, of = (next(left) if wanted else 0 for wanted in shape)
    if primitive.joins:
        radix = arguments
    levels = _levels(radix, family.prime)
    if levels is None:
        raise DataError(f"line {k} of the scheme: {called} has the radix {radix}, no power of {family.prime}")
    return Form(called, levels, number, of)


def _levels(radix: int, prime: int) -> int | None:
    levels = 0
    while radix > 1 and radix % prime == 0:
        radix, levels = radix // prime, levels + 1
    return levels if radix <= 1 else None


def _ref(word: str) -> int:
    return 0 if word == "x" else int(word[1:])
