"""The table that counts are judged by: the best program found of each transform beside what people published.

The counts of an :class:`Entry` are real flops under FFTW's rule (see :mod:`gp_fft.program.cost`), over GF(2) XORs,
whatever cost model the program was evolved for. What keeps to another primitive set than the one called like its field
is an :class:`Other`, as are the records under other cost models: each is compared under its own rule alone.
"""

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gp_fft.files import LIMIT_FILE, ProgramFile, load
from gp_fft.files.best import Claim, claim
from gp_fft.files.certificate import Evidence
from gp_fft.files.shelf import record_name, record_paths
from gp_fft.ground.errors import GpFftError
from gp_fft.program.cost import cost, cost_model, count
from gp_fft.proof import standing
from gp_fft.store.runs import list_runs
from gp_fft.transforms import Transform, published, published_sets

RIVALS: dict[str, tuple[str, ...]] = {
    "radix-2": ("radix2",),
    "split radix": ("split_radix",),
    "tangent": ("tangent",),
    "FFTW": ("fftw", "genfft"),
}
BEST = "best published"
COLUMNS = (*RIVALS, BEST)
USUAL = (("complex", "flops"), ("real", "flops"))  # the rules of gp_fft.transforms.published
_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)  # of a file that is no program


@dataclass(frozen=True)
class Entry:
    """The best exact program of one transform, where it lies, and the counts of its rivals."""

    file: ProgramFile
    path: str
    rivals: dict[str, int]  # by column, only those that are known

    @property
    def flops(self) -> int:
        """The count of the program itself, in real flops."""
        return count(self.file.program).flops

    @property
    def words(self) -> list[str]:
        """The title of the transform in words: name, size, and what else there is."""
        return self.file.transform.title.split(" ")

    @property
    def family(self) -> str:
        """The title without the size: ``dft``, or ``dct2 ortho``."""
        return " ".join([self.words[0], *self.words[2:]])

    @property
    def size(self) -> str:
        """The size as in the title: ``8``, or ``4x4``."""
        return self.words[1]

    @property
    def status(self) -> str:
        """Proved or exact but unproved; a proof that fails when it is made again is called wrong."""
        return standing(self.file)

    def difference(self, column: str) -> int | None:
        """How many flops the program has more (or, below zero, fewer) than this rival; None if not known."""
        return self.flops - self.rivals[column] if column in self.rivals else None


@dataclass(frozen=True)
class Other:
    """The best program of a transform in another primitive set, or the record under another cost model.

    ``usual`` is what the best program under flops, in the usual set, costs under this model; None where none is known,
    and in another set, for which it is not made.
    """

    file: ProgramFile
    path: str
    model: str
    usual: float | None

    @property
    def primitives(self) -> str:
        """The primitive set, by name."""
        return self.file.program.primitives or self.file.program.field

    @property
    def cost(self) -> float:
        """What the program costs by its own rule."""
        return cost(self.file.program, self.model)

    @property
    def best(self) -> int | None:
        """The best published count by the same rule, where one is known."""
        return rivals(self.file.transform, self.file.program.primitives, self.model).get(BEST)

    @property
    def difference(self) -> float | None:
        """How much more (below zero: less) it costs than the best published program."""
        return None if self.best is None else self.cost - self.best


def rivals(transform: Transform, primitives: str = "", model: str = "flops") -> dict[str, int]:
    """The published counts of `transform` by column; none where there are none, as for other norms.

    They are by one rule: ``primitives`` is what programs say of their set (empty: the one called like the field).
    """
    if transform.norm != "backward" or transform.kernel or len(transform.shape) != 1:
        return {}
    name, n = transform.name, transform.shape[0]
    if (primitives or transform.field, model) in USUAL:
        return rivals_at(name, n)
    found = published_sets.best(name, n, primitives or transform.field, model)
    return {} if found is None else {BEST: found.total}


def rivals_at(name: str, n: int) -> dict[str, int]:
    """The published counts of the transform of this name and size in flops, without normalisation, by column."""
    totals = {
        column: [row.total for row in published.rows(name, n) if row.method in methods]
        for column, methods in RIVALS.items()
    }
    best = published.best(name, n)
    totals[BEST] = [] if best is None else [best.total]
    return {column: min(known) for column, known in totals.items() if known}


def judged_by(transform: Transform, primitives: str, model: str) -> tuple[str, dict[str, int]]:
    """The cost model by which programs of a set stand beside published counts, and these counts.

    That is ``model`` itself where something is published for it; else, in the usual set, flops.
    """
    known = rivals(transform, primitives, model)
    return (model, known) if known or primitives else ("flops", rivals(transform))


def record_files(root: Path) -> list[Path]:
    """The files of the records: those under ``root``, and the shipped ones beneath them."""
    return record_paths(root / "records")


def program_files(root: Path) -> list[Path]:
    """Every program file of the runs under `root`, of the records there and of the shipped ones."""
    return record_files(root) + [path for run in list_runs(root) for path in _run_files(run)]


