"""The table that counts are judged by: the best program found of each transform beside what people published.

The counts of an :class:`Entry` are real flops under FFTW's rule (see :mod:`gp_fft.program.cost`), over GF(2) XORs,
whatever cost model the program was evolved for. What keeps to another primitive set than the one called like its field
is an :class:`Other`, as are the records under other cost models and with factors free at their border: each is compared
under its own :class:`Rule` alone.
"""

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from gp_fft.files import LIMIT_FILE, ProgramFile, load
from gp_fft.files.best import Claim, claim
from gp_fft.files.certificate import Evidence
from gp_fft.files.shelf import record_name, record_paths
from gp_fft.ground.errors import DataError, GpFftError
from gp_fft.program.cost import cost, cost_model, count
from gp_fft.proof import standing
from gp_fft.schemes.files import SchemeFile
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.store.runs import Run, list_runs, open_run
from gp_fft.transforms import Transform, published, published_sets
from gp_fft.transforms.scaling import NONE

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
class Rule:
    """What makes two counts of a transform comparable: the primitives, the cost model, what is free at the border."""

    primitives: str = ""  # what programs say of their set; "": the one called like the field
    model: str = "flops"
    free: str = NONE  # one of transforms.FREE

    @classmethod
    def of(cls, file: ProgramFile, model: str = "flops") -> "Rule":
        """The rule of a program file, under a cost model."""
        return cls(file.program.primitives, model, file.free)

    @property
    def words(self) -> str:
        """What is not as usual, to stand behind a title: `` in dyadic``, `` under fma with scaling outputs``."""
        chosen = f" in {self.primitives}" if self.primitives else ""
        model = f" under {self.model}" if self.model != "flops" else ""
        return chosen + model + (f" with scaling {self.free}" if self.free != NONE else "")


PLAIN = Rule()
"""As gp_fft.transforms.published counts."""


def rule_of(run: Run) -> Rule:
    """The rule of the programs of a run."""
    return Rule(run.settings.label(run.transform), run.settings.cost, run.settings.free)


@dataclass(frozen=True)
class Other:
    """The best program of a transform in another set or with factors at its border, or the record under another model.

    ``usual`` is what the best program under flops, in the usual set and without such factors, costs under this model;
    None where none is known, and in another set, for which it is not made.
    """

    file: ProgramFile
    path: str
    model: str
    usual: float | None

    @property
    def rule(self) -> Rule:
        """By what it is compared."""
        return Rule.of(self.file, self.model)

    @property
    def primitives(self) -> str:
        """The primitive set, by name."""
        return self.rule.primitives or self.file.program.field

    @property
    def scaling(self) -> str:
        """What is free at the border; empty for nothing."""
        return "" if self.rule.free == NONE else self.rule.free

    @property
    def cost(self) -> float:
        """What the program costs by its own rule."""
        return cost(self.file.program, self.model)

    @property
    def best(self) -> int | None:
        """The best published count by the same rule, where one is known."""
        return rivals(self.file.transform, self.rule).get(BEST)

    @property
    def difference(self) -> float | None:
        """How much more (below zero: less) it costs than the best published program."""
        return None if self.best is None else self.cost - self.best


def rivals(transform: Transform, rule: Rule = PLAIN) -> dict[str, int]:
    """The published counts of `transform` by column; none where there are none, as for other norms.

    The best published one may have the factors at its border that are free by the rule.
    """
    if transform.norm != "backward" or transform.kernel or len(transform.shape) != 1:
        return {}
    name, n, primitives = transform.name, transform.shape[0], rule.primitives or transform.field
    if (primitives, rule.model) in USUAL:
        return rivals_at(name, n, rule.free)
    known = published_sets.best(name, n, primitives, rule.model)
    return {} if known is None else {BEST: known.total}


def rivals_at(name: str, n: int, free: str = NONE) -> dict[str, int]:
    """The published counts of the transform of this name and size in flops, without normalisation, by column."""
    totals = {
        column: [row.total for row in published.rows(name, n) if row.method in methods]
        for column, methods in RIVALS.items()
    }
    best = published.best(name, n, free)
    totals[BEST] = [] if best is None else [best.total]
    return {column: min(known) for column, known in totals.items() if known}


def judged_by(transform: Transform, rule: Rule) -> tuple[Rule, dict[str, int]]:
    """The rule by which programs stand beside published counts, and these counts.

    That is ``rule`` itself where something is published for it; else, in the usual set, the one that counts flops.
    """
    known = rivals(transform, rule)
    in_flops = replace(rule, model="flops")
    return (rule, known) if known or rule.primitives else (in_flops, rivals(transform, in_flops))


def record_files(root: Path) -> list[Path]:
    """The files of the records: those under ``root``, and the shipped ones beneath them."""
    return record_paths(root / "records")


def program_files(root: Path) -> list[Path]:
    """Every program file of the runs under `root`, of the records there and of the shipped ones."""
    return record_files(root) + [path for run in list_runs(root) for path in _run_files(run)]


def _run_files(run: Path) -> list[Path]:
    """The program files of a run; where a program was proved, or could not be, only the file that says so."""
    if is_discovery(run):
        return []
    proofs = sorted((run / "proofs").glob("*.json"))
    tried = {path.name for path in proofs}
    return proofs + [path for path in sorted((run / "front").glob("*.json")) if path.name not in tried]


