"""How fast the programs are beside FFTW, numpy.fft, scipy.fft, a matrix product and a copy of memory.

    python -m benchmarks.speed                                   # ten minutes
    python -m benchmarks.speed --sizes 2-16 --batches 1000       # a part of it
    python -m benchmarks.speed --csv speed.csv --plot speed.svg
    python -m benchmarks.speed --quick                           # seconds, to see that it runs

The programs are the records, compiled by ``program.compile``. FFTW is the library that pyFFTW carries, planned with
FFTW_PATIENT for the very batch, layout and memory. Both are timed from C, so that no call of Python counts; numpy,
scipy, the product with the matrix (BLAS) and the copy as they are called from Python, with memory for the result at
hand where they take it; "from Python" is the program called so, too. All contenders take turns, so that other work on
the machine falls on all; told is the least and the median of the rounds. One thread each. Accuracy is the relative
root-mean-square distance from the transform in extended precision. The instructions are those of one turn of the loop
in the object code (``gp_fft/export/instructions.py``).
"""

from __future__ import annotations

import csv
import ctypes
import glob
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import scipy.fft
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from gp_fft import transforms
from gp_fft.export import compiler
from gp_fft.export.instructions import instructions
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError
from gp_fft.program.cost import count

LARGE = 1 << 22  # numbers of the batch that does not fit in any cache
LEAST = 100e-6  # seconds of one measurement, which repeats a call so often
PATIENT = 1 << 5
PLANNING = 20.0  # seconds for one plan
TIMER = """
#define _POSIX_C_SOURCE 199309L
#include <stddef.h>
#include <time.h>
typedef void rows(const void *, void *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, size_t);
typedef void columns(const void *, void *, ptrdiff_t, ptrdiff_t, size_t);
double time_rows(rows *, const void *, void *, ptrdiff_t, ptrdiff_t, size_t, int);
double time_columns(columns *, const void *, void *, ptrdiff_t, size_t, int);
double time_plan(void (*)(void *), void *, int);
static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}
double time_rows(rows *f, const void *x, void *y, ptrdiff_t n, ptrdiff_t m, size_t batch, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        f(x, y, 1, n, 1, m, batch);
    return (now() - begin) / times;
}
double time_columns(columns *f, const void *x, void *y, ptrdiff_t stride, size_t batch, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        f(x, y, stride, stride, batch);
    return (now() - begin) / times;
}
double time_plan(void (*execute)(void *), void *plan, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        execute(plan);
    return (now() - begin) / times;
}
"""

Timed = Callable[[int], float]
"""Seconds of one call, of so many."""


@dataclass(frozen=True)
class Row:
    """One contender in one case."""

    transform: str
    dtype: str
    layout: str
    batch: int
    contender: str
    least: float  # seconds of one batch
    median: float
    error: float  # relative root-mean-square; of the copy none


@dataclass(frozen=True)
class Case:
    """A transform in a type, a layout and a batch, and the memory for it."""

    name: str
    n: int
    dtype: str  # of the inputs
    columns: bool
    batch: int

    @property
    def axis(self) -> int:
        """The axis of the transform."""
        return 0 if self.columns else 1

    def empty(self, size: int, dtype: Any) -> np.ndarray[Any, Any]:
        """Memory that begins with a line of the cache."""
        shape = (size, self.batch) if self.columns else (self.batch, size)
        count_ = int(np.prod(shape)) * np.dtype(dtype).itemsize
        memory = np.zeros(count_ + 64, np.uint8)
        begin = -memory.ctypes.data % 64
        return memory[begin : begin + count_].view(dtype).reshape(shape)


class Fftw:
    """FFTW through the library of the package pyFFTW, called by its own interface."""

    def __init__(self, single: bool) -> None:
        import pyfftw

        folder, letter = os.path.dirname(pyfftw.__file__), "f" if single else ""  # noqa: PTH120
        places = [*glob.glob(f"{folder}/../pyfftw.libs/libfftw3{letter}-*"), f"libfftw3{letter}.so.3"]  # noqa: PTH207
        self.library, self.prefix = ctypes.CDLL(places[0]), f"fftw{letter}"

    def plan(self, case: Case, x: Any, y: Any) -> tuple[Any, ctypes.c_void_p]:
        """The function that executes, and the plan for these arrays, whose numbers it overwrites."""
        n, real = (ctypes.c_int * 1)(case.n), not np.iscomplexobj(x)
        make = getattr(self.library, f"{self.prefix}_plan_many_dft{'_r2c' if real else ''}")
        make.restype = ctypes.c_void_p
        sides = [(case.batch, 1) if case.columns else (1, array.shape[1]) for array in (x, y)]
        words: list[Any] = [1, n, case.batch]
        for array, (stride, distance) in zip((x, y), sides, strict=True):
            words += [ctypes.c_void_p(array.ctypes.data), None, stride, distance]
        getattr(self.library, f"{self.prefix}_set_timelimit")(ctypes.c_double(PLANNING))
        made = make(*words, *([] if real else [-1]), PATIENT)
        return getattr(self.library, f"{self.prefix}_execute"), ctypes.c_void_p(made)