def _run_files(run: Path) -> list[Path]:
    """The program files of a run; where a program was proved, or could not be, only the file that says so."""
    proofs = sorted((run / "proofs").glob("*.json"))
    tried = {path.name for path in proofs}
    return proofs + [path for path in sorted((run / "front").glob("*.json")) if path.name not in tried]


def collect(paths: Iterable[Path]) -> tuple[list[Entry], list[str]]:
    """The best exact program of each transform among `paths`, and one sentence for each file left out as bad.

    Programs of other primitive sets than the one called like their field are no such programs, see :func:`others`.
    Files are sorted by what they claim; a claim counts only once the file has been loaded, which checks it.
    """
    claims, bad = [], []
    for path in paths:
        try:
            claims.append((*_claim(path), path))
        except _DAMAGE as reason:
            bad.append(f"{path} is left out: {reason}")
    best: dict[str, Entry] = {}
    for key, primitives, claimed, path in sorted(claims, key=lambda row: (row[0], row[2].rank)):
        if claimed.exact and not primitives and key not in best:
            try:
                file = load(path)
            except GpFftError as reason:
                bad.append(f"{path} is left out: {reason}")
                continue
            if claim(file).exact and not file.program.primitives:
                best[key] = Entry(file, str(path), rivals(file.transform))
    entries = sorted(best.values(), key=lambda entry: (entry.file.transform.name, entry.file.transform.shape))
    return entries, bad


def _claim(path: Path) -> tuple[str, str, Claim]:
    """What a program file says of itself, unchecked: its transform, its set, and what decides which one is the best."""
    if path.stat().st_size > LIMIT_FILE:
        raise ValueError("it is too large")
    table: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    evidence = msgspec.convert(table["proof"], Evidence | None)
    claimed = Claim(float(table["counts"]["flops"]), float(table["error"]), evidence)
    return msgspec.json.encode(table["transform"]).decode(), str(table.get("primitives", "")), claimed


def others(paths: Iterable[Path], entries: Sequence[Entry]) -> list[Other]:
    """The best program of each transform in each other set, and the best records under other cost models.

    A record is what its name and its file say to be such. A file that cannot be read is left out; :func:`collect`
    tells of it.
    """
    usual = {entry.file.transform.title: entry.file.program for entry in entries}
    best: dict[str, Other] = {}
    for file, path in _in_other_sets_or_models(paths):
        model = cost_model(file.model).name
        program = None if file.program.primitives else usual.get(file.transform.title)
        new = Other(file, str(path), model, None if program is None else cost(program, model))
        key = record_name(file.transform, model, file.program.primitives)
        best[key] = min(best.get(key, new), new, key=lambda other: claim(other.file, other.model).rank)
    order = sorted(best.items(), key=lambda item: item[0])
    return sorted((other for _, other in order), key=_place)


def _in_other_sets_or_models(paths: Iterable[Path]) -> Iterator[tuple[ProgramFile, Path]]:
    """The files of exact programs that are compared by another rule than the usual one."""
    for path in paths:
        with contextlib.suppress(GpFftError, *_DAMAGE):
            _, primitives, claimed = _claim(path)
            if not claimed.exact or not (primitives or path.name.count(".") >= 2):
                continue
            file = load(path)
            named = record_name(file.transform, cost_model(file.model).name, file.program.primitives) == path.name
            record_of_model = file.model != "flops" and named
            if claim(file).exact and (file.program.primitives or record_of_model):
                yield file, path


def _place(other: Other) -> tuple[object, ...]:
    """Where one stands in the table."""
    transform = other.file.transform
    return transform.name, transform.shape, other.primitives != transform.field, other.primitives, other.model


def as_csv(entries: Sequence[Entry], others: Sequence[Other] = ()) -> str:
    """Both tables as CSV: transform, n, the rule, counts, then each rival and the difference to it (empty: not known).

    The rule is the primitive set and the cost model; programs under one rule are compared by their cost alone.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for column in COLUMNS for name in (column, f"minus {column}")]
    rule, counts = ["primitives", "model", "cost"], ["adds", "muls", "shifts", "flops", "depth", "error", "status"]
    writer.writerow(["transform", "n", *rule, *counts, *names, "file"])
    for entry in entries:
        known = [value for name in COLUMNS for value in (entry.rivals.get(name), entry.difference(name))]
        writer.writerow(_line(entry.file, "flops", known, entry.path))
    for other in others:
        compared = [None] * (2 * len(RIVALS)) + [other.best, other.difference]
        writer.writerow(_line(other.file, other.model, compared, other.path))
    return out.getvalue()


def _line(file: ProgramFile, model: str, compared: list[Any], path: str) -> list[Any]:
    """One line of the CSV."""
    counts, (name, size, *norm) = count(file.program), file.transform.title.split(" ")
    rule = [file.program.primitives or file.program.field, model, f"{cost(file.program, model):g}"]
    counted = [counts.adds, counts.muls, counts.shifts, counts.flops, counts.depth]
    return [" ".join([name, *norm]), size, *rule, *counted, file.error, standing(file), *compared, path]
