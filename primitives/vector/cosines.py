"""Entry j times cos(2 pi k j/n) or sin(2 pi k j/n): the twiddles of real data."""

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, weighed


def choices(base: int, depth: int) -> tuple[Choice, ...]:
    """Every k from 1 to 4."""
    return tuple((0, k, 0) for k in range(1, 5))


def cosines(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """The angle of entry j is ``k*j/n``."""
    return weighed(k * np.arange(length), n, "cosine")


def sines(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """The angle of entry j is ``k*j/n``."""
    return weighed(k * np.arange(length), n, "sine")


VECTOR = (
    VectorPrimitive("cosines", "entry j times cos(2 pi k j/n)", "cosine", choices, cosines, fields=("real",)),
    VectorPrimitive("sines", "entry j times sin(2 pi k j/n)", "sine", choices, sines, fields=("real",)),
)
