"""What a program may be made of and what it costs: the two small values that a primitive set is built from.

A program is a list of sums of terms ``size * i**turn * reference``. A :class:`PrimitiveSet` says which turns
and sizes are allowed and how many real flops one addition and one scale are; a :class:`CostModel` says how
additions and scales add up. Turns, and so signs, are free in every model, as in the counts of FFTW.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

FIELDS = ("complex", "real", "gf2")
"""What flows through a program: complex numbers, real numbers, or bits, whose sum is XOR."""


class PrimitiveError(ValueError):
    """A primitive set or a cost model that is unknown or does not make sense."""


@dataclass(frozen=True)
class PrimitiveSet:
    """The operations and constants that a program may use; it checks itself when it is made."""

    name: str
    field: str  # one of FIELDS: what flows through the program
    turns: tuple[int, ...]  # allowed powers of i, closed under composition
    constants: tuple[float, ...] | None  # allowed sizes beside 1, ascending; None: any positive real
    add_flops: int  # real flops of one addition
    scale_flops: int  # real flops of one multiplication by a real constant
    description: str

    def __post_init__(self) -> None:
        for holds, demand in self._demands():
            if not holds:
                raise PrimitiveError(f"primitive set {self.name!r}: {demand}")

    def _demands(self) -> list[tuple[bool, str]]:
        turns, sizes = set(self.turns), self.constants or ()
        return [
            (bool(re.fullmatch(r"[a-z][a-z0-9_]*", self.name)), "the name must be a lower-case word"),
            (self.field in FIELDS, f"the field is {self.field!r}, it must be complex or real"),
            (
                turns <= {0, 1, 2, 3} and len(turns) == len(self.turns),
                "turns are distinct powers of i, 0 to 3",
            ),
            (
                0 in turns and all((a + b) % 4 in turns for a in turns for b in turns),
                "turns must hold 0 and be closed under composition",
            ),
            (self.field == "complex" or turns <= {0, 2}, "a real set allows the turns 0 and 2 only"),
            (
                all(math.isfinite(c) and c > 0 and c != 1 for c in sizes),
                "constants are positive finite sizes other than 1",
            ),
            (list(sizes) == sorted(set(sizes)), "constants must be distinct and ascending"),
            (self.add_flops >= 1 and self.scale_flops >= 1, "an addition and a scale cost at least one flop"),
            (bool(self.description.strip()), "a description is missing"),
        ]

    def allows(self, size: float, turn: int) -> bool:
        """Whether a term ``size * i**turn * reference`` may stand in a program of this set."""
        if turn not in self.turns or not (math.isfinite(size) and size > 0):
            return False
        return size == 1.0 or self.constants is None or size in self.constants


@dataclass(frozen=True)
class CostModel:
    """How the operations of a program add up to one number.

    Plain models: ``add`` for each of the T-1 additions of a definition with T terms, plus ``scale`` for each
    *distinct* (size, reference) with size != 1 in the whole program (a product used twice is computed once).

    Fused models: a multiplication that is followed by an addition is one operation, so a definition with T
    terms costs T-1, plus 1 if none of its terms has size 1 (then one product has no addition to go into). A
    product is not shared between definitions: each addition multiplies for itself, for nothing.

    Both count operations on the field; the primitive set says how many real flops each is.
    """

    name: str
    add: float
    scale: float
    fused: bool
    description: str

    def __post_init__(self) -> None:
        weights = (self.add, self.scale)
        if not all(math.isfinite(w) and w >= 0 for w in weights) or not any(weights):
            raise PrimitiveError(
                f"cost model {self.name!r}: weights must be finite, not negative and not both zero"
            )


_WEIGHTED = re.compile(r"(\d+\.?\d*|\.\d+):(\d+\.?\d*|\.\d+)", re.ASCII)


def weighted(text: str) -> CostModel | None:
    """The cost model ``"A:M"``, such as ``"1:2.5"``: an addition weighs A, a multiplication M; None for other text."""
    match = _WEIGHTED.fullmatch(text)
    if match is None or len(text) > 60:
        return None
    add, scale = float(match[1]), float(match[2])
    return CostModel(text, add, scale, False, f"an addition costs {add:g}, a multiplication {scale:g}")


def unknown(what: str, given: str, allowed: Iterable[str], more: str = "") -> str:
    """One sentence for a name that is not known, with the nearest that is."""
    near = get_close_matches(given[:60], list(allowed), 1, 0.5)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown {what} {given[:60]!r}{hint}; known are {', '.join(allowed)}{more}"
