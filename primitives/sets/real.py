"""Real data: terms are real constants, and a change of sign is free."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="real",
    fields=("real",),
    turns=(0, 2),
    description="real values; any real constant; a change of sign is free",
)
