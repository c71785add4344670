"""Words of sentences that people read."""

from __future__ import annotations


def several(number: int, noun: str) -> str:
    """A number with its noun, which takes an s unless there is one.

    >>> several(1, "program"), several(2, "program"), several(0, "program")
    ('1 program', '2 programs', '0 programs')
    """
    return f"{number} {noun}{'s' * (number != 1)}"
