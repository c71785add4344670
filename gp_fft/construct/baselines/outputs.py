"""Outputs set to zero: of an exact program, that one next whose loss is least for each operation saved."""

from collections.abc import Iterator

import numpy as np

from gp_fft.construct.baseline import Baseline, Task
from gp_fft.program import Program
from gp_fft.program.cost import cost


def _make(task: Task) -> Iterator[Program]:
    for program in task.prunable:
        yield from _zeroed(task, program)


def _zeroed(task: Task, program: Program) -> Iterator[Program]:
    """The program without one output more each time."""
    norms = np.linalg.norm(task.transform.matrix, axis=1) ** 2
    current = task.program(list(program.rows()), program.outputs.tolist())
    left = list(range(len(norms)))
    while current is not None and left:
        yield current
        before, choices = cost(current, task.model), []
        for k in left:
            shorter = _without(task, current, k)
            if shorter is not None:
                choices.append((norms[k] / max(before - cost(shorter, task.model), 0.5), k, shorter))
        if not choices:
            return
        _, k, current = min(choices, key=lambda choice: choice[:2])
        left.remove(k)


def _without(task: Task, program: Program, k: int) -> Program | None:
    """The program with an empty output in the place of this one, whose value stays if others refer to it."""
    rows, outputs = list(program.rows()), program.outputs.tolist()
    rows.append([])
    outputs[k] = len(rows) - 1
    return task.program(rows, outputs)


BASELINE = Baseline("outputs", "outputs set to zero", "zonal coding, Wintz 1972", _make, 1)
