"""Proofs: how long they take, and whether the exact check refuses every corrupted program.

    python -m benchmarks.proofs            # 1000 corruptions and dft up to 64, under a minute
    python -m benchmarks.proofs --quick    # a few seconds, to see that it runs

Programs are split radix, evolved programs that are given as files, and dense matrices, all with constants that
have drifted by 1e-14 (relative). A corruption changes one thing in a proved program: a constant by one unit in the
30th digit of its exact value, a constant for another one, the sign or the turn of one term, one reference. The
check is asked without the tests that would tell it in advance (hash, rounding, residues), so that exact
multiplication alone has to find it. A changed reference or turn may leave the map as it was; such programs, told by
their float matrix, are drawn again and counted.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import numpy as np
from flint import fmpq, fmpq_poly
from rich.console import Console
from rich.table import Table

from gp_fft import files, transforms
from gp_fft.construct import textbook
from gp_fft.files.certificate import Certificate
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.program.accuracy import measure
from gp_fft.proof import check, checking, prove
from gp_fft.proof.field import Element, RealField, real_field
from gp_fft.transforms import Transform

KINDS = ("digit", "constant", "sign", "turn", "reference")
DRIFT = 1e-14


@dataclass(frozen=True)
class Proved:
    """A proved program, ready to be corrupted."""

    transform: Transform
    program: Program
    field: RealField
    constants: dict[float, Element]


def drifted(program: Program, seed: int, relative: float = DRIFT) -> Program:
    """The program with every constant moved at random by about so much, equal ones alike."""
    rng = np.random.default_rng(seed)
    moved = {size: size * (1 + relative * rng.standard_normal()) for size in np.unique(program.sizes).tolist()}
    rows = [[(size if size == 1 else moved[size], turn, ref) for size, turn, ref in row] for row in program.rows()]
    return Program.build(program.inputs, program.field, rows, program.outputs.tolist(), program.title)


def samples(sizes: Sequence[int]) -> Iterator[tuple[Transform, str, Program]]:
    """Transforms with a way to compute them and a drifted program."""
    for name in ("dft", "rdft", "dht", "dct2"):
        for n in sizes:
            transform = transforms.get(name, n)
            try:
                yield transform, "split radix", drifted(textbook.split_radix(transform), n)
            except UsageError:
                if n <= 16:
                    yield transform, "dense", drifted(textbook.definition(transform), n)


def proved(transform: Transform, program: Program) -> Proved:
    """The program with exact constants; DataError if it has no proof."""
    outcome = prove(program, transform)
    if not isinstance(outcome.evidence, Certificate):
        raise DataError(f"{transform.title} is not proved: {outcome.evidence}")
    field = real_field(outcome.evidence.order)
    return Proved(transform, outcome.program, field, checking.read_constants(outcome.evidence, field))


def corrupt(case: Proved, kind: str, rng: np.random.Generator) -> tuple[Program, dict[float, Element]] | None:
    """The program and its constants with one thing changed, or None where there is nothing of this kind to change."""
    constants = dict(case.constants)
    if kind in ("digit", "constant"):
        sizes = sorted(constants)
        if len(sizes) < (1 if kind == "digit" else 2):
            return None
        size = sizes[rng.integers(len(sizes))]
        other = sizes[(sizes.index(size) + 1 + rng.integers(max(len(sizes) - 1, 1))) % len(sizes)]
        constants[size] = constants[size] + _unit(size) if kind == "digit" else constants[other]
        return case.program, constants
    program = _changed(case.program, kind, rng)
    return None if program is None else (program, constants)


def _unit(size: float) -> Element:
    """One unit in the 30th digit of a number of this size."""
    exponent = int(np.floor(np.log10(size))) - 29
    unit = Fraction(10) ** exponent
    return fmpq_poly([fmpq(unit.numerator, unit.denominator)])


def _changed(program: Program, kind: str, rng: np.random.Generator) -> Program | None:
    """The program with one term changed."""
    rows = [list(row) for row in program.rows()]
    d = int(rng.choice([k for k, row in enumerate(rows) if row]))
    place = int(rng.integers(len(rows[d])))
    size, turn, ref = rows[d][place]
    if kind == "sign":
        turn = (turn + 2) % 4
    elif kind == "turn":
        if program.field == "real":
            return None
        turn = (turn + int(rng.choice([1, 3]))) % 4
    else:
        ref = int(rng.choice([k for k in range(program.inputs + d) if k != ref]))
    rows[d][place] = (size, turn, ref)
    return Program.build(program.inputs, program.field, rows, program.outputs.tolist(), program.title)


def refused(case: Proved, program: Program, constants: dict[float, Element]) -> bool:
    """Whether the exact check finds that the program is not the transform."""
    try:
        checking.multiply_out(program, constants, case.transform.exact, case.field)
    except DataError:
        return True
    return False


def corruptions(cases: Sequence[Proved], wanted: int, seed: int) -> tuple[Counter[str], Counter[str], int]:
    """Corrupt ``wanted`` times: how many of each kind were refused and accepted, and how many changed nothing."""
    rng = np.random.default_rng(seed)
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    harmless = 0
    while sum(map(Counter.total, found)) < wanted:
        case = cases[rng.integers(len(cases))]
        kind = KINDS[rng.integers(len(KINDS))]
        made = corrupt(case, kind, rng)
        if made is None:
            continue
        program, constants = made
        if program is not case.program and case.transform.error(program) < 1e-9:
            harmless += 1
            continue
        found[0 if refused(case, program, constants) else 1][kind] += 1
    return *found, harmless


def timed(transform: Transform, way: str, program: Program) -> list[str]:
    """One line of the table: seconds of proof and re-check, and the round-off before and after."""
    begin = time.perf_counter()
    outcome = prove(program, transform)
    middle = time.perf_counter()
    told: Any = "not proved"
    if isinstance(outcome.evidence, Certificate):
        check(outcome.evidence, outcome.program, transform)
        told = f"{time.perf_counter() - middle:.2f}"
    before, after = measure(program, transform), measure(outcome.program, transform)
    accuracy = [f"{value:.1e}" for value in (before.program, after.program, after.oracle)]
    return [transform.title, way, str(program.terms), f"{middle - begin:.2f}", told, *accuracy]


def _given(paths: Sequence[Path]) -> Iterator[tuple[Transform, str, Program]]:
    for path in paths:
        file = files.load(path)
        yield file.transform, path.name, file.program


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("programs", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--quick", is_flag=True, help="A few corruptions of small programs.")
@click.option("--corruptions", "wanted", type=click.IntRange(1), default=1000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def main(programs: tuple[Path, ...], quick: bool, wanted: int, seed: int) -> None:
    """Time proofs of textbook programs and of PROGRAMS, and corrupt proved ones."""
    console = Console(width=100)
    some = [*samples([3, 4] if quick else [4, 8, 16, 32, 64]), *_given(programs)]
    table = Table(title="Proofs: seconds, and round-off before and after beside the reference")
    for head in ("transform", "program", "terms", "proof", "check", "before", "after", "numpy"):
        table.add_column(head, no_wrap=True, justify="left" if head in ("transform", "program") else "right")
    for transform, way, program in some:
        table.add_row(*timed(transform, way, program))
    console.print(table)
    small = [4, 8] if quick else [3, 5, 6, 7, 8, 9, 12, 16]
    cases = [proved(transform, program) for transform, _, program in samples(small)]
    refusals, accepted, harmless = corruptions(cases, 20 if quick else wanted, seed)
    told = ", ".join(f"{refusals[kind]} {kind}" for kind in KINDS)
    console.print(f"refused by the exact check: {refusals.total()} corrupted programs ({told})")
    console.print(f"accepted: {accepted.total()}; drawn again because the change left the map as it was: {harmless}")
    if accepted.total():
        raise SystemExit(1)


if __name__ == "__main__":
    main()
