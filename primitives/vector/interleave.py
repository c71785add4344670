"""Vectors of one length, an entry of each in turn."""

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, moved, radices


def choices(base: int, depth: int) -> tuple[Choice, ...]:
    """One for each radix."""
    return tuple((levels, 0, 0) for levels in radices(base, depth))


def entries(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry ``radix*i + q`` is entry i of part q."""
    source, part = np.divmod(np.arange(length), radix)
    return moved(part, source)


VECTOR = VectorPrimitive(
    "interleave", "r vectors, an entry of each in turn", "interleave", choices, entries, joins=True, chance=1.0
)
