"""Proofs where programs lie: of one file, and of the front of a run.

A run keeps its front as the search left it; beside it, in ``proofs/``, lies under the same name for every exact
program of the front the proved one (with its correctly rounded sizes, so another hash) or the note why there is no
proof, and in ``proofs.jsonl`` one line for each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from gp_fft import files
from gp_fft.accuracy import Accuracy, measure
from gp_fft.certificate import Unproved, status
from gp_fft.clock import Clock, TimeOver
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


def prove_file(file: ProgramFile, clock: Clock | None = None) -> Result:
    """The file with the outcome of its proof in it; a proved program has the sizes of its exact constants.

    Raises TimeOver when the clock is over before that.
    """
    outcome = prove(file.program, file.transform, clock)
    accuracy = measure(outcome.program, file.transform)
    provenance = {**file.provenance, "accuracy": accuracy.table}
    if outcome.program != file.program:
        provenance[PROVED_FROM] = front_name(file.program)
    described = files.describe(outcome.program, file.transform, outcome.evidence, provenance)
    return Result(described, outcome, accuracy)


def prove_run(run: Run, clock: Clock | None = None) -> Iterator[Result]:
    """Prove the exact programs on the front of a run and keep the outcomes in its folder; none is proved twice.

    When the clock is over the others are left as they are, to be proved another time.
    """
    clock = clock or Clock()
    known, lines = {path.name: path for path in run.proof_paths()}, []
    for path in run.front_paths():
        kept = files.load(known.pop(path.name, path))
        if kept.error < EXACT and kept.proof is None:
            try:
                clock.check()
                result = prove_file(kept, clock)
            except TimeOver:
                continue
            (run.path / "proofs").mkdir(exist_ok=True)
            files.save(run.path / "proofs" / path.name, result.file)
            kept = result.file
            yield result
        if kept.proof is not None:
            lines.append(_line(kept))
    for path in known.values():
        path.unlink()
    if lines:
        files.atomic_write(run.path / "proofs.jsonl", "".join(lines).encode())


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
