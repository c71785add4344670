"""How fast a scheme is that was discovered, as recursive C, beside FFTW, numpy.fft and scipy.fft, one vector at a time.

    python -m benchmarks.speed_schemes                           # split radix, discovered on the spot
    python -m benchmarks.speed_schemes scheme.json --sizes 64-1024
    python -m benchmarks.speed_schemes --quick                   # seconds, to see that it runs

The scheme is written as ``gp-fft export --to c`` writes it, with the records as leaves (``--leaves records``) and
without, and planned beforehand like FFTW, whose plan is FFTW_PATIENT's for the very memory. Both are timed from C;
numpy and scipy as they are called from Python. All take turns; told is the least of the rounds. One thread.
"""

from __future__ import annotations

import ctypes
import functools
from pathlib import Path
from typing import Any

import click
import numpy as np
import scipy.fft
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

import gp_fft
from benchmarks.speed import Case, Fftw, _python, sizes_of
from gp_fft.export import compiler
from gp_fft.export.timing import SOURCE, Timed, in_turns, timer
from gp_fft.files.shelf import Shelf
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.schemes.c_code import c_source
from gp_fft.schemes.family import Family
from gp_fft.schemes.operations import counts
from gp_fft.schemes.scheme import Scheme

SEED, GENERATIONS = 6, 8  # of the run whose scheme is split radix, as docs/algorithms.md tells it
RUN = """
typedef void transform(void *, const double *, double *);
double time_scheme(transform *, void *, const double *, double *, int);
double time_scheme(transform *f, void *plan, const double *x, double *y, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        f(plan, x, y);
    return (now() - begin) / times;
}
"""


def leaves_of(scheme: Scheme, largest: int) -> dict[int, Program]:
    """The records that need fewer operations than the scheme, to a largest n."""
    shelf, known, found = Shelf.open(), counts(scheme, largest), dict[int, Program]()
    for n in scheme.family.members(largest)[1:]:
        record = shelf.find(gp_fft.dft(n))
        if record is not None and count(record.program).flops < known[n]:
            found[n] = record.program
    return found


class Written:
    """A scheme as a library of its own."""

    def __init__(self, scheme: Scheme, leaves: dict[int, Program]) -> None:
        self.library = compiler.find().load(c_source(scheme, leaves, "mine"), ("-lm",))
        self.library.mine_plan.restype, self.library.mine_plan.argtypes = ctypes.c_void_p, [ctypes.c_long]
        self.total = counts(scheme, 1 << 20, {n: count(one).flops for n, one in leaves.items()})

    def timed(self, n: int, x: Any, y: Any) -> Timed:
        """How a call at n is timed; its plan is never freed, the script ends soon."""
        plan, run = self.library.mine_plan(n), ctypes.cast(self.library.mine_run, ctypes.c_void_p)
        return lambda times: float(scheme_timer().time_scheme(run, plan, x.ctypes.data, y.ctypes.data, times))


@functools.cache
def scheme_timer() -> ctypes.CDLL:
    """The library that times schemes."""
    library = compiler.find().load(SOURCE + RUN)
    library.time_scheme.restype = ctypes.c_double
    library.time_scheme.argtypes = [ctypes.c_void_p] * 4 + [ctypes.c_int]
    return library


def measure(n: int, schemes: dict[str, Written], rounds: int) -> dict[str, tuple[float, float]]:
    """Least seconds of one transform and its relative error, of every contender."""
    case = Case("dft", n, "complex128", False, 1)
    x, y, spectrum = case.empty(n, case.dtype), case.empty(n, case.dtype), case.empty(n, case.dtype)
    fftw = Fftw(False).plan(case, x, spectrum)
    x[...] = np.random.default_rng(1).standard_normal((1, n, 2)) @ [1, 1j]
    timed: dict[str, tuple[Timed, Any]] = {
        name: (one.timed(n, x, mine), mine) for name, one in schemes.items() for mine in [np.empty_like(y)]
    }
    timed["FFTW"] = (lambda times: float(timer().time_plan(*fftw, times)), spectrum)
    timed["numpy.fft"] = (_python(lambda: np.fft.fft(x, out=y)), y)
    timed["scipy.fft"] = (_python(lambda: scipy.fft.fft(x)), None)
    seconds = in_turns({name: one for name, (one, _) in timed.items()}, rounds)
    true = _extended(x[0])
    return {
        name: (
            min(seconds[name]),
            0.0 if made is None else float(np.linalg.norm(made[0] - true) / np.linalg.norm(true)),
        )
        for name, (_, made) in timed.items()
    }


def _extended(x: Any) -> Any:
    """The transform by the definition, in extended precision."""
    n = len(x)
    wave = np.exp(-2j * np.arccos(np.longdouble(-1)) * np.arange(n).astype(np.longdouble) / n)
    return np.array([wave[np.arange(n) * k % n] @ x.astype(np.clongdouble) for k in range(n)])


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--sizes", default="64-4096", show_default=True, help="Sizes n, those that the family has.")
@click.option("--largest-leaf", default=64, show_default=True, help="Records to this n are leaves.")
@click.option("--rounds", default=60, show_default=True, help="Turns of all contenders.")
@click.option("--quick", is_flag=True, help="One size and few rounds.")
def main(file, sizes, largest_leaf, rounds, quick):
    """Print the table."""
    if quick:
        sizes, rounds, largest_leaf = "64", 2, 16
    wanted = sizes_of(sizes)
    found = gp_fft.Algorithm.load(file) if file else gp_fft.discover(seed=SEED, generations=GENERATIONS).best
    scheme = found.scheme
    if scheme.family != Family("dft", scheme.family.base):
        raise click.UsageError(f"FFTW is compared on dft, and {file} is a scheme of {scheme.family.title}")
    schemes = {"records as leaves": Written(scheme, leaves_of(scheme, largest_leaf)), "alone": Written(scheme, {})}
    table = Table("n", "T(n)", "T(n) alone", "us", "us alone", "FFTW", "numpy.fft", "scipy.fft", "error", "FFTW's",
                  title=f"{found.solve().closed}: times the speed of each, with records as leaves")  # fmt: skip
    with threadpool_limits(1):
        for n in (size for size in scheme.family.members(max(wanted)) if size in wanted):
            made = measure(n, schemes, rounds)
            ours, error = made["records as leaves"]
            ratios = [f"{made[name][0] / ours:.2f}" for name in ("FFTW", "numpy.fft", "scipy.fft")]
            totals = [str(one.total[n]) for one in schemes.values()]
            both = [f"{1e6 * seconds:.2f}" for seconds in (ours, made["alone"][0])]
            table.add_row(str(n), *totals, *both, *ratios, f"{error:.1e}", f"{made['FFTW'][1]:.1e}")
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
