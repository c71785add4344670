"""A problem as the loop, its run folders and those who watch them see it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from gp_fft.evolution.members import M
from gp_fft.evolution.state import State


class Problem(Protocol[M]):
    """What evolves, and how it is kept; a frozen dataclass, so that its settings can be replaced."""

    @property
    def kind(self) -> str:
        """The name under which :data:`gp_fft.store.folders.PROBLEMS` reads it back from a run folder."""

    @property
    def title(self) -> str:
        """What this very problem is called: ``dft 8``."""

    @property
    def unit(self) -> str:
        """What a cost counts."""

    @property
    def settings(self) -> Any:
        """A frozen dataclass of plain values, among them ``population`` and the first three of BUDGET, each or None."""

    @property
    def operators(self) -> Sequence[str]:
        """The names of all that is counted."""

    @property
    def state(self) -> type[State[M]]:
        """The type of its states."""

    def check(self) -> None:
        """Raise UsageError, in one sentence, for settings that do not fit."""

    def restore(self, table: Mapping[str, Any]) -> State[M]:
        """The inverse of ``State.to_dict``; raises KeyError, TypeError or ValueError on a damaged table."""

    def subject(self) -> dict[str, Any]:
        """What besides the settings the run folder must hold to read the problem back, as TOML tables by name."""

    def command(self, budget: bool = True) -> str:
        """The command line that makes the same run again; the budget only if asked for."""

    def file_name(self, member: M) -> str:
        """The name of the file of a member in the folder of the front, ending in ``.json``."""

    def encode(self, member: M, provenance: dict[str, Any]) -> bytes:
        """What that file holds."""
