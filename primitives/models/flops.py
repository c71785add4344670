"""Additions and multiplications alike: the convention of FFTW (Frigo and Johnson 2005)."""

from primitives.base import CostModel

MODEL = CostModel("flops", 1, 1, False, "additions and multiplications alike: the convention of FFTW")
