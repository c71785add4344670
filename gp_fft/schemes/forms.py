"""Forms: every primitive of a family with every choice of its radix and number, and as the arrays that kernels take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gp_fft import transforms
from gp_fft.construct.textbook import definition
from gp_fft.kernels.vectors import layout
from gp_fft.kernels.vectors.layout import CALL, ENTRIES, INPUT, PARTS, SUM, Forms, Scores
from gp_fft.program.cost import count
from gp_fft.schemes.family import DEPTHS, ORDERS, Family, matrix, switched_on
from primitives import REAL_PARTS, VectorPrimitive

ACTIONS = {
    "stride": layout.STRIDE,
    "block": layout.BLOCK,
    "concatenate": layout.CONCATENATE,
    "interleave": layout.INTERLEAVE,
    "twiddle": layout.TWIDDLE,
    "cosine": layout.COSINE,
    "sine": layout.COSINE,
    "root": layout.ROOT,
}
PRICED = 256  # costs are judged at the largest member up to here
VECTORS_EACH = 2  # random vectors at every size that is scored
SCORED = {2: (4, 8, 16), 3: (3, 9, 27), 4: (4, 16), 5: (5, 25)}
SEED = 20240229  # of the random vectors: fixed, so that the error of a scheme is the same in every run


@dataclass(frozen=True)
class Form:
    """A primitive with its choice: across how many levels its radix goes, k, and what k is counted in."""

    name: str
    levels: int = 0
    k: int = 0
    of: int = 0


@dataclass(frozen=True)
class Table:
    """The forms of a family under numbers, and the same as arrays; equal tables are one, see :func:`table`."""

    family: Family
    depth: int
    primitives: tuple[VectorPrimitive, ...]
    forms: tuple[Form, ...]
    arrays: Forms
    scores: Scores

    def number(self, form: Form) -> int:
        """The number of a form; KeyError if it is not here."""
        try:
            return self.forms.index(form)
        except ValueError:
            raise KeyError(form) from None


def table(
    family: Family, names: tuple[str, ...] | None = None, depth: int | None = None, sizes: tuple[int, ...] = ()
) -> Table:
    """The table of a family for the primitives of these names; it is made once.

    depth: levels that a scheme may go down; None: as the family is used to.
    sizes: n at which schemes are scored; (): as the family is used to.
    """
    return _table(family, names, DEPTHS[family.base] if depth is None else depth, sizes or SCORED[family.base])


@lru_cache(maxsize=16)
def _table(family: Family, names: tuple[str, ...] | None, depth: int, sizes: tuple[int, ...]) -> Table:
    chosen = switched_on(family, names)
    made = [one for one in chosen if one.kind == "entries"]
    forms = [Form("x"), Form("add"), Form("self")]
    owners: list[VectorPrimitive | None] = [None, None, None]
    for one in made:
        for choice in one.choices(family.prime, depth):
            if one.joins and family.prime ** choice[0] > PARTS:
                continue
            forms.append(Form(one.name, *choice))
            owners.append(one)
    chances = _chances(family, chosen, owners, forms)
    arrays, entries = _arrays(family, depth, sizes, forms, owners, chances, chosen)
    return Table(family, depth, chosen, tuple(forms), arrays, _scores(family, depth, sizes, forms, owners, entries))


def _chances(
    family: Family, chosen: Sequence[VectorPrimitive], owners: Sequence[VectorPrimitive | None], forms: Sequence[Form]
) -> list[float]:
    """How often each form stands in a random expression: a primitive shares its chance among its choices."""
    sums = max(one.chance for one in chosen if one.kind == "sum")
    calls = sum(one.chance for one in chosen if one.kind == "call")
    several: dict[str, list[int]] = {}
    for k, one in enumerate(owners):
        if one is not None:
            several.setdefault(one.name, []).append(k)
    chances = [0.0, sums, calls] + [0.0] * (len(owners) - 3)
    for places in several.values():
        owner = owners[places[0]]
        assert owner is not None
        spans = [forms[place].levels for place in places]
        weights = [1.0 / (span * family.prime**span) if span else 1.0 for span in spans]
        if owner.symbol == "twiddle":
            weights = [1.0 / (1 + rank) ** 2 for rank in range(len(places))]
        for place, weight in zip(places, weights, strict=True):
            chances[place] = owner.chance * weight / sum(weights)
    return chances


def turns(chosen: Sequence[VectorPrimitive]) -> NDArray[np.int64]:
    """The powers of i that an argument of a sum may have, by which of subtract, negate and turn are on."""
    names = {one.name for one in chosen}
    if "turn" in names:
        return np.arange(4)
    return np.array([0, 2] if names & {"subtract", "negate"} else [0])


def _arrays(
    family: Family,
    depth: int,
    sizes: tuple[int, ...],
    forms: Sequence[Form],
    owners: Sequence[VectorPrimitive | None],
    chances: Sequence[float],
    chosen: Sequence[VectorPrimitive],
) -> tuple[Forms, None]:
    prime = family.prime
    joins = [one is not None and one.joins for one in owners]
    shortens = [one is not None and one.shortens for one in owners]
    place = np.full((len(forms), depth + 1, len(sizes)), -1, np.int64)
    parts, sources, weights, at = [], [], [], 0
    for f, (form, owner) in enumerate(zip(forms, owners, strict=True)):
        for level in range(depth + 1):
            for s, n in enumerate(sizes):
                if owner is None or owner.entries is None or n % prime**level or not _exists(owner, form, level, depth):
                    continue
                made = owner.entries(n // prime**level, n, prime**form.levels, form.k, form.of)
                place[f, level, s] = at
                parts.append(made.part)
                sources.append(made.source)
                weights.append(made.weights())
                at += len(made.part)
    names = list(dict.fromkeys(form.name for form in forms))
    return Forms(
        kind=np.array([INPUT, SUM, CALL] + [ENTRIES] * (len(forms) - 3)),
        action=np.array([0 if one is None else ACTIONS.get(one.symbol, layout.OTHER) for one in owners]),
        group=np.array([names.index(form.name) for form in forms]),
        span=np.array([form.levels for form in forms]),
        number=np.array([form.k for form in forms]),
        arity=np.array(
            [0, 2, 1, *(prime**form.levels if join else 1 for form, join in zip(forms[3:], joins[3:], strict=True))]
        ),
        change=np.array(
            [
                -form.levels if join else form.levels if short else 0
                for form, join, short in zip(forms, joins, shortens, strict=True)
            ]
        ),
        chance=np.cumsum(np.array(chances)),
        turns=turns(chosen).astype(np.int64),
        place=place,
        part=np.concatenate(parts).astype(np.int64),
        source=np.concatenate(sources).astype(np.int64),
        weight=np.concatenate(weights).astype(np.complex128),
        limits=np.array([prime, family.step, depth, VECTORS_EACH, ORDERS[prime], 0, 1, 0, 0]),
    ), None


def _exists(owner: VectorPrimitive, form: Form, level: int, depth: int) -> bool:
    """Whether a form has a result at this level."""
    if owner.shortens:
        return level >= form.levels
    return level + form.levels <= depth if owner.joins else True


def _scores(
    family: Family,
    depth: int,
    sizes: tuple[int, ...],
    forms: Sequence[Form],
    owners: Sequence[VectorPrimitive | None],
    _: None,
) -> Scores:
    generator = np.random.default_rng(SEED)
    given, wanted, share, start = [], [], [], [0]
    oracle, place, at = [], np.full((depth + 1, len(sizes)), -1, np.int64), 0
    for s, n in enumerate(sizes):
        x = generator.standard_normal((VECTORS_EACH, n, 2)) @ (1, 1j)
        y = x @ matrix(family.transform, n).T
        given.append(x.ravel())
        wanted.append(y.ravel())
        share.append(np.full(x.size, 1 / (len(sizes) * np.sum(np.abs(y) ** 2))))
        start.append(start[-1] + x.size)
        for level in range(1, depth + 1):
            if n % family.prime**level == 0 and level % family.step == 0:
                place[level, s] = at
                oracle.append(matrix(family.transform, n // family.prime**level).ravel())
                at += oracle[-1].size
    members = family.members(PRICED)
    price = np.array(
        [
            [[price_of(family, form, owner, level, n, depth) for n in members] for level in range(depth + 1)]
            for form, owner in zip(forms, owners, strict=True)
        ]
    )
    return Scores(
        np.array(sizes),
        np.array(start),
        np.concatenate(given),
        np.concatenate(wanted),
        np.concatenate(oracle),
        place,
        np.concatenate(share),
        price,
        np.array([leaf_cost(family.transform, n) if n <= family.prime**depth else 0.0 for n in members]),
    )


def price_of(family: Family, form: Form, owner: VectorPrimitive | None, level: int, n: int, depth: int = 9) -> float:
    """Operations of one application of a form whose result is at this level, at the size n; calls ask for none here."""
    length, left = divmod(n, family.prime**level)
    if left or form.name in ("x", "self"):
        return 0.0
    if owner is None:
        return float(REAL_PARTS[family.field] * length)
    if owner.entries is None or not _exists(owner, form, level, depth):
        return 0.0
    made = owner.entries(length, n, family.prime**form.levels, form.k, form.of)
    return float(made.flops(family.field == "complex"))


@lru_cache(maxsize=64)
def leaf_cost(transform: str, n: int) -> float:
    """Operations of the definition, with which the shortest vectors are transformed."""
    return 0.0 if n == 1 else float(count(definition(transforms.get(transform, n))).flops)
