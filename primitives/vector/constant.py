"""All entries times one constant: a root of unity, or a cosine, which is any real constant that a butterfly knows."""

import math

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, angle, weighed

ORDERS = {2: 8, 3: 3, 4: 8, 5: 5}


def roots(base: int, depth: int) -> tuple[Choice, ...]:
    """The roots of unity of the base, of order 8 where that is a power of two, but for turns."""
    order = ORDERS.get(base, base)
    return tuple((0, k, order) for k in range(1, order) if 4 * k % order)


def cosines(base: int, depth: int) -> tuple[Choice, ...]:
    """The real and imaginary parts of those roots up to sign, and one half."""
    order = math.lcm(4, ORDERS.get(base, base))
    angles = {angle(k, order) for k in range(1, order) if 4 * k < order} | {angle(1, 6)}
    return tuple((0, one.numerator, one.denominator) for one in sorted(angles))


def root_entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """The angle of every entry is ``k/of``."""
    return weighed(np.full(length, k), of)


def cosine_entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """The angle of every entry is ``k/of``."""
    return weighed(np.full(length, k), of, "cosine")


VECTOR = (
    VectorPrimitive("root", "all entries times w_m^k", "root", roots, root_entries, fields=("complex",), chance=0.3),
    VectorPrimitive("constant", "all entries times cos(2 pi k/m)", "constant", cosines, cosine_entries, chance=0.3),
)
