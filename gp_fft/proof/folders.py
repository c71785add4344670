"""Proofs where programs lie: of one file in place, of the front of a run, of all records.

A run keeps its front as the search left it; beside it, in ``proofs/``, lies for every exact program of the front
the proved one (with its correctly rounded sizes, so another hash) or the note why there is no proof, and in
``proofs.jsonl`` one line for each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from gp_fft import files
from gp_fft.accuracy import Accuracy, measure
from gp_fft.certificate import Unproved, status
from gp_fft.cost import EXACT
from gp_fft.files import ProgramFile
from gp_fft.proof import Outcome, prove
from gp_fft.runs import PROVED_FROM, Run, front_name


@dataclass(frozen=True)
class Result:
    """One program after the attempt to prove it, and how accurately it computes."""

    file: ProgramFile
    outcome: Outcome
    accuracy: Accuracy

    @property
    def status(self) -> str:
        """Proved, exact to 1e-15 but unproved, or approximate."""
        return status(self.outcome.evidence, self.file.error)

    @property
    def reason(self) -> str:
        """Why there is no proof; empty where there is one."""
        evidence = self.outcome.evidence
        return evidence.reason if isinstance(evidence, Unproved) else ""


def prove_file(file: ProgramFile) -> Result:
    """The file with the outcome of its proof in it; a proved program has the sizes of its exact constants."""
    outcome = prove(file.program, file.transform)
    accuracy = measure(outcome.program, file.transform)
    provenance = {**file.provenance, "accuracy": asdict(accuracy)}
    if outcome.program != file.program:
        provenance[PROVED_FROM] = file.program.content_hash
    described = files.describe(outcome.program, file.transform, outcome.evidence, provenance)
    return Result(described, outcome, accuracy)


def prove_run(run: Run, tell: Callable[[ProgramFile], None] = lambda file: None) -> Iterator[Result]:
    """Prove every exact program on the front of a run and keep the outcomes in its folder; what is kept is not redone.

    ``tell`` is called before each attempt.
    """
    kept = {file.provenance.get(PROVED_FROM, file.program.content_hash): file for file in run.proofs()}
    wanted: dict[Path, str] = {}
    for file in run.front_as_found():
        if file.error >= EXACT:
            continue
        known = kept.get(file.program.content_hash)
        if known is None:
            tell(file)
            result = prove_file(file)
            known = result.file
            path = run.path / "proofs" / front_name(known.program)
            path.parent.mkdir(exist_ok=True)
            files.save(path, known)
            yield result
        wanted[run.path / "proofs" / front_name(known.program)] = _line(known)
    for path in set((run.path / "proofs").glob("*.json")) - set(wanted):
        path.unlink()
    if wanted:
        files.atomic_write(run.path / "proofs.jsonl", "".join(wanted.values()).encode())


def _line(file: ProgramFile) -> str:
    """What the log of proofs says of one program."""
    evidence = file.proof
    record = {
        "program": file.program.content_hash,
        "flops": file.counts["flops"],
        "status": status(evidence, file.error),
        "reason": evidence.reason if isinstance(evidence, Unproved) else "",
        "accuracy": file.provenance.get("accuracy"),
    }
    return json.dumps(record) + "\n"


def prove_records(folder: Path, tell: Callable[[ProgramFile], None]) -> Iterator[tuple[Path, Result]]:
    """Prove every program file of a folder and write each back in its place; proved ones are checked afresh."""
    for path in sorted(folder.glob("*.json")):
        file = files.load(path)
        tell(file)
        result = prove_file(file)
        if result.file != file:
            files.save(path, result.file)
        yield path, result
