"""Scheme files: JSON with a scheme, its counts and what is said about it, all checked on reading; or its text alone.

The scheme stands there as the lines of its text. Counts, error and hash repeat what the lines say, for people and other
tools; a file in which they disagree is refused. Nothing in it is run.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gp_fft.ground.atomic import atomic_write, reason
from gp_fft.ground.errors import DataError
from gp_fft.schemes.operations import counts
from gp_fft.schemes.running import verify_sizes
from gp_fft.schemes.scheme import Scheme
from gp_fft.schemes.text import format_scheme, parse_scheme

FORMAT, VERSION = "gp-fft scheme", 1
COUNTED = 4096  # the largest n whose operations a file names
MEASURED = 64  # the largest n at which the error of a file is measured
LIMIT_FILE = 1 << 20
"""Most bytes of a scheme file."""
KEYS = {"format", "version", "transform", "family", "scheme", "operations", "error", "hash", "provenance"}


@dataclass(frozen=True)
class SchemeFile:
    """What a scheme file holds."""

    scheme: Scheme
    operations: dict[int, int]  # T(n) of the members of the family to COUNTED
    error: float  # relative, on random vectors by real recursion; 0 where it is round-off
    provenance: dict[str, Any] = field(default_factory=dict)  # where it comes from: seed, command, version, ...

    @property
    def exact(self) -> bool:
        """Whether it is right, as far as its error says."""
        return self.error == 0.0

    @property
    def text(self) -> str:
        """The text form of the scheme."""
        return format_scheme(self.scheme)


def describe(scheme: Scheme, error: float | None = None, provenance: dict[str, Any] | None = None) -> SchemeFile:
    """The file of a scheme, with its counts; an error that is not given is measured by real recursion."""
    if error is None:
        worst = max(verify_sizes(scheme, MEASURED), key=lambda one: one.error)
        error = 0.0 if worst.passed else worst.error
    return SchemeFile(scheme, counts(scheme, COUNTED), error, provenance or {})


def encode(file: SchemeFile) -> bytes:
    """The bytes of a scheme file."""
    scheme = file.scheme
    table = {
        "format": FORMAT,
        "version": VERSION,
        "transform": scheme.family.transform,
        "family": str(scheme.family),
        "scheme": format_scheme(scheme).splitlines()[1:],
        "operations": {str(n): count for n, count in file.operations.items()},
        "error": file.error,
        "hash": scheme.content_hash,
        "provenance": file.provenance,
    }
    return json.dumps(table, indent=1).encode() + b"\n"


def decode(data: bytes, source: str) -> SchemeFile:
    """The scheme file in these bytes, checked; DataError, in one sentence that names the source, for anything else."""
    if len(data) > LIMIT_FILE:
        raise DataError(f"{source} has {len(data)} bytes; a scheme file has at most {LIMIT_FILE}")
    try:
        text = data.decode("utf-8")
        if not text.lstrip().startswith("{"):
            return describe(parse_scheme(text))
        return _of_table(json.loads(text, parse_constant=_no_number))
    except (UnicodeError, ValueError, RecursionError) as error:
        raise DataError(f"{source} is no scheme file: {reason(error)}") from error
    except DataError as error:
        raise DataError(f"{source}: {error}") from error


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _of_table(table: Any) -> SchemeFile:
    if not isinstance(table, dict) or table.get("format") != FORMAT:
        raise DataError(f"it is not a file of the format {FORMAT!r}")
    if table.get("version") != VERSION:
        raise DataError(f"it is of version {table.get('version')!r}, this gp-fft reads version {VERSION}")
    if set(table) != KEYS:
        odd = sorted(KEYS ^ set(table))[0]
        raise DataError(f"the key {odd!r} is {'missing' if odd in KEYS else 'unknown'}")
    lines, provenance, error = table["scheme"], table["provenance"], table["error"]
    if not isinstance(lines, list) or not all(isinstance(line, str) and "\n" not in line for line in lines):
        raise DataError("the key 'scheme' must hold the lines of its text")
    if not isinstance(provenance, dict):
        raise DataError("the key 'provenance' must hold a table")
    if isinstance(error, bool) or not isinstance(error, int | float) or not (0 <= error < math.inf):
        raise DataError("the key 'error' must hold a number from 0 on")
    scheme = parse_scheme("\n".join([f"# scheme {table['transform']} {table['family']}", *lines]))
    made = SchemeFile(scheme, counts(scheme, COUNTED), float(error), provenance)
    if table["operations"] != {str(n): count for n, count in made.operations.items()}:
        raise DataError("the operations that it names are not those of its scheme")
    if table["hash"] != scheme.content_hash:
        raise DataError("its hash is not that of its scheme")
    right = all(one.passed for one in verify_sizes(scheme, MEASURED))
    if right != (error == 0.0):
        raise DataError(f"it says that its error is {error:g}, and it is {'right' if right else 'wrong'}")
    return made


def is_scheme(path: Path) -> bool:
    """Whether a file looks like one of a scheme: by its first bytes alone."""
    try:
        with path.open("rb") as handle:
            head = handle.read(200).lstrip()
    except OSError:
        return False
    return head.startswith(b"# scheme ") or (head.startswith(b"{") and FORMAT.encode() in head)


def load(path: str | os.PathLike[str]) -> SchemeFile:
    """The scheme file at ``path``; DataError if it is none, is damaged or cannot be read."""
    try:
        with Path(path).open("rb") as handle:
            data = handle.read(LIMIT_FILE + 1)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {reason(error)}") from error
    return decode(data, str(path))


def save(path: str | os.PathLike[str], file: SchemeFile | Scheme) -> None:
    """Write a scheme file, whole or not at all."""
    atomic_write(path, encode(describe(file) if isinstance(file, Scheme) else file))
