"""The search for programs of one transform as a problem: how it stands in a run folder, and how its front is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from gp_fft import transforms
from gp_fft.files import describe, encode
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.program.cost import count, unit
from gp_fft.search.command_line import command_line
from gp_fft.search.settings import Settings, all_operators
from gp_fft.transforms import Transform, scaled_to

if TYPE_CHECKING:
    from gp_fft.search.genome import Genome
    from gp_fft.search.state import State


@dataclass(frozen=True)
class Search:
    """A transform and what is asked for: a :class:`gp_fft.evolution.problem.Problem`."""

    transform: Transform
    settings: Settings
    kind: ClassVar[str] = "programs"

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Search:
        """The problem of a settings.toml; raises KeyError, DataError or msgspec's ValidationError for a damaged one."""
        transform, settings = transforms.from_spec({"matrix": None, **table["transform"]}), table["settings"]
        unknown = sorted(set(settings) - {field.name for field in fields(Settings)})
        if unknown:
            raise DataError(f"unknown setting {unknown[0]!r}")
        return cls(transform, msgspec.convert(settings, Settings))

    @property
    def title(self) -> str:
        """That of the transform."""
        return self.transform.title

    @property
    def unit(self) -> str:
        """The cost model; what it counts where that is flops, which over GF(2) are XORs."""
        usual = self.settings.cost == "flops"
        return unit(self.transform.field, self.settings.label(self.transform)) if usual else self.settings.cost

    @property
    def operators(self) -> Sequence[str]:
        """The names of all operators, also of those that are switched off."""
        return all_operators()

    @property
    def state(self) -> type[State]:
        """The type of its states, which brings the compiled kernels."""
        from gp_fft.search.state import State

        return State

    def check(self) -> None:
        """Raise UsageError, in one sentence, for settings that do not fit the transform."""
        self.settings.check(self.transform)

    def restore(self, table: Mapping[str, Any]) -> State:
        """The state of a checkpoint; raises KeyError, TypeError or ValueError on a damaged table."""
        return self.state.from_dict(table)

    def subject(self) -> dict[str, Any]:
        """What besides the settings the run folder must hold."""
        return {"transform": self.transform.spec}

    def command(self, budget: bool = True) -> str:
        """The command line that makes the same run again; the budget only if asked for."""
        return command_line(self.transform, self.settings, budget)

    def file_name(self, member: Genome) -> str:
        """Its flops and the head of its hash."""
        return front_name(member.program)

    def encode(self, member: Genome, provenance: dict[str, Any]) -> bytes:
        """A program file, with its lineage."""
        whole = {**provenance, "lineage": [list(event) for event in member.lineage]}
        free, transform = self.settings.free, self.transform
        if self.settings.scaling:
            whole, transform = {**whole, "scaling": free}, scaled_to(member.program.matrix(), transform, free)
        return encode(describe(member.program, transform, provenance=whole))


def front_name(program: Program) -> str:
    """The name of the file of a program in the folder front/: its flops and the head of its hash."""
    return f"{count(program).flops:05d}-{program.content_hash[:12]}.json"
