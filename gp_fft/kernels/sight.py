"""What a walk among approximate programs sees: what every value computes, what every value is for, and what is missing.

A program is linear in each of its coefficients. So one pass forwards (what each value is of the inputs) and one
backwards (what each output has of each value) tell what the matrix gains or loses by any change of one coefficient,
without making it: reverse accumulation (Linnainmaa 1976).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER, ONCE
from gp_fft.kernels.order import ALL, sort_rows
from gp_fft.kernels.refit import coefficient, evaluate_row
from gp_fft.kernels.rules import ONE_FACTOR
from gp_fft.kernels.workbench import INPUTS, ROWS, SCALING
from gp_fft.transforms.enclosure import NEARLY
from gp_fft.transforms.fitting import SANE

TINY = 1e-300  # the least squared norm of a row, so that nothing is divided by 0
NOTHING = 1e-26  # a squared relative error below this is none
TOTAL, LENGTHS, WORST_OUTPUT, WORST_ENTRY = range(4)
"""How the error is measured: by all entries together, the same with rows that are free brought to the length of the
target's rather than fitted, by the worst row, each against its own row of the target, by the worst entry."""


class Sight(NamedTuple):
    """The aim and what is seen of it; arrays that :func:`look` fills, all but the first seven."""

    skew: float  # what the squared cosines between the rows count beside the error; 0: nothing
    limit: float  # the most of that mean which a program that is kept may have
    measure: int  # TOTAL, LENGTHS, WORST_OUTPUT or WORST_ENTRY
    rows: np.ndarray  # (m,) float64: the weights of the rows, their roots
    target: np.ndarray  # (m, n) complex128, inputs and rows weighed
    basis: np.ndarray  # (n, n) complex128: the inputs themselves, weighed
    norms: np.ndarray  # (m,) float64: squared norm of each row of the target
    largest: float  # the square of its largest entry
    vectors: np.ndarray  # (values, n) complex128: each value over the inputs
    adjoints: np.ndarray  # (values, m) complex128: how much of each value is in each output, times its factor
    rest: np.ndarray  # (m, n) complex128: target minus matrix, whose rows are taken times their factors
    outputs: np.ndarray  # (m,) int64: the row of each output
    factors: np.ndarray  # (m,) float64: what is free at the outputs, fitted
    heads: np.ndarray  # (terms,) int64: of each parameter a term; see products.py
    next: np.ndarray  # (terms,) int64: the next term of the same parameter
    sizes: np.ndarray  # (terms,) float64: the parameters before a change
    normal: np.ndarray  # (MOST, MOST) float64
    right: np.ndarray  # (MOST,) float64
    sums: np.ndarray  # (MOST, m) complex128: what an output has of each parameter


@njit(**INNER)
def squared(vectors, row):
    """The squared norm of one row."""
    total = 0.0
    for j in range(vectors.shape[1]):
        v = vectors[row, j]
        total += v.real * v.real + v.imag * v.imag
    return total


@njit(**INNER)
def alike(s, one, other):
    """The product of the vectors of two values, the second one conjugated."""
    total = complex(0.0, 0.0)
    for j in range(s.vectors.shape[1]):
        total += s.vectors[one, j] * s.vectors[other, j].conjugate()
    return total


@njit(**ONCE)
def _forwards(b, s, rows):
    inputs = b.state[INPUTS]
    n = s.target.shape[1]
    for i in range(inputs):
        for j in range(n):
            s.vectors[i, j] = s.basis[i, j]
    for k in range(rows):
        evaluate_row(b, s.vectors, b.values[k].pair_a)


@njit(**ONCE)
def _backwards(b, s, rows):
    inputs = b.state[INPUTS]
    m = s.target.shape[0]
    for i in range(inputs):
        for j in range(m):
            s.adjoints[i, j] = 0.0
    for k in range(rows):
        row = b.values[k].pair_a
        for j in range(m):
            s.adjoints[row, j] = 0.0
        output = b.values[row].output
        if output >= 0:
            s.adjoints[row, output] = s.factors[output]
    for k in range(rows - 1, -1, -1):
        row = b.values[k].pair_a
        slot = b.values[row].first
        while slot >= 0:
            t = b.terms[slot]
            c = coefficient(t.size, t.turn)
            for j in range(m):
                s.adjoints[t.ref, j] += c * s.adjoints[row, j]
            slot = t.next


