"""Long lists broken into lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable


def wrapped(items: Iterable[str], indent: str = "", opening: str = "", closing: str = "") -> list[str]:
    """A list of words in lines: on one line with what opens and closes it where that fits, else with lines between."""
    text = ", ".join(items)
    if len(indent + opening + text + closing) <= 110:
        return [f"{indent}{opening}{text}{closing}"]
    inner = textwrap.wrap(
        f"{text},", 106 - len(indent), initial_indent=f"{indent}    ", subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [f"{indent}{opening}", *inner, f"{indent}{closing}"]
