"""The registry of graph formats: which suffix is written by which function."""

from collections.abc import Callable
from pathlib import Path

import networkx as nx

from gp_fft.draw.dot import to_dot
from gp_fft.draw.graphml import to_graphml
from gp_fft.draw.node_link import to_node_link
from gp_fft.draw.raster import draw_pdf, draw_png
from gp_fft.draw.svg import draw_svg
from gp_fft.draw.theme import get_theme
from gp_fft.draw.tikz import to_tex, to_tikz
from gp_fft.ground.atomic import atomic_write
from gp_fft.ground.errors import UsageError

Writer = Callable[[nx.DiGraph, str], str | bytes]
"""Takes the graph of a program and the name of a theme; text is stored as UTF-8."""

FORMATS: dict[str, Writer] = {
    ".svg": draw_svg,
    ".png": draw_png,
    ".pdf": draw_pdf,
    ".tex": to_tex,
    ".tikz": to_tikz,
    ".dot": to_dot,
    ".gv": to_dot,
    ".graphml": to_graphml,
    ".json": to_node_link,
}


def check_format(path: Path, theme: str = "light") -> Writer:
    """Find the writer for a path before any work is done.

    Args:
        path: its suffix, upper or lower case, must be one of :data:`FORMATS`.
        theme: ``"light"`` or ``"dark"``.

    Returns:
        The writer. :class:`~gp_fft.ground.errors.UsageError` with the allowed list for another suffix or theme.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        given = f"the suffix {suffix!r}" if suffix else f"the name {path.name!r}, which has no suffix"
        raise UsageError(f"no graph format for {given}: choose one of {', '.join(FORMATS)}")
    get_theme(theme)
    return FORMATS[suffix]


def write_graph(graph: nx.DiGraph, path: Path, theme: str = "light") -> None:
    """Write the graph of a program in the format that the suffix of ``path`` names, all or nothing.

    Raises:
        UsageError: an unknown suffix or theme. DataError: the file cannot be written.
    """
    content = check_format(path, theme)(graph, theme)
    atomic_write(path, content.encode("utf-8") if isinstance(content, str) else content)
