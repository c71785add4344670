"""The compiled part of mending: the constants of a program that is exact but for drift, so that only rounding is left.

The unknowns are the distinct sizes of a program; sizes that drift has parted are one unknown, and a size that was 1
or a small fraction is that again. They solve M(constants) = F by the Gauss-Newton method: the Jacobian comes from one
run forwards and one backwards (as in ``gp_fft.proof.system``), the residual from a run in double-double arithmetic
(Dekker 1971, "A floating-point technique for extending the available precision"), so that what is kept is the exact
solution rounded once. Where the equations leave constants free (a definition may be scaled at will), the damping of
Levenberg (1944) picks the smallest relative change. The factorisation of the first step serves all of them (chord).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gp_fft.kernels.deal import deal
from gp_fft.kernels.evaluate import NUMBERS, measure_errors, run_program
from gp_fft.kernels.jit import ALLOCATING, ENTRY, INNER, ONCE
from gp_fft.kernels.packed import Packed
from gp_fft.kernels.workbench import SAME

SOUND = 1e-15  # a program whose error is below this is left alone
ROUGH = 1e-7  # one whose error is above this is an approximation, or broken
SOLVED = 1e-15  # residual in double-double below which the constants are those that the program stands for
SPREAD = 100.0  # sizes that differ by no more than this many errors may be one constant that drift has parted
STEPS = 8  # of Gauss-Newton; three are the rule
REST = 1e-19  # relative residual at which they end
DAMPING = 1e-13  # on the normal equations: parts that move the matrix 3e6 times less than others stay as they are
FRACTIONS = 16  # fractions of two numbers up to this are held
ROOM = 1 << 24  # a Jacobian of more numbers is not made


class Fit(NamedTuple):
    """What to compute, as real and imaginary planes (one plane for a real field), in double-double."""

    target: NDArray[np.complex128]  # (m, n)
    high: NDArray[np.float64]  # (m, planes, n)
    low: NDArray[np.float64]  # the same, what rounding took from ``high``
    norm: float


def mend_sizes(
    packed: Packed, fit: Fit, threads: int = 1, stop: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The mended sizes of all terms of a population, and which of its programs were mended.

    A program is changed only if its error lies between SOUND and ROUGH, the refit solves the equations, and the
    error falls; structure, and equality of sizes, stay. Programs are independent, so threads change nothing. What is
    not mended when ``stop`` (1,) int64 is set to 1 from another thread is left as it is.
    """
    count = len(packed.programs) - 1
    trial = packed._replace(sizes=packed.sizes.copy())
    mended = np.zeros(count, np.bool_)
    stop = np.zeros(1, np.int64) if stop is None else stop
    deal(lambda first, step: _mend_part(packed, trial, fit, mended, stop, first, step), min(threads, count))
    return trial.sizes, mended


class _Unknowns(NamedTuple):
    """The constants of a program, unknown ones first, and what the program computes with them; in double-double."""

    which: NDArray[np.int64]  # (terms,) the constant of each term
    high: NDArray[np.float64]  # (constants,)
    low: NDArray[np.float64]
    upper: NDArray[np.float64]  # (n + definitions, planes, n) every value on the basis vectors
    lower: NDArray[np.float64]
    rest: NDArray[np.float64]  # (m, planes n) what the outputs differ from the target by


class _Equations(NamedTuple):
    """The linear equations of a Gauss-Newton step."""

    jacobian: NDArray[np.float64]  # (m, planes n, unknowns)
    factor: NDArray[np.float64]  # (unknowns, unknowns) lower triangle
    stop: NDArray[np.int64]  # (1,), not 0 once all is to end


@njit(**ENTRY)
def _mend_part(packed, trial, fit, mended, stop, first, step):
    """Mend every ``step``-th program from the ``first`` on."""
    for k in range(first, mended.shape[0], step):
        if stop[0] == 0:
            mended[k] = _mend_one(packed, trial, k, fit, stop)


