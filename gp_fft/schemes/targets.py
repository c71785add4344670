"""Incremental targets: another way to a vector of a right scheme, while the rest of the scheme stands still.

A vector of the cheapest right scheme is drawn and climbed to from random expressions, at whatever length it has. What
gets there takes its place, and the scheme that comes of it is right, too; whether it is cheaper is for the islands to
find out. Evolution towards what is there already, piece by piece: L. Altenberg, "Evolving better representations
through selective genome growth" (1994).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gp_fft.evolution.state import State
from gp_fft.kernels.rng import child_seed
from gp_fft.kernels.vectors.layout import AIM, CALL, SUM, VECTORS
from gp_fft.schemes import bursts
from gp_fft.schemes.draft import CLEAN, Draft
from gp_fft.schemes.forms import Table
from gp_fft.schemes.settings import ROOM, ROWS, Asked

TRIES, STEPS = 4, 1000  # climbs of one generation, and the steps of each


def aimed(tables: Table, settings: Asked, state: State[Draft], stop: NDArray[np.int64]) -> tuple[list[Draft], int]:
    """Right schemes that came of climbs to vectors of the cheapest right one, and how many steps were taken."""
    parent = state.best_exact()
    if parent is None or len(parent.rows) < 3:
        return [], 0
    draws = np.random.default_rng(np.random.SeedSequence([settings.seed, 5, state.generation]))
    found, steps = list[Draft](), 0
    for k in range(TRIES):
        at = int(draws.integers(1, len(parent.rows) - 1))
        seeds = [int(child_seed(settings.seed, stream, state.generation, k)) for stream in (5, 6)]
        start = bursts.draw(tables, settings, settings.rows or ROWS[tables.family.base], seeds[:1])
        jobs = np.array([[0, -1, seeds[1], STEPS, 1, bursts.OUTPUT[settings.output]]])
        towards = goal(tables, parent.rows, at)
        if not np.isfinite(towards.scores.share).all():
            continue  # it is nothing
        done = bursts.run(towards, settings, start, jobs, np.zeros((1, 2)), towards.scores.share[None, :], stop)
        steps += int(done.steps[0])
        if done.error[1] == 0.0:
            made = spliced(parent.rows, at, done.rows[1, : done.length[1]], tables.arrays.arity)
            draft = _cleaned(tables, settings, parent, made, stop) if len(made) < ROOM else None
            found += [] if draft is None or draft.key == parent.key else [draft]
    return found, steps


def goal(tables: Table, rows: NDArray[np.int64], at: int) -> Table:
    """The table with row ``at`` of a right scheme for what is wanted; where that is nothing its shares are infinite."""
    level, wanted = vectors(tables, rows[: at + 1])
    scores = tables.scores
    share = np.zeros_like(scores.share)
    for s, n in enumerate(scores.sizes.tolist()):
        places = _places(tables, s, n // tables.family.prime ** level[at])
        size = np.sum(np.abs(wanted[at, places]) ** 2)
        share[places] = 1 / (len(scores.sizes) * size) if size > 0.0 else np.inf
    limits = tables.arrays.limits.copy()
    limits[AIM] = level[at]
    scores = scores._replace(wanted=wanted[at].copy(), share=share)
    return replace(tables, arrays=tables.arrays._replace(limits=limits), scores=scores)


def _places(tables: Table, s: int, length: int) -> NDArray[np.int64]:
    """Where the entries of vectors of a length stand, of those at size s: ``(vectors * length,)``."""
    n, several = int(tables.scores.sizes[s]), int(tables.arrays.limits[VECTORS])
    starts = int(tables.scores.start[s]) + n * np.arange(several)
    return np.asarray((starts[:, None] + np.arange(length)).ravel())


def vectors(tables: Table, rows: NDArray[np.int64]) -> tuple[list[int], NDArray[np.complex128]]:
    """The levels of rows and their vectors as the kernels have them, ``(rows, total)``, calls being right."""
    forms, scores, prime = tables.arrays, tables.scores, tables.family.prime
    values, levels = np.zeros((len(rows), len(scores.given)), np.complex128), [0]
    values[0] = scores.given
    for i, row in enumerate(rows[1:].tolist(), 1):
        above, form = levels[row[1]], row[0]
        levels.append(above + int(forms.change[form]))
        for s, n in enumerate(scores.sizes.tolist()):
            taken, put = _places(tables, s, n // prime**above), _places(tables, s, n // prime ** levels[i])
            length = n // prime ** levels[i]
            parts = np.stack(
                [1j ** row[2 + 2 * p] * values[row[1 + 2 * p], taken] for p in range(int(forms.arity[form]))]
            ).reshape(int(forms.arity[form]), -1, n // prime**above)
            if forms.kind[form] == SUM:
                made = parts[0] + parts[1]
            elif forms.kind[form] == CALL:
                place = int(scores.matrix[levels[i], s])
                made = parts[0] @ scores.oracle[place : place + length**2].reshape(length, length).T
            else:
                at = slice(int(forms.place[form, levels[i], s]), int(forms.place[form, levels[i], s]) + length)
                made = (forms.weight[at, None] * parts.swapaxes(1, 2)[forms.part[at], forms.source[at]]).T
            values[i, put] = made.ravel()
    return levels, values


def spliced(rows: NDArray[np.int64], at: int, made: NDArray[np.int64], arity: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of a scheme with row ``at`` replaced by what the last row of another one computes."""
    inner, outer = made[1:].copy(), rows[at + 1 :].copy()
    for row in inner:
        for p in range(int(arity[row[0]])):
            row[1 + 2 * p] += (at - 1) * (row[1 + 2 * p] > 0)
    for row in outer:
        for p in range(int(arity[row[0]])):
            row[1 + 2 * p] += (len(inner) - 1) * (row[1 + 2 * p] >= at)
    return np.concatenate([rows[:at], inner, outer])


def _cleaned(
    tables: Table, settings: Asked, parent: Draft, rows: NDArray[np.int64], stop: NDArray[np.int64]
) -> Draft | None:
    """The canonical form of rows as a right scheme that islands may begin with; None if it is none."""
    jobs = np.array([[0, -1, 0, 0, 1, bursts.OUTPUT["last"]]])
    done = bursts.run(tables, settings, [rows], jobs, np.zeros((1, 2)), tables.scores.share[None, :], stop)
    if done.error[1] != 0.0:
        return None
    kept = done.rows[1, : done.length[1]].copy()
    return Draft(tables, kept, CLEAN, 0, 0.0, float(done.cost[1]), True, parent.lineage)
