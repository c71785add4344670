"""Bits: the sum of two is XOR, there are no constants and no signs, and what is added twice is gone."""

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="gf2",
    fields=("gf2",),
    turns=(0,),
    constants=(),
    description="bits, or words of bits side by side; XOR only",
)