def is_discovery(run: Path) -> bool:
    """Whether a run folder, perhaps a damaged one, is of a search for schemes."""
    try:
        return isinstance(open_run(run), DiscoveryRun)
    except DataError:
        return False


def schemes(root: Path) -> tuple[list[tuple[SchemeFile, Path]], list[str]]:
    """The cheapest right scheme of each family in the runs under a folder, and a sentence for each run left out."""
    best: dict[str, tuple[SchemeFile, Path]] = {}
    bad = []
    for path in filter(is_discovery, list_runs(root)):
        try:
            front = DiscoveryRun.open(path).front()
        except DataError as error:
            bad.append(str(error))
            continue
        for file in front[:1]:
            title = file.scheme.family.title
            known = best.get(title)
            if file.exact and (known is None or max(file.operations.values()) < max(known[0].operations.values())):
                best[title] = (file, path)
    return [best[title] for title in sorted(best)], bad


def collect(paths: Iterable[Path]) -> tuple[list[Entry], list[str]]:
    """The best exact program of each transform among `paths`, and one sentence for each file left out as bad.

    Programs of other primitive sets, or with factors at their border, are no such programs, see :func:`others`.
    Files are sorted by what they claim; a claim counts only once the file has been loaded, which checks it.
    """
    claims, bad = [], []
    for path in paths:
        try:
            claims.append((*_claim(path), path))
        except _DAMAGE as reason:
            bad.append(f"{path} is left out: {reason}")
    best: dict[str, Entry] = {}
    for key, plain, claimed, path in sorted(claims, key=lambda row: (row[0], row[2].rank)):
        if claimed.exact and plain and key not in best:
            try:
                file = load(path)
            except GpFftError as reason:
                bad.append(f"{path} is left out: {reason}")
                continue
            if claim(file).exact and Rule.of(file) == PLAIN:
                best[key] = Entry(file, str(path), rivals(file.transform))
    entries = sorted(best.values(), key=lambda entry: (entry.file.transform.name, entry.file.transform.shape))
    return entries, bad


def _claim(path: Path) -> tuple[str, bool, Claim]:
    """What a program file says of itself, unchecked: its transform, whether its set is the usual one and nothing is
    free at its border, and what decides which one is the best.
    """
    if path.stat().st_size > LIMIT_FILE:
        raise ValueError("it is too large")
    table: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    evidence = msgspec.convert(table["proof"], Evidence | None)
    claimed = Claim(float(table["counts"]["flops"]), float(table["error"]), evidence)
    scaled = "scaling" in table["transform"] or table["provenance"].get("scaling", NONE) != NONE
    plain = not table.get("primitives") and not scaled
    return msgspec.json.encode(table["transform"]).decode(), plain, claimed


def others(paths: Iterable[Path], entries: Sequence[Entry]) -> list[Other]:
    """The best programs by other rules: in another set, with factors at the border, and records under other models.

    A record is what its name and its file say to be such. A file that cannot be read is left out; :func:`collect`
    tells of it.
    """
    usual = {entry.file.transform.title: entry.file.program for entry in entries}
    best: dict[str, Other] = {}
    for file, path in _by_other_rules(paths):
        model = cost_model(file.model).name
        program = None if file.program.primitives else usual.get(file.transform.title)
        new = Other(file, str(path), model, None if program is None else cost(program, model))
        key = record_name(file.transform, model, file.program.primitives, file.free)
        best[key] = min(best.get(key, new), new, key=lambda other: claim(other.file, other.model).rank)
    return sorted((other for _, other in sorted(best.items())), key=_place)


def _by_other_rules(paths: Iterable[Path]) -> Iterator[tuple[ProgramFile, Path]]:
    """The files of exact programs that are compared by another rule than the plain one."""
    for path in paths:
        with contextlib.suppress(GpFftError, *_DAMAGE):
            _, plain, claimed = _claim(path)
            if not claimed.exact or (plain and path.name.count(".") < 2):
                continue
            file = load(path)
            rule = Rule.of(file, cost_model(file.model).name)
            named = record_name(file.transform, rule.model, rule.primitives, rule.free) == path.name
            if claim(file).exact and (named if rule == replace(PLAIN, model=rule.model) else True) and rule != PLAIN:
                yield file, path


def _place(other: Other) -> tuple[object, ...]:
    """Where one stands in the table."""
    transform = other.file.transform
    return transform.name, transform.shape, other.rule.primitives, other.model, other.scaling


def as_csv(entries: Sequence[Entry], others: Sequence[Other] = ()) -> str:
    """Both tables as CSV: transform, n, the rule, counts, then each rival and the difference to it (empty: not known).

    The rule is the primitive set, the cost model and the scaling; by one rule programs are compared by their cost.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for column in COLUMNS for name in (column, f"minus {column}")]
    rule, counts = (
        ["primitives", "model", "scaling", "cost"],
        ["adds", "muls", "shifts", "flops", "depth", "error", "status"],
    )
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
    rule = [file.program.primitives or file.program.field, model, file.free, f"{cost(file.program, model):g}"]
    counted = [counts.adds, counts.muls, counts.shifts, counts.flops, counts.depth]
    return [" ".join([name, *norm]), size, *rule, *counted, file.error, standing(file), *compared, path]
