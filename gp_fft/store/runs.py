"""Runs of the search for programs: run folders whose front is made of program files, with their proofs beside it.

Beside what every run folder holds (see :mod:`gp_fft.store.folders`) there is::

    proofs/*.json     the exact programs of the front with their proofs, or why there is none
    proofs.jsonl      the outcome of every proof, one JSON object per program
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gp_fft import files
from gp_fft.evolution.members import Record
from gp_fft.ground.errors import DataError
from gp_fft.schemes.problem import Discovery
from gp_fft.search.problem import Search, front_name
from gp_fft.search.settings import Settings
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.folders import PROBLEMS, ROOT, RunFolder, find, hold, list_runs, reading_records
from gp_fft.transforms import Transform

__all__ = ["PROVED_FROM", "ROOT", "Run", "find", "front_name", "hold", "list_runs", "original_name", "reading_records"]

PROVED_FROM = "proved_from"  # in the provenance of a proved program: the name of the one that the search found
LOOKS = 5  # at a run that changes meanwhile
PROBLEMS[Search.kind] = Search.read


@dataclass(frozen=True)
class Run(RunFolder):
    """A run folder of a search for programs of one transform."""

    problem: Search

    @property
    def transform(self) -> Transform:
        """What is searched for."""
        return self.problem.transform

    @property
    def settings(self) -> Settings:
        """What was asked for."""
        return self.problem.settings

    @classmethod
    def create(cls, transform: Transform, settings: Settings, path: Path | None = None, **more: Any) -> Run:
        """Make a new run folder, see :meth:`gp_fft.store.folders.RunFolder.make`.

        It names its operators, so that it goes on with these whatever is installed meanwhile.
        """
        return cls.make(Search(transform, replace(settings, operators=settings.switched_on(transform))), path, **more)

    @classmethod
    def open(cls, path: Path | str) -> Run:
        """Read the run folder at `path`; DataError says in one sentence why it cannot be."""
        run = super().open(path)
        if not isinstance(run.problem, Search):
            raise DataError(f"{path} is a run of the problem {run.problem.kind!r}, not of a search for programs")
        return run

    def front(self) -> list[files.ProgramFile]:
        """The programs of the front, most exact first, each checked against its own claims; proved where proved."""
        while True:
            there = (self.front_paths(), self.proof_paths())
            proofs = {path.name: path for path in there[1]}
            try:
                front = [files.load(proofs.get(path.name, path)) for path in there[0]]
            except DataError:
                if there == (self.front_paths(), self.proof_paths()):
                    raise
                continue  # the run goes on, and a program left the front before it could be read
            return sorted(front, key=lambda file: (file.error, file.program.content_hash))

    def look(self) -> tuple[list[files.ProgramFile], list[Record]]:
        """The front and the log up to the generation with this front, though the run may go on meanwhile."""
        for _ in range(LOOKS):
            log = list(self.log())
            front, last = self.front(), self.last_record()
            if not log or last is None or last.get("front") == log[-1].get("front"):
                break
        return front, log

    def proof_paths(self) -> list[Path]:
        """What came of proving exact programs of the front, in files of the same names: see gp_fft.store.proofs."""
        return sorted((self.path / "proofs").glob("*.json"))


def open_run(path: Path | str) -> RunFolder:
    """The run folder at `path` of whichever problem: a :class:`Run` if it is a search for programs.

    A :class:`~gp_fft.store.discoveries.DiscoveryRun` if it is one for schemes.
    """
    folder = RunFolder.open(path)
    if isinstance(folder.problem, Discovery):
        return DiscoveryRun.open(path)
    return Run.open(path) if isinstance(folder.problem, Search) else folder


def original_name(file: files.ProgramFile) -> str:
    """The name of a program of a front in its folder, which a proved program takes over from the one of the search."""
    return str(file.provenance.get(PROVED_FROM) or front_name(file.program))
