"""Bursts: jobs packed for the kernels, run by as many threads as there are, and read back.

A job depends on nothing but its seed and the rows that it names, so the division among threads changes no byte.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gp_fft.kernels.vectors import burst as kernels
from gp_fft.kernels.vectors.layout import WIDTH, Forms
from gp_fft.schemes.forms import Table
from gp_fft.schemes.settings import OPERATORS, ROOM, Asked

CHANCES = {"unfold": 0.3, "merge": 0.3, "mutate": 2.0}
"""How often an operator is drawn, relative to the others of its kind; 1 where nothing is said."""
OUTPUT = {"row": kernels.BEST, "last": kernels.LAST, "pair": kernels.PAIR}


class Results(NamedTuple):
    """What came of jobs: where each ended (2 k) and the best that it met (2 k + 1)."""

    rows: NDArray[np.int64]  # (2 jobs, ROOM, WIDTH)
    length: NDArray[np.int64]
    error: NDArray[np.float64]  # -1: time was over before the job began
    cost: NDArray[np.float64]
    steps: NDArray[np.int64]  # (jobs,)
    tally: NDArray[np.int64]  # (jobs, operators, 3)
    level: NDArray[np.int64]
    root: NDArray[np.int64]


def make_results(jobs: int) -> Results:
    """Room for the results of so many jobs."""
    both = 2 * jobs
    return Results(
        np.zeros((both, ROOM, WIDTH), np.int64),
        np.ones(both, np.int64),
        np.full(both, np.inf),
        np.full(both, np.inf),
        np.zeros(jobs, np.int64),
        np.zeros((jobs, len(OPERATORS), 3), np.int64),
        np.zeros((both, ROOM), np.int64),
        np.zeros(both, np.int64),
    )


def pack(members: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of several drafts as one array, and how many each has."""
    population = np.zeros((len(members), ROOM, WIDTH), np.int64)
    for k, rows in enumerate(members):
        population[k, : len(rows)] = rows
    return population, np.array([len(rows) for rows in members], np.int64)


def chances(settings: Asked) -> NDArray[np.float64]:
    """The chance of every operator, 0 for those that are off."""
    return np.array([CHANCES.get(name, 1.0) if name in settings.operators else 0.0 for name in OPERATORS])


def forms_of(table: Table, settings: Asked) -> Forms:
    """The forms with the switches of the settings."""
    limits = table.arrays.limits.copy()
    limits[5:8] = not settings.sharing, settings.graded, not settings.oracle
    return table.arrays._replace(limits=limits)


def run(
    table: Table,
    settings: Asked,
    members: Sequence[NDArray[np.int64]],
    jobs: NDArray[np.int64],
    heats: NDArray[np.float64],
    shares: NDArray[np.float64],
    stop: NDArray[np.int64],
) -> Results:
    """Run jobs ``(jobs, 6)`` on drafts, at these temperatures (first, last), with these weights of entries."""
    population, counts = pack(members)
    results, forms, chosen = make_results(len(jobs)), forms_of(table, settings), chances(settings)
    threads = max(1, min(settings.threads or os.cpu_count() or 1, len(jobs)))

    def part(first: int, last: int) -> None:
        if settings.oracle:
            kernels.run_jobs(
                first, last, population, counts, jobs, heats, shares, chosen, forms, table.scores, stop, results
            )
            return
        for k in range(first, last):  # each with an oracle of its own, which it replaces by its own answers
            own = table.scores._replace(oracle=table.scores.oracle.copy())
            kernels.run_jobs(k, k + 1, population, counts, jobs, heats, shares, chosen, forms, own, stop, results)

    edges = [len(jobs) * k // threads for k in range(threads + 1)]
    if threads == 1:
        part(0, len(jobs))
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, edges[:-1], edges[1:]))
    return results


def draw(table: Table, settings: Asked, rows: int, seeds: Sequence[int]) -> list[NDArray[np.int64]]:
    """Random rows, one draft for each seed."""
    population = np.zeros((len(seeds), ROOM, WIDTH), np.int64)
    counts = np.full(len(seeds), rows, np.int64)
    kernels.draw_population(population, counts, np.array(seeds, np.int64), forms_of(table, settings))
    return [population[k, :rows].copy() for k in range(len(seeds))]
