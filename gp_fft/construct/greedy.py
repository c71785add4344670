"""Greedy pruning of an exact program: give up again and again what costs least error for each operation saved.

What can be given up is a term, or the constant of a product, which becomes 1 or another that the set lists. The error
that follows is known to all candidates at once (see :mod:`gp_fft.construct.slopes`); the best of them by that are made,
counted and, with a refit, fitted before one is taken. Close to pruning by saliency in neural networks (Y. LeCun,
J. S. Denker and S. A. Solla, Optimal brain damage, 1990; B. Hassibi and D. G. Stork, Optimal brain surgeon, 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gp_fft.construct.baseline import Rows, Task
from gp_fft.construct.refit import refit, target_of
from gp_fft.construct.slopes import Array, Slopes, products
from gp_fft.program import Program
from gp_fft.program.cost import cost

MADE = 10  # candidates that are made, and refitted, at each step
FLAT = 1e-12  # what is lost below this is nothing


@dataclass(frozen=True)
class Cut:
    """A program that does less than the one before, or is nearer at the same cost."""

    program: Program
    before: float  # the squared error of the one before, relative
    error: float  # and its own
    saved: float  # operations


Score = Callable[[Cut], float]
"""How bad a cut is; the least is taken."""


def _per_operation(cut: Cut) -> float:
    """What is lost for each operation saved."""
    lost = cut.error - cut.before
    return 0.0 if lost < FLAT else lost / cut.saved if cut.saved else lost


def _at_all(cut: Cut) -> float:
    """What is lost, however much it saves."""
    return max(0.0, cut.error - cut.before)


def prune(task: Task, program: Program, refits: bool) -> Iterator[Program]:
    """The programs on the way from an exact program down to one that does nothing, and those that stood to choice.

    The way is gone twice: by the error for each operation saved, and by the error alone.
    """
    start = task.program(list(program.rows()), program.outputs.tolist())
    if start is None:
        return
    for score in (_per_operation, _at_all):
        yield from _way(task, start, score, refits=False, fits=refits)
        if refits and task.chosen.constants is None:
            yield from _way(task, _fitted(task, start), score, refits=True)


def _way(task: Task, current: Program, score: Score, refits: bool, fits: bool = False) -> Iterator[Program]:
    """One way down; where it does without refits each program that it passes is fitted beside it if ``fits``."""
    yield current
    while cuts := list(_cuts(task, current, score, refits)):
        yield from (cut.program for cut in cuts)
        current = min(cuts, key=lambda cut: (score(cut), cut.error)).program
        if fits:
            yield _fitted(task, current)


def _cuts(task: Task, program: Program, score: Score, refits: bool) -> Iterator[Cut]:
    """The most promising programs that are cheaper, or nearer for the same cost, measured."""
    before, error = cost(program, task.model), _error(task, program)
    outputs, named = program.outputs.tolist(), list[tuple[float, float, int, Rows]]()
    for place, (after, rows) in enumerate(_candidates(task, list(program.rows()), outputs)):
        cut = Cut(program, error, after, before - task.counted(rows, outputs))
        if cut.saved > 0 or (cut.saved == 0 and after < error - FLAT):
            named.append((score(cut), after, place, rows))
    made: dict[str, Cut] = {}
    for _, _, _, rows in sorted(named, key=lambda row: row[:3]):
        shorter = task.program(rows, outputs)
        if shorter is not None and shorter.content_hash not in made:
            cut = Cut(shorter, error, _error(task, shorter), before - cost(shorter, task.model))
            if cut.saved > 0 or (cut.saved == 0 and cut.error < error - FLAT):
                made[shorter.content_hash] = cut
        if len(made) == MADE:
            break
    yield from made.values()
    for cut in made.values() if refits else ():
        fitted = _fitted(task, cut.program)
        yield Cut(fitted, error, _error(task, fitted), before - cost(fitted, task.model))


def _error(task: Task, program: Program) -> float:
    """The squared relative error."""
    target = task.transform.matrix
    return target_of(program.matrix(), target, task.free)[1] / float(np.linalg.norm(target) ** 2)


def _fitted(task: Task, program: Program) -> Program:
    """The program with its constants refitted; as it is where the set lists its constants."""
    if task.chosen.constants is not None:
        return program
    outputs = program.outputs.tolist()
    rows = refit(program.inputs, list(program.rows()), outputs, task.transform.matrix, program.field, task.free)
    fitted = task.program(rows, outputs)
    return program if fitted is None or _error(task, fitted) > _error(task, program) else fitted


def _candidates(task: Task, rows: Rows, outputs: list[int]) -> Iterator[tuple[float, Rows]]:
    """All that may be given up, with the squared error that follows: terms dropped, products changed."""
    transform = task.transform
    slopes = Slopes.of(transform.inputs, rows, outputs, transform.field)
    matrix = slopes.matrix(outputs)
    scale = float(np.linalg.norm(transform.matrix) ** 2)

    def after(above: Array, ref: int) -> float:
        return target_of(matrix + np.outer(above, slopes.values[ref]), transform.matrix, task.free)[1] / scale

    for d, row in enumerate(rows):
        for place, (size, turn, ref) in enumerate(row):
            shorter = [*rows[:d], [*row[:place], *row[place + 1 :]], *rows[d + 1 :]]
            yield after(-size * slopes.term(d, turn), ref), shorter
    for (size, ref), users in products(rows).items():
        above: Array = sum((slopes.term(d, rows[d][place][1]) for d, place in users), np.zeros(len(outputs)))
        for other in _others(task, size):
            changed = [list(row) for row in rows]
            for d, place in users:
                changed[d][place] = other, changed[d][place][1], ref
            yield after((other - size) * above, ref), changed


def _others(task: Task, size: float) -> list[float]:
    """What the constant of a product may become: 1, and its neighbours where the set lists constants."""
    table = task.chosen.constants
    if table is None:
        return [1.0]
    listed = sorted({1.0, *(known for known, _ in table)} - {size}, key=lambda known: abs(known - size))
    return sorted({1.0, *listed[:2]} - {size})
