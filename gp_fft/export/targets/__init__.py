"""The registry of targets, one file each here, and writing a program for one of them."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from gp_fft.export.target import Source, Target, function_name
from gp_fft.files import ProgramFile, describe
from gp_fft.ground.arguments import expect
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.transforms import from_array
from primitives.base import unknown
from primitives.registry import Registry

TARGETS = Registry("gp_fft.targets", "gp_fft.export.targets", "TARGET", Target)
"""The targets by name."""


def find(name: str) -> Target:
    """The target called ``name``; UsageError, with the nearest, where there is none."""
    if name not in TARGETS:
        raise UsageError(unknown("target", name, TARGETS))
    return TARGETS[name]


def source_of(file: ProgramFile, target: Target, given: Mapping[str, Any], origin: str = "FILE") -> tuple[Source, Any]:
    """What a target is given to write, and its options; UsageError for what it does not have or cannot express."""
    options = target.choose(given)
    field = file.program.field
    if field not in target.fields:
        takes = " or ".join(target.fields)
        why = f", for {target.because}" if target.because else ""
        raise UsageError(f"the target {target.name} cannot express {file.transform.title}: it is on {field} data, the "
                         f"target takes {takes}{why}")  # fmt: skip
    name = options.function or function_name(file)
    if name in target.keywords:
        if options.function:
            raise UsageError(f"{name!r} is a word of {target.name} itself; give the function another name")
        name += "_"
    words = ["gp-fft export", origin, f"--to {target.name}", *map(shlex.quote, options.words())]
    return Source(file.program, name, file, " ".join(words)), options


def export(file: ProgramFile, target: str, given: Mapping[str, Any] | None = None, origin: str = "FILE") -> str:
    """The program of a file as code for a target, the same bytes each time.

    Args:
        file: the program and what is known about it.
        target: one of :data:`TARGETS`.
        given: options of the target by name, see :class:`gp_fft.export.target.Options`.
        origin: the words for the program in the command that the text says it is made by.

    Raises:
        UsageError: an unknown target or option, or a program that the target cannot express.
    """
    entry = find(target)
    source, options = source_of(file, entry, given or {}, origin)
    text = entry.write(source, options)
    return re.sub(r"[ \t]+\n", "\n", text)


def export_library(files: Sequence[tuple[ProgramFile, str]], target: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The files of a library, by name: of all programs, each with its words for the command; see :func:`export`.

    Raises UsageError too for a target that writes no libraries.
    """
    entry = find(target)
    if entry.library is None:
        can = ", ".join(name for name, other in TARGETS.items() if other.library)
        raise UsageError(f"the target {target} writes no libraries; {can} does")
    made = [source_of(file, entry, given, origin) for file, origin in files]
    written = entry.library([source for source, _ in made], made[0][1] if made else entry.choose(given))
    return {name: re.sub(r"[ \t]+\n", "\n", text) for name, text in written.items()}


def export_program(program: Program, target: str, **given: Any) -> str:
    """What ``program.export`` does: :func:`export` of a program that stands in no file."""
    expect(program, Program, "export")
    return export(file_of(program), target, given)


def file_of(program: Program) -> ProgramFile:
    """A program with what its title says that it computes; without a title it stands for its own matrix."""
    if program.title:
        return describe(program)
    return describe(program, from_array(program.matrix(), "gf2" if program.field == "gf2" else ""))
