"""Cells: of the members that are not exact the best of every cost, from which the walks among approximations begin.

One cell for each whole number of operations keeps the member of least error in it, whoever found it (the archive of
J.-B. Mouret and J. Clune, "Illuminating search spaces by mapping elites", 2015). The cell of error zero is the exact
niche: what costs as much as the cheapest exact member has no place here.
"""

import math
from collections.abc import Iterable

from gp_fft.evolution.members import M

MOST = 192
"""Cells; where costs reach further each is as many operations wide as it takes."""


def fill(members: Iterable[M], below: float = math.inf) -> tuple[M, ...]:
    """The best member of each cell, ascending in cost, of those that cost less than ``below``; the first wins ties."""
    fitting = [member for member in members if member.error > 0.0 and member.cost < below]
    highest = max((member.cost for member in fitting), default=0.0)
    width = max(1, math.ceil((highest + 1) / MOST))
    cells: dict[int, M] = {}
    for member in fitting:
        cell = int(member.cost + 1e-6) // width
        if cell not in cells or member.error < cells[cell].error:
            cells[cell] = member
    return tuple(cells[cell] for cell in sorted(cells))


def staircase(cells: Iterable[M]) -> tuple[M, ...]:
    """Of the cells, ascending in cost, those with less error than every cheaper one."""
    steps: list[M] = []
    for member in cells:
        if not steps or member.error < steps[-1].error:
            steps.append(member)
    return tuple(steps)
