"""What the catalogue says of one record: its line in the index, published counts beside it, proof, origin, code."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gp_fft.export.targets import TARGETS, export
from gp_fft.files import ProgramFile
from gp_fft.files.certificate import Bound, Certificate, Interval, upper
from gp_fft.files.shelf import Record
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import cost, cost_model, count, unit_of
from gp_fft.proof import standing
from gp_fft.report import facts, speeds
from gp_fft.report.listing import name
from gp_fft.store.standings import BEST, Rule, rivals
from gp_fft.transforms import MATRIX, published, published_sets
from gp_fft.transforms.scaling import NONE

MOST_CODED = 400  # terms of a program; of a larger one only the targets below stand in its page
ALWAYS = ("c", "python")
_NOT_SHOWN = {"settings", "lineage", "accuracy", "command", "note", "repeats", "scaling"}  # or shown elsewhere


@dataclass(frozen=True)
class Line:
    """One record as the index lists it, searches it and filters it."""

    name: str  # of its page and of its file
    title: str
    family: str  # dft, dct2-2d, ...
    size: str  # 8, or 4x4
    primitives: str
    model: str
    scaling: str  # empty where nothing is free at the border
    cost: float
    adds: int
    muls: int
    fma: int
    depth: int
    round_off: float | None  # relative rms, 0 over bits, None where the file carries none
    status: str
    best: int | None  # the best published count by the same rule
    unit: str

    @property
    def difference(self) -> float | None:
        """How much more (below zero: less) it costs than the best published program."""
        return None if self.best is None else self.cost - self.best

    @property
    def standing(self) -> str:
        """The difference in a word or a signed number; empty where it is not known."""
        return "" if self.difference is None else f"{self.difference:+g}" if self.difference else "same"


@dataclass(frozen=True)
class Count:
    """One published count of a transform, by whatever rule, beside what the record costs by that rule."""

    by: str
    rule: str  # in words; empty for flops in the usual set
    adds: int | None
    muls: int | None
    total: int
    source: str
    difference: float | None  # None where the two do not compare
    why: str = ""  # they do not


def line(record: Record) -> Line:
    """How the index lists a record."""
    file, program, counts = record.file, record.program, count(record.program)
    rule = Rule.of(file, cost_model(file.model).name)
    measured = file.round_off
    return Line(
        record.name, name(file.transform), file.transform.name, file.transform.title.split(" ")[1],
        program.primitives or program.field, rule.model, "" if rule.free == NONE else rule.free,
        cost(program, rule.model), counts.adds, counts.muls, counts.fma, counts.depth,
        0.0 if program.field == "gf2" else measured if math.isfinite(measured) else None, standing(file),
        rivals(file.transform, rule).get(BEST), unit_of(program) if rule.model == "flops" else rule.model,
    )  # fmt: skip


def published_counts(file: ProgramFile) -> list[Count]:
    """Every published count of the transform, least first, then those that do not compare; textbooks where none is."""
    transform, program = file.transform, file.program
    plain = transform.norm == "backward" and not transform.kernel and len(transform.shape) == 1
    if not plain:
        return [_textbook(rival) for rival in facts.compare(file)]
    size = transform.shape[0]
    counts = [_in_flops(row, file) for row in published.rows(transform.name, size)]
    counts += [_in_set(row, file) for row in published_sets.rows(transform.name, size)]
    if not counts:
        counts = [_textbook(rival) for rival in facts.compare(file)]
    own = cost(program, cost_model(file.model).name)
    return sorted(counts, key=lambda one: (one.difference is None, one.total - own, one.rule, one.by))


def _textbook(rival: facts.Rival) -> Count:
    return Count(rival.name, "", None, None, rival.flops, "counted here", rival.difference)


def _in_flops(row: published.Published, file: ProgramFile) -> Count:
    """A count in flops: it compares with any program in the usual set, by its flops."""
    usual, fits = not file.program.primitives, row.fits(file.free)
    why = "" if fits else "counts another normalisation or free factors"
    difference = float(count(file.program).flops - row.total) if usual and fits else None
    by = published.METHODS.get(row.method, row.method)
    return Count(by, "", row.adds, row.muls, row.total, row.source, difference, why if usual else "in another set")


def _in_set(row: published_sets.InSet, file: ProgramFile) -> Count:
    """A count in a set of its own and under its model: it compares with programs of that set."""
    own = row.primitives == (file.program.primitives or file.program.field) and file.free == NONE
    rule = " ".join(filter(None, [row.primitives, "" if row.model == "flops" else row.model]))
    rule += f", depth {row.depth}" if row.depth else ""
    difference = cost(file.program, row.model) - row.total if own else None
    return Count(row.by, rule, row.adds, row.muls, row.total, row.source, difference, "" if own else "in another set")


def evidence(file: ProgramFile) -> dict[str, Any]:
    """The certificate in words: what is claimed, over which field, how it was checked, which constants are exact."""
    proof = file.proof
    told: dict[str, Any] = {"statement": facts.proof(file), "rows": [], "constants": [], "factors": facts.factors(file)}
    if isinstance(proof, Certificate):
        told["rows"] = [("field", proof.field), ("checked", ", ".join(proof.checked))]
        told["constants"] = [(f"{one.size!r}", one.exact) for one in proof.constants]
    elif isinstance(proof, Bound):
        told["rows"] = [("relative error at most", upper(proof.bound))]
    elif isinstance(proof, Interval):
        told["rows"] = [(one.measure, f"from {one.low!r} to {one.high!r}") for one in proof.errors]
    return told


def found(file: ProgramFile) -> dict[str, Any]:
    """How to find a record again: commands, and whatever short facts its file tells of the search."""
    origin = facts.origin(file)
    says = file.provenance
    settings = says.get("settings")
    rows = {**(settings if isinstance(settings, dict) else {}), **says}
    plain = {key: str(value) for key, value in rows.items() if isinstance(value, str | int | float)}
    short = [(key.replace("_", " "), value) for key, value in plain.items()
             if key not in _NOT_SHOWN and value not in ("", "False")]  # fmt: skip
    if origin.command and origin.command not in origin.again:
        short.insert(0, ("began with", origin.command))
    return {"origin": origin, "rows": short, "events": facts.lineage(file)}


def words(record: Record) -> str:
    """What names a record on the command line of ``export``: ``dft 8 --cost fma``; its file where nothing else does."""
    file, transform = record.file, record.file.transform
    if transform.name == MATRIX:
        return f"{record.name}.json"
    flags = {
        "--norm": "" if transform.norm == "backward" else transform.norm,
        "--kernel": transform.kernel_words,
        "--cost": "" if file.model == "flops" else file.model,
        "--primitives": file.program.primitives,
        "--scaling": "" if file.free == NONE else file.free,
    }
    chosen = [f"{flag} {value}" for flag, value in flags.items() if value]
    return " ".join([transform.name, "x".join(map(str, transform.shape)), *chosen])


def code(record: Record, wanted: Sequence[str] | None = None) -> list[dict[str, str]]:
    """The program as code: its text form, then every target by name; of a large program only :data:`ALWAYS`.

    A target that is not written out says why, and by which command it comes.
    """
    chosen = wanted if wanted is not None else ALWAYS if record.program.terms > MOST_CODED else tuple(TARGETS)
    named = words(record)
    text = {"target": "text", "summary": "the program itself, one definition a line", "text": str(record.program)}
    return [{**text, "command": f"gp-fft show --text {record.name}.json", "why": ""}] + [
        _coded(record, target, named, target in chosen) for target in TARGETS
    ]


def _coded(record: Record, target: str, named: str, written: bool) -> dict[str, str]:
    command = f"gp-fft export {named} --to {target}"
    text, why = "", "" if written else "This program is large: to keep the catalogue small, its code is not in it."
    if written:
        try:
            text = export(record.file, target, None, named)
        except UsageError as error:
            why = f"{str(error)[:1].upper()}{str(error)[1:]}."
    return {"target": target, "summary": TARGETS[target].summary, "text": text, "command": command, "why": why}


def measured_here(speed: Sequence[Mapping[str, str]], record: Record) -> list[Mapping[str, str]]:
    """The rows of a table of speeds that are about this record: of its program where they say so, else of its size."""
    head = record.program.content_hash
    plain = Rule.of(record.file, record.file.model) == Rule()
    return [
        row for row in speed
        if (head.startswith(row["program"]) if row.get("program")
            else plain and speeds.about(row) == record.file.transform.title)
    ]  # fmt: skip
