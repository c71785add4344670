"""The settings of one evolution: frozen, checked at the border against the transform they are for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from gp_fft.cost import cost_model, primitive_set
from gp_fft.errors import UsageError
from gp_fft.search.operators import NAMES
from gp_fft.transforms import Transform

STARTS = ("random", "definition", "radix2", "split-radix", "compose")
SMALLEST_POPULATION, LARGEST_POPULATION = 4, 4096
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Settings:
    """What an evolution is asked to do; nothing else decides what it finds (threads and seconds never do)."""

    start: str = "random"  # one of STARTS, or the path of a program file
    primitives: str = ""  # name of a primitive set; "" takes the one named like the transform's field
    cost: str = "flops"  # cost model: a name, or weights such as "1:2.5"
    seed: int = 1  # 0 .. 2^63 - 1
    population: int = 16  # programs kept from one generation to the next
    seconds: float | None = None  # stop after so many, in the middle of a generation
    generations: int | None = None  # stop after so many
    target_cost: float | None = None  # stop when an exact program costs no more
    threads: int = 0  # 0: all cores
    operators: tuple[str, ...] = NAMES  # operators that are switched on
    max_growth: float | None = None  # refuse programs with more times the round-off of numpy.fft than this

    def check(self, transform: Transform) -> None:
        """Raise :class:`UsageError`, in one sentence, if these settings cannot be run on ``transform``."""
        self._check_numbers()
        cost_model(self.cost)
        chosen = primitive_set(self.primitive_set(transform))
        if chosen.field != transform.field:
            raise UsageError(
                f"primitive set {chosen.name!r} is for {chosen.field} data, {transform.title} is {transform.field}"
            )
        if self.start not in STARTS and not Path(self.start).is_file():
            near = get_close_matches(self.start, STARTS, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UsageError(
                f"unknown start {self.start!r}{hint}; it is {', '.join(STARTS)} or the path of a program file"
            )
        for name in self.operators:
            if name not in NAMES:
                near = get_close_matches(name, NAMES, 1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise UsageError(f"unknown operator {name!r}{hint}; known are {', '.join(NAMES)}")

    def _check_numbers(self) -> None:
        whole = (
            ("seed", self.seed, 0, LARGEST_SEED),
            ("population", self.population, SMALLEST_POPULATION, LARGEST_POPULATION),
            ("generations", self.generations, 1, 2**53),
            ("threads", self.threads, 0, 1024),
        )
        for name, value, least, most in whole:
            if value is not None and not least <= value <= most:
                raise UsageError(f"{name} must be from {least} to {most}, not {value}")
        for name, amount in (
            ("seconds", self.seconds),
            ("target cost", self.target_cost),
            ("max growth", self.max_growth),
        ):
            if amount is not None and not (math.isfinite(amount) and amount > 0):
                raise UsageError(f"{name} must be a finite number above 0, not {amount}")

    @property
    def repeatable(self) -> bool:
        """Whether a run that is stopped and resumed must end as it would have without the break: to the byte."""
        return self.generations is not None or self.seconds is None

    def primitive_set(self, transform: Transform) -> str:
        """The name of the primitive set that the programs are made of."""
        return self.primitives or transform.field
