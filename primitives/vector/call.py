"""The scheme itself, called on a shorter vector."""

from primitives.vectors import VectorPrimitive

VECTOR = VectorPrimitive(
    "self", "the transform of a shorter vector, by the scheme itself", "call", kind="call", chance=2.0
)
