"""Complex data: terms are real constants times the four powers of i, which are free."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="complex",
    fields=("complex",),
    description="complex values; any real constant; multiplication by 1, i, -1, -i is free",
)
