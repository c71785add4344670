"""Sums, with the turns of what is summed: each of the four can be switched off on its own."""

from primitives.vectors import VectorPrimitive

VECTOR = (
    VectorPrimitive("add", "the sum of two vectors", "sum", kind="sum", chance=4.0),
    VectorPrimitive("subtract", "their difference", "sum", kind="sum"),
    VectorPrimitive("negate", "all entries times -1", "sum", kind="sum"),
    VectorPrimitive("turn", "all entries times i or -i", "sum", kind="sum", fields=("complex",)),
)
