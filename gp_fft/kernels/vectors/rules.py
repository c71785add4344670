"""Rewrites of a scheme: the same transform from another expression, for every n at once.

They are the identities of linear maps (what is linear goes through a sum, a sum of vectors that were put together is
put together of sums, brackets of a sum may move), that of twiddles (a twiddle of a concatenation is one of its parts
times a constant), and that of the recursion: a call is the scheme itself, on a shorter vector. None knows an FFT.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.vectors.canon import begin, find_form, finish, power, put_join, put_one, put_row, put_sum
from gp_fft.kernels.vectors.layout import (
    BLOCK,
    CALL,
    CONCATENATE,
    COSINE,
    DEEPEST,
    INTERLEAVE,
    ORDER,
    PRIME,
    ROOT,
    STRIDE,
    SUM,
    TWIDDLE,
)

DISTRIBUTE, FACTOR, SPLIT, GATHER, REGROUP, COMMUTE, UNFOLD, MERGE = range(8)


@njit(**INNER)
def rebuild(rows, count, x, rule, book, forms, stream):
    """Write the scheme, rewritten by a rule at row x, into the book; whether the rule applies there."""
    begin(book)
    applied = False
    first, second = np.int64(-1), np.int64(-1)
    for i in range(1, count):
        where, turned = np.int64(-1), np.int64(0)
        if i == x:
            where, turned = rewritten(rows, count, x, rule, book, forms, stream)
            applied = where >= 0
            if not applied:
                return False
            if rule == DISTRIBUTE:
                below = book.rows[book.where[rows[x, 1]]]
                first, second = below[1], below[3]
        elif rule == DISTRIBUTE and applied and rows[i, 0] == rows[x, 0]:
            a = book.where[rows[i, 1]]  # the same form of another sum of the same two
            below = book.rows[a]
            if a > 0 and forms.kind[below[0]] == SUM and below[1] == first and below[3] == second:
                where, turned = distribute(book, rows[i, 0], a, rows[i, 2] + book.turned[rows[i, 1]], forms)
        if where < 0:
            where, turned = put_row(book, rows[i], book.where, book.turned, forms)
        book.where[i], book.turned[i] = where, turned % 4
    finish(book, book.where[count - 1], book.turned[count - 1], forms)
    return book.failed[0] == 0


@njit(**INNER)
def rewritten(rows, count, x, rule, book, forms, stream):
    """The row and turn in the book that row x becomes by a rule, -1 if it does not apply."""
    form = rows[x, 0]
    a, s = book.where[rows[x, 1]], rows[x, 2] + book.turned[rows[x, 1]]
    below = book.rows[a, 0]
    nothing = (np.int64(-1), np.int64(0))
    if forms.kind[form] == SUM:
        b, t = book.where[rows[x, 3]], rows[x, 4] + book.turned[rows[x, 3]]
        if draw_below(stream, 2):
            a, s, b, t = b, t, a, s
        if rule == FACTOR:
            return factor(book, a, s, b, t, forms)
        if rule == SPLIT:
            return split(book, a, s, b, t, forms, stream)
        if rule == REGROUP:
            return regroup(book, a, s, b, t, forms, stream)
        return nothing
    if forms.arity[form] > 1:
        return gather(rows[x], book, forms, stream) if rule == GATHER else nothing
    if a > 0 and rule == DISTRIBUTE and forms.kind[below] == SUM:
        return distribute(book, form, a, s, forms)
    if a > 0 and rule == COMMUTE:
        return commute(book, form, a, s, forms)
    if rule == UNFOLD and forms.kind[form] == CALL:
        return unfold(rows, count, a, s, book, forms)
    return nothing


@njit(**INNER)
def distribute(book, form, a, s, forms):
    """What is linear goes through a sum."""
    left, right, turn = book.rows[a, 1], book.rows[a, 3], book.rows[a, 4]
    one, first = put_one(book, form, left, s + book.rows[a, 2], forms)
    two, second = put_one(book, form, right, s + turn, forms)
    return put_sum(book, one, first % 4, two, second % 4, forms)


@njit(**INNER)
def factor(book, a, s, b, t, forms):
    """The same form of two vectors is that of their sum."""
    form = book.rows[a, 0]
    if a == 0 or b == 0 or book.rows[b, 0] != form or forms.arity[form] != 1:
        return np.int64(-1), np.int64(0)
    total, turn = put_sum(
        book, book.rows[a, 1], (s + book.rows[a, 2]) % 4, book.rows[b, 1], (t + book.rows[b, 2]) % 4, forms
    )
    return put_one(book, form, total, turn, forms)


@njit(**INNER)
def split(book, a, s, b, t, forms, stream):
    """A sum with a vector that was put together of parts is put together of sums of parts."""
    join = book.rows[a, 0]
    if a == 0 or forms.arity[join] < 2 or forms.kind[join] == SUM:
        return np.int64(-1), np.int64(0)
    take = STRIDE if forms.action[join] == INTERLEAVE else BLOCK
    if find_form(take, forms.span[join], 0, forms) < 0:
        return np.int64(-1), np.int64(0)
    arity = forms.arity[join]
    for p in range(arity):
        other, turn = put_one(book, find_form(take, forms.span[join], p, forms), b, t, forms)
        book.refs[p], book.turns[p] = put_sum(
            book, book.rows[a, 1 + 2 * p], (s + book.rows[a, 2 + 2 * p]) % 4, other, turn % 4, forms
        )
    return put_join(book, join, book.refs, book.turns, forms)


@njit(**INNER)
def gather(row, book, forms, stream):
    """A vector that was put together of sums is the sum of two that were put together."""
    arity = forms.arity[row[0]]
    for p in range(arity):
        a = book.where[row[1 + 2 * p]]
        if a == 0 or forms.kind[book.rows[a, 0]] != SUM:
            return np.int64(-1), np.int64(0)
    one, first = np.int64(0), np.int64(0)
    flips = draw_below(stream, 1 << arity)
    for side in range(2):
        for p in range(arity):
            a = book.where[row[1 + 2 * p]]
            at = 1 + 2 * (side ^ ((flips >> p) & 1))
            book.refs[p] = book.rows[a, at]
            book.turns[p] = (row[2 + 2 * p] + book.turned[row[1 + 2 * p]] + book.rows[a, at + 1]) % 4
        two, second = put_join(book, row[0], book.refs, book.turns, forms)
        if side == 0:
            one, first = two, second
    return put_sum(book, one, first, two, second, forms)


@njit(**INNER)
def regroup(book, a, s, b, t, forms, stream):
    """(c + d) + b is c + (d + b)."""
    if a == 0 or forms.kind[book.rows[a, 0]] != SUM:
        return np.int64(-1), np.int64(0)
    side = 2 * draw_below(stream, 2)
    c, u = book.rows[a, 1 + side], (s + book.rows[a, 2 + side]) % 4
    d, v = book.rows[a, 3 - side], (s + book.rows[a, 4 - side]) % 4
    total, turn = put_sum(book, d, v, b, t % 4, forms)
    return put_sum(book, c, u, total, turn % 4, forms)


@njit(**INNER)
def times_root(book, a, s, numerator, denominator, cosine, forms):
    """A row times w_denominator**numerator, with its turn; -1 where that is neither a turn nor a form."""
    numerator %= denominator
    if 4 * numerator % denominator == 0:
        quarters = 4 * numerator // denominator
        if cosine and quarters % 2:
            return np.int64(-1), np.int64(0)
        return a, (s - quarters) % 4
    order = forms.limits[ORDER]
    form = np.int64(-1)
    if not cosine and numerator * order % denominator == 0:
        form = find_form(ROOT, 0, numerator * order // denominator, forms)
    if form < 0:
        return np.int64(-1), np.int64(0)
    return put_one(book, form, a, s, forms)


@njit(**INNER)
def commute(book, form, a, s, forms):
    """A twiddle of a concatenation is one of twiddles; a block, or the first stride, of a twiddle is twiddled."""
    below, nothing = book.rows[a, 0], (np.int64(-1), np.int64(0))
    action, under, prime = forms.action[form], forms.action[below], forms.limits[PRIME]
    if (action in (TWIDDLE, COSINE)) and under == CONCATENATE:
        parts = power(prime, book.level[a] + forms.span[below])
        for p in range(forms.arity[below]):
            one, turn = put_one(book, form, book.rows[a, 1 + 2 * p], s + book.rows[a, 2 + 2 * p], forms)
            number = forms.number[form] * p
            one, turn = times_root(book, one, turn, number, parts, action == COSINE, forms)
            if one < 0:
                return nothing
            book.refs[p], book.turns[p] = one, turn % 4
        return put_join(book, below, book.refs, book.turns, forms)
    if action == BLOCK and (under in (TWIDDLE, COSINE)):
        one, turn = put_one(book, form, book.rows[a, 1], s + book.rows[a, 2], forms)
        two, second = put_one(book, below, one, turn, forms)
        number, parts = forms.number[below] * forms.number[form], power(prime, book.level[a] + forms.span[form])
        return times_root(book, two, second, number, parts, under == COSINE, forms)
    if action == STRIDE and forms.number[form] == 0 and under == TWIDDLE:
        other = find_form(TWIDDLE, 0, forms.number[below] * power(prime, forms.span[form]), forms)
        if other < 0:
            return nothing
        one, turn = put_one(book, form, book.rows[a, 1], s + book.rows[a, 2], forms)
        return put_one(book, other, one, turn, forms)
    return nothing


@njit(**INNER)
def unfold(rows, count, a, s, book, forms):
    """A call is the scheme on a shorter vector: what it weighs by w_n there, it weighs by a power of w_n here."""
    down = book.level[a]
    times, inner, inner_turn = power(forms.limits[PRIME], down), book.inner, book.inner_turn
    inner[0], inner_turn[0] = a, s % 4
    for i in range(1, count):
        form, kept = rows[i, 0], rows[i, 0]
        if forms.action[form] == TWIDDLE or forms.action[form] == COSINE:
            form = np.int64(-1)
            for other in range(len(forms.group)):
                if forms.group[other] == forms.group[kept] and forms.number[other] == forms.number[kept] * times:
                    form = other
        elif forms.change[form] > 0 and book.level[inner[rows[i, 1]]] + forms.change[form] > forms.limits[DEEPEST]:
            form = np.int64(-1)
        if form < 0:
            return np.int64(-1), np.int64(0)
        rows[i, 0] = form
        where, turn = put_row(book, rows[i], inner, inner_turn, forms)
        rows[i, 0] = kept
        inner[i], inner_turn[i] = where, turn % 4
    return inner[count - 1], inner_turn[count - 1]


@njit(**INNER)
def same(one, two, scores):
    """The turn t with one = i**t two, or -1."""
    for turn in range(4):
        off = 0.0
        for k in range(len(scores.given)):
            entry = two[k]
            for _ in range(turn):
                entry = 1j * entry
            rest = one[k] - entry
            off += rest.real * rest.real + rest.imag * rest.imag
            if off > 1e-18:
                break
        if off <= 1e-18:
            return turn
    return -1
