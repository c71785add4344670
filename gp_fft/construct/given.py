"""What a search is given from outside: the program that it starts from, and the records that compositions are made of.

The search reads no disk. Who calls it hands in what it needs as a value, and what of it the search took is noted by
name and content hash, so that the same search can be given the same again, wherever it runs.
"""

from dataclasses import dataclass, field

from gp_fft.files.shelf import EMPTY, Shelf
from gp_fft.program import Program
from gp_fft.transforms import Transform

NO_PARTS = ("none",)  # in the settings: compositions are made of no record at all


@dataclass(frozen=True)
class Given:
    """A program to start from, records in memory, and the note of those that were taken."""

    program: Program | None = None
    shelf: Shelf = EMPTY
    _taken: dict[str, None] = field(default_factory=dict, repr=False, compare=False)

    def record(self, transform: Transform) -> Program | None:
        """The program of the record of a transform, which is noted, or None."""
        record = self.shelf.find(transform)
        if record is None:
            return None
        self._taken[record.citation] = None
        return record.program

    @property
    def parts(self) -> tuple[str, ...]:
        """The records taken so far as citations, sorted; ``NO_PARTS`` if there are none."""
        return tuple(sorted(self._taken)) or NO_PARTS


NOTHING = Given()
"""For a search that needs nothing from outside; nothing can be taken of it."""
