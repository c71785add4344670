"""Random rows, typed by length, and the repair of rows whose arguments do not fit."""

import numpy as np
from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.rng import draw_below, draw_unit
from gp_fft.kernels.vectors.layout import CALL, DEEPEST, STEP, SUM

TRIES = 12


@njit(**INNER)
def fits(form, level, forms):
    """Whether a form can be applied to a first argument of this level."""
    change = forms.change[form]
    if forms.kind[form] == CALL:
        return level > 0 and level % forms.limits[STEP] == 0
    return 0 <= level + change <= forms.limits[DEEPEST]


@njit(**INNER)
def pick(i, wanted, level, stream):
    """A random earlier row of a level, or -1."""
    several = 0
    for j in range(i):
        several += level[j] == wanted
    if several == 0:
        return -1
    left = draw_below(stream, several)
    for j in range(i):
        if level[j] == wanted:
            if left == 0:
                return j
            left -= 1
    return -1


@njit(**INNER)
def draw_form(forms, stream):
    """A random form, each with its chance."""
    at = draw_unit(stream) * forms.chance[-1]
    form = 1
    while forms.chance[form] <= at:
        form += 1
    return form


@njit(**INNER)
def draw_turn(form, forms, stream):
    """A random turn for an argument of a form; those of all but sums stand still."""
    if forms.kind[form] != SUM:
        return np.int64(0)
    return forms.turns[draw_below(stream, len(forms.turns))]


@njit(**INNER)
def draw_arguments(rows, i, level, forms, stream):
    """Give row i random arguments for its form, its first one kept; turns of sums are drawn."""
    form = rows[i, 0]
    wanted = level[rows[i, 1]]
    rows[i, 2] = 0
    alike = forms.arity[form] > 1 and forms.kind[form] != SUM and draw_unit(stream) < 0.5
    for p in range(1, forms.arity[form]):
        rows[i, 1 + 2 * p] = rows[i, 1] if alike else pick(i, wanted, level, stream)
        rows[i, 2 + 2 * p] = draw_turn(form, forms, stream)
    level[i] = wanted + forms.change[form]


@njit(**INNER)
def draw_row(rows, i, level, forms, stream):
    """Make row i a random one."""
    for _ in range(TRIES):
        form = draw_form(forms, stream)
        first = draw_below(stream, i)
        if fits(form, level[first], forms):
            rows[i, 0], rows[i, 1] = form, first
            draw_arguments(rows, i, level, forms, stream)
            return
    rows[i, 0] = 1  # a sum always fits
    rows[i, 1] = draw_below(stream, i)
    draw_arguments(rows, i, level, forms, stream)


@njit(**INNER)
def draw_first(rows, i, level, forms, stream):
    """Another first argument for the form of row i; a row whose form fits no earlier row becomes a random one."""
    for _ in range(TRIES):
        first = draw_below(stream, i)
        if fits(rows[i, 0], level[first], forms):
            rows[i, 1] = first
            return True
    draw_row(rows, i, level, forms, stream)
    return False


@njit(**INNER)
def repair(rows, first, count, level, forms, stream):
    """Bring the rows from ``first`` on to where lengths fit: an argument that does not is drawn anew."""
    for i in range(max(1, first), count):
        form = rows[i, 0]
        misfit = rows[i, 1] >= i or not fits(form, level[rows[i, 1]], forms)
        if misfit and not draw_first(rows, i, level, forms, stream):
            continue
        wanted = level[rows[i, 1]]
        for p in range(1, forms.arity[form]):
            other = rows[i, 1 + 2 * p]
            if other >= i or level[other] != wanted:
                rows[i, 1 + 2 * p] = pick(i, wanted, level, stream)
        level[i] = wanted + forms.change[form]
