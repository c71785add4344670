"""Lending: what a search is given, from files and from the shelf, with every program named by what it holds.

A start that is a program and the parts of compositions are written into the settings as citations, name and head of
the content hash, so that a command line and a run folder say what the search was given and can be given it again.
"""

from dataclasses import replace
from pathlib import Path

from gp_fft import files
from gp_fft.construct.given import NO_PARTS, Given
from gp_fft.files.shelf import CITATION, HEAD, Shelf, citation
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.schemes import files as schemes
from gp_fft.schemes.expand import expand, transform_of
from gp_fft.search.settings import Settings, starts, unknown_start
from gp_fft.transforms import Transform

WHOLE = "whole"
"""What the provenance of a record says under ``repeats`` where its command finds the same program again."""
COUNT = "count"
"""What it says where the command finds another program of the same cost."""
START = "start"
"""What it says where the command only begins like the search that found the program."""


def lend(transform: Transform, settings: Settings, shelf: Shelf) -> tuple[Settings, Given]:
    """The settings with their start as a citation, and what a search with them is given.

    Raises UsageError for a start that is none, DataError for a program of another shape and for a start or a part
    that is missing or has changed.
    """
    if settings.start == "compose":
        none = settings.parts == NO_PARTS
        return settings, Given(None, shelf.only(() if none else settings.parts) if settings.parts else shelf)
    if settings.start in starts():
        return settings, Given()
    name, program = _program(settings.start, shelf, transform)
    given = (len(program.outputs), program.inputs, program.field)
    wanted = (transform.outputs, transform.inputs, transform.field)
    if given != wanted:
        raise DataError(
            f"{name} holds a program with {given[0]} outputs and {given[1]} inputs on {given[2]} data; "
            f"{transform.title} needs {wanted[0]}, {wanted[1]} and {wanted[2]}"
        )
    return replace(settings, start=citation(name, program)), Given(program)


def noted(settings: Settings, given: Given) -> Settings:
    """The settings with the parts that the search took, once it has started."""
    return settings if settings.start != "compose" or settings.parts else replace(settings, parts=given.parts)


def _program(start: str, shelf: Shelf, transform: Transform) -> tuple[str, Program]:
    """The name, without a hash, and the program that a start stands for: a file, or a record."""
    match = None if Path(start).is_file() else CITATION.fullmatch(start)
    path, head = match.groups() if match else (start, "")
    if not Path(path).is_file():
        if not match and not shelf.has(start):
            raise UsageError(unknown_start(start))
        record = shelf.named(start, "start")
        return record.name, record.program
    program = _expanded(Path(path), transform) if schemes.is_scheme(Path(path)) else files.load(path).program
    if not program.content_hash.startswith(head):
        held = f"{path} holds a program of content {program.content_hash[:HEAD]}"
        raise DataError(f"{held}, and the search should start from {head}")
    name = Path(path).stem  # of the record that the file is, where it is one
    known = shelf.has(name) and any(record.program == program for record in shelf.all(name))
    return name if known else path, program


def _expanded(path: Path, transform: Transform) -> Program:
    """The program that the scheme in a file is at the size of a transform; DataError for another transform."""
    scheme = schemes.load(path).scheme
    wanted = transform_of(scheme, transform.inputs)
    if wanted.name != transform.name or wanted.matrix.shape != transform.matrix.shape:
        raise DataError(f"{path} holds a scheme of {scheme.family.title}, and {transform.title} is not of that family")
    if wanted.norm != transform.norm and transform.name == "idft":
        raise DataError(f"{path} holds a scheme of the inverse without 1/n; start it with: --norm {wanted.norm}")
    return expand(scheme, transform.inputs)
