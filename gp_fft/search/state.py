"""The state of a search for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gp_fft.evolution.state import State as AnyState
from gp_fft.program import Program
from gp_fft.search.genome import Genome


class State(AnyState[Genome]):
    """As every state, with its front as programs."""

    @property
    def front(self) -> tuple[Program, ...]:
        """The non-dominated programs, ascending in cost."""
        return tuple(genome.program for genome in self.archive)

    def head(self) -> dict[str, Any]:
        """What all programs have in common."""
        some = (self.population + self.archive)[0]
        named = {"primitives": some.primitives} if some.primitives else {}
        return {"title": self.title, "inputs": some.inputs, "field": some.field, **named}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> State:
        """The inverse of :meth:`to_dict`; raises KeyError, TypeError or ValueError on a damaged table."""
        primitives = str(table.get("primitives", ""))
        return cls.restored(table, Genome.reader(int(table["inputs"]), table["field"], str(table["title"]), primitives))
