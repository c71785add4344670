"""`gp-fft prove`: exact constants and a certificate for a program, a run or all records."""

from __future__ import annotations

import contextlib
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from gp_fft import files
from gp_fft.cli.options import force_option, refuse_overwrite, root_option
from gp_fft.cli.table import Table, name, number, print_table, prose
from gp_fft.files.best import is_exact
from gp_fft.ground import locks
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.locks import FolderLock
from gp_fft.search.command_line import quoted
from gp_fft.store import runs
from gp_fft.store.runs import Run

if TYPE_CHECKING:
    from gp_fft.files import ProgramFile
    from gp_fft.files.certificate import Evidence
    from gp_fft.store.proofs import Result

RECORDS = "records"
DIVISIBLE = 32  # inputs up to which no step of a proof takes long
LEAST = 0.5  # seconds in which another process does not even begin
SHORT = 12  # constants shown of one program unless all are asked for


@click.command(short_help="Prove that programs are exact, and keep their certificates.")
@click.argument("target", metavar="FILE|RUN|records")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Where the proved FILE goes.")
@click.option("--all", "every", is_flag=True, help="Show all constants of FILE, not only the first ones.")
@force_option
@root_option
def command(target: str, output: Path | None, every: bool, root: Path, force: bool) -> None:
    """Turn every constant into an exact number and prove that the program equals its transform, entry by entry.

    A proved program has the float64 nearest to each exact constant, and its file holds the certificate. FILE is
    written in place (a text form beside itself, as .json; one on the front of a run into proofs/ beside it), the
    proofs of a RUN into its folder proofs/, the records (the word `records`) in place. Exit code 1 if one of them
    cannot be proved.

    \b
    Examples:
      gp-fft prove runs/dft-8-001
      gp-fft prove fft8.txt -o fft8.json
      gp-fft prove records
    """
    path = runs.find(target, root)
    if output is not None and (path.is_dir() or target == RECORDS):
        raise UsageError("-o is for one FILE; the proofs of a run or of the records have their place")
    if target == RECORDS and not path.is_file():
        failed = _table(_records(root / RECORDS))
    elif path.is_dir():
        with runs.hold(path):
            failed = _run(Run.open(path))
    else:
        failed = _file(path, output, every, force)
    if failed:
        raise DataError(failed)


def prove_front(run: Run, clock: Clock | None = None) -> list[tuple[str, Result, float]]:
    """Prove the exact programs on the front of a run that have not been yet, with a line of progress on stderr.

    When the clock is over it says how to prove those that are left.
    """
    if clock is not None and clock.left < math.inf and run.transform.inputs > DIVISIBLE:
        _prove_apart(run, clock)
        return []
    from gp_fft.store.proofs import prove_run

    console, found = Console(stderr=True, highlight=False), []
    with console.status("proving the exact programs of the front"):
        begin = time.perf_counter()
        for result in prove_run(run, clock):
            took = time.perf_counter() - begin
            found.append((runs.original_name(result.file), result, took))
            click.echo(f"{result.file.counts['flops']} flops: {result.status}, {took:.1f} s", err=True)
            begin = time.perf_counter()
    if clock is not None and clock.over:
        _tell_unproved(run, _unproved(run))
    return found


def _prove_apart(run: Run, clock: Clock) -> None:
    """Let another process prove, which can be ended in the middle of what a process does not interrupt in itself."""
    left = _unproved(run)
    if left and clock.left > LEAST:
        words = [sys.executable, "-m", "gp_fft", "prove", str(run.path.resolve())]
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(words, capture_output=True, text=True, timeout=clock.left, check=False)
            for line in done.stderr.splitlines():
                if not line.startswith("Error"):
                    click.echo(line, err=True)
    _tell_unproved(run, left)


def _tell_unproved(run: Run, exact: list[Path]) -> None:
    """Say how to prove what there was no time for of these."""
    if left := [path for path in exact if not (run.path / "proofs" / path.name).exists()]:
        number = "one exact program" if len(left) == 1 else f"{len(left)} exact programs"
        click.echo(f"no time left to prove {number} of the front; that does: gp-fft prove {quoted(run.path)}", err=True)


def _unproved(run: Run) -> list[Path]:
    """The files of the exact programs on the front of a run of which no proof was tried."""
    tried = {path.name for path in run.proof_paths()}
    return [path for path in run.front_paths() if path.name not in tried and is_exact(files.load(path).error)]


