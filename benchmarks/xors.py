"""XOR counts over GF(2): the search beside the definition and beside elimination of common pairs.

    python -m benchmarks.xors                      # a minute for each matrix
    python -m benchmarks.xors --quick              # seconds, to see that it runs
    python -m benchmarks.xors --only "crc32 8"     # one of them

The baseline is the greedy elimination of common subexpressions of C. Paar (Optimized arithmetic for Reed-Solomon
encoders, ISIT 1997): the pair of values that most rows add becomes a value of its own, again and again; of equal pairs
one is drawn, and the least of several runs counts. It never cancels. Every program is compared with its transform.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import click
from rich.console import Console
from rich.table import Table

import gp_fft
from gp_fft.construct.textbook import definition
from gp_fft.program import Program, Term
from gp_fft.program.cost import count
from gp_fft.transforms import Transform, get

MATRICES = (("aes-mixcolumns", 32), ("crc32", 8), ("crc32", 32), ("reed-muller", 16))
QUICK = (("reed-muller", 8),)


def pairwise(transform: Transform, random: Random) -> Program:
    """Paar's greedy elimination of common pairs, ties broken at random."""
    rows = [{ref for ref, entry in enumerate(line) if entry} for line in transform.matrix.tolist()]
    made: list[list[Term]] = []
    while True:
        pairs = Counter(pair for row in rows for pair in combinations(sorted(row), 2))
        most = max(pairs.values(), default=0)
        if most < 2:
            break
        pair = random.choice([pair for pair, times in pairs.items() if times == most])
        value = transform.inputs + len(made)
        made.append([(1.0, 0, ref) for ref in pair])
        rows = [row - set(pair) | {value} if row.issuperset(pair) else row for row in rows]
    outputs = range(len(made), len(made) + len(rows))
    table = [*made, *([(1.0, 0, ref) for ref in sorted(row)] for row in rows)]
    return Program.build(transform.inputs, "gf2", table, outputs, transform.title)


def best_pairwise(transform: Transform, runs: int) -> int:
    """The least count of several runs of the greedy elimination."""
    programs = [pairwise(transform, Random(seed)) for seed in range(runs)]
    assert not any(transform.error(program) for program in programs)
    return min(count(program).flops for program in programs)


def evolved(transform: Transform, seconds: float, seed: int) -> int:
    """The count that the search reaches from the definition."""
    best = gp_fft.evolve(transform, start="definition", seed=seed, seconds=seconds).best_exact()
    assert best is not None
    assert not transform.error(best)
    return count(best).flops


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="A small matrix for a second.")
@click.option("--only", multiple=True, metavar="NAME", help='A matrix such as "crc32 8"; may be repeated.')
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True)
@click.option("--runs", type=click.IntRange(1), default=20, show_default=True, help="Of the greedy elimination.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def main(quick: bool, only: tuple[str, ...], seconds: float, runs: int, seed: int) -> None:
    """Count the XORs that the search needs, beside the definition and a common-subexpression baseline."""
    names = [f"{name} {n}" for name, n in MATRICES]
    unknown = [name for name in only if name not in names]
    if unknown:
        raise click.UsageError(f"there is no matrix {unknown[0]!r}; there are {', '.join(names)}")
    table = Table(title=f"XORs, {1.0 if quick else seconds:g} s of search")
    for head in ("", "definition", "common pairs", "gp-fft"):
        table.add_column(head, justify="right" if head else "left", no_wrap=True)
    for name, n in QUICK if quick else MATRICES:
        if not only or f"{name} {n}" in only:
            transform = get(name, n)
            greedy = best_pairwise(transform, 2 if quick else runs)
            reached = evolved(transform, 1.0 if quick else seconds, seed)
            counts = (count(definition(transform)).flops, greedy, reached)
            table.add_row(transform.title, *map(str, counts))
    Console().print(table)


if __name__ == "__main__":
    main()
