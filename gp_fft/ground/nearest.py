"""The nearest of the known words to one that was mistyped."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(given: str, known: Iterable[str], least: float = 0.0) -> str | None:
    """The known word that is most like ``given``, or None if none is alike to ``least``, from 0 to 1.

    Letters that have changed places weigh least, then difflib's ratio decides, then the order of ``known``.

    >>> nearest("dtf", ("dht", "dft"))
    'dft'
    """
    word = given[:60].lower()
    best, most = None, (False, least)
    for other in known:
        alike = (sorted(other) == sorted(word), SequenceMatcher(None, word, other).ratio())
        if alike >= most and (best is None or alike > most):
            best, most = other, alike
    return best
