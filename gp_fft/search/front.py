"""A front: the hall of fame of an evolution as a sequence of programs, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from gp_fft.files.best import Claim, best_exact
from gp_fft.files.certificate import Evidence, status
from gp_fft.ground.later import later
from gp_fft.ground.words import several
from gp_fft.program import Program
from gp_fft.program.cost import cost
from gp_fft.transforms import Transform, scaled_to
from gp_fft.transforms.scaling import NONE


class Front(Sequence[Program]):
    """The non-dominated programs by (error, cost), ascending in cost, for one transform.

    ``evidence`` holds for each program its certificate, or why there is none, or None where no proof was tried.
    ``free`` says which factors at the border the programs may have.
    """

    def __init__(
        self,
        transform: Transform,
        programs: Sequence[Program],
        model: str = "flops",
        evidence: Sequence[Evidence | None] = (),
        free: str = NONE,
    ) -> None:
        self.transform = transform
        self.free = free
        self.cost_model = model
        self._programs = tuple(programs)
        self.evidence: tuple[Evidence | None, ...] = tuple(evidence) or (None,) * len(self._programs)

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
        return [transform.error(program) for transform, program in zip(self.transforms, self, strict=True)]

    @property
    def transforms(self) -> list[Transform]:
        """The transform of each program, with the factors that it has at its border."""
        return [scaled_to(program.matrix(), self.transform, self.free) for program in self]

    @property
    def costs(self) -> list[float]:
        """Cost of each program under the cost model of the run."""
        return [cost(program, self.cost_model) for program in self]

    @property
    def statuses(self) -> list[str]:
        """What may be said of each program: proved, exact to 1e-15 but unproved, or approximate."""
        return [status(known, error) for known, error in zip(self.evidence, self.errors, strict=True)]

    def best_exact(self) -> Program | None:
        """The cheapest exact program, or None; what a proof has found to be an approximation is not exact."""
        best = best_exact(self.claims)
        return None if best is None else self[best]

    @property
    def claims(self) -> list[Claim]:
        """Of each program what decides which one is the best."""
        return [Claim(*said) for said in zip(self.costs, self.errors, self.evidence, strict=True)]

    def prove(self) -> Front:
        """A front of the same programs, proved: ``statuses`` and ``evidence`` say what came of it.

        Exact programs are proved to be exact, of approximate ones the errors are proved. A proved exact program has the
        floats nearest to its exact constants, so its last digits may differ from those that the search left. Takes
        seconds to minutes for large transforms; what has been tried before is not tried again.
        """
        proved: Front = later("prove a front")(self)
        return proved

    def __repr__(self) -> str:
        outcome, best = "none exact yet", best_exact(self.claims)
        if best is not None:
            outcome = f"best exact {self.costs[best]:g} {self.cost_model}, {self.statuses[best]}"
        return f"<Front of {self.transform.title}: {several(len(self), 'program')}, {outcome}>"

    def _repr_html_(self) -> str:
        return str(later("show a front")(self))
