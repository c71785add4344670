"""Bits: the sum of two is XOR, there are no constants and no signs, and what is added twice is gone."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="gf2",
    field="gf2",
    turns=(0,),
    constants=(),
    add_flops=1,
    scale_flops=1,
    description="bits, or words of bits side by side; XOR only",
)
