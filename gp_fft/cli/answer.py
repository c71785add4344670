"""The answer to what was asked of an approximation: the cheapest program within an error, the best within a cost."""

from __future__ import annotations

from collections.abc import Sequence

from gp_fft.files import ProgramFile
from gp_fft.files.best import is_exact
from gp_fft.program.cost import cost, unit_of
from gp_fft.store.runs import Run, original_name
from gp_fft.transforms.measures import measure


def answer(run: Run, front: Sequence[ProgramFile]) -> str:
    """One sentence about the program that `--error-below` and `--cost-below` ask for; empty where nothing is asked.

    Where no program is within, it says how near the nearest comes.
    """
    settings = run.settings
    if settings.error_below is None and settings.cost_below is None:
        return ""
    known = [(_error(run, file), cost(file.program, settings.cost), file) for file in front]
    unit = unit_of(front[0].program) if settings.cost == "flops" else settings.cost
    error = "" if settings.error_below is None else f"with an error of at most {settings.error_below:g}"
    budget = "" if settings.cost_below is None else f"with at most {settings.cost_below:g} {unit}"
    asked = " and ".join(words for words in (error, budget) if words)
    within = [
        (e, c, file)
        for e, c, file in known
        if (settings.error_below is None or e <= settings.error_below)
        and (settings.cost_below is None or c <= settings.cost_below)
    ]
    if within:
        cheapest = settings.error_below is not None
        e, c, file = min(within, key=lambda one: (one[1], one[0]) if cheapest else (one[0], one[1]))
        return (
            f"{'Cheapest' if cheapest else 'Least error'} {asked}: {c:g} {unit}, error {e:.3g}, {original_name(file)}."
        )
    if settings.cost_below is not None:
        e, c, _ = min(known, key=lambda one: (one[1], one[0]))
        near = f"the cheapest known has {c:g} {unit} and an error of {e:.3g}"
    else:
        e, c, _ = min(known, key=lambda one: (one[0], one[1]))
        near = f"the least known is {e:.3g} with {c:g} {unit}"
    return f"No program {asked} yet; {near}; try more seconds or another --seed."


def _error(run: Run, file: ProgramFile) -> float:
    """The error of a program by the measure that was asked for."""
    if is_exact(file.error, file.proof):
        return 0.0
    return measure(run.settings.error).of(file.program.matrix(), run.transform, run.settings.free)
