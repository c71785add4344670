"""Proofs where programs lie: of one file, and of the front of a run.

A run keeps its front as the search left it; beside it, in ``proofs/``, lies under the same name for every exact
program of the front the proved one (with its correctly rounded sizes, so another hash) or the note why there is no
proof, for every approximate one the same program with the intervals of its errors, and in ``proofs.jsonl`` one line for
each.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gp_fft import files
from gp_fft.files import ProgramFile
from gp_fft.files.best import best_exact, claim, is_exact
from gp_fft.files.certificate import Interval, Unproved, status
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.program.accuracy import Accuracy, measure
from gp_fft.program.cost import EXACT
from gp_fft.proof import Outcome, prove
from gp_fft.store.runs import PROVED_FROM, Run, front_name


@dataclass(frozen=True)
class Result:
    """One program after the attempt to prove it, and how accurately it computes, unless it is approximate anyway."""

    file: ProgramFile
    outcome: Outcome
    accuracy: Accuracy | None

    @property
    def status(self) -> str:
        """Proved, exact to 1e-15 but unproved, or approximate."""
        return status(self.outcome.evidence, self.file.error)

    @property
    def reason(self) -> str:
        """Why there is no proof that it is exact; empty where there is one."""
        evidence = self.outcome.evidence
        if isinstance(evidence, Interval):
            return f"its error is {evidence.digits}"
        return evidence.reason if isinstance(evidence, Unproved) else ""


def prove_file(file: ProgramFile, clock: Clock | None = None) -> Result:
    """The file with the outcome of its proof in it; a proved program has the sizes of its exact constants.

    An approximate one has the intervals of its errors. Raises TimeOver when the clock is over before that.
    """
    outcome = prove(file.program, file.transform, clock, file.free)
    accuracy = None if isinstance(outcome.evidence, Interval) else measure(outcome.program, outcome.transform)
    provenance = file.provenance | ({"accuracy": accuracy.table} if accuracy else {})
    if outcome.program != file.program:
        provenance[PROVED_FROM] = front_name(file.program)
    described = files.describe(outcome.program, outcome.transform, outcome.evidence, provenance)
    return Result(described, outcome, accuracy)


def proof_place(path: Path) -> Path | None:
    """Where the proof of a file ``RUN/front/NAME`` belongs, in ``RUN/proofs``; None for a file anywhere else."""
    whole = path if path.parent.name else path.absolute()  # a bare name is seen from inside the folder
    run = whole.parent.parent
    of_a_run = whole.parent.name == "front" and (run / "settings.toml").is_file()
    return run / "proofs" / path.name if of_a_run else None


def open_file(path: Path) -> ProgramFile:
    """A program file with all that is known of it: for one on the front of a run, what its proof beside it says."""
    proof = proof_place(path)
    return files.load(proof if proof is not None and proof.is_file() else path)


def read_front(run: Run) -> dict[str, ProgramFile]:
    """The programs on the front of a run by the names of their files, each with what its proof says."""
    proved = {path.name: path for path in run.proof_paths()}
    return {path.name: files.load(proved.get(path.name, path)) for path in run.front_paths()}


def open_question(file: ProgramFile) -> bool:
    """Whether no proof of a program was tried."""
    return file.proof is None


def prove_run(run: Run, clock: Clock | None = None, front: dict[str, ProgramFile] | None = None) -> Iterator[Result]:
    """Prove the programs on the front of a run and keep the outcomes in its folder; none is proved twice.

    First those that look exact, then the errors of the approximate ones.
    ``front`` is what :func:`read_front` says, where it was read already; it is brought up to date. When the clock is
    over the others are left as they are, to be proved another time.
    """
    clock = clock or Clock()
    front = read_front(run) if front is None else front
    for name, file in sorted(front.items(), key=lambda item: not item[1].error < EXACT):
        with contextlib.suppress(TimeOver):
            if open_question(file):
                clock.check()
                result = prove_file(file, clock)
                front[name] = _keep(run, name, result.file)
                yield result
    for path in run.proof_paths():
        if path.name not in front:
            path.unlink()
    _write_log(run, front.values())


def keep_proof(run: Run, name: str, proved: ProgramFile) -> None:
    """Put what came of proving the file ``front/NAME`` of a run beside it, and tell the log of proofs."""
    _keep(run, name, proved)
    _write_log(run, read_front(run).values())


def _keep(run: Run, name: str, proved: ProgramFile) -> ProgramFile:
    (run.path / "proofs").mkdir(exist_ok=True)
    files.save(run.path / "proofs" / name, proved)
    return proved


def _write_log(run: Run, front: Iterable[ProgramFile]) -> None:
    if lines := [_line(file) for file in front if file.proof is not None]:
        atomic_write(run.path / "proofs.jsonl", "".join(lines).encode())


def judged(run: Run, record: dict[str, Any]) -> dict[str, Any]:
    """A record of the log with what proofs have found out since: the search takes for exact what only looks it."""
    tried = [files.load(path) for path in run.proof_paths()]
    if all(is_exact(file.error, file.proof) or not file.error < EXACT for file in tried):
        return record
    claims = [claim(file, run.settings.cost) for file in run.front()]
    best = best_exact(claims)
    front = [[0.0 if one.exact else one.error, one.cost] for one in claims]
    return {
        **record,
        "front": front,
        "best_error": min(error for error, _ in front),
        "best_exact_cost": None if best is None else claims[best].cost,
    }


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
