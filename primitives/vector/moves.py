"""Entries in another order: reversed in time, shifted round."""

import numpy as np

from primitives.vectors import Choice, Entries, VectorPrimitive, moved


def shifts(base: int, depth: int) -> tuple[Choice, ...]:
    """By one place, to either side."""
    return ((0, 1, 0), (0, -1, 0))


def reverse(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry i is entry -i modulo the length, as time is reversed in a discrete transform: entry 0 stays."""
    return moved(0, -np.arange(length) % length)


def shift(length: int, n: int, radix: int, k: int, of: int) -> Entries:
    """Entry i is entry i + k modulo the length."""
    return moved(0, (np.arange(length) + k) % length)


VECTOR = (
    VectorPrimitive("reverse", "entry -i modulo the length", "reverse", entries=reverse, chance=0.5),
    VectorPrimitive("shift", "entry i + k modulo the length", "shift", shifts, shift, chance=0.3),
)
