"""The search for schemes of a family as a problem: how it stands in a run folder, and how its front is kept."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import msgspec

from gp_fft.evolution.state import State
from gp_fft.ground.errors import DataError
from gp_fft.schemes.draft import Draft
from gp_fft.schemes.family import Family
from gp_fft.schemes.files import describe, encode
from gp_fft.schemes.forms import table as forms
from gp_fft.schemes.settings import ALL, DEFAULTS, Asked

PRICED = 256  # costs are those at the largest member up to here
FLAGS = {"graded": "--exact-rows", "oracle": "--own-recursion", "sharing": "--per-tree"}  # where they are False


@dataclass(frozen=True)
class Discovery:
    """A family and what is asked for: a :class:`gp_fft.evolution.problem.Problem`."""

    family: Family
    settings: Asked
    kind: ClassVar[str] = "schemes"

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Discovery:
        """The problem of a settings.toml; raises KeyError, UsageError or DataError for a damaged one."""
        settings = table["settings"]
        unknown = sorted(set(settings) - {field.name for field in fields(Asked)})
        if unknown:
            raise DataError(f"unknown setting {unknown[0]!r}")
        family = Family.read(str(table["scheme"]["transform"]), str(table["scheme"]["family"]))
        read = cls(family, msgspec.convert(settings, Asked))
        read.check()
        return read

    @property
    def title(self) -> str:
        """``dft 2^k``."""
        return self.family.title

    @property
    def unit(self) -> str:
        """What a cost counts, and at which size."""
        return f"flops at n = {self.family.members(PRICED)[-1]}"

    @property
    def operators(self) -> Sequence[str]:
        """The names of all operators, also of those that are switched off."""
        return ALL

    @property
    def state(self) -> type[State[Draft]]:
        """The type of its states."""
        return State

    def check(self) -> None:
        """Raise UsageError, in one sentence, for settings that do not fit the family."""
        self.settings.check(self.family)

    def restore(self, table: Mapping[str, Any]) -> State[Draft]:
        """The state of a checkpoint; raises KeyError, TypeError or ValueError on a damaged table."""
        asked = self.settings
        tables = forms(self.family, asked.primitives or None, asked.depth or None, asked.sizes)
        return State.restored(table, lambda member: Draft.from_dict(tables, member))

    def subject(self) -> dict[str, Any]:
        """What besides the settings the run folder must hold."""
        return {"scheme": {"transform": self.family.transform, "family": str(self.family)}}

    def command(self, budget: bool = True) -> str:
        """The command line that makes the same run again; the budget only if asked for."""
        words = ["gp-fft", "discover", self.family.transform, "--family", str(self.family)]
        for name, usual in DEFAULTS.items():
            value = getattr(self.settings, name)
            if value == usual or name in ("threads", "start") or (name in BUDGETS and not budget):
                continue
            if name == "started":
                words += ["--start", value]
            elif name in FLAGS:
                words.append(FLAGS[name])
            else:
                said = (
                    ",".join(map(str, value))
                    if isinstance(value, tuple)
                    else f"{value:g}"
                    if isinstance(value, float)
                    else str(value)
                )
                words += [f"--{name.replace('_', '-')}", said]
        return shlex.join(words)

    def file_name(self, member: Draft) -> str:
        """Its cost and the head of its hash."""
        return f"{int(member.cost):09d}-{member.scheme.content_hash[:12]}.json"

    def encode(self, member: Draft, provenance: dict[str, Any]) -> bytes:
        """A scheme file, with its lineage."""
        lineage = [list(event) for event in member.lineage]
        return encode(describe(member.scheme, member.error, provenance={**provenance, "lineage": lineage}))


def _said(value: Any) -> str:
    """A setting as a word of the command line."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:.17g}" if isinstance(value, float) else str(value)


BUDGETS = ("seconds", "generations", "target_cost")
