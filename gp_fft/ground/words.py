"""Words of sentences that people read."""

import shlex
from collections.abc import Sequence
from pathlib import Path


def several(number: int, noun: str) -> str:
    """A number with its noun, which takes an s unless there is one.

    >>> several(1, "program"), several(2, "program"), several(0, "program")
    ('1 program', '2 programs', '0 programs')
    """
    return f"{number} {noun}{'s' * (number != 1)}"


def quoted(path: Path) -> str:
    """A path as one word of a command that is to be pasted into a shell, and that is taken for no option."""
    return shlex.quote(f"./{path}" if str(path).startswith("-") else str(path))


def any_of(choices: Sequence[object]) -> str:
    """What there is to choose from, with the verb: the beginning of "... allowed".

    >>> any_of((4, 8, 16)), any_of((8,))
    ('4, 8 or 16 are', 'only 8 is')
    """
    *others, last = map(str, choices)
    return f"{', '.join(others)} or {last} are" if others else f"only {last} is"
