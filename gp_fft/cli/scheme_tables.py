"""What several commands print of schemes: the scheme, its recurrence, T(n) beside the textbook, the front of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from gp_fft.cli import stopping
from gp_fft.cli.options import open_shelf
from gp_fft.cli.table import Table, name, number, print_table
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.words import quoted
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.schemes import files
from gp_fft.schemes.family import UNSCALED, Family
from gp_fft.schemes.files import COUNTED, SchemeFile
from gp_fft.schemes.operations import counts, solve
from gp_fft.schemes.proving import prove
from gp_fft.schemes.running import LIMIT, verify_sizes
from gp_fft.schemes.textbook import definition, rivals
from gp_fft.store import runs
from gp_fft.store.discoveries import DiscoveryRun
from gp_fft.transforms import get

LEAVES = ("none", "records")
WITH_RECORDS = 1 << 20  # the largest n of a table with records as leaves
LARGEST_LEAF = 256


def scheme_at(target: str) -> SchemeFile | None:
    """The scheme in the file `target`, or the best one of the run of that name; None if it is about something else."""
    path = runs.find(target)
    if path.is_dir():
        run = runs.open_run(path) if (path / "settings.toml").is_file() else None
        return run.best() if isinstance(run, DiscoveryRun) else None
    return files.load(path) if files.is_scheme(path) else None


def leaf_programs(family: Family, shelf: Shelf) -> dict[int, Program]:
    """The records of the transform of a family at its sizes."""
    found = {}
    for n in family.members(LARGEST_LEAF)[1:]:
        record = shelf.find(get(family.transform, n, norm=UNSCALED[family.transform]))
        if record is not None:
            found[n] = record.program
    return found


def leaf_counts(family: Family, shelf: Shelf) -> dict[int, int]:
    """Operations of those records; UsageError where there are none."""
    known = {n: count(program).flops for n, program in leaf_programs(family, shelf).items()}
    if not known:
        raise UsageError(f"there are no records of {family.title} to take as leaves")
    return known


def print_scheme(file: SchemeFile, leaves: str = "none") -> None:
    """The scheme, what is proved of it, its recurrence and the table of T(n)."""
    scheme = file.scheme
    solution = solve(scheme)
    click.echo(f"{file.text}\n{prove(scheme).statement}\n\n{solution.recurrence} from n = {solution.since} on")
    if solution.closed:
        click.echo(f"T(n) = {solution.closed}")
    click.echo(f"it grows as {solution.growth}\n")
    if leaves == "none":
        print_table(operations_table(scheme.family, file.operations))
        return
    given = leaf_counts(scheme.family, open_shelf(None))
    lower = counts(scheme, WITH_RECORDS, better(scheme.family, file.operations, given))
    click.echo(f"with records as leaves at n = {', '.join(map(str, given))}:\n")
    print_table(operations_table(scheme.family, counts(scheme, WITH_RECORDS), lower))


def better(family: Family, known: Mapping[int, int], given: Mapping[int, int]) -> dict[int, int]:
    """The records that need fewer operations than the scheme itself."""
    return {n: flops for n, flops in given.items() if flops < known.get(n, flops + 1)}


def operations_table(family: Family, known: Mapping[int, int], lower: Mapping[int, int] | None = None) -> Table:
    """T(n) beside the definition and the textbook; ``lower``: with records as leaves."""
    beside = rivals(family, max(known))
    heads = [number("n"), number("T(n)"), *([number("with records"), number("saved")] if lower else [])]
    table = Table(*heads, number("definition", 2), *(number(head, 1) for head in beside))
    for n, total in known.items():
        if n == 1:
            continue
        cells = [str(n), str(total)]
        if lower:
            cells += [str(lower[n]), f"{1 - lower[n] / total:.1%}" if total else ""]
        dense = definition(family.transform, n)
        others = [str(column[n]) if n in column else "" for column in beside.values()]
        table.add_row(*cells, "" if dense is None else str(dense), *others)
    return table


def front_table(front: Sequence[SchemeFile], unit: str, size: int) -> Table:
    """The schemes of a front."""
    table = Table(name("error"), number(unit), name("calls", 1), name("recurrence", 2))
    for file in front:
        scheme = file.scheme
        calls = ", ".join(f"{times} of n/{scheme.family.prime**level}" for level, times in sorted(scheme.calls.items()))
        recurrence = solve(scheme).recurrence if file.exact else ""
        table.add_row("exact" if file.exact else f"{file.error:.1e}", str(file.operations[size]), calls, recurrence)
    return table


def schemes_table(found: Sequence[tuple[SchemeFile, Path]]) -> Table:
    """The best schemes of families, each beside the textbook at the size where it is priced."""
    table = Table(name("family"), number("n"), number("T(n)"), name("against"), name("closed form", 1), name("run", 2))
    for file, path in found:
        family = file.scheme.family
        size = family.members(256)[-1]
        total = file.operations[size]
        beside = ((head, known[size]) for head, known in rivals(family, size).items() if size in known)
        against = ", ".join(f"{head} {flops} ({total - flops:+d})" for head, flops in beside)
        table.add_row(family.title, str(size), str(total), against, solve(file.scheme).closed, str(path))
    return table


def print_discovery(run: DiscoveryRun, state: Any, reason: str) -> int:
    """What `discover` and `resume` say at the end: why they stopped, what came out, where it is; the exit code."""
    path, front = quoted(run.path), run.front() if state is not None else []
    if not front:
        click.echo(f"{reason}: nothing was found yet; go on with: gp-fft resume {path}")
        return stopping.exit_code(reason)
    click.echo(f"{reason} after {state.generation} generations, {state.seconds:.1f} s\n")
    right = [file for file in front if file.exact]
    unit, size = run.problem.unit, run.family.members(256)[-1]
    print_table(front_table(right or front[:5], unit, size))
    click.echo("")
    if right:
        print_scheme(right[0])
    else:
        click.echo("No right scheme yet; try more seconds or another --seed.")
    click.echo(
        f"\nrun folder: {run.path}\n"
        f"  gp-fft show {path}                   look at it again\n"
        f"  gp-fft graph {path} -o scheme.svg    draw the recursion\n"
        f"  gp-fft verify {path}                 run it at sizes that were never scored\n"
        f"  gp-fft resume {path} --seconds 60    go on"
    )
    return stopping.exit_code(reason)


def print_run(run: DiscoveryRun, path: Path) -> None:
    """What `show` prints of a run."""
    click.echo(f"{run.problem.title}: {run.command()}\n")
    print_scheme(run.best())
    click.echo(f"\nscheme files: {path / 'front'}")


def print_verified(file: SchemeFile, seed: int) -> None:
    """What `verify` prints of a scheme; DataError if a check fails."""
    table = Table(number("n"), number("error"), number("limit"), name(""))
    done = verify_sizes(file.scheme, VERIFIED, seed)
    for one in done:
        table.add_row(str(one.n), f"{one.error:.1e}", f"{LIMIT:.0e}", "ok" if one.passed else "FAILED")
    click.echo(f"{file.scheme.family.title}: real recursion on random vectors\n")
    print_table(table)
    proof = prove(file.scheme)
    if not (proof.holds and all(one.passed for one in done)):
        wrong = [str(one.n) for one in done if not one.passed]
        raise DataError(f"the scheme is wrong at n = {', '.join(wrong) or '?'}: {proof.statement}")
    click.echo(f"\n{proof.statement}; all checks passed.")


VERIFIED = COUNTED
