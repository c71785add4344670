"""Least squares inside the kernels: the matrix on the workbench, and the best weights of an output's own terms.

The target acts on a program through errors alone: a refit changes the weights of terms that are already there.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import rounded
from gp_fft.kernels.edits import add_term, drop_term, drop_terms, touch
from gp_fft.kernels.jit import ALLOCATING, INNER
from gp_fft.kernels.order import ALL, sort_rows
from gp_fft.kernels.workbench import BITS, INPUTS, LISTED, ROWS

NEGLIGIBLE = 1e-9  # weights below this are dropped
DEPENDENT = 1e-3  # a column whose part orthogonal to the others is smaller than this (relative) adds nothing


@njit(**INNER)
def coefficient(size, turn):
    """``size i^turn`` as a complex number."""
    if turn == 0:
        return complex(size, 0.0)
    if turn == 1:
        return complex(0.0, size)
    return complex(-size, 0.0) if turn == 2 else complex(0.0, -size)


@njit(**INNER)
def evaluate_row(b, matrix, row):
    """Compute the vector of one row from those of its terms; ``matrix`` is (values, inputs) complex128."""
    for k in range(matrix.shape[1]):
        matrix[row, k] = 0.0
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        c = coefficient(t.size, t.turn)
        for k in range(matrix.shape[1]):
            matrix[row, k] += c * matrix[t.ref, k]
        slot = t.next
    if b.state[BITS] != 0:
        for k in range(matrix.shape[1]):
            matrix[row, k] = np.float64(np.int64(matrix[row, k].real) & 1)


@njit(**INNER)
def evaluate_rows(b, matrix):
    """Compute the vectors of all rows, each after those that it refers to."""
    inputs = b.state[INPUTS]
    for i in range(inputs):
        for k in range(inputs):
            matrix[i, k] = 1.0 if i == k else 0.0
    for k in range(sort_rows(b, ALL)):
        evaluate_row(b, matrix, b.values[k].pair_a)


@njit(**INNER)
def output_errors(b, matrix, target, errors):
    """Squared error of every output: ``errors`` (outputs,) float64."""
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        output = b.values[row].output
        if output >= 0:
            total = 0.0
            for j in range(target.shape[1]):
                d = matrix[row, j] - target[output, j]
                total += d.real * d.real + d.imag * d.imag
            errors[output] = total


@njit(**ALLOCATING)
def refit_row(b, matrix, target, row):
    """Give the terms of an output row their least-squares weights; terms that add nothing to the others are dropped.

    Where constants are listed the weights are rounded to sums of at most ROUNDED of them. Over the bits terms are
    dropped as long as that helps.
    """
    if b.state[BITS] != 0:
        _drop_bits(b, matrix, target, row)
        return
    count = b.values[row].length if b.state[LISTED] == 0 else _merge_apart(b, row)
    if count == 0:
        return
    n = target.shape[1]
    slots = np.empty(count, np.int64)
    basis = np.empty((count, 2 * n))
    upper = np.zeros((count, count))
    weights = np.zeros(count)
    rest = np.empty(2 * n)
    first, last = 0, count
    slot = b.values[row].first
    while slot >= 0:  # inputs first: a definition stays only if it says what the row's inputs do not
        if b.terms[slot].ref < b.state[INPUTS]:
            slots[first] = slot
            first += 1
        else:
            last -= 1
            slots[last] = slot
        slot = b.terms[slot].next
    for j in range(n):
        rest[j] = target[b.values[row].output, j].real
        rest[n + j] = target[b.values[row].output, j].imag
    kept = _orthogonalise(b, matrix, slots, basis, upper, rest, weights)
    _back_substitute(upper, weights, kept)
    refs = np.empty(count, np.int64)
    turns = np.empty(count, np.int64)
    for k in range(count):
        refs[k] = b.terms[slots[k]].ref
        turns[k] = b.terms[slots[k]].turn & 1
    touch(b, row)
    drop_terms(b, row)
    for k in range(count):
        if kept[k] and abs(weights[k]) > NEGLIGIBLE:
            size = abs(weights[k]) if b.state[LISTED] == 0 else rounded(b, abs(weights[k]))
            if size > 0.0:
                add_term(b, row, refs[k], size, turns[k] + (2 if weights[k] < 0 else 0))


@njit(**INNER)
def _merge_apart(b, row):
    """Drop all but one of the terms of each reference and axis, which a refit weighs as one; return how many stay."""
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        other = t.next
        while other >= 0:
            after = b.terms[other].next
            if b.terms[other].ref == t.ref and ((b.terms[other].turn ^ t.turn) & 1) == 0:
                touch(b, row)
                drop_term(b, other)
            other = after
        slot = t.next
    return b.values[row].length


@njit(**INNER)
def _drop_bits(b, matrix, target, row):
    """Drop the term of an output over the bits without which it is nearest to its target, as long as that helps."""
    output = b.values[row].output
    touch(b, row)
    evaluate_row(b, matrix, row)
    while True:
        best = -1
        gain = 0
        slot = b.values[row].first
        while slot >= 0:
            better = 0
            for j in range(target.shape[1]):
                if matrix[b.terms[slot].ref, j].real != 0.0:
                    better += 1 if matrix[row, j].real != target[output, j].real else -1
            if better > gain:
                best = slot
                gain = better
            slot = b.terms[slot].next
        if best < 0:
            return
        drop_term(b, best)
        evaluate_row(b, matrix, row)


@njit(**INNER)
def _dot(basis, k, vector):
    """The product of a basis vector and another of even length, in two sums that need not wait for each other."""
    one = 0.0
    two = 0.0
    for j in range(0, vector.shape[0], 2):
        one += basis[k, j] * vector[j]
        two += basis[k, j + 1] * vector[j + 1]
    return one + two


@njit(**INNER)
def _subtract(vector, factor, basis, k):
    for j in range(vector.shape[0]):
        vector[j] -= factor * basis[k, j]


@njit(**INNER)
def _project(basis, upper, kept, k):
    """Take the parts along the kept vectors before it out of vector k; return the norm of what is left."""
    for i in range(k):
        if kept[i]:
            share = _dot(basis, i, basis[k])
            upper[i, k] += share
            _subtract(basis[k], share, basis, i)
    return np.sqrt(_dot(basis, k, basis[k]))


@njit(**ALLOCATING)
def _orthogonalise(b, matrix, slots, basis, upper, rest, weights):
    """Modified Gram-Schmidt with one repetition (Giraud et al. 2005); tells which columns are independent."""
    count, length = basis.shape
    n = length // 2
    kept = np.zeros(count, np.bool_)
    for k in range(count):
        t = b.terms[slots[k]]
        for j in range(n):
            c = matrix[t.ref, j]
            basis[k, j] = c.real if (t.turn & 1) == 0 else -c.imag
            basis[k, n + j] = c.imag if (t.turn & 1) == 0 else c.real
        before = np.sqrt(_dot(basis, k, basis[k]))
        norm = _project(basis, upper, kept, k)
        if norm < 0.5 * before:  # rounding shows where much was taken away: twice is enough
            norm = _project(basis, upper, kept, k)
        if norm > DEPENDENT * before and norm > 0.0:
            kept[k] = True
            upper[k, k] = norm
            for j in range(length):
                basis[k, j] /= norm
            weights[k] = _dot(basis, k, rest)
            _subtract(rest, weights[k], basis, k)
    for k in range(count):  # a second pass takes up what rounding left in the rest
        if kept[k]:
            more = _dot(basis, k, rest)
            weights[k] += more
            _subtract(rest, more, basis, k)
    return kept


@njit(**INNER)
def _back_substitute(upper, weights, kept):
    for k in range(weights.shape[0] - 1, -1, -1):
        if kept[k]:
            for j in range(k + 1, weights.shape[0]):
                if kept[j]:
                    weights[k] -= upper[k, j] * weights[j]
            weights[k] /= upper[k, k]
