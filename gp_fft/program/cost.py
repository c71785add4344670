"""What a program costs: one plain count of its operations, and one number under a named cost model.

The rule (FFTW's; Johnson and Frigo 2007; Burrus): a definition with T terms costs T-1 additions, each
distinct (size, reference) with size != 1 in the whole program costs one multiplication, turns and signs are
free. The primitive set of the field turns these into real flops: two each on complex data, one on real.
"""

from dataclasses import dataclass

import numpy as np

import primitives
from gp_fft.ground.arguments import expect
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from primitives import CostModel, PrimitiveError, PrimitiveSet

EXACT = 1e-12
"""A program whose error is below this computes its transform exactly, up to round-off."""


@dataclass(frozen=True)
class Counts:
    """Operation counts of one program, in real flops of its field (``depth`` in definitions)."""

    adds: int
    muls: int
    flops: int  # adds + muls
    fma: int  # with fused multiply-add, see primitives.base.CostModel
    depth: int


def primitive_set(name: str) -> PrimitiveSet:
    """The primitive set called ``name``; raises :class:`UsageError` that suggests the nearest."""
    try:
        return primitives.get(name)
    except PrimitiveError as error:
        raise UsageError(str(error)) from None


def cost_model(model: CostModel | str) -> CostModel:
    """The cost model called ``model``, such as ``"fma"`` or ``"1:2.5"``; raises :class:`UsageError`."""
    if isinstance(model, CostModel):
        return model
    try:
        return primitives.cost_model(model)
    except PrimitiveError as error:
        raise UsageError(str(error)) from None


def _operations(program: Program) -> tuple[int, int, int]:
    """Additions, distinct scales and fused operations, as operations on the field."""
    lengths = np.diff(program.starts)
    scaled = program.sizes != 1.0
    adds = int(np.maximum(lengths - 1, 0).sum())
    muls = len(set(zip(program.sizes[scaled].tolist(), program.refs[scaled].tolist(), strict=True)))
    rows = np.repeat(np.arange(program.definitions), lengths)
    plain = np.bincount(rows[~scaled], minlength=program.definitions)
    return adds, muls, adds + int(((plain == 0) & (lengths > 0)).sum())


def count(program: Program) -> Counts:
    """The operation counts of ``program`` in real flops; UsageError for what is no program."""
    expect(program, Program, "count")
    flops = primitive_set(program.field)
    adds, muls, fused = _operations(program)
    adds, muls, fused = adds * flops.add_flops, muls * flops.scale_flops, fused * flops.add_flops
    return Counts(adds, muls, adds + muls, fused, program.depth)


def cost(program: Program, model: CostModel | str = "flops") -> float:
    """The cost of ``program`` under ``model``: an int where the weights are whole numbers, else a float."""
    chosen, counts = cost_model(model), count(program)
    separate = chosen.add * counts.adds + chosen.scale * counts.muls
    total = chosen.add * counts.fma if chosen.fused else separate
    return int(total) if float(total).is_integer() else float(total)
