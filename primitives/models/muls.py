"""Multiplications alone, as counted in the theory of multiplicative complexity (Winograd 1978)."""

from primitives.base import CostModel

MODEL = CostModel("muls", 0, 1, False, "multiplications only")
