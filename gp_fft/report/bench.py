"""The table that counts are judged by: the best program found of each transform beside what people published.

All counts are real flops under FFTW's rule (see :mod:`gp_fft.cost`), whatever the program was evolved for.
"""

from __future__ import annotations

import csv
import importlib.resources
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gp_fft import reference
from gp_fft.certificate import APPROXIMATE, status
from gp_fft.cost import EXACT, count
from gp_fft.errors import GpFftError, UsageError
from gp_fft.files import LIMIT_FILE, ProgramFile, atomic_write, load
from gp_fft.runs import list_runs
from gp_fft.transforms import Transform

RIVALS: dict[str, tuple[str, ...]] = {
    "radix-2": ("radix2",),
    "split radix": ("split_radix",),
    "tangent": ("tangent",),
    "FFTW": ("fftw", "genfft"),
}
BEST = "best published"
COLUMNS = (*RIVALS, BEST)
WRONG = "WRONG PROOF"
PLOTTED = "dft"
PLOTTED_TO = 64  # larger sizes are drawn only where there is a program


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
    def status(self) -> str:
        """Proved or exact but unproved; a proof that fails when it is made again is called wrong."""
        from gp_fft.proof import standing

        try:
            return standing(self.file)
        except GpFftError:
            return WRONG

    def difference(self, column: str) -> int | None:
        """How many flops the program has more (or, below zero, fewer) than this rival; None if not known."""
        return self.flops - self.rivals[column] if column in self.rivals else None


def rivals(transform: Transform) -> dict[str, int]:
    """The published counts of `transform` by column; none where there are none, as for other norms."""
    if transform.norm != "backward" or transform.kernel or len(transform.shape) != 1:
        return {}
    rows = reference.rows(transform.name, transform.shape[0])
    found = {}
    for column, methods in RIVALS.items():
        totals = [row.total for row in rows if row.method in methods]
        if totals:
            found[column] = min(totals)
    best = reference.best(transform.name, transform.shape[0])
    if best is not None:
        found[BEST] = best.total
    return found


def record_files(root: Path) -> list[Path]:
    """The files of the records under `root`; without records there, of the shipped ones."""
    records = sorted((root / "records").glob("*.json"))
    return records or sorted(_shipped_records().glob("*.json"))


def program_files(root: Path) -> list[Path]:
    """Every program file of the runs and records under `root`; without records there, of the shipped ones."""
    return record_files(root) + [path for run in list_runs(root) for path in _run_files(run)]


def _run_files(run: Path) -> list[Path]:
    """The program files of a run; where a program was proved, or could not be, only the file that says so."""
    proofs = sorted((run / "proofs").glob("*.json"))
    tried = {path.name for path in proofs}
    return proofs + [path for path in sorted((run / "front").glob("*.json")) if path.name not in tried]


def _shipped_records() -> Path:
    """The folder of the records in the installed package, or in a checkout that is not installed."""
    try:
        return Path(str(importlib.resources.files("gp_fft._records")))
    except ModuleNotFoundError:
        return Path(__file__).resolve().parents[2] / "runs" / "records"


def collect(paths: Iterable[Path]) -> tuple[list[Entry], list[str]]:
    """The best exact program of each transform among `paths`, and one sentence for each file left out as bad.

    Files are sorted by what they claim; a claim counts only once the file has been loaded, which checks it.
    """
    claims, bad = [], []
    for path in paths:
        try:
            claims.append((*_claim(path), path))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, msgspec.MsgspecError) as reason:
            bad.append(f"{path} is left out: {reason}")
    best: dict[str, Entry] = {}
    for key, _, _, error, path in sorted(claims, key=lambda claim: claim[:4]):
        if error < EXACT and key not in best:
            try:
                file = load(path)
            except GpFftError as reason:
                bad.append(f"{path} is left out: {reason}")
                continue
            if file.error < EXACT and status(file.proof, file.error) != APPROXIMATE:
                best[key] = Entry(file, str(path), rivals(file.transform))
    entries = sorted(best.values(), key=lambda entry: (entry.file.transform.name, entry.file.transform.shape))
    return entries, bad


def _claim(path: Path) -> tuple[str, float, bool, float]:
    """What a program file says of itself, unchecked: transform, flops, whether it is without a proof, error."""
    if path.stat().st_size > LIMIT_FILE:
        raise ValueError("it is too large")
    table: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    flops, error = float(table["counts"]["flops"]), float(table["error"])
    unproved = (table["proof"] or {}).get("kind") != "equality"
    return msgspec.json.encode(table["transform"]).decode(), flops, unproved, error


def as_csv(entries: Sequence[Entry]) -> str:
    """The table as CSV: transform, n, counts, then each rival and the difference to it (empty: not known)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for column in COLUMNS for name in (column, f"minus {column}")]
    writer.writerow(["transform", "n", "adds", "muls", "flops", "depth", "error", "status", *names, "file"])
    for entry in entries:
        counts, transform = count(entry.file.program), entry.file.transform
        words = transform.title.split(" ")
        name = " ".join([words[0], *words[2:]])
        pairs = [(entry.rivals.get(column), entry.difference(column)) for column in COLUMNS]
        writer.writerow(
            [name, words[1], counts.adds, counts.muls, counts.flops, counts.depth, entry.file.error, entry.status]
            + [value for pair in pairs for value in pair]
            + [entry.path]
        )
    return out.getvalue()


def plot(entries: Sequence[Entry], path: Path) -> None:
    """Draw flops / (n lg n) over n for the DFT, with all rivals, into `path` (.svg, .png or .pdf)."""
    if path.suffix not in (".svg", ".png", ".pdf"):
        raise UsageError(f"the plot goes to a file that ends in .svg, .png or .pdf, not {path.name!r}")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    mine = [entry for entry in entries if entry.file.transform.name == PLOTTED]
    ours = sorted((e.file.transform.shape[0], e.flops) for e in mine if e.file.transform.norm == "backward")
    sizes = [n for n in reference.sizes(PLOTTED) if 1 < n <= max([PLOTTED_TO, *dict(ours)])]
    for column, style in zip(COLUMNS, ("v-", "^-", "s-", "d", "x"), strict=True):
        points = [(n, total) for n in sizes if (total := _rival(column, n))]
        axes.plot(*_scaled(points), style, markersize=5, linewidth=0.8, fillstyle="none", label=column)
    axes.plot(*_scaled([point for point in ours if point[0] > 1]), "o", color="black", label="gp-fft")
    axes.set_xscale("log", base=2)
    axes.set_xlabel("n")
    axes.set_ylabel("flops / (n lg n)")
    axes.set_title("Operation counts of the complex DFT")
    axes.grid(alpha=0.3)
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format=path.suffix[1:])
    atomic_write(path, buffer.getvalue())


def _rival(column: str, n: int) -> int | None:
    totals = [row.total for row in reference.rows(PLOTTED, n) if row.method in RIVALS.get(column, ())]
    best = reference.best(PLOTTED, n) if column == BEST else None
    return best.total if best is not None else min(totals, default=None)


def _scaled(points: Sequence[tuple[int, int]]) -> tuple[list[int], list[float]]:
    return [n for n, _ in points], [total / (n * math.log2(n)) for n, total in points]
