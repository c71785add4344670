"""Real data: terms are real constants, and a change of sign is free."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="real",
    field="real",
    turns=(0, 2),
    constants=None,
    add_flops=1,
    scale_flops=1,
    description="real values; any real constant; a change of sign is free",
)
