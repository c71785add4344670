"""Runs of the search for schemes: run folders whose front is made of scheme files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gp_fft.ground.errors import DataError
from gp_fft.ground.words import quoted
from gp_fft.schemes import files
from gp_fft.schemes.family import Family
from gp_fft.schemes.files import SchemeFile
from gp_fft.schemes.problem import Discovery
from gp_fft.schemes.settings import Asked
from gp_fft.store.folders import PROBLEMS, RunFolder

PROBLEMS[Discovery.kind] = Discovery.read


@dataclass(frozen=True)
class DiscoveryRun(RunFolder):
    """A run folder of a search for schemes of one family."""

    problem: Discovery

    @property
    def family(self) -> Family:
        """What is searched for."""
        return self.problem.family

    @property
    def settings(self) -> Asked:
        """What was asked for."""
        return self.problem.settings

    @classmethod
    def create(cls, family: Family, settings: Asked, path: Path | None = None, **more: Any) -> DiscoveryRun:
        """Make a new run folder; UsageError for settings that do not fit, DataError if it cannot be made."""
        settings.check(family)
        return cls.make(Discovery(family, replace(settings)), path, **more)

    @classmethod
    def open(cls, path: Path | str) -> DiscoveryRun:
        """Read the run folder at `path`; DataError says in one sentence why it cannot be."""
        run = super().open(path)
        if not isinstance(run.problem, Discovery):
            raise DataError(f"{path} is a run of the problem {run.problem.kind!r}, not of a search for schemes")
        return run

    def front(self) -> list[SchemeFile]:
        """The schemes of the front, right ones first, the cheapest first, each checked against its own claims."""
        while True:
            paths = self.front_paths()
            try:
                front = [files.load(path) for path in paths]
            except DataError:
                if paths == self.front_paths():
                    raise
                continue  # the run goes on, and a scheme left the front before it could be read
            return sorted(front, key=lambda file: (file.error, max(file.operations.values())))

    def best(self) -> SchemeFile:
        """The cheapest right scheme; if none is right yet the nearest; DataError where there is none at all."""
        if front := self.front():
            return front[0]
        raise DataError(
            f"the run {self.path} has no scheme on its front yet; go on with: gp-fft resume {quoted(self.path)}"
        )
