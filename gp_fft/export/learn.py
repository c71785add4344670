"""Constants as parameters: what the targets that learn share.

What is trained is a factor without its sign or turn, and one factor serves both parts of a complex operation, so the
map stays linear over the complex numbers and begins as the program itself. ``all`` trains the ones, too: every operand
of every sum gets a weight, as the butterflies of T. Dao et al., "Learning fast algorithms for linear transforms using
butterfly factorizations", ICML 2019.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from gp_fft.export.form import Form, Statement
from gp_fft.export.python import KEYWORDS, body, expression
from gp_fft.export.target import Options, Source, option
from gp_fft.ground.errors import UsageError

WORDS = KEYWORDS | {"x", "y", "w", "np", "jax", "jnp", "lax", "torch", "CONSTANTS", "WEIGHTS"}


@dataclass(frozen=True)
class LearnOptions(Options):
    """What may be chosen of a target that learns."""

    train: str = option(
        "none", "What is a parameter: nothing, the constants, or every factor.", ("none", "constants", "all")
    )
    channels: str = option(
        "complex", "Complex numbers as one tensor, or two real channels on a last axis.", ("complex", "pairs")
    )


@dataclass(frozen=True)
class Parameters:
    """The parameters of a form: their first values, and the statements that use them."""

    form: Form
    train: str

    @classmethod
    def of(cls, source: Source, options: LearnOptions) -> Parameters:
        """The parameters that the options ask for; UsageError where there are none."""
        made = cls(source.form(parts=2, order=False), options.train)
        title = source.file.transform.title
        if options.train != "none" and made.form.field == "gf2":
            raise UsageError(f"{title} is on bits, which have no gradients; nothing of it can be trained")
        if options.train != "none" and not made.values:
            more = "; --train all gives its ones weights" if options.train == "constants" else ""
            raise UsageError(f"{title} has no constants that could be trained{more}")
        return made

    @cached_property
    def values(self) -> tuple[float, ...]:
        """What the parameters are at first."""
        if self.train == "constants":
            return self.form.constants
        return tuple(self._weights.values()) if self.train == "all" else ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How the statements call them."""
        return tuple(f"{'w' if self.train == 'all' else 'C'}{k}" for k in range(len(self.values)))

    @cached_property
    def _weights(self) -> dict[tuple[int, int], float]:
        """The first value of the weight of each operand, by what is made and what is read; both parts have one."""
        found: dict[tuple[int, int], float] = {}
        for s in self.form.statements:
            if s.operation in ("sum", "fused"):
                found.setdefault(self._key(s.out, s.a), 1.0)
            if s.operation in ("sum", "fused", "product"):
                read = s.a if s.operation == "product" else s.b
                found.setdefault(self._key(s.out, read), abs(s.size))
        return found

    def _key(self, out: int, read: int) -> tuple[int, int]:
        return out // self.form.parts, read // self.form.parts

    def expression(self, statement: Statement) -> str:
        """The right side of a statement."""
        if self.train != "all" or statement.operation not in ("sum", "fused", "product"):
            return expression(self.form, statement)
        names = dict(zip(self._weights, self.names, strict=True))
        s, called = statement, self.form.names
        minus = s.size < 0 or s.turn == 2
        if s.operation == "product":
            return f"{'-' if minus else ''}{names[self._key(s.out, s.a)]} * {called[s.a]}"
        left, right = (f"{names[self._key(s.out, read)]} * {called[read]}" for read in (s.a, s.b))
        return f"{left} {'-' if minus else '+'} {right}"

    def load(self, value: int, pairs: bool) -> str:
        """How an input is read from ``x``, from its last axis ``pairs``, or from ``xre`` and ``xim``."""
        element, part = divmod(value, self.form.parts)
        if self.form.parts == 1:
            return f"x[..., {element}]"
        return f"x[..., {element}, {part}]" if pairs else f"x{('re', 'im')[part]}[..., {element}]"

    def body(self, pairs: bool, zeros_like: str) -> Iterable[str]:
        """The statements as assignments; ``zeros_like`` is what makes zeros like an array."""
        zero = f"{zeros_like}({self.load(0, pairs)})"
        return body(self.form, lambda value: self.load(value, pairs), zero, self.expression)