@njit(**ONCE)
def _mend_one(packed, trial, k, fit, stop):
    """Mend program ``k`` in ``trial``, or leave its sizes as they are; tell whether anything changed."""
    definitions = packed.programs[k + 1] - packed.programs[k]
    values = np.empty((definitions, 2, packed.inputs))
    matrix = np.empty(fit.target.shape, np.complex128)
    parts = np.empty(fit.target.shape[0])
    run_program(packed, k, values, matrix, NUMBERS)
    error = measure_errors(matrix, fit.target, fit.norm, parts)
    if not SOUND < error < ROUGH:
        return False
    begin = packed.starts[packed.programs[k]]
    end = packed.starts[packed.programs[k + 1]]
    last = -1.0
    for reach in (max(SAME, SPREAD * error), SAME, 0.0):
        if reach == last or stop[0] != 0:
            continue
        last = reach
        if _refit(packed, k, packed.sizes[begin:end], trial.sizes[begin:end], fit, reach, stop):
            run_program(trial, k, values, matrix, NUMBERS)
            after = measure_errors(matrix, fit.target, fit.norm, parts)
            if after < error:
                return True
    for t in range(begin, end):
        trial.sizes[t] = packed.sizes[t]
    return False


@njit(**INNER)
def _held(size, reach):
    """The fraction of two small numbers that this size stands for, or 0."""
    for below in range(1, FRACTIONS + 1):
        above = np.floor(size * below + 0.5)
        if 0.0 < above <= FRACTIONS and abs(size - above / below) <= reach * size:
            return above / below
    return 0.0


@njit(**ALLOCATING)
def _ascending(sizes):
    """The order of the sizes, by the method of Shell (1959): to compile that of numpy takes two seconds."""
    order = np.empty(sizes.shape[0], np.int64)
    for t in range(sizes.shape[0]):
        order[t] = t
    gap = (sizes.shape[0] + 1) // 2
    while gap > 0:
        for t in range(gap, sizes.shape[0]):
            here = order[t]
            at = t
            while at >= gap and sizes[order[at - gap]] > sizes[here]:
                order[at] = order[at - gap]
                at -= gap
            order[at] = here
        gap = (gap + 1) // 3
    return order


@njit(**ALLOCATING)
def _constants(sizes, reach, high, which):
    """Write the constants that the sizes stand for, unknown ones first, and which one each term has; their numbers.

    Returns (unknown, all): in ascending order sizes that follow each other within ``reach`` (relative) are one.
    """
    first = np.empty(sizes.shape[0])  # the least size of each constant
    heads = np.empty(sizes.shape[0], np.int64)
    count = 0
    last = 0.0
    for t in _ascending(sizes):
        if count == 0 or sizes[t] - last > reach * sizes[t]:
            first[count] = sizes[t]
            count += 1
        heads[t] = count - 1
        last = sizes[t]
    place = np.empty(count, np.int64)
    unknown = 0
    held = count
    for c in range(count):
        fraction = _held(first[c], reach)
        if fraction == 0.0:
            place[c] = unknown
            high[unknown] = first[c]
            unknown += 1
        else:
            held -= 1
            place[c] = held
            high[held] = fraction
    for t in range(sizes.shape[0]):
        which[t] = place[heads[t]]
    return unknown, count


@njit(**ONCE)
def _refit(packed, k, sizes, out, fit, reach, stop):
    """Solve for the constants of program ``k`` and write the sizes to ``out``; tell whether that solved it."""
    which = np.empty(sizes.shape[0], np.int64)
    high = np.empty(sizes.shape[0])
    unknown, count = _constants(sizes, reach, high, which)
    m, planes, n = fit.high.shape
    if m * planes * n * unknown > ROOM:
        return False
    high = high[:count]
    low = np.zeros(count)
    definitions = packed.programs[k + 1] - packed.programs[k]
    unknowns = _Unknowns(
        which,
        high,
        low,
        np.zeros((n + definitions, planes, n)),
        np.zeros((n + definitions, planes, n)),
        np.empty((m, planes * n)),
    )
    error = _residual(packed, k, unknowns, fit)
    if unknown > 0 and error > REST:
        jacobian = np.zeros((m, planes * n, unknown))
        _differentiate(packed, k, unknowns, jacobian)
        error = _iterate(packed, k, unknowns, fit, _Equations(jacobian, _factorise(jacobian, stop), stop), error)
    for t in range(sizes.shape[0]):
        out[t] = high[which[t]]
        if not 0.0 < out[t] < np.inf:
            return False
    return error < SOLVED and stop[0] == 0


