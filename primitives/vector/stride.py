"""Every r-th entry."""

import numpy as np

from primitives.vectors import Entries, VectorPrimitive, moved, parts_of


def entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry i is entry ``radix*i + k``."""
    return moved(0, radix * np.arange(length) + k)


VECTOR = VectorPrimitive(
    "stride", "every r-th entry from the k-th on", "stride", parts_of, entries, shortens=True, chance=1.5
)
