"""In which column of a drawing each value stands: inputs first, outputs last, every edge forward, wires
short.

A value stays alive from its own column to the column of its last user, as a wire in a circuit does. The
columns chosen here make the total length of all wires as small as possible. That is a linear program whose
constraints are differences, so its vertices are whole numbers (Gansner, Koutsofios, North and Vo, "A
technique for drawing directed graphs", 1993, solve the same problem for edges by network simplex; HiGHS
solves it here for wires).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LARGEST_EXACT = 6_000


def choose_columns(inputs: int, sources: Sequence[Sequence[int]], outputs: Sequence[int]) -> NDArray[np.int64]:
    """Choose a column for every value of a dataflow graph.

    Args:
        inputs: how many of the values, the first ones, are inputs.
        sources: for each value the values that it reads, all earlier; inputs read nothing.
        outputs: the values that the program returns, none of them an input.

    Returns:
        ``(values,)`` int64. Inputs stand in column 0, everything else right of it, and ``column[s] <
        column[v]`` for each ``s`` in ``sources[v]``. An output that nothing reads stands in the last column
        and only such outputs do; an output that is read again stands where it is computed. Above
        ``LARGEST_EXACT`` edges every inner value stands as early as it can instead.
    """
    column = np.zeros(len(sources), dtype=np.int64)
    for value in range(inputs, len(sources)):
        column[value] = 1 + max((int(column[source]) for source in sources[value]), default=0)
    used = {source for read in sources for source in read}
    ends = [value for value in outputs if value not in used]
    column[ends] = max(1, int(column.max(initial=0)), 1 + int(np.delete(column, ends).max(initial=0)))
    if 0 < sum(map(len, sources)) <= LARGEST_EXACT:
        return _shortest_wires(inputs, sources, outputs, column)
    return column


def _shortest_wires(
    inputs: int, sources: Sequence[Sequence[int]], outputs: Sequence[int], column: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Minimise the total wire length; short edges are a second wish and early values a third."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    values, last = len(sources), int(column.max())
    tail = np.array([source for read in sources for source in read])
    head = np.repeat(np.arange(values), [len(read) for read in sources])
    count, ones = np.arange(len(tail)), np.ones(len(tail))
    # Unknowns: the column of each value, then the column in which its wire ends.
    shape = (len(tail), 2 * values)
    forward = csr_array((np.r_[ones, -ones], (np.r_[count, count], np.r_[tail, head])), shape)
    reach = csr_array((np.r_[ones, -ones], (np.r_[count, count], np.r_[head, values + tail])), shape)
    cost = np.r_[-np.ones(values) + 1e-4, np.ones(values)]
    np.add.at(cost, head, 0.01)
    np.subtract.at(cost, tail, 0.01)
    bounds = [(0, 0)] * inputs + [(1, last - 1)] * (values - inputs) + [(0, last)] * values
    for value in outputs:
        bounds[values + value] = (last, last)
        if column[value] == last:
            bounds[value] = (last, last)
    limits = np.r_[-ones, np.zeros(len(tail))]
    solved = linprog(cost, A_ub=vstack([forward, reach]), b_ub=limits, bounds=bounds, method="highs")
    return np.rint(solved.x[:values]).astype(np.int64) if solved.success else column
