"""Records: the best proved program known for a transform and a cost model, replaced only by a verified better one.

Several processes may offer at once: the folder is locked while a record is compared and replaced, and a file that
does not verify is refused, never overwritten.
"""

import contextlib
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gp_fft import files
from gp_fft.files import ProgramFile
from gp_fft.files.certificate import Certificate
from gp_fft.files.places import line_of
from gp_fft.files.shelf import EARLIER, EMPTY, Record, Shelf, citation, record_name
from gp_fft.ground.errors import DataError
from gp_fft.ground.locks import FolderLock
from gp_fft.program import Program
from gp_fft.program.accuracy import measure
from gp_fft.program.cost import cost
from gp_fft.program.text import format_program
from gp_fft.proof import check, standing
from gp_fft.store.proofs import Result, prove_file
from gp_fft.store.suspect import suspect
from gp_fft.transforms import Transform, scaled_to
from gp_fft.transforms.scaling import NONE

MUCH_MORE_ACCURATE = 0.7  # a program of the same cost replaces a record if its round-off is smaller by this factor
CREDIBLE = 1.5  # a round-off that is claimed may be off from the measured one by this factor
_CLOSE = 1.2  # a proof rounds the constants afresh, which moves the round-off a little
_PROBE = 1 << 16  # bytes, more than most records have


@dataclass(frozen=True)
class Verdict:
    """What came of an offer."""

    accepted: bool
    reason: str
    file: ProgramFile | None = None


class BadRecord(DataError):
    """A file among the records that does not verify; it is left as it is."""


def load_record(path: Path) -> ProgramFile:
    """A record, with its counts, error, certificate, round-off and name checked from the file alone.

    Raises :class:`BadRecord`, which names the file and the line that is wrong.
    """
    try:
        file = files.load(path)
    except DataError as error:
        raise BadRecord(str(error), error.place) from None
    proof = file.proof
    if not isinstance(proof, Certificate):
        raise _bad(path, ("proof", None), f"it is no record but {standing(file)}, and a record must be proved")
    try:
        check(proof, file.program, file.transform)
    except DataError as error:
        raise _bad(path, *_blame(file, proof, str(error))) from None
    name = record_name(file.transform, file.model, file.program.primitives, file.free)
    if name != path.name:
        same_transform = record_name(file.transform).removesuffix(".json") == path.name.split(".")[0]
        terms = f"{file.model}{f' in {chosen}' if (chosen := file.program.primitives) else ''}"
        terms += "" if file.free == NONE else f" with scaling {file.free}"
        meant = f"it holds {file.transform.title}, evolved for {terms}; its name would be {name}"
        raise _bad(path, ("provenance" if same_transform else "transform", None), meant)
    claimed, measured = file.round_off, measure(file.program, file.transform).program
    if not measured / CREDIBLE <= claimed <= measured * CREDIBLE and claimed != math.inf:
        differs = f"it claims a round-off of {claimed:.1e}, measured is {measured:.1e}"
        raise _bad(path, ("provenance", None), differs)
    return file


def _blame(file: ProgramFile, proof: Certificate, reason: str) -> tuple[tuple[str, int | None], str]:
    """The place at fault where a proof fails, and a sentence about it: a line of the program or the certificate."""
    known = {1.0, *(constant.size for constant in proof.constants)}
    strange = [d for d, row in enumerate(file.program.rows()) if not known.issuperset(size for size, _, _ in row)]
    d = strange[0] if strange else suspect(file.program, file.transform.matrix)
    if d is None:
        return ("proof", None), reason
    fault = "has a constant that the proof does not know" if strange else f"is wrong for {file.transform.title}"
    line = format_program(file.program).splitlines()[d + 1]
    return ("equations", d + 1), f"{line[:80]!r} {fault}: {reason}"


def _bad(path: Path, place: tuple[str, int | None], sentence: str) -> BadRecord:
    """The error that names the file and the line of the place at fault."""
    line = None
    with contextlib.suppress(OSError):
        line = line_of(path.read_bytes(), *place)
    return BadRecord(f"{path}: {f'line {line}: ' if line else ''}{sentence}", place)


