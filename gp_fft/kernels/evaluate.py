"""Score a whole population in one compiled, parallel call: matrix, errors and operations of every program.

A program is run once on the basis vectors (all columns at a time), so the error is exact over all inputs.
Each worker takes every so-many-th program and has scratch memory of its own; every sum has one fixed order,
so the numbers do not depend on how many threads there are. Over GF(2) sums are counted and then taken modulo 2.
"""

from typing import NamedTuple

import numpy as np
from numba import config, njit
from numpy.typing import ArrayLike, NDArray

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.kernels.deal import deal
from gp_fft.kernels.jit import ALLOCATING, ENTRY, INNER, ONCE
from gp_fft.kernels.packed import Packed, checked

_SLAB = 1 << 17  # float64 numbers of scratch that one worker aims at: 1 MiB, about a second-level cache
_SHARE = 1 << 20  # work (terms times columns, about 400 us) for which one more worker is worth its thread
NUMBERS = np.bool_(False)  # what :func:`run_program` is told where the values are no bits; not a literal
_CORES: int = config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]


class Evaluation(NamedTuple):
    """What one call finds out about each program of a population.

    ``output_errors[k, j]`` is the part of output j in the error: the norm of the difference of row j over the
    norm of the whole target, so that ``errors[k]**2 = sum(output_errors[k]**2)``. An error is never NaN; it
    is infinite where a number overflowed. Counts are operations on the data's field, by the rule of
    ``gp_fft.program.cost``; with fused multiply-add a program costs ``adds + unitless``.
    """

    matrices: NDArray[np.complex128]  # (population, m, n), rows are outputs
    errors: NDArray[np.float64]  # (population,) relative Frobenius errors
    output_errors: NDArray[np.float64]  # (population, m)
    adds: NDArray[np.int64]  # (population,) additions: terms - 1 of each definition
    scales: NDArray[np.int64]  # (population,) distinct (size, reference) with size != 1
    unitless: NDArray[np.int64]  # (population,) definitions that have terms, but none of size 1


class _Goal(NamedTuple):
    """What the programs are measured against."""

    target: NDArray[np.complex128]  # (m, n)
    norm: float  # of the target
    bits: bool  # over GF(2)


class _Scratch(NamedTuple):
    """The memory that the workers write to, each its own first index."""

    values: NDArray[np.float64]  # (workers, definitions, 2, columns) real and imaginary planes
    heads: NDArray[np.int64]  # (workers, references) first counted term of a reference, -1 for none
    links: NDArray[np.int64]  # (workers, terms) next counted term of the same reference


_FAULTS = (
    "",
    "its row pointers do not rise",
    "a reference is neither an input nor an earlier definition",
    "a size is not finite and above zero",
    "a turn is not 0, 1, 2 or 3",
    "an output is not one of its definitions",
    "over GF(2) a coefficient is not 1",
)


def evaluate(packed: Packed, target: ArrayLike, threads: int = 0, bits: bool = False) -> Evaluation:
    """Score every program of ``packed`` against the (m, n) matrix ``target``, real or complex.

    With ``bits`` the programs are over GF(2): matrices are 0 and 1, and so must the target be.

    Runs on at most ``threads`` threads, 0: on as many as NUMBA_NUM_THREADS or the cores allow; their number changes
    nothing.
    Raises :class:`UsageError` for a target that does not fit, :class:`DataError` for a malformed population.
    """
    packed = checked(packed)
    try:
        wanted = np.array(target, np.complex128, order="C")
    except (TypeError, ValueError):
        raise UsageError("the target must be a matrix of numbers") from None
    shape = (packed.outputs.shape[1], packed.inputs)
    if wanted.shape != shape:
        sizes = "x".join(map(str, wanted.shape))
        raise UsageError(f"the target is {sizes}, but the programs compute a {shape[0]}x{shape[1]} matrix")
    if not np.isfinite(wanted).all() or not wanted.any():
        raise UsageError("the target must be a finite matrix that is not zero")
    if bits and not ((wanted == 0) | (wanted == 1)).all():
        raise UsageError("over GF(2) the target must be a matrix of 0 and 1")
    largest = np.abs(wanted).max()
    norm = float(largest * np.linalg.norm(wanted / largest))
    scored, faults = _score(packed, _Goal(wanted, norm, bits), threads)
    if faults.any():
        k = int(np.flatnonzero(faults)[0])
        raise DataError(f"program {k} of the packed population is malformed: {_FAULTS[faults[k]]}")
    return scored


