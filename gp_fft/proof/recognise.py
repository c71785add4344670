"""From digits to exact numbers: lattice reduction for constants that are determined, simple forms for free ones.

A constant that agrees with one of a table of simple numbers in all its digits is that number. Any other one, known
to P bits, is an element of a field of degree d with small coordinates exactly when the lattice spanned by (e_k, 2^P
b_k) and (e_d, 2^P x) has a vector that is far shorter than 2^(P / (d + 1)); LLL finds it (A. K. Lenstra, H. W. Lenstra
and L. Lovasz, 1982). The work grows steeply with d, so smaller fields inside the field come first. What is found here
is a guess: only the exact check makes it a proof.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from flint import fmpq, fmpq_poly, fmpz_mat

from gp_fft.proof.field import Element, RealField, degree_of, real_field
from gp_fft.proof.refine import Refined
from gp_fft.proof.system import Floats
from gp_fft.transforms.balls import cosine, fixed

SPARE_BITS = 60  # last bits of a refined constant that are not trusted
LEAST_BITS = 4  # for each coordinate, below which a lattice tells nothing
SNAP = 1e-11  # relative distance at which a free constant takes a simple value
_RATIOS = tuple(
    sorted({Fraction(p, q) for p in range(1, 17) for q in range(1, 17)}, key=lambda r: (r.numerator + r.denominator, r))
)
_FEW_RATIOS = tuple(r for r in _RATIOS if max(r.numerator, r.denominator) <= 6)
_MOST_COSINES = 64
NOT_SIMPLE = 1 << 30  # the rank of a value that is in no table


def recognise(value: int, bits: int, field: RealField) -> Element | None:
    """The element of the field with short coordinates that is ``value`` / 2^bits to all but the last bits, or None."""
    easy = simple(value / (1 << bits), field)
    if easy is not None and abs(fixed(field.ball(easy[1], bits), bits) - value).bit_length() < SPARE_BITS:
        return easy[1]
    trusted = bits - SPARE_BITS
    for order, tried in _lattices(field, trusted):
        relation = _relation(value >> bits - tried, tried, order)
        if relation is not None and _holds(relation, value, bits, order):
            cosines = (field.cosine(Fraction(k, order)) for k in range(degree_of(order)))
            return sum((b * fmpq(-c, relation[-1]) for b, c in zip(cosines, relation, strict=False)), fmpq_poly())
    return None


def _lattices(field: RealField, trusted: int) -> Iterable[tuple[int, int]]:
    """Order and bits of the lattices to reduce: the fields inside first, for most constants lie in a small one."""
    inside = [order for order in range(4, field.order + 1, 4) if field.order % order == 0]
    wanted = [*((order, 32 + 12 * (degree_of(order) + 1)) for order in inside), (field.order, trusted)]
    telling = ((order, bits) for order, bits in wanted if LEAST_BITS * (degree_of(order) + 1) <= trusted)
    return dict.fromkeys((order, min(bits, trusted)) for order, bits in telling)


def _relation(value: int, bits: int, order: int) -> list[int] | None:
    """Integers c_0 ... c_d with c_d x + sum c_k b_k about zero, or None where nothing short is found."""
    rows = [*_reduced(order, bits), [*[0] * degree_of(order), 1, value]]
    short = min(fmpz_mat(rows).lll().tolist(), key=lambda row: sum(int(c) ** 2 for c in row))
    relation = [int(c) for c in short[:-1]]
    used = sum(abs(c).bit_length() for c in relation)
    return relation if relation[-1] and used < 0.7 * bits else None


@lru_cache(maxsize=32)
def _reduced(order: int, bits: int) -> list[list[int]]:
    """The lattice of the cosines alone, reduced once for all constants; in each row 0 stands for the constant."""
    degree = degree_of(order)
    cosines = [cosine(k, order, bits) for k in range(degree)]
    rows = fmpz_mat([[int(i == j) for j in range(degree)] + [cosines[i]] for i in range(degree)]).lll().tolist()
    return [[*map(int, row[:-1]), 0, int(row[-1])] for row in rows]


def _holds(relation: Sequence[int], value: int, bits: int, order: int) -> bool:
    """Whether the relation is true to all trusted bits."""
    total = relation[-1] * value
    total += sum(c * cosine(k, order, bits) for k, c in enumerate(relation[:-1]))
    return abs(total).bit_length() < SPARE_BITS + sum(map(abs, relation)).bit_length()


def choose_free(directions: Floats, refined: Refined, field: RealField, far: float) -> dict[int, Element]:
    """Simple exact values for as many constants as there are free directions, the simplest constants first.

    ``directions`` is ``(free, unknowns)``; a constant is taken if it still moves when those taken before are held.
    One that is nothing simple becomes a short fraction, at most ``far`` away (relative).
    """
    values = refined.floats
    guesses = [simple(value, field) or (NOT_SIMPLE, _plain(value, far)) for value in values.tolist()]
    order = sorted(range(len(values)), key=lambda k: (guesses[k][0], k))
    chosen: dict[int, Element] = {}
    rest = directions.copy()
    for least in (0.1, 1e-3, 1e-6):
        for k in order:
            length = float(np.linalg.norm(rest[:, k]))
            if len(chosen) < len(directions) and k not in chosen and length > least:
                along = rest[:, k] / length
                rest = rest - np.outer(along, along @ rest)
                chosen[k] = guesses[k][1]
    return chosen


def simple(value: float, field: RealField) -> tuple[int, Element] | None:
    """(complexity, element) of the simplest number of the field near a positive value, or None."""
    table = _table(field.order)
    place = int(np.searchsorted(table.values, value))
    near = range(max(place - 8, 0), min(place + 8, len(table.values)))
    fitting = [k for k in near if abs(table.values[k] - value) <= SNAP * value]
    if not fitting:
        return None
    best = int(min(table.ranks[fitting]))
    return best, table.element(best)


class _Table:
    """Simple numbers of a field in ascending order: fractions, cosines, ratios and products of two cosines."""

    def __init__(self, order: int) -> None:
        self.field = real_field(order)
        self.forms = list(_forms(order))
        cosines = np.cos(2 * np.pi * np.arange(order) / order)
        values = np.array([float(r) * cosines[j] * cosines[k] ** power for r, j, k, power in self.forms])
        self.ranks = np.argsort(values, kind="stable")
        self.values = values[self.ranks]

    def element(self, rank: int) -> Element:
        """The exact number of a form."""
        ratio, j, k, power = self.forms[rank]
        field, order = self.field, self.field.order
        upper, lower = field.cosine(Fraction(j, order)), field.cosine(Fraction(k, order))
        both = field.product(upper, lower if power == 1 else field.inverse(lower))
        return both * fmpq(ratio.numerator, ratio.denominator)


@lru_cache(maxsize=8)
def _table(order: int) -> _Table:
    return _Table(order)


def _forms(order: int) -> Iterator[tuple[Fraction, int, int, int]]:
    """(r, j, k, p) for r cos(2 pi j / order) cos(2 pi k / order)^p, the simplest first."""
    step = max(1, order // (4 * _MOST_COSINES))
    places = range(step, order // 4, step)
    yield from ((r, 0, 0, 1) for r in _RATIOS)
    yield from ((r, j, 0, 1) for r in _FEW_RATIOS for j in range(1, order // 4))
    yield from ((r, j, k, p) for r in _FEW_RATIOS[:5] for j in (0, *places) for k in places for p in (-1, 1))


def _plain(value: float, far: float) -> Element:
    """A short fraction near a value."""
    number, limit = Fraction(value), 1
    while abs(number.limit_denominator(limit) - number) > number * Fraction(far):
        limit += 1 + limit // 8
    short = number.limit_denominator(limit)
    return fmpq_poly([fmpq(short.numerator, short.denominator)])