def offer(
    folder: Path,
    program: Program,
    transform: Transform,
    model: str = "flops",
    provenance: dict[str, Any] | None = None,
    max_growth: float | None = None,
    shelf: Shelf = EMPTY,
    free: str = NONE,
) -> Verdict:
    """Prove a program and make it the record of the folder if it is better than those that stand there and on a shelf.

    Factors at the border that are ``free`` are read off the program, and are part of what stands in the record.
    Better is cheaper under the cost model, or as cheap and much more accurate. A program whose measured round-off is
    more than ``max_growth`` times that of numpy.fft is refused. What is replaced is kept among the earlier records, so
    that what was made of it can be made again. Raises DataError if the folder cannot be written or its record does not
    verify (it is left as it is).
    """
    path = folder / record_name(transform, model, program.primitives, free)
    stands = shelf.find(transform, model, program.primitives, free)
    transform = scaled_to(program.matrix(), transform, free)
    if stands is not None and not _promising(program, transform, stands.file, model):
        return Verdict(False, stands_already(stands, model))
    if path.is_file() and not _promising(program, transform, load_record(path), model):
        return Verdict(False, "a record as good or better stands")
    says = {**(provenance or {}), "cost_model": model, **({} if free == NONE else {"scaling": free})}
    result = prove_file(files.describe(program, transform, None, says))
    if not result.outcome.proved:
        return Verdict(False, f"not proved: {result.reason}")
    growth = result.accuracy.ratio if result.accuracy else math.inf
    if max_growth is not None and growth > max_growth:
        times = f"{growth:.1f} times that of numpy.fft, above the limit of {max_growth:g}"
        return Verdict(False, f"refused: its round-off is {times}")
    if stands is not None and not _better(result.file, stands.file, model):
        return Verdict(False, stands_already(stands, model), stands.file)
    with _locked(folder):
        before = load_record(path) if path.is_file() else None
        if before is not None:
            if not _better(result.file, before, model):
                return Verdict(False, "a record as good stands", before)
            keep_earlier(folder, path.stem, before)
        files.save(path, result.file)
    new = before is None and stands is None
    return Verdict(True, "new record" if new else "better than the record", result.file)


def stands_already(record: Record, model: str) -> str:
    """The sentence about a record that is not beaten: what it costs and where it lies."""
    where = record.where if record.where == "shipped" else f"in {record.where}"
    return f"a record as good or better stands ({cost(record.program, model):g}, {where})"


def keep_earlier(folder: Path, name: str, file: ProgramFile) -> Path:
    """Keep a record that is replaced in the folder ``earlier``, under its citation; the path that it has there."""
    path = folder / EARLIER / f"{citation(name, file.program)}.json"
    with _written(folder):
        path.parent.mkdir(exist_ok=True)
    files.save(path, file)
    return path


def prove_records(folder: Path, tell: Callable[[ProgramFile], None]) -> Iterator[tuple[Path, Result]]:
    """Prove every program file of a folder and write back what was not proved yet; ``tell`` hears of each first.

    A file that claims a proof must verify as it stands: it is never proved afresh over what it claims. BadRecord
    says which line is wrong.
    """
    for path in sorted(folder.glob("*.json")):
        file = files.load(path)
        tell(file)
        claims = isinstance(file.proof, Certificate)
        result = prove_file(load_record(path) if claims else file)
        if not claims and result.file != file:
            with _locked(folder):
                if files.load(path) == file:  # a hunt may have put a better one in its place meanwhile
                    files.save(path, result.file)
        yield path, result


def check_folder(folder: Path) -> None:
    """Raise DataError if nothing can be written into a folder of records, before any time is spent on a hunt."""
    with _locked(folder), tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(bytes(_PROBE))


def _promising(program: Program, transform: Transform, record: ProgramFile, model: str) -> bool:
    """Whether the proof of a program is worth its time: it is cheaper than the record, or may be more accurate."""
    now, before = cost(program, model), cost(record.program, model)
    return now < before or (
        now == before and measure(program, transform).program < _CLOSE * MUCH_MORE_ACCURATE * record.round_off
    )


def _better(new: ProgramFile, old: ProgramFile, model: str) -> bool:
    now, before = cost(new.program, model), cost(old.program, model)
    return now < before or (now == before and new.round_off < MUCH_MORE_ACCURATE * old.round_off)


@contextlib.contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Turn what the system refuses while a folder of records is written into one sentence."""
    try:
        yield
    except OSError as error:
        raise DataError(f"the records in {folder} cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a records folder, for which others are waited for."""
    with _written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with FolderLock(folder):
            yield
