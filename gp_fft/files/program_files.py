"""Program files: JSON with a program, its transform and what is said about them, all checked on reading.

Counts, error, hash and equations repeat what the arrays say, for people and other tools; a file in which they
disagree is refused. A file that begins with a header line instead of ``{`` is read as a text form.
"""

import io
import json
import math
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from gp_fft.files.certificate import Evidence
from gp_fft.files.equations import check_equations
from gp_fft.files.places import line_of, line_of_fault, line_of_twin
from gp_fft.ground.arguments import expect
from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import LIMIT_SIZE, Program, check_border
from gp_fft.program.cost import count, keep_to_own
from gp_fft.program.text import format_program, read_program
from gp_fft.transforms import FREE, MATRIX, UNSCALED, Scaling, Transform, find, from_array, from_spec, get, parse_title

FORMAT = "gp-fft program"
VERSION = 1
ARRAYS = ("starts", "refs", "sizes", "turns", "outputs")  # of a program, each a key of its file
LIMIT_FILE = 16 << 20
"""Most bytes of a program file."""


@dataclass(frozen=True)
class ProgramFile:
    """What a program file holds; ``describe`` makes one with the counts and the error filled in.

    The program takes the title of the transform. Raises :class:`DataError` if their sizes differ.
    """

    program: Program
    transform: Transform
    counts: dict[str, int]  # adds, muls, flops, fma, depth and perhaps shifts, as gp_fft.program.cost.count says
    error: float  # relative Frobenius error against the transform
    proof: Evidence | None = None  # a certificate, or why there is none; only gp_fft.proof.check makes it a proof
    provenance: dict[str, Any] = field(default_factory=dict)  # where it comes from: seed, command, version, ...

    def __post_init__(self) -> None:
        program, transform = self.program, self.transform
        given, needed = (program.inputs, len(program.outputs)), (transform.inputs, transform.outputs)
        if given != needed:
            raise DataError(
                f"a program with {given[0]} inputs and {given[1]} outputs cannot compute {transform.title}, "
                f"which has {needed[0]} and {needed[1]}",
                ("transform", None),
            )
        if program.title != transform.title:
            object.__setattr__(self, "program", replace(program, title=transform.title))
        binary = "gf2" in (program.field, transform.field)
        if program.field != transform.field and (transform.name != MATRIX or binary):
            stands = f"a program on {program.field} data cannot stand for {transform.title}"
            raise DataError(f"{stands}, which is {transform.field}", ("field", None))
        large = np.flatnonzero(program.sizes > LIMIT_SIZE)
        if len(large):
            coefficient = f"the coefficient {program.sizes[large[0]]:g} is too large"
            raise DataError(f"{coefficient}; at most {LIMIT_SIZE:g} is allowed", ("sizes", int(large[0])))
        keep_to_own(program)
        if self.proof is not None and self.proof.hash != program.content_hash:
            other = "the key 'proof' belongs to another program: its hash is not that of this one"
            raise DataError(other, ("proof", None))

    @property
    def text(self) -> str:
        """The program in its text form, which :func:`load` reads back for the same transform unless it is a matrix."""
        if self.transform.name == MATRIX:
            return format_program(self.program)
        return format_program(self.program, self.transform.kernel, self.transform.scaling)

    @property
    def model(self) -> str:
        """The cost model that the program was evolved for, as far as the file says."""
        return str(self.provenance.get("cost_model", "flops"))

    @property
    def free(self) -> str:
        """What was free at the border when the program was evolved, as far as the file says: see transforms.FREE."""
        words, least = list(FREE), self.transform.scaling.kind
        said = self.provenance.get("scaling")
        return said if said in words and words.index(said) >= words.index(least) else least

    @property
    def round_off(self) -> float:
        """The measured round-off that the file carries, relative root-mean-square; infinite where it carries none."""
        accuracy = self.provenance.get("accuracy")
        claimed = accuracy.get("program") if isinstance(accuracy, dict) else None
        return float(claimed) if isinstance(claimed, int | float) else math.inf


