"""The registry of graph formats, one file each here: the suffix of a file name chooses how it is written."""

from pathlib import Path

from gp_fft.draw.format import Format
from gp_fft.draw.graph import to_graph
from gp_fft.draw.theme import get_theme
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.transforms import UNSCALED, Scaling
from primitives.registry import Registry

FORMATS = Registry("gp_fft.graph_formats", "gp_fft.draw.formats", "FORMAT", Format)
"""The graph formats by suffix."""


def write(program: Program, path: str | Path, theme: str = "light", scaling: Scaling = UNSCALED) -> None:
    """Write a program as a graph, all or nothing; the suffix of ``path`` chooses the format.

    Args:
        program: any program.
        path: its suffix, upper or lower case, is one of :data:`FORMATS`, ``.svg`` for example.
        theme: ``"light"`` or ``"dark"``, for the formats that are pictures.
        scaling: the factors with which its outputs come, and its inputs go in; they stand in formats that hold data.

    Raises:
        UsageError: another suffix or theme. DataError: the file cannot be written; nothing is left behind.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        given = f"the suffix {suffix!r}" if suffix else f"the name {path.name!r}, which has no suffix"
        raise UsageError(f"no graph format for {given}: choose one of {', '.join(FORMATS)}")
    colours = get_theme(theme)
    content = FORMATS[suffix].write(to_graph(program, scaling), colours)
    atomic_write(path, content.encode("utf-8") if isinstance(content, str) else content)


def list_formats() -> str:
    """All formats in a line: ``picture (.svg, .png, .pdf), LaTeX (.tex, .tikz), ...``."""
    suffixes: dict[str, list[str]] = {}
    for entry in FORMATS.values():
        suffixes.setdefault(entry.summary, []).append(entry.name)
    return ", ".join(f"{summary} ({', '.join(names)})" for summary, names in suffixes.items())
