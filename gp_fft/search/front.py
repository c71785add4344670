"""A front: the hall of fame of an evolution as a sequence of programs, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from gp_fft.cost import EXACT, cost
from gp_fft.program import Program
from gp_fft.transforms import Transform


class Front(Sequence[Program]):
    """The non-dominated programs by (error, cost), ascending in cost, for one transform."""

    def __init__(self, transform: Transform, programs: Sequence[Program], model: str = "flops") -> None:
        self.transform = transform
        self.cost_model = model
        self._programs = tuple(programs)

    @overload
    def __getitem__(self, index: int) -> Program: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Program]: ...
    def __getitem__(self, index: int | slice) -> Program | Sequence[Program]:
        return self._programs[index]

    def __len__(self) -> int:
        return len(self._programs)

    @property
    def errors(self) -> list[float]:
        """Relative error of each program, measured on the whole matrix."""
        return [self.transform.error(program) for program in self]

    @property
    def costs(self) -> list[float]:
        """Cost of each program under the cost model of the run."""
        return [cost(program, self.cost_model) for program in self]

    def best_exact(self) -> Program | None:
        """The cheapest program whose error is below EXACT, or None."""
        scored = zip(self.errors, self.costs, range(len(self)), strict=True)
        exact = [(price, k) for error, price, k in scored if error < EXACT]
        return self[min(exact)[1]] if exact else None

    def __repr__(self) -> str:
        best = self.best_exact()
        told = "none exact yet" if best is None else f"best exact {cost(best, self.cost_model):g} {self.cost_model}"
        return f"<Front of {self.transform.title}: {len(self)} programs, {told}>"

    def _repr_html_(self) -> str:
        import gp_fft

        return gp_fft._show_front(self)  # the lazy face knows who draws
