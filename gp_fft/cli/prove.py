"""`gp-fft prove`: exact constants and a certificate for a program, a run or all records."""

import contextlib
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console

from gp_fft import files
from gp_fft.cli.options import FILE, RECORDS, force_option, refuse_overwrite, root_option, say
from gp_fft.cli.table import Table, name, number, print_table, prose
from gp_fft.cli.tables import SHORT, errors_line
from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.files.certificate import Certificate, Evidence, Interval, Unproved
from gp_fft.ground import locks
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.locks import FolderLock
from gp_fft.ground.words import quoted, several
from gp_fft.program.accuracy import Accuracy
from gp_fft.program.cost import unit_of
from gp_fft.proof import standing
from gp_fft.store import proofs, records, runs
from gp_fft.store.runs import Run

DIVISIBLE = 32  # inputs up to which no step of a proof takes long
LEAST = 0.5  # seconds in which another process does not even begin

T = TypeVar("T")


@click.command()
@click.argument("target", metavar="FILE|RUN|records")
@click.option("-o", "--output", type=FILE, help="Where the proved FILE goes.")
@click.option("--all", "every", is_flag=True, help="Show all constants of FILE, not only the first ones.")
@force_option
@root_option
def command(target: str, output: Path | None, every: bool, root: Path, force: bool) -> None:
    """Turn every constant into an exact number and prove that the program equals its transform, entry by entry.

    A proved program has the float64 nearest to each exact constant, and its file holds the certificate. Of an
    approximate program the errors are proved, as narrow intervals that they surely lie in. FILE is
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
        failures = _records(root / RECORDS)
    elif path.is_dir():
        with runs.hold(path):
            failures = _run(Run.open(path))
    else:
        failures = [_file(path, output, every, force)]
    if any(failures):
        raise DataError("; ".join(filter(None, failures)))


def prove_front(run: Run, front: dict[str, ProgramFile], clock: Clock | None = None) -> None:
    """Prove the programs of a front, by name, that have not been yet.

    Each exact one has a line of progress, the approximate ones have one together. The front is brought up to date. When
    the clock is over it says how to prove those that are left.
    """
    if clock is not None and clock.left < math.inf and run.transform.inputs > DIVISIBLE:
        _prove_apart(run, front, clock)
    else:
        approximate, spent = 0, 0.0
        with Console(stderr=True, highlight=False).status("proving the programs of the front"):
            for result, took in _timed(proofs.prove_run(run, clock, front)):
                if isinstance(result.file.proof, Interval):
                    approximate, spent = approximate + 1, spent + took
                else:
                    say(f"{result.file.counts['flops']} {unit_of(result.file.program)}: {result.status}, {took:.1f} s")
        if approximate:
            say(f"{several(approximate, 'approximate program')}: errors proved, {spent:.1f} s")
    if clock is not None and (left := [file for file in front.values() if proofs.open_question(file)]):
        exact = sum(is_exact(file.error, file.proof) for file in left)
        programs = f"{exact or len(left)} {'exact' if exact else 'approximate'} programs"
        if (exact or len(left)) == 1:
            programs = f"one {'exact' if exact else 'approximate'} program"
        say(f"no time left to prove {programs} of the front; that does: gp-fft prove {quoted(run.path)}")


def _prove_apart(run: Run, front: dict[str, ProgramFile], clock: Clock) -> None:
    """Let another process prove, which can be ended in the middle of what a process does not interrupt in itself."""
    if clock.left <= LEAST or not any(map(proofs.open_question, front.values())):
        return
    words = [sys.executable, "-m", "gp_fft", "prove", str(run.path.resolve())]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(words, capture_output=True, text=True, timeout=clock.left, check=False)
        for line in done.stderr.splitlines():
            if not line.startswith("Error"):
                say(line)
    front |= {path.name: files.load(path) for path in run.proof_paths() if path.name in front}


def _timed(results: Iterator[T]) -> Iterator[tuple[T, float]]:
    """Each result with the seconds that it took."""
    begin = time.perf_counter()
    for result in results:
        yield result, time.perf_counter() - begin
        begin = time.perf_counter()


def _run(run: Run) -> list[str]:
    """Prove the front of a run and print what came of it; the reasons of those that are not proved."""
    front = proofs.read_front(run)
    prove_front(run, front)
    tried = {place: file for place, file in front.items() if file.proof is not None}
    if not tried:
        raise DataError(f"{run.path} has no program yet; go on with: gp-fft resume {quoted(run.path)}")
    counted = unit_of(next(iter(tried.values())).program)
    table = Table(number(counted), prose("status"), prose("accuracy", 2), name("file", 1))
    for place, file in tried.items():
        table.add_row(str(file.counts["flops"]), standing(file), _accuracy(file), place)
    print_table(table)
    if run.transform.claim:
        click.echo(f"\n{run.transform.claim}")
    click.echo(f"\nproofs: {run.path / 'proofs'}")
    return [_failure(file.proof) for file in tried.values()]


def _records(folder: Path) -> list[str]:
    """Prove the records and print a line for each; the reasons of those that are not proved."""
    if not list(folder.glob("*.json")):
        raise DataError(f"{folder} holds no records")
    table = Table(name("file"), number("flops"), prose("status"), number("seconds", 2), prose("accuracy", 1))
    failures = []
    for (path, result), took in _timed(records.prove_records(folder, lambda f: say(f"proving {f.transform.title}"))):
        flops = str(result.file.counts["flops"])
        table.add_row(path.name, flops, result.status, f"{took:.1f}", str(result.accuracy or ""))
        failures.append(f"{path.name}: {result.reason}" if result.reason else "")
    print_table(table)
    return failures


def _file(path: Path, output: Path | None, every: bool, force: bool) -> str:
    place = proofs.proof_place(path)
    target = output or place or (path if path.suffix == ".json" else path.with_suffix(".json"))
    if target != place and target.resolve() != path.resolve():
        refuse_overwrite(target, force)
    with _held(target):
        given, begin = files.load(path), time.perf_counter()
        result = proofs.prove_file(given)
        _print(result, time.perf_counter() - begin, every)
        if place is not None and target == place:
            proofs.keep_proof(Run.open(place.parent.parent), path.name, result.file)
            say(f"wrote {target}")
        elif result.file != given or target != path:
            files.save(target, result.file)
            say(f"wrote {target}")
    return _failure(result.file.proof)


def _held(target: Path) -> contextlib.AbstractContextManager[object]:
    """What is held while a file is written that belongs to a run, or that a hunt may write."""
    folder = target.resolve().parent
    if folder.name in ("front", "proofs") and (folder.parent / "settings.toml").is_file():
        return runs.hold(folder.parent)
    return FolderLock(folder) if (folder / locks.NAME).is_file() else contextlib.nullcontext()


def _print(result: proofs.Result, took: float, every: bool) -> None:
    """What came of proving one program, with its first constants, or with all."""
    file, evidence = result.file, result.file.proof
    counted = f"{file.counts['flops']} {unit_of(file.program)}"
    click.echo(f"{file.transform.title}, {counted}: {result.status} in {took:.2f} s")
    if isinstance(evidence, Certificate):
        where = "multiplied out" if file.program.field == "gf2" else "constants"
        click.echo(f"  {evidence.statement}\n  {where} in {evidence.field}")
        for constant in evidence.constants if every else evidence.constants[:SHORT]:
            click.echo(f"    {constant.size!r:<22} {constant.exact}")
        if len(evidence.constants) > SHORT and not every:
            click.echo(f"    ... and {len(evidence.constants) - SHORT} more: --all shows them")
        for side in ("outputs", "inputs") if evidence.factors else ():
            if factors := getattr(evidence.factors, side):
                click.echo(f"  factors of the {side}: {', '.join(factors)}")
    if isinstance(evidence, Interval):
        click.echo(f"  {evidence.statement}\n  {errors_line(evidence)}")
    if file.transform.claim:
        click.echo(f"  {file.transform.claim}")
    if result.accuracy:
        click.echo(f"  round-off: {result.accuracy}")


def _failure(evidence: Evidence | None) -> str:
    return f"not proved, {evidence.reason}" if isinstance(evidence, Unproved) else ""


def _accuracy(file: ProgramFile) -> str:
    table = file.provenance.get("accuracy")
    return str(Accuracy(table["program"], table["reference"])) if isinstance(table, dict) else ""
