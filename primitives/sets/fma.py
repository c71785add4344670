"""A machine with fused multiply-add: each fused operation is one, a product that goes into no sum is one."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="fma",
    fields=("complex", "real"),
    cost="fma",
    description="a multiplication and the addition after it are one operation; any real constant",
)
