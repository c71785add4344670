"""What a target is, what its options are, and what it is given to write."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gp_fft.export.form import Form
from gp_fft.export.lower import lower
from gp_fft.export.order import ordered
from gp_fft.files import ProgramFile
from gp_fft.files.certificate import Certificate
from gp_fft.ground.errors import UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.ground.version import __version__
from gp_fft.program import Program
from gp_fft.program.accuracy import Accuracy, measure
from gp_fft.program.cost import count, set_of, unit_of
from gp_fft.proof import standing
from primitives import FIELDS

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_VALUE = re.compile(r"[xy]|[cCmtwxy]\d\w*")  # what values are called


def option(default: Any, words: str, choices: tuple[Any, ...] = ()) -> Any:
    """A field of :class:`Options`: its usual value, what it is in a few words, and what it may be."""
    return dataclasses.field(default=default, metadata={"words": words, "choices": choices})


@dataclass(frozen=True)
class Options:
    """What may be chosen of a target, a field each; a target adds its own. UsageError for what it cannot be."""

    function: str = option("", "Name of the function; by itself that of the transform, as dft8.")

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value, choices = getattr(self, field.name), field.metadata.get("choices", ())
            if type(value) is not type(field.default):
                kind = {"bool": "yes or no", "int": "a whole number", "str": "a word"}[type(field.default).__name__]
                raise UsageError(f"the option {field.name} is {kind}, not {value!r}")
            if choices and value not in choices:
                hint = f"; did you mean {near}?" if (near := nearest(str(value), map(str, choices))) else ""
                known = ", ".join(map(str, choices))
                raise UsageError(f"the option {field.name} is one of {known}, not {str(value)[:40]!r}{hint}")
        if self.function and not _NAME.fullmatch(self.function):
            given = self.function[:40]
            raise UsageError(f"a function is called by letters, digits and _, a letter first, not {given!r}")
        if _VALUE.fullmatch(self.function):
            raise UsageError(f"{self.function!r} is what a value is called in the code; give the function another name")

    def words(self) -> list[str]:
        """The options that are not as usual, as they are written on the command line."""
        said = []
        for field in dataclasses.fields(self):
            value, flag = getattr(self, field.name), f"--{field.name.replace('_', '-')}"
            if value != field.default:
                said += [flag] if value is True else [f"--no-{flag[2:]}"] if value is False else [flag, str(value)]
        return said


@dataclass(frozen=True)
class Target:
    """A language, or a library, that programs are written for; one file of ``gp_fft/export/targets/`` each."""

    name: str
    summary: str  # what comes of it, in a few words
    suffix: str  # of its files, such as .py
    write: Callable[[Source, Any], str]  # the text for a source and options of the type below
    options: type[Options] = Options
    fields: tuple[str, ...] = FIELDS  # of the programs that it can express
    keywords: frozenset[str] = frozenset()  # which no function may be called
    because: str = ""  # why other fields cannot be expressed
    pack: Callable[[str], bytes] = str.encode  # the bytes of its files, where they are not the text
    library: Callable[[Sequence[Source], Any], dict[str, str]] | None = None
    """Several sources as the files of a folder, by name; None for a target that has no libraries."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise UsageError(f"a target is named by a lower-case word, not {self.name!r}")
        if not self.summary.strip():
            raise UsageError(f"the target {self.name} needs a few words that say what comes of it")
        if not (self.suffix.startswith(".") and issubclass(self.options, Options)):
            raise UsageError(f"the target {self.name} has a suffix such as .py, and options derived from Options")

    @property
    def binary(self) -> bool:
        """Whether its files are more than the text."""
        return self.pack is not str.encode

    def choose(self, given: Mapping[str, Any]) -> Options:
        """The options with these values, the others as usual; UsageError for one that it does not have, or bad ones."""
        known = [field.name for field in dataclasses.fields(self.options)]
        for name in given:
            if name not in known:
                hint = f" (did you mean {near}?)" if (near := nearest(name, known)) else ""
                raise UsageError(f"the target {self.name} has no option {name[:40]!r}{hint}; it has {', '.join(known)}")
        return self.options(**given)


@dataclass(frozen=True)
class Bare:
    """A program to be written for a machine alone, of which nothing need be said."""

    program: Program
    function: str  # how the function is called

    def form(self, parts: int = 1, fused: bool = False, order: bool = True) -> Form:
        """Its statements in a good order, or where that is nothing to a target in their own.

        See :func:`gp_fft.export.lower.lower`.
        """
        form = lower(self.program, parts, fused)
        return ordered(form) if order else form

    @property
    def exact(self) -> dict[float, str]:
        """The exact numbers that its sizes stand for, where that is known; as expressions."""
        return {}

    @property
    def header(self) -> tuple[str, ...]:
        """What stands at the top of every file, line by line."""
        return (f"program {self.program.content_hash}",)


@dataclass(frozen=True)
class Source(Bare):
    """What is to be written: a program with what is known about it, and the words that name it."""

    file: ProgramFile  # of the program
    command: str = ""  # that writes the same again

    @cached_property
    def exact(self) -> dict[float, str]:
        """The exact numbers that its sizes stand for, where a certificate says so; as expressions."""
        proof = self.file.proof
        return {one.size: one.exact for one in proof.constants} if isinstance(proof, Certificate) else {}

    @cached_property
    def header(self) -> tuple[str, ...]:
        """What stands at the top of every file, line by line: counts, proof, accuracy, factors, command."""
        program, file, transform = self.program, self.file, self.file.transform
        counts = count(program)
        split = f" ({counts.adds} additions, {counts.muls} multiplications)" if program.field != "gf2" else ""
        fused = f", {counts.fma} with fma" if program.field != "gf2" and set_of(program).constants is None else ""
        shape = f"{program.inputs} inputs, {len(program.outputs)} outputs, {program.field}"
        lines = [
            f"{transform.title}: {shape}",
            f"{counts.flops} {unit_of(program)}{split}{fused}, depth {counts.depth}; {standing(file)}",
        ]
        if program.field != "gf2":
            lines.append(f"error {file.error:.1e}, round-off (relative rms) {accuracy_of(file)}")
        for side, factors in (("output", transform.scaling.outputs), ("input", transform.scaling.inputs)):
            if factors:
                listed = ", ".join(f"{factor!r}" for factor in factors)
                lines.append(f"every {side} comes times its factor: {listed}")
        return (*lines, f"program {program.content_hash[:12]}, gp-fft {__version__}", f"made by: {self.command}")


def accuracy_of(file: ProgramFile) -> Accuracy:
    """The round-off that a file says, or else measured."""
    said = file.provenance.get("accuracy")
    if isinstance(said, dict) and {"program", "reference"} <= set(said):
        return Accuracy(float(said["program"]), float(said["reference"]))
    return measure(file.program, file.transform)


def function_name(file: ProgramFile) -> str:
    """The usual name of the function: ``dft8``, ``dct2_8`` where the name of the transform is no plain word."""
    name = re.sub(r"[^a-z0-9]+", "_", file.transform.title.lower()).strip("_")
    return re.sub(r"^([a-z]+)_(?=\d[^_]*$)", r"\1", name)
