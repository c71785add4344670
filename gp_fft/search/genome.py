"""One member of a population: the flat arrays of a program in the order the kernels left them, with its fitness."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.ranked import ErrorAndCost as ErrorAndCost
from gp_fft.kernels.growth import round_off
from gp_fft.program import Program, levels
from gp_fft.search.lineage import Lineage

ROUNDING = 1e-12  # of a deviation
_ARRAYS = {"starts": np.int32, "refs": np.int32, "sizes": np.float64, "turns": np.int8, "outputs": np.int32}


@dataclass(eq=False)
class Genome:
    """The arrays of :class:`Program` (rows in topological, not canonical order) and a DEAP fitness."""

    inputs: int
    field: str
    starts: NDArray[np.int32]
    refs: NDArray[np.int32]
    sizes: NDArray[np.float64]
    turns: NDArray[np.int8]
    outputs: NDArray[np.int32]
    fitness: ErrorAndCost = dataclasses.field(default_factory=ErrorAndCost)
    lineage: Lineage = dataclasses.field(default_factory=Lineage)
    title: str = ""
    primitives: str = ""  # as of a Program
    deviation: float = 0.0  # from orthogonal outputs, where that is asked for

    @classmethod
    def of(cls, program: Program) -> Genome:
        """The genome of a program."""
        arrays: dict[str, Any] = {name: getattr(program, name) for name in _ARRAYS}
        return cls(program.inputs, program.field, **arrays, title=program.title, primitives=program.primitives)

    @cached_property
    def program(self) -> Program:
        """The program of the genome, in canonical form."""
        starts, refs, sizes, turns = (a.tolist() for a in (self.starts, self.refs, self.sizes, self.turns))
        terms = list(zip(sizes, turns, refs, strict=True))
        rows = [terms[a:b] for a, b in itertools.pairwise(starts)]
        return Program.build(self.inputs, self.field, rows, self.outputs.tolist(), self.title, self.primitives)

    def text(self) -> str:
        """The program as text."""
        return str(self.program)

    @property
    def error(self) -> float:
        """Relative error, 0 for an exact program."""
        return float(self.fitness.values[0]) if self.fitness.valid else math.inf

    @property
    def cost(self) -> float:
        """Cost under the model of the run."""
        return float(self.fitness.values[1]) if self.fitness.valid else math.inf

    def keeps_to(self, deviation: float) -> bool:
        """Whether it deviates by no more than this from orthogonal outputs, but for rounding."""
        return self.deviation <= deviation + ROUNDING

    @cached_property
    def round_off(self) -> float:
        """The round-off to be expected in float64, see :mod:`gp_fft.kernels.growth`."""
        return float(round_off(self))

    @cached_property
    def levels(self) -> int:
        """The levels of all operations, as :attr:`Program.levels`."""
        return levels.depth(self, levels.paid(self))

    @cached_property
    def add_levels(self) -> int:
        """The levels of additions, as :attr:`Program.add_levels`."""
        return levels.depth(self)

    @cached_property
    def live(self) -> int:
        """The values alive at once, as :attr:`Program.live`, of which it depends on the order of the definitions."""
        return self.program.live

    def name(self) -> bytes:
        """The content of the program in canonical form, of its sizes as many digits as are the same after a refit."""
        canonical, coarse = self.program, self.program.sizes.astype(np.float32)
        arrays = (canonical.starts, canonical.refs, coarse, canonical.turns, canonical.outputs)
        return b"".join(array.tobytes() for array in arrays)

    def kind(self) -> tuple[int, int]:
        """In what programs of one cost differ first of all: the levels of their operations, and the values alive."""
        return self.levels, self.live

    @property
    def estimated(self) -> bool:
        """Whether ``round_off`` has been computed, which takes long for a large program."""
        return "round_off" in self.__dict__

    def key(self) -> bytes:
        """Content as it stands, to tell copies apart."""
        return b"".join(getattr(self, name).tobytes() for name in _ARRAYS)

    def to_dict(self) -> dict[str, Any]:
        """Plain lists for a checkpoint; floats round-trip."""
        content = {name: getattr(self, name).tolist() for name in _ARRAYS}
        more = {"deviation": self.deviation} if self.deviation else {}
        lineage = [list(event) for event in self.lineage]
        return content | {"fitness": list(self.fitness.values), "lineage": lineage} | more

    @classmethod
    def reader(cls, inputs: int, field: str, title: str, primitives: str = "") -> Callable[[dict[str, Any]], Genome]:
        """The inverse of :meth:`to_dict`; it raises KeyError, TypeError or ValueError on a damaged table.

        The content is checked as a program's would be, since the kernels trust it.
        """

        def read(table: dict[str, Any]) -> Genome:
            arrays: dict[str, Any] = {name: np.array(table[name], dtype) for name, dtype in _ARRAYS.items()}
            Program(inputs, field, "", **arrays, primitives=primitives)
            error, cost = table["fitness"]
            fitness, lineage = ErrorAndCost((float(error), float(cost))), Lineage.from_lists(table["lineage"])
            genome = cls(inputs, field, **arrays, fitness=fitness, lineage=lineage, title=title, primitives=primitives)
            genome.deviation = float(table.get("deviation", 0.0))
            return genome

        return read
