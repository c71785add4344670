"""Vectors of one length, one behind the other."""

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, moved, radices


def choices(base: int, depth: int) -> tuple[Choice, ...]:
    """One for each radix."""
    return tuple((levels, 0, 0) for levels in radices(base, depth))


def entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry ``q*(length/radix) + i`` is entry i of part q."""
    part, source = np.divmod(np.arange(length), max(1, length // radix))
    return moved(part, source)


VECTOR = VectorPrimitive(
    "concatenate", "r vectors, one behind the other", "concatenate", choices, entries, joins=True, chance=2.0
)
