"""The marks that stand in each column of a drawing: nodes, and the pieces of wire on which values run on."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gp_fft.draw.lanes import Gap

MOST_MARKS = 40_000
PULL_WIRE = 2.0
PULL_FACTOR = 1.2  # a branch with a factor is drawn straight rather than its plain partner
PULL_PERMUTATION = 0.3


class Grid:
    """Marks by column, for given columns of the values.

    Args:
        sources: for each value the values that it reads.
        outputs: the values returned, in the order in which they stand in the last column.
        column: the column of each value, as :func:`gp_fft.draw.columns.choose_columns` gives it.
        plain: for each of ``sources`` whether its factor is 1.
        lead: add a gap behind the inputs that holds nothing but wires.
        tail: add a gap before the ends of the outputs that holds nothing but wires.
    """

    def __init__(
        self,
        sources: Sequence[Sequence[int]],
        outputs: Sequence[int],
        column: Sequence[int],
        plain: Sequence[Sequence[bool]],
        lead: bool = False,
        tail: bool = False,
    ) -> None:
        self.sources, self.outputs, self.plain, self.lead, self.tail = sources, outputs, plain, lead, tail
        self.column = [c + (lead and c > 0) for c in column]
        self.last = max(self.column) + tail
        ends = list(self.column)  # the columns that their wires reach
        for value, read in enumerate(sources):
            for source in read:
                ends[source] = max(ends[source], self.column[value] - 1)
        for value in outputs:
            ends[value] = self.last
        self.wired = sum(ends) - sum(self.column) + len(ends) <= MOST_MARKS
        self.stands = [list(range(start, end + 1)) for start, end in zip(self.column, ends, strict=True)]
        if not self.wired:
            self.stands = [[start] for start in self.column]
            for value in outputs:
                self.stands[value] = sorted({self.column[value], self.last})
        self.marks: list[list[int]] = [[] for _ in range(self.last + 1)]
        for value, columns in enumerate(self.stands):
            for c in columns:
                self.marks[c].append(value)
        self.marks[-1] = list(outputs)

    def leaves(self, source: int, value: int) -> int:
        """In which column the branch from ``source`` to ``value`` begins."""
        return self.column[value] - 1 if self.wired else self.column[source]

    def gaps(self) -> list[Gap]:
        """List the edges between neighbouring columns, with how strongly each wants to be straight."""
        position = [{value: k for k, value in enumerate(marks)} for marks in self.marks]
        edges: list[list[tuple[int, int, float]]] = [[] for _ in self.marks[1:]]
        for value, columns in enumerate(self.stands):
            for c, there in pairwise(columns):
                if there == c + 1:
                    free = (self.lead and c == 0) or (self.tail and there == self.last)
                    pull = PULL_PERMUTATION if free else PULL_WIRE
                    edges[c].append((position[c][value], position[there][value], pull))
        for value, read in enumerate(self.sources):
            for source, is_plain in zip(read, self.plain[value], strict=True):
                c, there = self.leaves(source, value), self.column[value]
                if there == c + 1:
                    pull = 1.0 if is_plain else PULL_FACTOR
                    edges[c].append((position[c][source], position[there][value], pull))
        tables = [np.array(gap, dtype=np.float64).reshape(-1, 3) for gap in edges]
        return [Gap(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]) for table in tables]
