"""What a program may be made of and what it costs: the two small values that a primitive set is built from.

A program is a list of sums of terms ``size * i**turn * reference``. A :class:`PrimitiveSet` says over which fields it
stands, which turns and sizes are allowed and what each asks for; a :class:`CostModel` says how additions and scales
add up. Turns, and so signs, are free in every model, as in the counts of FFTW.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property

FIELDS = ("complex", "real", "gf2")
"""What flows through a program: complex numbers, real numbers, or bits, whose sum is XOR."""
FIELD_TURNS: Mapping[str, tuple[int, ...]] = {"complex": (0, 1, 2, 3), "real": (0, 2), "gf2": (0,)}
REAL_PARTS: Mapping[str, int] = {"complex": 2, "real": 1, "gf2": 1}
"""How many real operations one addition, or one scale, is on a field."""
PRICE_UNIT = 1024
"""Prices are whole multiples of one part in so many: sums of them are exact in the order in which they come."""
LARGEST_TABLE = 1 << 14
"""Most constants of a set that lists them."""


class PrimitiveError(ValueError):
    """A primitive set or a cost model that is unknown or does not make sense."""


@dataclass(frozen=True)
class PrimitiveSet:
    """The operations and constants that a program may use, with their prices; it checks itself when it is made.

    The size 1 is always allowed and free. A set that lists its constants says the price of each, in additions (real
    flops on real data); one that does not (``constants=None``) allows any positive real at ``scale``.
    """

    name: str  # as it is asked for, with the options that are not as usual: dyadic, dyadic:shift=0.25
    fields: tuple[str, ...]  # the fields on which it stands, of FIELDS
    description: str
    constants: tuple[tuple[float, float], ...] | None = None  # (size, price) beside 1, ascending; None: any
    turns: tuple[int, ...] = (0, 1, 2, 3)  # allowed powers of i, as far as the field has them
    add: float = 1.0  # price of an addition
    scale: float = 1.0  # price of a scale where any constant is allowed
    cost: str = "flops"  # the cost model that is meant where none is named
    options: Mapping[str, float] = field(default_factory=dict, hash=False)  # of ``make``, with their usual values
    make: Callable[..., "PrimitiveSet"] | None = field(default=None, compare=False)  # this set with other options

    def __post_init__(self) -> None:
        for holds, demand in self._demands():
            if not holds:
                raise PrimitiveError(f"primitive set {self.name!r}: {demand}")

    def _demands(self) -> Iterable[tuple[bool, str]]:
        turns, table = set(self.turns), self.constants or ()
        sizes = [size for size, _ in table]
        prices = [self.add, self.scale, *(price for _, price in table)]
        yield bool(re.fullmatch(r"[a-z][a-z0-9_]*(:.*)?", self.name)), "the name must be a lower-case word"
        strange = [name for name in self.fields if name not in FIELDS]
        yield bool(self.fields) and not strange, f"its fields are of {', '.join(FIELDS)}, not {strange or 'none'}"
        distinct = turns <= {0, 1, 2, 3} and len(turns) == len(self.turns)
        yield distinct, "turns are distinct powers of i, 0 to 3"
        closed = 0 in turns and all((a + b) % 4 in turns for a in turns for b in turns)
        yield closed, "turns must hold 0 and be closed under composition"
        positive = all(math.isfinite(c) and c > 0 and c != 1 for c in sizes)
        yield positive, "constants are positive finite sizes other than 1"
        yield sizes == sorted(set(sizes)), "constants must be distinct and ascending"
        yield len(sizes) <= LARGEST_TABLE, f"it lists {len(sizes)} constants, at most {LARGEST_TABLE} are allowed"
        wrong = [price for price in prices if not 0 <= price <= 1000 or price * PRICE_UNIT % 1]
        rule = f"a price is from 0 to 1000 in whole parts of 1/{PRICE_UNIT}"
        yield not wrong, f"{rule}, not {wrong[0] if wrong else 0:g}"
        yield self.add > 0 or self.scale > 0, "something must cost more than nothing"
        yield "gf2" not in self.fields or self.constants == (), "over gf2 there are no constants beside 1"
        yield bool(self.description.strip()), "a description is missing"

    @cached_property
    def prices(self) -> Mapping[float, float]:
        """The price of each listed constant, 1 among them; empty where any is allowed."""
        return {} if self.constants is None else {1.0: 0.0, **dict(self.constants)}

    def turns_on(self, name: str) -> tuple[int, ...]:
        """The turns that are allowed on the field called ``name``."""
        return tuple(turn for turn in self.turns if turn in FIELD_TURNS[name])

    def allows(self, size: float, turn: int) -> bool:
        """Whether a term ``size * i**turn * reference`` may stand in a program of this set."""
        if turn not in self.turns or not (math.isfinite(size) and size > 0):
            return False
        return self.constants is None or size in self.prices

    def price(self, size: float) -> float:
        """What a product with this allowed size asks for; KeyError if it is none."""
        return (0.0 if size == 1.0 else self.scale) if self.constants is None else self.prices[size]

    def whole(self, name: str) -> bool:
        """Whether it allows on this field all that there is, at the usual prices: then a program need not name it."""
        return self.constants is None and self.turns_on(name) == FIELD_TURNS[name] and self.add == self.scale == 1

    def digits(self, number: float, most: int = 64) -> list[float] | None:
        """Allowed sizes, with signs, that add up to ``number``: at most so many, or None where greed finds none.

        Each is the nearest to what is left. With powers of two these are as few as there can be, as many as there are
        in canonical signed digits (Reitwiesner 1960; Avizienis 1961).
        """
        if self.constants is None:
            return [number] if number else []
        sizes, left, used = [1.0, *(size for size, _ in self.constants)], number, list[float]()
        while left and len(used) < most:
            nearest = min(sizes, key=lambda size: abs(abs(left) - size))
            used.append(math.copysign(nearest, left))
            if abs(left - used[-1]) >= abs(left):
                return None
            left -= used[-1]
        return None if left else used


def chosen(entry: PrimitiveSet, text: str) -> PrimitiveSet:
    """The set ``entry`` with the options in ``text``, such as ``shift=0.25,bits=10``; PrimitiveError for a bad one.

    Its name says the options that are not as usual, in their order, so that equal sets have one name.
    """
    given: dict[str, float] = {}
    known = ", ".join(f"{key}={value:g}" for key, value in entry.options.items()) or "none"
    for part in filter(None, text.split(",")):
        key, _, value = part.partition("=")
        if key not in entry.options:
            raise PrimitiveError(f"primitive set {entry.name!r} has no option {key[:40]!r}; its options are {known}")
        try:
            given[key] = float(value)
        except ValueError:
            raise PrimitiveError(f"the option {key} of {entry.name!r} is a number, not {value[:40]!r}") from None
    unusual = {key: given[key] for key, usual in entry.options.items() if given.get(key, usual) != usual}
    if not unusual or entry.make is None:
        return entry
    name = f"{entry.name}:{','.join(f'{key}={value:g}' for key, value in unusual.items())}"
    made = entry.make(**unusual)
    return replace(made, name=name, options=entry.options, make=entry.make)


@dataclass(frozen=True)
class CostModel:
    """How the operations of a program add up to one number.

    Plain models: ``add`` for each of the T-1 additions of a definition with T terms, plus ``scale`` for each
    *distinct* (size, reference) with size != 1 in the whole program (a product used twice is computed once), times
    what the primitive set asks for this size.

    Fused models: a multiplication that is followed by an addition is one operation, so a definition with T
    terms costs T-1, plus 1 if none of its terms has size 1 (then one product has no addition to go into). A
    product is not shared between definitions: each addition multiplies for itself, for nothing.

    Both count operations on the field; on complex data each is two real ones.
    """

    name: str
    add: float
    scale: float
    fused: bool
    description: str

    def __post_init__(self) -> None:
        weights = (self.add, self.scale)
        if not all(math.isfinite(w) and w >= 0 for w in weights) or not any(weights):
            raise PrimitiveError(f"cost model {self.name!r}: weights must be finite, not negative and not both zero")


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
