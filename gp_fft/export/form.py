"""The form of a program that code is written from: a sequence of statements, each one operation, each made once.

A value is a number of the field, or, where the target computes with real numbers alone, a real or an imaginary part.
Turns are gone but for those between the two operands of a sum: a value may be held turned, ``v = i**h * held``, and who
reads it turns for itself, which is a sign, or in parts a swap and a sign. What is left to do at an output is a
statement of its own, and rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Operation = Literal["sum", "product", "fused", "turned", "zero"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One operation: ``out`` is made of the values ``a`` and ``b``; over GF(2) a sum is XOR.

    ======= ==================================================================================
    sum     ``out = a + i**turn * b``, a turn of 2 is a subtraction
    product ``out = size * a``, the size is real, not zero, and may be negative
    fused   ``out = a + size * i**turn * b``, turn 0 or 1
    turned  ``out = i**turn * a``, what an output needs that is held turned, or is an input; turn 0 is no statement
    zero    ``out = 0``
    ======= ==================================================================================
    """

    operation: Operation
    out: int
    a: int = -1
    b: int = -1
    turn: int = 0
    size: float = 1.0

    @property
    def reads(self) -> tuple[int, ...]:
        """The values that it reads, each once."""
        if self.a < 0:
            return ()
        return (self.a,) if self.b in (-1, self.a) else (self.a, self.b)


@dataclass(frozen=True)
class Form:
    """A program as statements in the order in which they are to be done.

    Values 0 to ``inputs * parts - 1`` are the inputs, of input j in parts the real part is ``2 j`` and the imaginary
    ``2 j + 1``; every other value is the ``out`` of one statement before those that read it. Outputs likewise, in
    ``outputs``; several may be one value, or an input.
    """

    field: str  # of the program: complex, real or gf2
    parts: int  # 2: values are real parts of complex numbers; 1: numbers of the field
    inputs: int  # of the program
    statements: tuple[Statement, ...]
    outputs: tuple[int, ...]  # values; twice as many in parts
    names: tuple[str, ...]  # of every value: x3, t5, y0, m2; in parts x3re, x3im

    @property
    def real(self) -> bool:
        """Whether every operation is one on real numbers."""
        return self.parts == 2 or self.field == "real"

    @cached_property
    def constants(self) -> tuple[float, ...]:
        """The distinct sizes without their signs, ascending."""
        kinds = ("product", "fused")
        return tuple(sorted({abs(s.size) for s in self.statements if s.operation in kinds and abs(s.size) != 1.0}))

    @property
    def work(self) -> dict[str, int]:
        """How many statements of each operation there are, those that are there."""
        words = [statement.operation for statement in self.statements]
        return {word: words.count(word) for word in dict.fromkeys(words)}

    def last_uses(self) -> dict[int, int]:
        """The index of the last statement that reads each value; an output lasts to the end, one beyond the last."""
        last = {value: k for k, statement in enumerate(self.statements) for value in statement.reads}
        return last | dict.fromkeys(self.outputs, len(self.statements))

    def in_order(self, order: Sequence[int]) -> Form:
        """The same statements in another order, given as their indices now."""
        done = tuple(self.statements[k] for k in order)
        return Form(self.field, self.parts, self.inputs, done, self.outputs, self.names)