def contenders(case: Case, program: Any, timer: Any) -> dict[str, tuple[Timed, Any]]:
    """Every contender by name: how a call is timed, and the array that it leaves its result in."""
    rng = np.random.default_rng(1)
    x = case.empty(case.n, case.dtype)
    real = not np.iscomplexobj(x)
    whole = np.result_type(x.dtype, np.complex64)
    y = case.empty(case.n, case.dtype)
    spectrum = case.empty(case.n // 2 + 1, whole) if real else y
    fftw = Fftw(x.real.dtype == np.float32).plan(case, x, spectrum)
    x[...] = rng.standard_normal(x.shape) if real else rng.standard_normal((*x.shape, 2)) @ [1, 1j]
    function = program.compile(case.dtype, "columns" if case.columns else "rows")
    raw = ctypes.cast(function.raw, ctypes.c_void_p)
    address = [ctypes.c_void_p(array.ctypes.data) for array in (x, y)]
    if case.columns:
        ours = lambda k: timer.time_columns(raw, *address, case.batch, case.batch, k)  # noqa: E731
    else:
        ours = lambda k: timer.time_rows(raw, *address, case.n, case.n, case.batch, k)  # noqa: E731
    matrix = transforms.get(case.name, case.n).matrix.astype(case.dtype)
    product, copy = np.empty_like(y), np.empty_like(x)
    numpy, scipy_ = (np.fft.rfft, scipy.fft.rfft) if real else (np.fft.fft, scipy.fft.fft)
    multiply = (lambda: np.matmul(matrix, x, product)) if case.columns else (lambda: np.matmul(x, matrix.T, product))
    return {
        "program": (ours, y),
        "from Python": (_python(lambda: function(x, y)), None),
        "FFTW": (lambda k: timer.time_plan(*fftw, k), spectrum),
        "numpy.fft": (_python(lambda: numpy(x, axis=case.axis)), None),
        "scipy.fft": (_python(lambda: scipy_(x, axis=case.axis)), None),
        "matrix": (_python(multiply), product),
        "copy": (_python(lambda: np.copyto(copy, x)), None),
    } | {"": (lambda k: 0.0, x)}


def _python(function: Callable[[], object]) -> Timed:
    def timed(times: int) -> float:
        begin = time.perf_counter()
        for _ in range(times):
            function()
        return (time.perf_counter() - begin) / times

    return timed


def measure(case: Case, program: Any, timer: Any, rounds: int) -> list[Row]:
    """The rows of one case."""
    functions = contenders(case, program, timer)
    _, x = functions.pop("")
    repeats = {name: max(1, int(LEAST / max(min(timed(1), timed(1)), 1e-8))) for name, (timed, _) in functions.items()}
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, (timed, _) in functions.items():
            seconds[name].append(timed(repeats[name]))
    title = transforms.get(case.name, case.n).title
    facts = title, case.dtype, "columns" if case.columns else "rows", case.batch
    errors = _errors(case, functions, x)
    return [
        Row(*facts, name, min(kept), float(np.median(kept)), errors.get(name, 0.0)) for name, kept in seconds.items()
    ]


def _errors(case: Case, functions: Any, x: Any) -> dict[str, float]:
    """The accuracy of each contender on the first vectors of the batch."""
    few = min(case.batch, 50)
    take = (lambda a: a[:, :few].T) if case.columns else (lambda a: a[:few])
    n = case.n
    angle = -2 * np.arccos(np.longdouble(-1)) * (np.outer(np.arange(n), np.arange(n)) % n) / n
    true = take(x).astype(np.clongdouble) @ (np.cos(angle) + 1j * np.sin(angle))
    real = not np.iscomplexobj(x)
    half = true[:, : n // 2 + 1]
    packed = (
        take(x).astype(np.longdouble) @ transforms.get(case.name, n).matrix.T.astype(np.longdouble) if real else true
    )
    wanted = {"program": packed, "matrix": packed, "FFTW": half if real else true}
    results = {name: take(array) for name, (_, array) in functions.items() if array is not None and name in wanted}
    peers = ("numpy.fft", np.fft.rfft if real else np.fft.fft), ("scipy.fft", scipy.fft.rfft if real else scipy.fft.fft)
    for name, peer in peers:
        results[name], wanted[name] = peer(np.ascontiguousarray(take(x))), half if real else true
    return {
        name: float(np.linalg.norm(results[name] - wanted[name]) / np.linalg.norm(wanted[name])) for name in results
    }


def sizes_of(text: str) -> list[int]:
    """Sizes such as ``2-16,32,64``."""
    sizes = list[int]()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise click.BadParameter(f"{part!r} is no size and no range of sizes such as 2-16")
        sizes += range(int(first), int(last or first) + 1)
    return sizes


def show(console: Console, rows: list[Row], counted: dict[str, str]) -> None:
    """A table of ratios for each type, layout and batch: how many times the speed of each peer the program has."""
    keys = dict.fromkeys((row.dtype, row.layout, row.batch) for row in rows)
    for dtype, layout, batch in keys:
        here = [row for row in rows if (row.dtype, row.layout, row.batch) == (dtype, layout, batch)]
        peers = [name for name in dict.fromkeys(row.contender for row in here) if name != "program"]
        table = Table("transform", "us", "median", *peers, "error", "FFTW's", "operations, in object code",
                      title=f"{dtype}, {layout}, batch {batch}: times the speed of each")  # fmt: skip
        ratios: dict[str, list[float]] = {name: [] for name in peers}
        for title in dict.fromkeys(row.transform for row in here):
            one = {row.contender: row for row in here if row.transform == title}
            for name in peers:
                ratios[name].append(one[name].least / one["program"].least)
            words = [f"{ratios[name][-1]:.2f}" for name in peers]
            ours = one["program"]
            table.add_row(title, f"{1e6 * ours.least:.2f}", f"{1e6 * ours.median:.2f}", *words, f"{ours.error:.1e}",
                          f"{one['FFTW'].error:.1e}", counted.get(title, ""))  # fmt: skip
        means = [f"{float(np.exp(np.mean(np.log(ratios[name])))):.2f}" for name in peers]
        table.add_row("geometric mean", "", "", *means, "", "", "")
        console.print(table)


def plot(rows: list[Row], path: Path) -> None:
    """Speed beside FFTW over n, a line for each type, layout and batch."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 5))
    for key in dict.fromkeys((row.dtype, row.layout, row.batch) for row in rows):
        here = [row for row in rows if (row.dtype, row.layout, row.batch) == key]
        ours = {row.transform: row.least for row in here if row.contender == "program"}
        theirs = {row.transform: row.least for row in here if row.contender == "FFTW"}
        axes.plot(
            [title.split()[1] for title in ours],
            [theirs[t] / ours[t] for t in ours],
            "o-",
            label=", ".join(map(str, key)),
        )
    axes.axhline(1.0, color="grey")
    axes.set(xlabel="n", ylabel="times the speed of FFTW", ylim=(0, None))
    axes.legend(fontsize=7)
    figure.savefig(path)
    plt.close(figure)


@click.command()
@click.option("--sizes", default="2-16,20,24,32,48,64", show_default=True, help="Sizes n.")
@click.option("--batches", default="1,100,1000,0", show_default=True, help="Batches; 0 is one as large as memory.")
@click.option("--layouts", default="rows,columns", show_default=True, help="(batch, n), (n, batch) or both.")
@click.option(
    "--dtypes", default="complex128,complex64,float64,float32", show_default=True, help="Types of the inputs."
)
@click.option("--rounds", default=60, show_default=True, help="Turns of all contenders.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write all figures as CSV.")
@click.option("--plot", "picture", type=click.Path(path_type=Path), help="Draw them.")
@click.option("--quick", is_flag=True, help="One size and a small batch.")
def main(sizes, batches, layouts, dtypes, rounds, table, picture, quick):
    """Print the tables."""
    if quick:
        sizes, batches, dtypes, rounds = "4", "10", "complex128,float32", 2
    shelf, timer = Shelf.open(), compiler.find().load(TIMER)
    for name in ("time_rows", "time_columns", "time_plan"):
        getattr(timer, name).restype = ctypes.c_double
        getattr(timer, name).argtypes = {
            "time_rows": [ctypes.c_void_p] * 3 + [ctypes.c_ssize_t] * 2 + [ctypes.c_size_t, ctypes.c_int],
            "time_columns": [ctypes.c_void_p] * 3 + [ctypes.c_ssize_t] + [ctypes.c_size_t, ctypes.c_int],
            "time_plan": [ctypes.c_void_p] * 2 + [ctypes.c_int],
        }[name]
    rows, counted = list[Row](), dict[str, str]()
    with threadpool_limits(1):
        for dtype in dtypes.split(","):
            name = "dft" if dtype.startswith("complex") else "rdft"
            for n in sizes_of(sizes):
                record = shelf.find(transforms.get(name, n))
                if record is None:
                    continue
                counted[record.file.transform.title] = in_object_code(record.program)
                for layout in layouts.split(","):
                    for batch in map(int, batches.split(",")):
                        case = Case(name, n, dtype, layout == "columns", batch or LARGE // n)
                        rows += measure(case, record.program, timer, rounds if batch else max(3, rounds // 10))
    show(Console(width=150), rows, counted)
    if table:
        with table.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(asdict(rows[0])), lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows)
    if picture:
        plot(rows, picture)


def in_object_code(program: Any) -> str:
    """The counted operations, and the vector instructions without and with fusing; of the batch 0 shown as large."""
    try:
        plain, fused = instructions(program), instructions(program, exact=False)
    except DataError as error:
        return str(error)
    return f"{count(program).flops}, {plain.arithmetic}, {fused.arithmetic} ({fused.fma} fused)"


if __name__ == "__main__":
    main()