@njit(**ONCE)
def _iterate(packed, k, unknowns, fit, equations, error):
    """Take steps as long as they halve the residual, at least; leave the best constants, and return their residual."""
    unknown = equations.factor.shape[0]
    high = unknowns.high
    low = unknowns.low
    step = np.empty(unknown)
    best = np.empty(unknown)
    for _ in range(STEPS):
        if equations.stop[0] != 0:
            break
        _solve(equations.factor, equations.jacobian, unknowns.rest, step)
        for c in range(unknown):
            best[c] = high[c]
            more = low[c] - step[c] * high[c]
            total = high[c] + more
            low[c] = more - (total - high[c])
            high[c] = total
        after = _residual(packed, k, unknowns, fit)
        if not after < error:
            for c in range(unknown):
                high[c] = best[c]
            return error
        slow = after > 0.5 * error
        error = after
        if slow or error < REST:
            break
    return error


@njit(**INNER)
def _add_product(sums, tails, values, rests, high, low):
    """Add ``(high + low) * (values + rests)`` to ``sums + tails`` in double-double arithmetic."""
    t = 134217729.0 * high
    ha = t - (t - high)
    la = high - ha
    for j in range(sums.shape[0]):
        v = values[j]
        p = high * v
        t = 134217729.0 * v
        hv = t - (t - v)
        lv = v - hv
        e = ((ha * hv - p) + ha * lv + la * hv) + la * lv + (high * rests[j] + low * v)
        s = sums[j] + p
        z = s - sums[j]
        e += (sums[j] - (s - z)) + (p - z) + tails[j]
        sums[j] = s + e
        tails[j] = e - (sums[j] - s)


@njit(**INNER)
def _residual(packed, k, unknowns, fit):
    """Run program ``k`` on the basis vectors; write M - F to ``rest`` and return its norm relative to that of F."""
    which, high, low, upper, lower, rest = unknowns
    n = packed.inputs
    first = packed.programs[k]
    begin = packed.starts[first]
    for v in range(n):
        upper[v, 0, v] = 1.0
    for row in range(first, packed.programs[k + 1]):
        d = n + row - first
        for plane in range(upper.shape[1]):
            for j in range(n):
                upper[d, plane, j] = 0.0
                lower[d, plane, j] = 0.0
        for t in range(packed.starts[row], packed.starts[row + 1]):
            ref = packed.refs[t]
            turn = packed.turns[t]
            c = which[t - begin]
            for plane in range(upper.shape[1]):
                to = plane ^ (turn & 1)
                sign = -1.0 if (turn >= 2) != (turn & 1 == 1 and plane == 1) else 1.0
                _add_product(
                    upper[d, to], lower[d, to], upper[ref, plane], lower[ref, plane], sign * high[c], sign * low[c]
                )
    total = 0.0
    for o in range(rest.shape[0]):
        d = n + packed.outputs[k, o]
        for plane in range(upper.shape[1]):
            for j in range(n):
                x = (upper[d, plane, j] - fit.high[o, plane, j]) + (lower[d, plane, j] - fit.low[o, plane, j])
                rest[o, plane * n + j] = x
                total += (x / fit.norm) * (x / fit.norm)
    return np.sqrt(total)


