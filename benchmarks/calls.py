"""What the call of a program takes beside numpy.fft and scipy.fft: ratios of medians within one run.

    python -m benchmarks.calls             # a minute
    python -m benchmarks.calls --quick     # a second, to see that it runs

Both do the same batch in turns, one thread each, in processor time, so that other work on the machine falls on both;
the median leaves out the calls that load the compiled kernel. The programs are the records, for the inverse DFT split
radix; the peer is ``numpy.fft`` for the DFTs and the real DFT, and ``scipy.fft`` for the cosine transform, which numpy
does not have. The last column is what a process has that does not load Numba: numpy's plan of the same program.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click
import numpy as np
import scipy.fft
from rich.console import Console
from rich.table import Table

from gp_fft import transforms
from gp_fft.construct.textbook import split_radix
from gp_fft.files.shelf import Shelf
from gp_fft.program.running import run_numpy

CASES: tuple[tuple[str, int, Callable[[Any], Any]], ...] = (
    ("dft", 8, np.fft.fft),
    ("dft", 16, np.fft.fft),
    ("dft", 32, np.fft.fft),
    ("idft", 8, np.fft.ifft),
    ("rdft", 8, np.fft.rfft),
    ("dct2", 8, scipy.fft.dct),
)
BATCH, REPEATS = 100_000, 25


def medians(functions, repeats):
    """Median milliseconds of processor time of each function, called in turns."""
    times = [[] for _ in functions]
    for _ in range(repeats):
        for kept, function in zip(times, functions, strict=True):
            begin = time.thread_time()
            function()
            kept.append(1e3 * (time.thread_time() - begin))
    return [float(np.median(kept)) for kept in times]


def measure(name, n, reference, single, batch, repeats):
    """The case as words: transform, dtype, milliseconds of program, peer, and their ratio; those of numpy's plan."""
    transform = transforms.get(name, n)
    record = Shelf.open().find(transform)
    program = split_radix(transform) if record is None else record.program
    x = np.random.default_rng(1).standard_normal((batch, n, 2)) @ [1, 1j]
    x = x if transform.field == "complex" else x.real
    x = x.astype({"complex": ("c16", "c8"), "real": ("f8", "f4")}[transform.field][single])
    shape, dtype = (batch, len(program.outputs)), program(x[:1]).dtype
    functions = (
        lambda: program(x),
        lambda: reference(x),
        lambda: run_numpy(program._plan, x, np.empty(shape, dtype)),
    )
    ours, theirs, plain = medians(functions, repeats)
    return transform.title, str(x.dtype), f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.1f}", f"{plain:.1f}"


@click.command()
@click.option("--quick", is_flag=True, help="A small batch, few repetitions.")
def main(quick):
    """Print the table."""
    table = Table("transform", "dtype", "program, ms", "peer, ms", "ratio", "numpy's plan, ms")
    for single in (False, True):
        for case in CASES:
            table.add_row(*measure(*case, single, *((1000, 3) if quick else (BATCH, REPEATS))))
    Console().print(table)


if __name__ == "__main__":
    main()
