"""Which program is the best of a front: one rule for every command, page, notebook and table.

The best is the cheapest exact program under the cost model; of several that cost the same, one that is proved, then
the one with the least error. What a proof has found out to be an approximation is not exact, however small its error.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gp_fft.files import ProgramFile
from gp_fft.files.certificate import APPROXIMATE, Certificate, Evidence, Interval, status
from gp_fft.program.cost import EXACT, cost


class Claim(NamedTuple):
    """What decides about one program: its cost, its relative error, and what is known of its proof so far."""

    cost: float
    error: float
    evidence: Evidence | None = None

    @property
    def exact(self) -> bool:
        """Whether the program is exact up to round-off and no proof has found it to be an approximation."""
        return is_exact(self.error, self.evidence)

    @property
    def rank(self) -> tuple[float, bool, float]:
        """Exact programs sort by this, the best first."""
        return self.cost, not isinstance(self.evidence, Certificate), self.error


def is_exact(error: float, evidence: Evidence | None = None) -> bool:
    """Whether a program with this relative error is exact up to round-off, as far as is known."""
    return error < EXACT and not isinstance(evidence, Interval) and status(evidence, error) != APPROXIMATE


def best_exact(claims: Iterable[Claim]) -> int | None:
    """The place of the best program among ``claims``; None where no one is exact."""
    exact = [(claim.rank, place) for place, claim in enumerate(claims) if claim.exact]
    return min(exact)[1] if exact else None


def best_place(files: Sequence[ProgramFile], model: str = "flops") -> int:
    """The place of the best program in a front that is not empty; of the most exact one where none is exact."""
    claims = [claim(file, model) for file in files]
    best = best_exact(claims)
    return min(range(len(claims)), key=lambda k: (claims[k].error, claims[k].cost)) if best is None else best


def best_of(files: Sequence[ProgramFile], model: str = "flops") -> ProgramFile:
    """The program at :func:`best_place`."""
    return files[best_place(files, model)]


def claim(file: ProgramFile, model: str = "flops") -> Claim:
    """What a program file says of itself under a cost model."""
    return Claim(cost(file.program, model), file.error, file.proof)