@njit(**ALLOCATING)
def _differentiate(packed, k, unknowns, jacobian):
    """Write the derivative of every entry by the logarithm of every unknown: ``(m, planes n, unknowns)``.

    A size that multiplies value v and feeds row w moves output y by dy/dw * v; the dy/dw are found from the last
    row to the first.
    """
    which, high, _, upper, _, _ = unknowns
    n = packed.inputs
    planes = upper.shape[1]
    first = packed.programs[k]
    begin = packed.starts[first]
    weights = np.zeros((packed.programs[k + 1] - first, planes, jacobian.shape[0]))
    for o in range(jacobian.shape[0]):
        weights[packed.outputs[k, o], 0, o] = 1.0
    for row in range(packed.programs[k + 1] - 1, first - 1, -1):
        weight = weights[row - first]
        for t in range(packed.starts[row], packed.starts[row + 1]):
            c = which[t - begin]
            size = -high[c] if packed.turns[t] >= 2 else high[c]
            odd = packed.turns[t] & 1
            ref = packed.refs[t]
            if ref >= n:
                _turn_onto(weights[ref - n], weight, size, odd)
            if c < jacobian.shape[2]:
                _move_entries(jacobian, c, weight, upper[ref], size, odd, ref if ref < n else -1)


@njit(**INNER)
def _turn_onto(to, weight, size, odd):
    """Add ``size i^odd weight`` to another weight; both ``(planes, m)``."""
    for plane in range(weight.shape[0]):
        factor = -size if odd == 1 and plane == 1 else size
        for o in range(weight.shape[1]):
            to[plane ^ odd, o] += factor * weight[plane, o]


@njit(**INNER)
def _move_entries(jacobian, c, weight, value, size, odd, only):
    """Add ``size i^odd weight value`` to the column of one unknown; an input (``only`` >= 0) has one entry."""
    planes, n = value.shape
    start = max(only, 0)
    stop = only + 1 if only >= 0 else n
    for o in range(weight.shape[1]):
        for p in range(planes):
            if weight[p, o] == 0.0:
                continue
            for q in range(planes):
                turns = p + q + odd
                factor = -size * weight[p, o] if turns >= 2 else size * weight[p, o]
                offset = (turns & 1) * n
                for j in range(start, stop):
                    jacobian[o, offset + j, c] += factor * value[q, j]


@njit(**ALLOCATING)
def _factorise(jacobian, stop):
    """The Cholesky factor (lower) of the damped normal equations."""
    unknown = jacobian.shape[2]
    a = np.zeros((unknown, unknown))
    for o in range(jacobian.shape[0]):
        if stop[0] != 0:
            return a
        for j in range(jacobian.shape[1]):
            row = jacobian[o, j]
            for c in range(unknown):
                x = row[c]
                if x != 0.0:
                    for d in range(c + 1):
                        a[c, d] += x * row[d]
    largest = 0.0
    for c in range(unknown):
        largest = max(largest, a[c, c])
    for c in range(unknown):
        a[c, c] += DAMPING * largest
    for c in range(unknown):
        for d in range(c + 1):
            total = a[c, d]
            for e in range(d):
                total -= a[c, e] * a[d, e]
            a[c, d] = np.sqrt(total) if c == d else total / a[d, d]
    return a


@njit(**INNER)
def _solve(factor, jacobian, rest, step):
    """Write the relative change of every unknown that the residual asks for (to be subtracted)."""
    unknown = factor.shape[0]
    for c in range(unknown):
        step[c] = 0.0
    for o in range(rest.shape[0]):
        for j in range(rest.shape[1]):
            for c in range(unknown):
                step[c] += jacobian[o, j, c] * rest[o, j]
    for c in range(unknown):
        for d in range(c):
            step[c] -= factor[c, d] * step[d]
        step[c] /= factor[c, c]
    for c in range(unknown - 1, -1, -1):
        for d in range(c + 1, unknown):
            step[c] -= factor[d, c] * step[d]
        step[c] /= factor[c, c]