def _run(run: Run) -> str:
    prove_front(run)
    kept = [files.load(path) for path in run.proof_paths()]
    if not kept:
        again = f"gp-fft resume {quoted(run.path)}"
        raise DataError(f"not proved, {run.path} has no exact program yet; go on with: {again}")
    from gp_fft.proof import standing

    table = Table(number("flops"), prose("status"), prose("accuracy", 2), name("file", 1))
    for file in kept:
        table.add_row(str(file.counts["flops"]), standing(file), _accuracy(file), runs.original_name(file))
    print_table(table)
    if run.transform.claim:
        click.echo(f"\n{run.transform.claim}")
    click.echo(f"\nproofs: {run.path / 'proofs'}")
    return "; ".join(reason for file in kept if (reason := _reason(file.proof)))


def _records(folder: Path) -> Iterator[tuple[str, Result, float]]:
    from gp_fft.store.records import prove_records

    if not list(folder.glob("*.json")):
        raise DataError(f"{folder} holds no records")
    begin = time.perf_counter()
    for path, result in prove_records(folder, lambda file: click.echo(f"proving {file.transform.title}", err=True)):
        yield path.name, result, time.perf_counter() - begin
        begin = time.perf_counter()


def _table(results: Iterator[tuple[str, Result, float]]) -> str:
    """Print one line for each result; the reasons of those that are not proved."""
    table = Table(name("file"), number("flops"), prose("status"), number("seconds", 2), prose("accuracy", 1))
    reasons = []
    for place, result, took in results:
        table.add_row(place, str(result.file.counts["flops"]), result.status, f"{took:.1f}", str(result.accuracy))
        if result.reason:
            reasons.append(f"{place}: {result.reason}")
    print_table(table)
    return "; ".join(reasons)


def _file(path: Path, output: Path | None, every: bool, force: bool) -> str:
    from gp_fft.store.proofs import proof_place

    place = proof_place(path)
    target = output or place or (path if path.suffix == ".json" else path.with_suffix(".json"))
    if target != place and target.resolve() != path.resolve():
        refuse_overwrite(target, force)
    with _held(target):
        return _prove(path, target, place, every)


def _held(target: Path) -> contextlib.AbstractContextManager[object]:
    """What is held while a file is written that belongs to a run, or that a hunt may write."""
    folder = target.resolve().parent
    if folder.name in ("front", "proofs") and (folder.parent / "settings.toml").is_file():
        return runs.hold(folder.parent)
    return FolderLock(folder) if (folder / locks.NAME).is_file() else contextlib.nullcontext()


def _prove(path: Path, target: Path, place: Path | None, every: bool) -> str:
    from gp_fft.files.certificate import Certificate
    from gp_fft.store.proofs import keep_proof, prove_file

    begin = time.perf_counter()
    given = files.load(path)
    result = prove_file(given)
    took = time.perf_counter() - begin
    evidence = result.outcome.evidence
    click.echo(f"{result.file.transform.title}, {result.file.counts['flops']} flops: {result.status} in {took:.2f} s")
    if isinstance(evidence, Certificate):
        click.echo(f"  {evidence.statement}\n  constants in {evidence.field}")
        for constant in evidence.constants if every else evidence.constants[:SHORT]:
            click.echo(f"    {constant.size!r:<22} {constant.exact}")
        if len(evidence.constants) > SHORT and not every:
            click.echo(f"    ... and {len(evidence.constants) - SHORT} more: --all shows them")
    if result.file.transform.claim:
        click.echo(f"  {result.file.transform.claim}")
    click.echo(f"  round-off: {result.accuracy}")
    if place is not None and target == place:
        keep_proof(Run.open(place.parent.parent), path.name, result.file)
        click.echo(f"wrote {target}", err=True)
    elif result.file != given or target != path:
        files.save(target, result.file)
        click.echo(f"wrote {target}", err=True)
    return _reason(evidence)


def _reason(evidence: Evidence | None) -> str:
    from gp_fft.files.certificate import Unproved

    return f"not proved, {evidence.reason}" if isinstance(evidence, Unproved) else ""


def _accuracy(file: ProgramFile) -> str:
    from gp_fft.program.accuracy import Accuracy

    told = file.provenance.get("accuracy")
    return str(Accuracy(told["program"], told["reference"])) if isinstance(told, dict) else ""
