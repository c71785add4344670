"""What a graph format is."""

from collections.abc import Callable
from dataclasses import dataclass

from gp_fft.draw.graph import Graph
from gp_fft.draw.theme import Theme
from gp_fft.ground.errors import UsageError


@dataclass(frozen=True)
class Format:
    """One way to write the graph of a program into a file; it checks itself when it is made."""

    name: str  # the suffix of its files, ".dot"
    summary: str  # what such a file is, in a few words; formats with the same words are listed together
    write: Callable[[Graph, Theme], str | bytes]
    """Takes the graph as :func:`gp_fft.draw.graph.to_graph` makes it, and colours; text is stored as UTF-8."""

    def __post_init__(self) -> None:
        if not (self.name.startswith(".") and self.name[1:].isalnum() and self.name.islower()):
            raise UsageError(f"a graph format is named like the suffix of its files, such as .dot, not {self.name!r}")
        if not self.summary.strip():
            raise UsageError(f"the graph format {self.name} needs a few words that say what it is")
