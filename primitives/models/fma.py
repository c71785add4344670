"""Fused multiply-add, one operation as in the instruction sets that have it."""

from primitives.base import CostModel

MODEL = CostModel("fma", 1, 1, True, "a multiplication and the addition after it are one operation")
