"""Records: the best proved program known for a transform and a cost model, replaced only by a verified better one.

Several processes may offer at once: the folder is locked while a record is compared and replaced, and a file that
does not verify is refused, never overwritten.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gp_fft import files
from gp_fft.certificate import Certificate
from gp_fft.cost import cost
from gp_fft.errors import DataError
from gp_fft.files import ProgramFile
from gp_fft.program import Program
from gp_fft.proof import check, standing
from gp_fft.proof.folders import prove_file
from gp_fft.shelf import record_name
from gp_fft.transforms import Transform

MUCH_MORE_ACCURATE = 0.7  # a program of the same cost replaces a record if its round-off is smaller by this factor


@dataclass(frozen=True)
class Verdict:
    """What came of an offer."""

    accepted: bool
    reason: str
    file: ProgramFile | None = None


def load_record(path: Path) -> ProgramFile:
    """A record, with its counts, error and certificate checked from the file alone; DataError says what is wrong."""
    file = files.load(path)
    proof = file.proof
    if not isinstance(proof, Certificate):
        raise DataError(f"{path} is no record: it is {standing(file)}, a record must be proved")
    check(proof, file.program, file.transform)
    stem = path.name.split(".")[0]
    if record_name(file.transform) != f"{stem}.json":
        raise DataError(f"{path} holds {file.transform.title}; its record would be {record_name(file.transform)}")
    return file


def offer(
    folder: Path, program: Program, transform: Transform, model: str = "flops", provenance: dict[str, Any] | None = None
) -> Verdict:
    """Prove a program and make it the record if it is better than the one that stands.

    Better is cheaper under the cost model, or as cheap and much more accurate. Raises DataError if the folder
    cannot be written or the standing record does not verify (it is left as it is).
    """
    path = folder / record_name(transform, model)
    if path.is_file() and cost(program, model) > cost(load_record(path).program, model):
        return Verdict(False, "a cheaper record stands")
    result = prove_file(files.describe(program, transform, None, {**(provenance or {}), "cost_model": model}))
    if not result.outcome.proved:
        return Verdict(False, f"not proved: {result.reason}")
    with _locked(folder):
        standing_file = load_record(path) if path.is_file() else None
        if standing_file is not None and not _better(result.file, standing_file, model):
            return Verdict(False, "a record as good stands", standing_file)
        files.save(path, result.file)
    return Verdict(True, "new record" if standing_file is None else "better than the record", result.file)


def _better(new: ProgramFile, old: ProgramFile, model: str) -> bool:
    now, before = cost(new.program, model), cost(old.program, model)
    if now != before:
        return now < before
    return _round_off(new) < MUCH_MORE_ACCURATE * _round_off(old)


def _round_off(file: ProgramFile) -> float:
    """The measured round-off that a record carries, relative root-mean-square."""
    accuracy = file.provenance.get("accuracy")
    return float(accuracy["program"]) if isinstance(accuracy, dict) else float("inf")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a records folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise DataError(f"the records in {folder} cannot be written: {error.strerror}") from None
