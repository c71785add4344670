"""What C code is made of here: the type of the numbers, constants, names and comments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gp_fft.export.form import Form
from gp_fft.export.target import Bare
from gp_fft.ground.errors import UsageError

KEYWORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "  # noqa: SIM905
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while main asm "
    "typeof ptrdiff_t size_t batch".split()
)
BYTES = {"double": 8, "float": 4, "uint8": 1, "uint16": 2, "uint32": 4, "uint64": 8}
WORDS = tuple(name for name in BYTES if name.startswith("u"))
LONGEST = 100  # characters of an exact number in a comment


@dataclass(frozen=True)
class Number:
    """The type of the numbers, or words of bits, that the code computes with."""

    name: str  # double, float, uint64, ...

    @classmethod
    def of(cls, source: Bare, dtype: str) -> Number:
        """The type that was chosen, or the usual one of the program; UsageError for one of another kind."""
        binary = source.program.field == "gf2"
        if not dtype:
            return cls("uint64" if binary else "double")
        if (dtype in WORDS) != binary:
            takes = ", ".join(WORDS) if binary else "double, float"
            raise UsageError(f"the dtype of {source.program.title or 'this program'} is one of {takes}, not {dtype!r}")
        return cls(dtype)

    @property
    def text(self) -> str:
        """As it stands in C."""
        return f"{self.name}_t" if self.name in WORDS else self.name

    @property
    def bytes(self) -> int:
        """How many bytes one takes."""
        return BYTES[self.name]

    def literal(self, value: float) -> str:
        """A constant, rounded to the type."""
        return f"{np.float32(value)!s}f" if self.name == "float" else repr(float(value))


def comment(lines: Iterable[str]) -> list[str]:
    """Lines as one comment, long ones wrapped."""
    wrapped = [part for line in lines for part in textwrap.wrap(line, 116, subsequent_indent="  ") or [""]]
    wrapped = [line.replace("*/", "* /") for line in wrapped]
    return [f"/* {wrapped[0]}", *(f" * {line}" for line in wrapped[1:]), " */"]


def constant_names(form: Form) -> dict[float, str]:
    """The names of the constants: C0, C1, ... ascending."""
    return {size: f"C{k}" for k, size in enumerate(form.constants)}


def exact_comment(source: Bare, size: float) -> str:
    """A comment with the exact number that a size stands for, where it is known and short."""
    exact = source.exact.get(size, "")
    return f" /* {exact} */" if exact and len(exact) <= LONGEST else ""
