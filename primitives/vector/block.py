"""One of r blocks of neighbours."""

import numpy as np

from primitives.vectors import Entries, VectorPrimitive, moved, parts_of


def entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry i is entry ``k*length + i``."""
    return moved(0, k * length + np.arange(length))


VECTOR = VectorPrimitive(
    "block", "the k-th of r blocks of neighbours", "block", parts_of, entries, shortens=True, chance=1.0
)
