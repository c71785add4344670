"""Mutations of a scheme that is not right yet: rows drawn anew, aimed elsewhere, renumbered, copied, duplicated."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import draw_below
from gp_fft.kernels.vectors.layout import SUM, WIDTH
from gp_fft.kernels.vectors.make import draw_arguments, draw_first, draw_row, draw_turn, fits, repair
from gp_fft.kernels.vectors.values import find_levels

REDRAW, RETARGET, RENUMBER, COPY, DUPLICATE, CROSSOVER = range(6)


@njit(**INNER)
def renumber(rows, i, level, forms, stream):
    """Give row i another choice of the same primitive, or another turn; whether there was one."""
    form = rows[i, 0]
    if forms.kind[form] == SUM:
        p = draw_below(stream, 2)
        rows[i, 2 + 2 * p] = draw_turn(form, forms, stream)
        return True
    several = 0
    for other in range(len(forms.group)):
        several += forms.group[other] == forms.group[form] and forms.change[other] == forms.change[form]
    left = draw_below(stream, several)
    for other in range(len(forms.group)):
        if forms.group[other] == forms.group[form] and forms.change[other] == forms.change[form]:
            if left == 0:
                rows[i, 0] = other
            left -= 1
    return rows[i, 0] != form


@njit(**INNER)
def change(rows, count, level, operator, forms, stream):
    """Mutate rows by an operator and mend what does not fit any more; the first row that changed."""
    i = 1 + draw_below(stream, count - 1)
    if operator == REDRAW:
        draw_row(rows, i, level, forms, stream)
    elif operator == RETARGET:
        p = draw_below(stream, forms.arity[rows[i, 0]])
        if p == 0:
            draw_first(rows, i, level, forms, stream)
        else:
            draw_arguments(rows, i, level, forms, stream)
    elif operator == RENUMBER:
        renumber(rows, i, level, forms, stream)
    else:  # a copy of a row, changed a little, in the place of a later one
        j = 1 + draw_below(stream, count - 1)
        i, j = max(i, j), min(i, j)
        for p in range(WIDTH):
            rows[i, p] = rows[j, p]
        if draw_below(stream, 2) or not renumber(rows, i, level, forms, stream):
            draw_first(rows, i, level, forms, stream)
    repair(rows, i, count, level, forms, stream)
    return i


@njit(**INNER)
def need(rows, count, one, other, needed, forms):
    """Mark what two rows ask for, and the input."""
    for i in range(count):
        needed[i] = i in (one, other) or i == 0
    for i in range(count - 1, 0, -1):
        if needed[i]:
            for p in range(forms.arity[rows[i, 0]]):
                needed[rows[i, 1 + 2 * p]] = 1


@njit(**INNER)
def squeeze(rows, count, needed, forms):
    """Take the last row that is not needed out, so that the last place is free; which one, 0 if there is none."""
    gone = count - 1
    while gone > 0 and needed[gone]:
        gone -= 1
    for i in range(gone, count - 1 if gone else 0):
        needed[i] = needed[i + 1]
        for p in range(WIDTH):
            rows[i, p] = rows[i + 1, p]
        for p in range(forms.arity[rows[i, 0]]):
            if rows[i, 1 + 2 * p] >= gone:
                rows[i, 1 + 2 * p] -= 1
    return gone


@njit(**INNER)
def add_row(rows, count, root, other, turn, book, forms):
    """Put the sum of two rows into the last place, for one that neither needs; whether there was such a row."""
    need(rows, count, root, other, book.needed, forms)
    gone = squeeze(rows, count, book.needed, forms)
    if gone == 0:
        return False
    last = rows[count - 1]
    last[0], last[1], last[2] = 1, root - (root > gone), 0
    last[3], last[4] = other - (other > gone), turn
    return True


@njit(**INNER)
def duplicate(rows, count, root, level, book, forms, stream):
    """Copy a row with all that it asks for, and change one of the copies, or put a new row on top (Ohno, 1970).

    The copies come into the last places, for rows that the root does not need; the first row that changed.
    """
    needed, cone, place = book.needed, book.where, book.inner
    top = 1 + draw_below(stream, count - 1)
    need(rows, top + 1, top, top, cone, forms)
    size = 0
    for i in range(1, top + 1):
        size += cone[i]
    need(rows, count, root, top, needed, forms)
    free = 0
    for i in range(1, count):
        free += needed[i] == 0
    size += 1  # the row on top
    if size > free:
        return count
    for i in range(count):
        place[i] = i
    for _k in range(size):
        gone = squeeze(rows, count, needed, forms)
        needed[count - 1] = 1
        for i in range(count):
            place[i] -= place[i] > gone
    at = count - size
    for i in range(1, top + 1):
        if cone[i]:
            book.inner_turn[i] = at
            for p in range(WIDTH):
                rows[at, p] = rows[place[i], p]
            for p in range(forms.arity[rows[at, 0]]):
                a = rows[at, 1 + 2 * p]
                for j in range(1, i):
                    if cone[j] and place[j] == a:
                        rows[at, 1 + 2 * p] = book.inner_turn[j]
                        break
            at += 1
    find_levels(rows, at, level, forms)
    varied = count - size + draw_below(stream, size - 1)
    if draw_below(stream, 4) == 0:
        draw_first(rows, varied, level, forms, stream)
    else:
        renumber(rows, varied, level, forms, stream)
    repair(rows, varied, at, level, forms, stream)
    draw_row(rows, at, level, forms, stream)
    if fits(rows[at, 0], level[at - 1], forms) and forms.arity[rows[at, 0]] == 1:
        rows[at, 1] = at - 1
    find_levels(rows, count, level, forms)
    return np.int64(1)
