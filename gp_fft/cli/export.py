"""`gp-fft export`: a program as code in another language."""

import dataclasses
import functools
import sys
from pathlib import Path
from typing import Any

import click

from gp_fft.cli import scheme_export
from gp_fft.cli.options import (
    find_transform,
    force_option,
    open_program,
    open_shelf,
    records_option,
    refuse_overwrite,
    say,
)
from gp_fft.cli.scheme_tables import LEAVES, scheme_at
from gp_fft.export.target import Options
from gp_fft.export.targets import TARGETS, export, export_library, find
from gp_fft.files import ProgramFile
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.words import quoted
from gp_fft.program.cost import cost_model, primitive_set
from gp_fft.transforms import FAMILIES


def _target_options(command: Any) -> Any:
    """Add an option for each that a target has; one that several have stands once, and names them."""
    found: dict[str, dict[str, dataclasses.Field[Any]]] = {}
    for target in TARGETS.values():
        for field in dataclasses.fields(target.options):
            found.setdefault(field.name, {})[target.name] = field
    for name, owners in reversed(found.items()):
        field, flag = next(iter(owners.values())), f"--{name.replace('_', '-')}"
        choices = dict.fromkeys(str(choice) for one in owners.values() for choice in one.metadata["choices"])
        usual = dict.fromkeys(str(one.default) for one in owners.values() if one.default not in ("", True, False))
        where = "" if hasattr(Options, name) else f"{', '.join(owners)}: "
        listed = f" One of {', '.join(choices)}." if choices else ""
        words = f"{where}{field.metadata['words']}{listed}{f'  [default: {chr(47).join(usual)}]' if usual else ''}"
        flags = f"{flag}/--no-{flag[2:]}" if isinstance(field.default, bool) else flag
        kind = None if isinstance(field.default, bool) else type(field.default)
        command = click.option(flags, name, type=kind, default=None, help=words)(command)
    return command


@click.command()
@click.argument("words", metavar="FILE|TRANSFORM [N...]", nargs=-1, required=True)
@click.option("--to", "target", required=True, metavar="TARGET", help=f"What to write: {', '.join(TARGETS)}.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; by itself standard output.")
@force_option
@click.option("--norm", default="backward", help="Norm of the transform whose record is meant.")
@click.option("--kernel", default="", help="Kernel of the convolution whose record is meant, as 2,7,1.5.")
@click.option("--cost", default="flops", help="Cost model of the record that is meant.")
@click.option("--primitives", default="", help="Primitive set of the record that is meant.")
@click.option("--scaling", default="none", help="What is free at the border of the record that is meant.")
@records_option
@click.option(
    "--library", is_flag=True, help="Write a folder, -o, with all sizes that are named, built and tested by make."
)
@click.option("--at", "size", type=int, help="Of a scheme: write the straight-line program that it is at this n.")
@click.option(
    "--leaves", type=click.Choice(LEAVES), default="none",
    help="Of a scheme in C: let the records compute the smallest sizes.",
)  # fmt: skip
@_target_options
def command(
    words: tuple[str, ...], target: str, output: Path | None, force: bool, norm: str, kernel: str, cost: str,
    primitives: str, scaling: str, records: Path | None, library: bool,
    size: int | None, leaves: str, **given: Any,
) -> None:  # fmt: skip
    """Write the program in FILE, the best one of a run, or the record of TRANSFORM N as code.

    Operations that are shared in the program are computed once. Options that only some targets have begin with
    their names. A scheme is written as recursive Python or C that runs at any n of its family, with --at N as any
    target.

    \b
    Examples:
      gp-fft export dft 11 --to c
      gp-fft export runs/dft-8-001 --to numpy -o fft8.py
      gp-fft export dft 4 8 16 --to c --library -o codelets
      gp-fft export runs/dft-2-k-001 --to c --leaves records -o fft.c
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    record = functools.partial(_record, norm=norm, kernel=kernel, cost=cost, primitives=primitives, scaling=scaling,
                               records=records)  # fmt: skip
    if library:
        _write_library(words, record, target, chosen, output, force)
        return
    if output is not None:
        refuse_overwrite(output, force)
    if len(words) == 1 and words[0] not in FAMILIES:
        said = {"--norm": norm != "backward", "--kernel": kernel, "--cost": cost != "flops",
                "--primitives": primitives, "--scaling": scaling != "none", "--records": records}  # fmt: skip
        if wrong := [flag for flag, value in said.items() if value]:
            raise UsageError(f"{wrong[0]} chooses among the records; a file or a run says it by itself")
        origin, scheme = quoted(Path(words[0])), scheme_at(words[0])
        if scheme is not None and size is None:
            _put(scheme_export.recursive(scheme, target, chosen, leaves).encode(), output)
            return
        if scheme is None and (size is not None or leaves != "none"):
            raise UsageError(f"{'--at' if size is not None else '--leaves'} is for schemes, and {words[0]} is none")
        file = open_program(words[0]) if scheme is None or size is None else scheme_export.at(scheme, size)
    else:
        file, origin = record(words)
    text = export(file, target, chosen, origin)
    packed = find(target).pack
    if output is None and not (find(target).binary and not sys.stdout.isatty()):
        click.echo(text, nl=False)
    else:
        _put(packed(text), output)


def _put(content: bytes, output: Path | None) -> None:
    """Write a file, or standard output where none is named."""
    if output is None:
        click.echo(content, nl=False)
        return
    atomic_write(output, content)
    say(f"wrote {output}")


def _write_library(
    words: tuple[str, ...], record: Any, target: str, given: dict[str, Any], output: Path | None, force: bool
) -> None:
    """Write the files of a library of records into the folder `output`."""
    if output is None:
        raise UsageError("a library is a folder of files; -o says which")
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is no folder, which a library is")
    if words[0] not in FAMILIES or len(words) < 2:
        raise UsageError("a library is of a transform and its sizes, as in: gp-fft export dft 4 8 16 --to c --library")
    written = export_library([record((words[0], size)) for size in words[1:]], target, given)
    for name in written:
        refuse_overwrite(output / name, force)
    output.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        atomic_write(output / name, text.encode())
    say(f"wrote {len(written)} files into {output}")


def _record(
    words: tuple[str, ...], norm: str, kernel: str, cost: str, primitives: str, scaling: str, records: Path | None
) -> tuple[ProgramFile, str]:
    """The record of the transform that the words name, and the words that name it."""
    if len(words) != 2:
        raise UsageError(f"a transform is named by its name and its size, such as dft 11, not {' '.join(words)[:60]!r}")
    transform = find_transform(words[0], words[1], norm, kernel)
    chosen = primitive_set(primitives).name if primitives else ""
    chosen = "" if chosen == transform.field else chosen
    record = open_shelf(records).find(transform, cost_model(cost).name, chosen, scaling)
    said = {"--norm": (norm, "backward"), "--kernel": (kernel, ""), "--cost": (cost, "flops"),
            "--primitives": (primitives, ""), "--scaling": (scaling, "none"),
            "--records": (str(records or ""), "")}  # fmt: skip
    flags = [f"{flag} {quoted(Path(value))}" for flag, (value, usual) in said.items() if value != usual]
    origin = " ".join([*words, *flags])
    if record is None:
        raise DataError(
            f"there is no record of {origin}; evolve one and export its run: gp-fft evolve {' '.join(words)}"
        )
    return record.file, origin
