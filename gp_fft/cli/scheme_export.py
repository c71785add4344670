"""What `export` writes of a scheme: the recursion in Python or C, or the program that it is at one n in any target."""

from __future__ import annotations

from typing import Any

from gp_fft.cli.options import open_shelf
from gp_fft.cli.scheme_tables import better, leaf_programs
from gp_fft.files import ProgramFile, describe
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import count
from gp_fft.schemes.c_code import c_source
from gp_fft.schemes.expand import expand, transform_of
from gp_fft.schemes.files import SchemeFile
from gp_fft.schemes.python_code import python_source

RECURSIVE = ("python", "c")


def recursive(file: SchemeFile, target: str, given: dict[str, Any], leaves: str) -> str:
    """The recursion of a scheme in a target; UsageError for one that has no recursion, and for options of programs."""
    if target not in RECURSIVE:
        raise UsageError(
            f"a scheme is written as {' or '.join(RECURSIVE)}, not {target[:40]!r}; --at N writes one size"
        )
    if odd := sorted(set(given) - {"function"}):
        raise UsageError(f"--{odd[0].replace('_', '-')} is for programs; with --at N a scheme is one")
    called = str(given.get("function", ""))
    if target == "python":
        if leaves != "none":
            raise UsageError("--leaves is for C, whose leaves are compiled")
        return python_source(file.scheme, called)
    return c_source(file.scheme, _records(file) if leaves == "records" else None, called)


def _records(file: SchemeFile) -> dict[int, Any]:
    """The records that need fewer operations than the scheme itself."""
    programs = leaf_programs(file.scheme.family, open_shelf(None))
    lower = better(file.scheme.family, file.operations, {n: count(one).flops for n, one in programs.items()})
    if not lower:
        raise UsageError(f"no record of {file.scheme.family.title} needs fewer operations than the scheme")
    return {n: programs[n] for n in lower}


def at(file: SchemeFile, n: int) -> ProgramFile:
    """The program that a scheme is at n, as a file."""
    return describe(expand(file.scheme, n), transform_of(file.scheme, n), provenance=file.provenance)
