"""Entry j times w_n**(k j), where n is the length of the whole and w_n = exp(-2 pi i/n)."""

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, weighed

MOST = 8


def choices(base: int, depth: int) -> tuple[Choice, ...]:
    """Every k from -MOST to MOST but 0, the small ones first."""
    return tuple((0, sign * k, 0) for k in range(1, MOST + 1) for sign in (1, -1))


def entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """The angle of entry j is ``k*j/n``."""
    return weighed(k * np.arange(length), n)


VECTOR = VectorPrimitive(
    "twiddle", "entry j times w_n^(k j)", "twiddle", choices, entries, fields=("complex",), chance=2.0
)