def _score(packed: Packed, goal: _Goal, threads: int) -> tuple[Evaluation, NDArray[np.int64]]:
    """Allocate and run: the evaluation, and for each program 0 or the number of its fault."""
    population, m = packed.outputs.shape
    n = packed.inputs
    work = len(packed.refs) * (n + 16)  # a term costs about as much as 16 columns before its first one
    workers = min(population, threads or _CORES, 1 + work // _SHARE)
    definitions = max(1, int(np.diff(packed.programs).max()))
    terms = int(np.diff(packed.starts[packed.programs]).max())
    columns = min(n, max(1, _SLAB // (2 * definitions)))
    scratch = _Scratch(
        np.empty((workers, definitions, 2, columns)),
        np.empty((workers, n + definitions), np.int64),
        np.empty((workers, terms), np.int64),
    )
    scored = Evaluation(
        np.empty((population, m, n), np.complex128),
        np.empty(population),
        np.empty((population, m)),
        *(np.empty(population, np.int64) for _ in range(3)),
    )
    faults = np.empty(population, np.int64)
    if workers == 1:
        _evaluate_share(packed, goal, scratch, scored, faults, 0, 1)
    else:
        deal(lambda first, step: _evaluate_share(packed, goal, scratch, scored, faults, first, step), workers)
    return scored, faults


@njit(**ENTRY)
def _evaluate_share(packed, goal, scratch, scored, faults, first, step):
    """Evaluate every ``step``-th program from the ``first`` on, which is also the number of the worker."""
    for k in range(first, faults.shape[0], step):
        faults[k] = _evaluate_one(packed, k, goal, scratch, first, scored)


@njit(**ONCE)
def _evaluate_one(packed, k, goal, scratch, worker, scored):
    """Write everything about program ``k`` and return 0, or the number of its fault."""
    fault = _fault(packed, k, goal.bits)
    if fault:
        return fault
    run_program(packed, k, scratch.values[worker], scored.matrices[k], goal.bits)
    scored.errors[k] = measure_errors(scored.matrices[k], goal.target, goal.norm, scored.output_errors[k])
    counts = _count(packed, k, scratch.heads[worker], scratch.links[worker])
    scored.adds[k], scored.scales[k], scored.unitless[k] = counts
    return 0


@njit(**ALLOCATING)
def _fault(packed, k, bits):
    """The number of the first fault in program ``k``, 0 for none; nothing outside its terms is looked at."""
    first, last = packed.programs[k], packed.programs[k + 1]
    begin, end = packed.starts[first], packed.starts[last]
    for row in range(first, last):
        if not begin <= packed.starts[row] <= packed.starts[row + 1] <= end:
            return 1
        known = packed.inputs + row - first
        for t in range(packed.starts[row], packed.starts[row + 1]):
            if not 0 <= packed.refs[t] < known:
                return 2
            if not 0.0 < packed.sizes[t] < np.inf:
                return 3
            if not 0 <= packed.turns[t] <= 3:
                return 4
            if bits and (packed.sizes[t] != 1.0 or packed.turns[t] != 0):
                return 6
    for d in packed.outputs[k]:
        if not 0 <= d < last - first:
            return 5
    return 0


@njit(**INNER)
def run_program(packed, k, values, matrix, bits):
    """Run program ``k`` on the basis vectors, a block of columns at a time; write its (m, n) ``matrix``.

    Over the bits every row is taken modulo 2.
    """
    first = packed.programs[k]
    for left in range(0, packed.inputs, values.shape[2]):
        width = min(values.shape[2], packed.inputs - left)
        for row in range(first, packed.programs[k + 1]):
            d = row - first
            for j in range(width):
                values[d, 0, j] = 0.0
                values[d, 1, j] = 0.0
            for t in range(packed.starts[row], packed.starts[row + 1]):
                size, turn = packed.sizes[t], packed.turns[t]
                if turn >= 2:
                    size = -size
                ref = packed.refs[t]
                if ref >= packed.inputs:
                    _add_term(values, d, ref - packed.inputs, size, turn & 1, width)
                elif left <= ref < left + width:  # input r is the basis vector r: one number
                    values[d, turn & 1, ref - left] += size
            if bits:
                for j in range(width):
                    values[d, 0, j] -= 2.0 * np.floor(0.5 * values[d, 0, j])
        for output in range(matrix.shape[0]):
            d = packed.outputs[k, output]
            for j in range(width):
                matrix[output, left + j] = complex(values[d, 0, j], values[d, 1, j])


@njit(**INNER)
def _add_term(values, to, ref, size, turned, width):
    """Add ``size`` times value ``ref`` to value ``to``, times i if ``turned``."""
    if turned:
        for j in range(width):
            values[to, 0, j] -= size * values[ref, 1, j]
            values[to, 1, j] += size * values[ref, 0, j]
    else:
        for j in range(width):
            values[to, 0, j] += size * values[ref, 0, j]
            values[to, 1, j] += size * values[ref, 1, j]


@njit(**INNER)
def measure_errors(matrix, target, norm, output_errors):
    """Write the error of each output and return that of the whole, each summed from left to right."""
    total = 0.0
    for output in range(matrix.shape[0]):
        square = 0.0
        for j in range(matrix.shape[1]):
            re = (matrix[output, j].real - target[output, j].real) / norm
            im = (matrix[output, j].imag - target[output, j].imag) / norm
            square += re * re + im * im
        if np.isnan(square):
            square = np.inf
        output_errors[output] = np.sqrt(square)
        total += square
    return np.sqrt(total)


@njit(**INNER)
def _count(packed, k, heads, links):
    """Additions, distinct scales and rows without a unit term of program ``k``.

    The scales already met with a reference form a chain of terms, so two sizes are compared as numbers and
    nothing is hashed; the time grows with the distinct sizes of one reference, of which there are few.
    """
    first, last = packed.programs[k], packed.programs[k + 1]
    begin = packed.starts[first]
    adds, scales, unitless = 0, 0, 0
    for ref in range(packed.inputs + last - first):
        heads[ref] = -1
    for row in range(first, last):
        length = packed.starts[row + 1] - packed.starts[row]
        units = 0
        for t in range(packed.starts[row], packed.starts[row + 1]):
            if packed.sizes[t] == 1.0:
                units += 1
                continue
            met = heads[packed.refs[t]]
            while met >= 0 and packed.sizes[begin + met] != packed.sizes[t]:
                met = links[met]
            if met < 0:
                links[t - begin] = heads[packed.refs[t]]
                heads[packed.refs[t]] = t - begin
                scales += 1
        adds += max(length - 1, 0)
        unitless += length > 0 and units == 0
    return adds, scales, unitless