class _TransformSpec(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str
    shape: list[int]
    norm: str
    kernel: list[float]
    matrix: list[list[float | tuple[float, float]]] | None
    scaling: dict[str, list[float]] | None = None
    field: str | None = None  # "gf2" of a matrix over GF(2), else not there


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of a program file, in the order in which they are written."""

    format: str
    version: int
    transform: _TransformSpec
    field: str
    inputs: int
    equations: list[str]
    starts: list[int]
    refs: list[int]
    sizes: list[float]
    turns: list[int]
    outputs: list[int]
    counts: dict[str, int]
    error: float
    hash: str
    proof: Evidence | None
    provenance: dict[str, Any]
    primitives: str = ""


class _Head(msgspec.Struct):
    format: str
    version: int


def describe(
    program: Program,
    transform: Transform | None = None,
    proof: Evidence | None = None,
    provenance: dict[str, Any] | None = None,
) -> ProgramFile:
    """The program file of ``program``, with its counts and its error against ``transform``.

    Without a transform it is the one that the title names; a program whose title is ``matrix``, with or without
    its sides, stands for its own matrix, which claims nothing.
    Raises :class:`DataError` if the sizes or the fields differ, or if the title names no transform.
    """
    if transform is not None:
        expect(transform, Transform, "a program file, beside the program,")
    chosen = _titled(program) if transform is None else transform
    plain = ProgramFile(program, chosen, count(program).table(), 0.0, proof, provenance or {})
    return replace(plain, error=_error(plain))


def _titled(program: Program, kernel: tuple[float, ...] = (), scaling: Scaling = UNSCALED) -> Transform:
    """The transform that the title names, with its factors; one called ``matrix`` has the matrix of the program."""
    if not program.title:
        raise DataError(
            "the program has no title that says what it computes, such as 'dft 8'; "
            "'matrix' stands for the matrix that it has"
        )
    name, shape, norm = (MATRIX, (), "") if program.title == MATRIX else parse_title(program.title)
    try:
        if name != MATRIX:
            return get(name, shape, norm, kernel).scaled(scaling)
    except UsageError as error:
        if kernel or not find(name).kernel_formula:
            raise DataError(str(error)) from None
        words = f"# {name} {'x'.join(map(str, shape))} {find(name).field} kernel=2,7,1.5,..."
        raise DataError(f"{error}; the header gives it, as in {words!r}") from None
    if kernel:
        raise DataError("a matrix has no kernel")
    if scaling:
        raise DataError("a matrix has no scaling: it is taken as the program has it, factors and all")
    with np.errstate(over="ignore", invalid="ignore"):
        transform = from_array(program.matrix(), "gf2" if program.field == "gf2" else "")
    if shape and transform.shape != shape:
        raise DataError(f"the program is titled {program.title}, its matrix is {'x'.join(map(str, transform.shape))}")
    return transform


def _error(file: ProgramFile) -> float:
    """The error of the program, computed afresh; DataError if its values overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        error = file.transform.error(file.program.matrix())
    if not error <= LIMIT_SIZE:
        raise DataError(f"the values of the program overflow: its error would be more than {LIMIT_SIZE:g}")
    return error


def encode_program(program: Program) -> bytes:
    """A program file of a program alone, with its counts and its error."""
    return encode(describe(program))


def encode(file: ProgramFile) -> bytes:
    """``file`` as JSON, one key a line; :func:`decode` reads it back equal.

    Raises :class:`DataError` if counts or error are not those of the program, or if it becomes too large.
    """
    _check(file)
    program = file.program
    content = {
        "format": FORMAT,
        "version": VERSION,
        "transform": file.transform.spec,
        "field": program.field,
        **({"primitives": program.primitives} if program.primitives else {}),
        "inputs": program.inputs,
        "equations": format_program(program).splitlines(),
        **{name: getattr(program, name).tolist() for name in ARRAYS},
        "counts": file.counts,
        "error": file.error,
        "hash": program.content_hash,
        "proof": file.proof,
        "provenance": file.provenance,
    }
    try:
        data = b"{\n" + b",\n".join(_line(key, value) for key, value in content.items()) + b"\n}\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError(f"proof and provenance must be plain JSON data: {error}") from None
    if len(data) > LIMIT_FILE:
        raise DataError(f"the program file would have {len(data)} bytes, at most {LIMIT_FILE} are allowed")
    return data


def _line(key: str, value: Any) -> bytes:
    """A key with its value on one line, the equations on one line each."""
    encoded = msgspec.json.encode(value)
    if key == "equations":
        encoded = b"[\n  " + b",\n  ".join(map(msgspec.json.encode, value)) + b"\n ]"
    return b' "%s": %s' % (key.encode(), encoded)


def decode(data: bytes) -> ProgramFile:
    """The content of a program file; :class:`DataError`, naming line and key, if it is damaged or disagrees."""
    if len(data) > LIMIT_FILE:
        raise DataError(f"a program file has at most {LIMIT_FILE} bytes, this one has {len(data)}")
    content = _content(data)
    try:
        return _file(content)
    except DataError as error:
        line = line_of(data, *error.place) if error.place else None
        raise DataError(f"line {line}: {error}" if line else str(error), error.place) from None


def _content(data: bytes) -> _Content:
    """The typed keys of a program file, each given once."""
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format != FORMAT:
            raise _at(data, "format", f"the key 'format' is {head.format[:40]!a}, it must be {FORMAT!r}")
        if head.version != VERSION:
            only = f"this gp-fft reads version {VERSION}"
            raise _at(data, "version", f"the program file is of version {head.version}, {only}")
        content = msgspec.json.decode(data, type=_Content)
        json.loads(data, object_pairs_hook=lambda pairs: _refuse_twins(pairs, data))
    except RecursionError:
        raise DataError("the program file is nested too deeply") from None
    except DataError:
        raise
    except ValueError as error:  # what msgspec and UnicodeDecodeError are
        fault = " ".join(str(error).split())
        line = line_of_fault(data, fault)
        raise DataError(f"{f'line {line}: ' if line else ''}this is no program file: {fault[:200]}") from None
    return content


def _at(data: bytes, key: str, sentence: str) -> DataError:
    """The error about ``key``, with its line."""
    return DataError(f"line {line_of(data, key)}: {sentence}", (key, None))


def _refuse_twins(pairs: list[tuple[str, Any]], data: bytes) -> None:
    """Refuse an object in which a key stands twice."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            twice = f"the key {key[:40]!a} stands twice in the program file"
            raise DataError(f"line {line_of_twin(data, key)}: {twice}")


def _file(content: _Content) -> ProgramFile:
    """The program file that the typed keys say, if they agree with each other."""
    try:
        transform = from_spec(msgspec.to_builtins(content.transform))
    except DataError as error:
        raise DataError(str(error), ("transform", None)) from None
    try:
        check_border(content.inputs, content.field, max(1, len(content.outputs)))
    except DataError as error:
        raise DataError(str(error), ("field" if "field" in str(error) else "inputs", None)) from None
    arrays = {name: np.array(getattr(content, name)) for name in ARRAYS}
    program = Program(content.inputs, content.field, transform.title, **arrays, primitives=content.primitives)
    check_equations(program, content.equations, content.hash)
    file = ProgramFile(program, transform, content.counts, content.error, content.proof, content.provenance)
    _check(file)
    return file


def _check(file: ProgramFile) -> None:
    """Refuse counts or an error that are not those of the program."""
    counts = count(file.program).table()
    for key in counts | file.counts:
        if file.counts.get(key) != counts.get(key):
            given, true = file.counts.get(key, "nothing"), counts.get(key, "nothing")
            differs = f"the key 'counts' says {given} for {key[:40]!a}, the program says {true}"
            raise DataError(differs, ("counts", None))
    error = _error(file)
    if not (file.error >= 0 and abs(file.error - error) <= 1e-9 * error + 1e-12):
        differs = f"the key 'error' is {file.error:g}, the program has an error of {error:g}"
        raise DataError(differs, ("error", None))


def load(path: str | os.PathLike[str]) -> ProgramFile:
    """The program file at ``path``, JSON or text form; :class:`DataError` names path and fault."""
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LIMIT_FILE + 1)
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {os.fspath(path)}: {reason(error)}") from None
    return parse(data, path)


def parse(data: bytes, path: str | os.PathLike[str]) -> ProgramFile:
    """The program file that was read from ``path``, JSON or text form; :class:`DataError` names path and fault."""
    try:
        if len(data) > LIMIT_FILE:
            raise DataError(f"the file is too large, at most {LIMIT_FILE} bytes are allowed")
        return decode(data) if data.lstrip()[:1] == b"{" else from_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError(f"{os.fspath(path)}: the file is neither JSON nor the text form of a program") from None
    except DataError as error:
        raise DataError(f"{os.fspath(path)}: {error}") from None


def from_text(text: str) -> ProgramFile:
    """The program file of a text form: the program, held to the transform that its header names."""
    program, kernel, scaling = read_program(text)
    try:
        transform = _titled(program, kernel, scaling)
    except DataError as error:
        header = next(k for k, line in enumerate(io.StringIO(text, newline=None), 1) if line.strip())
        raise DataError(f"line {header}: {error}") from None
    return describe(program, transform)


def save(path: str | os.PathLike[str], file: ProgramFile) -> None:
    """Write ``file`` to ``path`` as a whole or not at all; :class:`DataError` if that fails."""
    atomic_write(path, encode(file))
