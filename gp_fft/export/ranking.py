"""Which of several programs for one transform is the fastest here: compiled, and timed in turns.

Programs of equal or nearly equal count differ in depth, in the values that an order of their statements keeps alive and
in what the compiler makes of them. None of that decides alone, so they are run. What is told is the median over all
rounds of how many times as fast as the first program each one was in that very round, and its quartiles: what does
not lie on one side of 1 with both of them is no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gp_fft.export.compiled import DTYPES, LAYOUTS, Compiled, compile_program
from gp_fft.export.instructions import Instructions, instructions
from gp_fft.export.live import pressure
from gp_fft.export.target import Bare
from gp_fft.export.timing import Array, aligned, in_turns, timed
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program

BATCH = 1000
ROUNDS = 101
ALIKE = 10.0
"""Percent that a count may be above the least to be nearly equal."""


@dataclass(frozen=True)
class Speed:
    """One program in one layout."""

    median: float  # seconds of a batch
    ratio: float  # times as fast as the first
    low: float  # the quartiles of that
    high: float

    @property
    def faster(self) -> bool:
        """Whether it is faster than the first, beyond what is noise."""
        return self.low > 1.0


@dataclass(frozen=True)
class Ranked:
    """What is told of one program."""

    live: int  # values alive at once, in the order of the statements
    instructions: Instructions | None  # of one turn of the loop, in the layout interleaved; None where none are counted
    speeds: dict[str, Speed]  # by layout


def rank(programs: Sequence[Program], batch: int = BATCH, rounds: int = ROUNDS) -> list[Ranked]:
    """What each of several programs for one transform takes here, beside the first.

    Args:
        programs: of the same numbers of inputs and outputs, on the same data.
        batch: vectors of one call.
        rounds: turns of all.

    Raises DataError where no C compiler makes them.
    """
    speeds = {layout: _speeds(programs, layout, batch, rounds) for layout in LAYOUTS}
    return [
        Ranked(pressure(Bare(program, "f").form()).most, _counted(program), {name: speeds[name][k] for name in speeds})
        for k, program in enumerate(programs)
    ]


def _counted(program: Program) -> Instructions | None:
    try:
        return instructions(program, "interleaved", exact=False)
    except (DataError, UsageError):
        return None


def _speeds(programs: Sequence[Program], layout: str, batch: int, rounds: int) -> list[Speed]:
    compiled = [_in_c(program, layout) for program in programs]
    first = programs[0]
    x, y = (_batch(size, batch, layout, compiled[0].dtype) for size in (first.inputs, len(first.outputs)))
    _fill(x)
    seconds = in_turns({str(k): timed(function, x, y) for k, function in enumerate(compiled)}, rounds)
    table = np.array([seconds[str(k)] for k in range(len(compiled))])
    ratios = np.quantile(table[0] / table, (0.25, 0.5, 0.75), axis=1).T
    return [Speed(float(np.median(row)), float(mid), float(low), float(high))
            for row, (low, mid, high) in zip(table, ratios, strict=True)]  # fmt: skip


def _in_c(program: Program, layout: str) -> Compiled:
    made = compile_program(program, DTYPES[program.field][0], layout)
    if made.language != "C":
        raise DataError("speed is compared of programs in C, but there is no C compiler that works; set CC to one")
    return made


def _batch(size: int, batch: int, layout: str, dtype: np.dtype[np.generic]) -> Array:
    return aligned((size, batch) if layout == "columns" else (batch, size), dtype)


def _fill(x: Array) -> None:
    """Random numbers, the same each time."""
    generator = np.random.default_rng(1)
    if x.dtype.kind == "u":
        x[...] = generator.integers(0, 1 << 63, x.shape, dtype=x.dtype)
    else:
        x[...] = generator.standard_normal((*x.shape, 2)) @ [1, 1j] if x.dtype.kind == "c" else (
            generator.standard_normal(x.shape))  # fmt: skip
