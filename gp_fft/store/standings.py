"""The table that counts are judged by: the best program found of each transform beside what people published.

All counts are real flops under FFTW's rule (see :mod:`gp_fft.program.cost`), whatever the program was evolved for.
"""

import contextlib
import csv
import io
from collections.abc import Iterable, Sequence
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
from gp_fft.transforms import Transform, published
from gp_fft.transforms.scaling import NONE

RIVALS: dict[str, tuple[str, ...]] = {
    "radix-2": ("radix2",),
    "split radix": ("split_radix",),
    "tangent": ("tangent",),
    "FFTW": ("fftw", "genfft"),
}
BEST = "best published"
COLUMNS = (*RIVALS, BEST)


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
    """A record under another cost model than flops or with factors at its border, and its plain rival.

    ``usual`` is what the best program under flops and without such factors costs under this model.
    """

    file: ProgramFile
    path: str
    model: str
    usual: float | None

    @property
    def rule(self) -> str:
        """The cost model, and what is free: ``fma``, or ``flops, outputs scaled`` with the best published count."""
        if self.file.free == NONE:
            return self.model
        known = rivals(self.file.transform, self.file.free).get(BEST) if self.model == "flops" else None
        return f"{self.model}, scaling {self.file.free}" + ("" if known is None else f" (published: {known})")


def rivals(transform: Transform, free: str = NONE) -> dict[str, int]:
    """The published counts of `transform` by column; none where there are none, as for other norms.

    The best published one may have the factors at its border that are ``free``.
    """
    if transform.norm != "backward" or transform.kernel or len(transform.shape) != 1:
        return {}
    return rivals_at(transform.name, transform.shape[0], free)


def rivals_at(name: str, n: int, free: str = NONE) -> dict[str, int]:
    """The published counts of the transform of this name and size, without normalisation, by column."""
    totals = {
        column: [row.total for row in published.rows(name, n) if row.method in methods]
        for column, methods in RIVALS.items()
    }
    best = published.best(name, n, free)
    totals[BEST] = [] if best is None else [best.total]
    return {column: min(known) for column, known in totals.items() if known}


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

    Files are sorted by what they claim; a claim counts only once the file has been loaded, which checks it.
    """
    claims, bad = [], []
    for path in paths:
        try:
            claims.append((*_claim(path), path))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as reason:
            bad.append(f"{path} is left out: {reason}")
    best: dict[str, Entry] = {}
    for key, claimed, path in sorted(claims, key=lambda row: (row[0], row[1].rank)):
        if claimed.exact and key and key not in best:
            try:
                file = load(path)
            except GpFftError as reason:
                bad.append(f"{path} is left out: {reason}")
                continue
            if claim(file).exact:
                best[key] = Entry(file, str(path), rivals(file.transform))
    entries = sorted(best.values(), key=lambda entry: (entry.file.transform.name, entry.file.transform.shape))
    return entries, bad


def _claim(path: Path) -> tuple[str, Claim]:
    """What a program file says of itself, unchecked: its transform, and what decides which one is the best.

    Of a program that may have factors at its border the transform is empty: it is compared with others of its kind.
    """
    if path.stat().st_size > LIMIT_FILE:
        raise ValueError("it is too large")
    table: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    evidence = msgspec.convert(table["proof"], Evidence | None)
    claimed = Claim(float(table["counts"]["flops"]), float(table["error"]), evidence)
    scaled = "scaling" in table["transform"] or "scaling" in table["provenance"]
    return "" if scaled else msgspec.json.encode(table["transform"]).decode(), claimed


def others(paths: Iterable[Path], entries: Sequence[Entry]) -> list[Other]:
    """The best records under other rules among ``paths``: those that their name and their file say to be such.

    Another rule is another cost model than flops, or factors that are free at the border.

    A file that cannot be read is left out; :func:`collect` tells of it.
    """
    usual = {entry.file.transform.title: entry.file.program for entry in entries}
    best: dict[str, Other] = {}
    for path in paths:
        if path.name.count(".") < 2:
            continue
        with contextlib.suppress(GpFftError):
            file = load(path)
            model = cost_model(file.model).name
            meant = record_name(file.transform, model, file.program.primitives, file.free)
            if (model != "flops" or file.free != NONE) and meant == path.name and claim(file).exact:
                program = usual.get(file.transform.title)
                new = Other(file, str(path), model, None if program is None else cost(program, model))
                best[path.name] = min(best.get(path.name, new), new, key=lambda other: cost(other.file.program, model))
    return sorted(best.values(), key=lambda other: (other.file.transform.name, other.file.transform.shape, other.model))


def as_csv(entries: Sequence[Entry]) -> str:
    """The table as CSV: transform, n, counts, then each rival and the difference to it (empty: not known)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for column in COLUMNS for name in (column, f"minus {column}")]
    writer.writerow(["transform", "n", "adds", "muls", "flops", "depth", "error", "status", *names, "file"])
    for entry in entries:
        counts, error = count(entry.file.program), entry.file.error
        pairs = [(entry.rivals.get(column), entry.difference(column)) for column in COLUMNS]
        writer.writerow(
            [entry.family, entry.size, counts.adds, counts.muls, counts.flops, counts.depth, error, entry.status]
            + [value for pair in pairs for value in pair]
            + [entry.path]
        )
    return out.getvalue()
