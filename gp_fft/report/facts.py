"""What the head of a page says of a program: counts beside the published, accuracy, proof, how to make it again."""

import contextlib
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from gp_fft.construct import textbook
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.certificate import Certificate, Unproved
from gp_fft.ground.errors import GpFftError
from gp_fft.program import Program
from gp_fft.program.accuracy import measure
from gp_fft.program.cost import count, unit_of
from gp_fft.proof.verify import verify
from gp_fft.store.lending import COUNT, WHOLE
from gp_fft.store.standings import BEST, Rule, rivals
from gp_fft.transforms import Transform

EVENT = ("generation", "step", "operator", "before", "after", "error")  # the fields of gp_fft.search.lineage.Event
MOST_MEASURED = 80  # inputs


@dataclass(frozen=True)
class Rival:
    """One row of the comparison: a published or textbook count beside that of the program."""

    name: str
    flops: int
    difference: int | None  # None for an approximate program, which does less than its rivals


@dataclass(frozen=True)
class Origin:
    """Where a program comes from, as its file says; empty where it does not."""

    command: str
    version: str
    seed: str
    again: tuple[str, ...]  # commands that make the page's program again
    repeats: str = WHOLE  # what they make again: the program, or (``count``) one that costs the same
    note: str = ""  # what the file says of that, and of what is missing where no command does


def compare(file: ProgramFile) -> list[Rival]:
    """Published counts, best last; the counts of the textbook programs where nothing is published."""
    flops, exact = count(file.program).flops, is_exact(file.error, file.proof)
    known = rivals(file.transform, Rule.of(file))
    if not known:
        known = {name: count(program).flops for name, program in textbooks(file.transform).items()}
    return [Rival(name, total, flops - total if exact else None) for name, total in known.items()]


def factors(file: ProgramFile) -> list[str]:
    """A sentence for each side of a scaled program that has factors: exact ones where it is proved."""
    exact = file.proof.factors if isinstance(file.proof, Certificate) else None
    sentences = []
    for side in ("outputs", "inputs"):
        given = [f"{factor:.6g}" for factor in getattr(file.transform.scaling, side)]
        if given:
            shown = ", ".join(given if exact is None else getattr(exact, side))
            sentences.append(f"The {side} come multiplied by {shown}, which their user divides by")
    return sentences


def textbooks(transform: Transform) -> dict[str, Program]:
    """The programs of the textbooks by name, radix-2 and the definition, those that exist for the transform."""
    programs = {}
    for name, make in (("radix-2", textbook.radix2), ("definition", textbook.definition)):
        with contextlib.suppress(GpFftError):
            programs[name] = make(transform)
    return programs


def verdict(file: ProgramFile) -> str:
    """How the count stands against the best published one, in one sentence."""
    if not is_exact(file.error, file.proof):
        return f"approximate: relative error {file.error:.2g}"
    best = rivals(file.transform, Rule.of(file)).get(BEST)
    if best is None:
        return f"no count is published for this transform{Rule.of(file).words}"
    difference = count(file.program).flops - best
    if difference == 0:
        return "the same as the best published count"
    counted = f"{abs(difference)} {unit_of(file.program)}"
    return f"{counted} {'below' if difference < 0 else 'above'} the best published count"


def origin(file: ProgramFile, again: str = "") -> Origin:
    """Where the program comes from; ``again`` is the command that makes it again, where it is known better."""
    says = file.provenance
    command, settings = str(says.get("command", "")), says.get("settings")
    seed = settings.get("seed", "") if isinstance(settings, dict) else ""
    repeats = WHOLE if again else str(says.get("repeats", WHOLE))
    if repeats in (WHOLE, COUNT):
        again = again or command
    version, note = (str(says.get(key, "")) for key in ("version", "note"))
    return Origin(command, version, str(seed), (again,) if again else (), repeats, "" if repeats == WHOLE else note)


def lineage(file: ProgramFile) -> list[dict[str, Any]]:
    """The events of the line of a program as its file tells them; those that are not well-formed are left out."""
    listed, events = file.provenance.get("lineage"), []
    for event in listed if isinstance(listed, list) else ():
        with contextlib.suppress(msgspec.ValidationError):
            fields = msgspec.convert(event, tuple[int, int, str, float, float, float])
            events.append(dict(zip(EVENT, fields, strict=True)))
    return events


def accuracy(file: ProgramFile) -> str:
    """The round-off of the program in float64 beside that of numpy or scipy, measured now.

    Empty if that takes long, and for an approximate program, whose error is no round-off.
    """
    measured = is_exact(file.error, file.proof) and file.program.inputs <= MOST_MEASURED
    return str(measure(file.program, file.transform)) if measured else ""


def proof(file: ProgramFile) -> str:
    """What the file says of its proof, in a sentence."""
    evidence = file.proof
    if evidence is None:
        return "none in the file"
    return evidence.reason if isinstance(evidence, Unproved) else evidence.statement


def checks(file: ProgramFile) -> list[dict[str, Any]]:
    """The checks of ``gp-fft verify``, made now."""
    return [asdict(check) for check in verify(file).checks]
