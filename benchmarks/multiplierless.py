"""Adders of multiplierless transforms: the search with shifts beside da4ml, on the same matrices in one run.

    python -m benchmarks.multiplierless                        # up to two minutes a matrix, three quarters of an hour
    python -m benchmarks.multiplierless --only "hevc-dct2 8"   # one of them; "random 8x8, 4 bits" is five matrices
    python -m benchmarks.multiplierless --seconds 10           # less for each
    python -m benchmarks.multiplierless --quick                # seconds, to see that it runs

da4ml (C. Sun et al., "da4ml: Distributed Arithmetic for Real-time Neural Networks on FPGAs", 2025) runs with its
default options. Its own cost weighs latency and widths, so its solution is written down as a program here: every
operation of its list that adds or subtracts is one adder, shifts and signs are free. That program and the one that the
search finds, from the definition in canonical signed digits, are counted by the same counter, and compared with the
matrix exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from time import perf_counter

import click
import numpy as np
from rich.console import Console
from rich.table import Table

import gp_fft
from gp_fft.program import Program, Term
from gp_fft.program.cost import count
from gp_fft.search.warm import warm_up
from gp_fft.transforms import Transform, from_array, get

NAMED = (("hevc-dct2", 4), ("hevc-dct2", 8), ("vvc-dst7", 4), ("h264", 8), ("hevc-dct2", 16), ("hevc-dct2", 32))
RANDOM = ((8, 4), (8, 8), (16, 4), (16, 8))  # size, bits
MATRICES = 5  # of each random kind
TURNS = {True: 2, False: 0}  # by whether a sign is negative


@dataclass(frozen=True)
class Case:
    """Matrices whose counts stand on one line, as their mean."""

    name: str
    transforms: tuple[Transform, ...]


@dataclass(frozen=True)
class Result:
    """The adders of one case, in the mean of its matrices, and the seconds that one took."""

    case: Case
    theirs: float
    ours: float
    seconds: float


def random_matrix(n: int, bits: int, seed: int) -> Transform:
    """A matrix of whole numbers of so many bits with a sign, from a seed."""
    least, most = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return from_array(np.random.default_rng(seed).integers(least, most, (n, n), endpoint=True).astype(float))


def cases() -> list[Case]:
    """All matrices that are compared."""
    named = [Case(f"{name} {n}", (get(name, n),)) for name, n in NAMED]
    drawn = [
        Case(f"random {n}x{n}, {bits} bits", tuple(random_matrix(n, bits, seed) for seed in range(MATRICES)))
        for n, bits in RANDOM
    ]
    return named + drawn


def by_da4ml(transform: Transform) -> Program:
    """The solution of da4ml with its default options as a program; it must compute the transform exactly."""
    from da4ml.cmvm import solve

    rows: list[list[Term]] = []
    values: list[Term] = [(1.0, 0, j) for j in range(transform.inputs)]
    for stage in solve(np.ascontiguousarray(transform.matrix.real.T, dtype=np.float32)).solutions:
        values = _stage(stage, values, rows, transform.inputs)
    places = range(len(rows), len(rows) + len(values))
    rows += [[] if size == 0 else [(size, turn, ref)] for size, turn, ref in values]
    program = Program.build(transform.inputs, "real", rows, places, transform.title, "dyadic")
    assert not transform.error(program)
    return program


def _stage(stage, inputs: Sequence[Term], rows: list[list[Term]], first: int) -> list[Term]:
    """Append the additions of one stage to ``rows``; what its outputs are, each a shifted value with its sign."""
    held: list[Term] = []
    for op in stage.ops:
        if op.opcode == -1:  # an input of the stage
            held.append(_shifted(inputs[op.id0], stage.inp_shifts[op.id0]))
            continue
        assert op.opcode in (0, 1), op
        added = _shifted(held[op.id1], op.data, op.opcode == 1)
        rows.append([held[op.id0], added])
        held.append((1.0, 0, first + len(rows) - 1))
    ends = zip(stage.out_idxs, stage.out_shifts, stage.out_negs, strict=True)
    return [(0.0, 0, 0) if k < 0 else _shifted(held[k], shift, negative) for k, shift, negative in ends]


def _shifted(term: Term, places: int, negative: bool = False) -> Term:
    size, turn, ref = term
    return size * 2.0 ** int(places), (turn + TURNS[bool(negative)]) % 4, ref


def evolved(transform: Transform, seconds: float, seed: int) -> Program:
    """The best program in shifts and adders that the search finds from the definition."""
    best = gp_fft.evolve(transform, primitives="dyadic", start="definition", seed=seed, seconds=seconds).best_exact()
    assert best is not None
    assert best.primitives == "dyadic"
    assert not transform.error(best)
    return best


def adders(programs: Sequence[Program]) -> float:
    """The mean number of adders; a product that is no shift would be counted, too."""
    return fmean(count(program).flops for program in programs)


def measure(case: Case, seconds: float, seed: int) -> Result:
    """Both on every matrix of a case."""
    theirs = [by_da4ml(transform) for transform in case.transforms]
    began = perf_counter()
    ours = [evolved(transform, seconds, seed) for transform in case.transforms]
    took = (perf_counter() - began) / len(ours)
    return Result(case, adders(theirs), adders(ours), took)


def table_of(results: Sequence[Result]) -> Table:
    """One line for each case; below 1 the search needs fewer."""
    made = Table(title="Adders; shifts and signs are free")
    for head in ("matrix", "da4ml", "gp-fft", "ratio", "seconds"):
        made.add_column(head, justify="left" if head == "matrix" else "right", no_wrap=True)
    for result in results:
        good = "green" if result.ours <= result.theirs else "red"
        ratio = f"[{good}]{result.ours / result.theirs:.3f}[/]"
        made.add_row(result.case.name, f"{result.theirs:g}", f"{result.ours:g}", ratio, f"{result.seconds:.0f}")
    return made


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Two small matrices for a second.")
@click.option("--only", multiple=True, metavar="NAME", help='A case such as "hevc-dct2 8"; may be repeated.')
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=120.0, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def main(quick: bool, only: tuple[str, ...], seconds: float, seed: int) -> None:
    """Count the adders that the search needs beside those of da4ml."""
    known = cases()
    unknown = [name for name in only if name not in [case.name for case in known]]
    if unknown:
        raise click.UsageError(f"there is no case {unknown[0]!r}; there are {'; '.join(case.name for case in known)}")
    wanted = only or (("hevc-dct2 4", "vvc-dst7 4") if quick else tuple(case.name for case in known))
    errors, results = Console(stderr=True), []
    warm_up()
    for case in known:
        if case.name in wanted:
            results.append(measure(case, 1.0 if quick else seconds, seed))
            errors.print(f"{case.name}: da4ml {results[-1].theirs:g}, gp-fft {results[-1].ours:g}", highlight=False)
    Console().print(table_of(results))


if __name__ == "__main__":
    main()