@njit(**INNER)
def _sane(factor):
    """Is this a factor that would be fitted? Others are 1, as in ``transforms/fitting.py``."""
    return 1.0 / SANE < abs(factor) < SANE


@njit(**ONCE)
def _fit_factors(b, s):
    """What each row of the matrix is multiplied by: its weight, and what is free at the outputs, fitted."""
    one_along = 0.0
    one_norm = 0.0
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        output = b.values[row].output
        if output >= 0:
            along = 0.0
            norm = 0.0
            for j in range(s.target.shape[1]):
                f = s.target[output, j]
                v = s.vectors[row, j]
                along += f.real * v.real + f.imag * v.imag
                norm += v.real * v.real + v.imag * v.imag
            one_along += s.rows[output] * along
            one_norm += s.rows[output] * s.rows[output] * norm
            s.factors[output] = s.rows[output]
            if b.state[SCALING] > ONE_FACTOR and norm > 0.0:
                if s.measure == LENGTHS:
                    length = np.sqrt(s.norms[output] / norm)
                    s.factors[output] = -length if along < -NEARLY * length * norm else length
                elif _sane(along / (norm * s.rows[output])):
                    s.factors[output] = along / norm
    if b.state[SCALING] == ONE_FACTOR and one_norm > 0.0 and _sane(one_along / one_norm):
        for i in range(s.target.shape[0]):
            s.factors[i] *= one_along / one_norm


@njit(**INNER)
def skewness(s):
    """The mean over the outputs of the squared cosines with all others: 0 where the rows are orthogonal."""
    total = 0.0
    for i in range(s.outputs.shape[0]):
        one = squared(s.vectors, s.outputs[i])
        for k in range(i):
            other = squared(s.vectors, s.outputs[k])
            both = alike(s, s.outputs[i], s.outputs[k])
            if one > 0.0 and other > 0.0:
                total += (both.real * both.real + both.imag * both.imag) / (one * other)
    return 2.0 * total / s.outputs.shape[0]


@njit(**ONCE)
def _see(b, s):
    """Compute what is missing; return the squared error, relative."""
    total = 0.0
    norm = 0.0
    worst = 0.0
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        output = b.values[row].output
        if output >= 0:
            error = 0.0
            factor = s.factors[output]
            largest = 0.0
            for j in range(s.target.shape[1]):
                d = s.target[output, j] - factor * s.vectors[row, j]
                s.rest[output, j] = d
                size = d.real * d.real + d.imag * d.imag
                error += size
                largest = max(largest, size)
            s.outputs[output] = row
            total += error
            norm += s.norms[output]
            worst = max(worst, error / s.norms[output] if s.measure == WORST_OUTPUT else largest)
    error = total / norm
    if s.measure == WORST_ENTRY:
        error = worst / s.largest
    elif s.measure == WORST_OUTPUT:
        error = worst
    return error + s.skew * skewness(s) if s.skew > 0.0 else error


@njit(**INNER)
def look(b, s):
    """Compute what every value is, what it is for and what is missing; return the squared error, relative."""
    rows = sort_rows(b, ALL)
    _forwards(b, s, rows)
    _fit_factors(b, s)
    _backwards(b, s, rows)
    return _see(b, s)


@njit(**INNER)
def missed(s, shares, k, value):
    """What the rest has of ``value`` in the outputs, taken with the shares ``(.., m)`` number k of these."""
    total = complex(0.0, 0.0)
    for i in range(s.rest.shape[0]):
        a = shares[k, i]
        if a.real != 0.0 or a.imag != 0.0:
            part = complex(0.0, 0.0)
            for j in range(s.rest.shape[1]):
                part += s.rest[i, j] * s.vectors[value, j].conjugate()
            total += a.conjugate() * part
    return total


@njit(**INNER)
def pull(s, row, value):
    """What the rest has of ``value`` in place of a term of ``row``: the best coefficient times :func:`weight`."""
    return missed(s, s.adjoints, row, value)


@njit(**INNER)
def weight(s, row, value):
    """By what the squared error grows with the square of the coefficient of ``value`` in ``row``."""
    return squared(s.adjoints, row) * squared(s.vectors, value)
