"""Greedy pruning of an exact program, with and without a refit of its constants."""

from collections.abc import Iterator

from gp_fft.construct.baseline import Baseline, Task
from gp_fft.construct.greedy import prune
from gp_fft.program import Program


def _plain(task: Task) -> Iterator[Program]:
    for program in task.prunable:
        yield from prune(task, program, refits=False)


def _refitted(task: Task) -> Iterator[Program]:
    for program in task.prunable:
        yield from prune(task, program, refits=True)


BASELINE = (
    Baseline("greedy", "greedy pruning of an exact program", "LeCun, Denker and Solla 1990", _plain, 6),
    Baseline(
        "greedy-refit", "greedy pruning with a least-squares refit", "Hassibi and Stork 1993, constants refitted",
        _refitted, 7,
    ),
)  # fmt: skip
