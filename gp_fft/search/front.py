"""A front: the hall of fame of an evolution as a sequence of programs, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from gp_fft.best import Claim, best_exact
from gp_fft.certificate import Evidence
from gp_fft.cost import cost
from gp_fft.program import Program
from gp_fft.transforms import Transform


class Front(Sequence[Program]):
    """The non-dominated programs by (error, cost), ascending in cost, for one transform.

    ``evidence`` holds for each program what a proof has said of it; none where nothing was proved yet.
    """

    def __init__(
        self,
        transform: Transform,
        programs: Sequence[Program],
        model: str = "flops",
        evidence: Sequence[Evidence | None] = (),
    ) -> None:
        self.transform = transform
        self.cost_model = model
        self._programs = tuple(programs)
        self._evidence = tuple(evidence) or (None,) * len(self._programs)

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
        """The cheapest exact program, or None; what a proof has found to be an approximation is not exact."""
        place = best_exact(self.claims)
        return None if place is None else self[place]

    @property
    def claims(self) -> list[Claim]:
        """Of each program what decides which one is the best."""
        return [Claim(*said) for said in zip(self.costs, self.errors, self._evidence, strict=True)]

    def __repr__(self) -> str:
        best = self.best_exact()
        told = "none exact yet" if best is None else f"best exact {cost(best, self.cost_model):g} {self.cost_model}"
        return f"<Front of {self.transform.title}: {len(self)} programs, {told}>"

    def _repr_html_(self) -> str:
        import gp_fft

        return gp_fft._show_front(self)  # the lazy face knows who draws
