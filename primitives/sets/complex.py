"""Complex data: terms are real constants times the four powers of i, which are free."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="complex",
    field="complex",
    turns=(0, 1, 2, 3),
    constants=None,
    add_flops=2,
    scale_flops=2,
    description="complex values; any real constant; multiplication by 1, i, -1, -i is free",
)
