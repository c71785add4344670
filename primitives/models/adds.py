"""Additions alone."""

from primitives.base import CostModel

MODEL = CostModel("adds", 1, 0, False, "additions only")
