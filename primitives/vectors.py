"""What a scheme may be made of: primitives on whole vectors, typed by length.

A scheme serves every n of a family, the powers of a base b. A vector in it has the length n / b**level. Most primitives
move and weigh entries: each entry of the result is one entry of one argument times a constant, and :class:`Entries`
says which. What it costs, how it is run, compiled and written as code follows from that. Four are not of this kind:
``add``, ``subtract``, ``turn``, ``negate`` stand for how two vectors are summed, and ``self`` is the call of the
scheme on a shorter vector. The notation of such schemes: Van Loan, "Computational Frameworks for the Fast Fourier
Transform" (1992).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from primitives.base import FIELDS, PrimitiveError

if TYPE_CHECKING:  # numpy takes longer to load than all sets and models
    import numpy as np
    from numpy.typing import NDArray

WAVES = ("root", "cosine", "sine")
"""What an angle a, in whole turns, becomes: exp(-2 pi i a), cos(2 pi a), sin(2 pi a)."""
KINDS = ("entries", "sum", "call")
Choice = tuple[int, int, int]  # levels between argument and result, k, and what k is counted in (0: in nothing)


@dataclass(frozen=True)
class Entries:
    """The entries of a result: entry i is entry ``source[i]`` of argument ``part[i]`` times ``wave(angle[i]/of)``."""

    part: NDArray[np.int64]
    source: NDArray[np.int64]
    angle: NDArray[np.int64]
    of: int = 1
    wave: str = "root"

    def weights(self) -> NDArray[np.complex128]:
        """The constants as ``(length,)`` complex128, exact where they are 0, 1, i, -1 or -i."""
        import numpy as np

        eighths, exact = np.divmod(8 * (self.angle % self.of), self.of)
        value = np.asarray(np.exp(-2j * np.pi * (self.angle % self.of) / self.of))
        value[(exact == 0) & (eighths % 2 == 0)] = (1, -1j, -1, 1j) @ (
            np.arange(4)[:, None] == eighths[(exact == 0) & (eighths % 2 == 0)] // 2
        )
        if self.wave == "root":
            return value
        return np.asarray(value.real if self.wave == "cosine" else -value.imag, dtype=np.complex128)

    def flops(self, complex_data: bool) -> int:
        """Real operations of all weights: the trivial ones free, sqrt(1/2)(+-1+-i) four, any other root six."""
        import numpy as np

        angle = self.angle % self.of
        free = (4 * angle) % self.of == 0
        if self.wave != "root":
            return int(np.count_nonzero(~free)) * (2 if complex_data else 1)
        eighth = ((8 * angle) % self.of == 0) & ~free
        return 6 * int(np.count_nonzero(~free)) - 2 * int(np.count_nonzero(eighth))


@dataclass(frozen=True)
class VectorPrimitive:
    """One primitive on vectors; it checks itself when it is made.

    entries: for a result of ``length`` at the size n, ``entries(length, n, radix, k, of)``; None for a sum or a call.
    choices: the forms that it has in the family of a base, ``choices(base, depth)``, where depth is the most levels.
    symbol: how the proof for every n reads it: see ``gp_fft.schemes.symbolic``.
    """

    name: str
    about: str
    symbol: str
    choices: Callable[[int, int], tuple[Choice, ...]] = lambda base, depth: ((0, 0, 0),)
    entries: Callable[[int, int, int, int, int], Entries] | None = None
    kind: str = "entries"
    joins: bool = False  # whether it makes one vector of as many as the radix says, else one of one
    shortens: bool = False  # whether the result has fewer entries than the argument
    fields: tuple[str, ...] = ("complex", "real")
    chance: float = 1.0  # how often a random expression has it, relative to the others
    usual: bool = True  # whether it is on where nothing is said

    def __post_init__(self) -> None:
        for holds, demand in self._demands():
            if not holds:
                raise PrimitiveError(f"vector primitive {self.name!r}: {demand}")

    def _demands(self) -> Iterable[tuple[bool, str]]:
        yield bool(re.fullmatch(r"[a-z][a-z-]*", self.name)), "the name must be a lower-case word"
        yield self.kind in KINDS, f"its kind is of {', '.join(KINDS)}"
        yield (self.kind == "entries") == (self.entries is not None), "moves and weights, and they alone, have entries"
        yield set(self.fields) <= set(FIELDS) and bool(self.fields), f"its fields are of {', '.join(FIELDS)}"
        yield not (self.joins and self.shortens), "it joins or shortens, not both"
        yield self.chance > 0, "its chance must be above 0"
        yield bool(self.about.strip()), "a description is missing"


def check(primitive: VectorPrimitive) -> None:
    """Raise PrimitiveError where the entries of a primitive do not fit its lengths, at small sizes of base 2 and 3."""
    for base in (2, 3):
        for levels, k, of in primitive.choices(base, 2):
            if primitive.entries is None:
                continue
            n = base**3
            length = n // base**levels if primitive.shortens else n
            parts, inside = (base**levels, n // base**levels) if primitive.joins else (1, n)
            made = primitive.entries(length, n, base**levels, k, of)
            fits = all(len(one) == length for one in (made.part, made.source, made.angle))
            fits = fits and made.part.min() >= 0 and made.part.max() < parts
            if not (fits and made.source.min() >= 0 and made.source.max() < inside and made.wave in WAVES):
                raise PrimitiveError(f"vector primitive {primitive.name!r}: its entries do not fit at n = {n}")


def moved(part: NDArray[np.int64] | int, source: NDArray[np.int64]) -> Entries:
    """Entries that are moved and not weighed."""
    import numpy as np

    return Entries(np.broadcast_to(np.int64(part), source.shape), source, np.zeros_like(source))


def weighed(angle: NDArray[np.int64], of: int, wave: str = "root") -> Entries:
    """Entries that are weighed and stay where they are."""
    import numpy as np

    return Entries(np.zeros_like(angle), np.arange(len(angle)), angle, of, wave)


def radices(base: int, depth: int) -> tuple[int, ...]:
    """The levels that a radix may go down at once: the base itself, and its powers to five."""
    return tuple(levels for levels in range(1, depth + 1) if levels == 1 or base**levels <= 5)


def parts_of(base: int, depth: int) -> tuple[Choice, ...]:
    """The choices of what takes one part of several: the radix, and which."""
    return tuple((levels, part, 0) for levels in radices(base, depth) for part in range(base**levels))


def angle(k: int, of: int) -> Fraction:
    """``k/of`` of a turn, in lowest terms and from 0 to 1."""
    return Fraction(k, of) % 1
