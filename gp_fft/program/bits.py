"""Programs over GF(2), the field of two elements: values are bits, a sum is XOR, and what is added twice is gone.

Every coefficient is 1, so a row is a set of references. XOR works on all bits of a word alike: a program runs on words
of any length as it runs on bits, a signal in each place of them (E. Biham, A fast new DES implementation in software,
1997: bit-slicing).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.values import Term


def cancelled(inputs: int, table: Sequence[Sequence[Term]], outputs: Sequence[int]) -> list[list[Term]]:
    """The rows without what vanishes: references that occur an even number of times, and those to hidden zeros.

    Raises DataError for the first coefficient other than 1.
    """
    for d, row in enumerate(table):
        for size, turn, ref in row:
            if size != 1.0 or turn:
                raise DataError(_no_coefficient(d, ref, size, turn))
    shown = set(outputs)
    rows = [{ref for ref, times in Counter(ref for _, _, ref in row).items() if times % 2} for row in table]
    users: dict[int, list[int]] = {}
    for d, refs in enumerate(rows):
        for ref in refs:
            users.setdefault(ref, []).append(d)
    zeros = [d for d, refs in enumerate(rows) if not refs and d not in shown]
    while zeros:
        ref = inputs + zeros.pop()
        for d in users.get(ref, ()):
            rows[d].remove(ref)
            if not rows[d] and d not in shown:
                zeros.append(d)
    return [[(1.0, 0, ref) for ref in sorted(refs)] for refs in rows]


def check(starts: NDArray[Any], refs: NDArray[Any], sizes: NDArray[Any], turns: NDArray[Any]) -> None:
    """DataError, with its place, unless every coefficient of a program is 1 and no row adds a value to itself."""
    owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for name, wrong in (("sizes", sizes != 1.0), ("turns", turns != 0)):
        if wrong.any():
            at = int(wrong.argmax())
            sentence = _no_coefficient(int(owners[at]), int(refs[at]), float(sizes[at]), int(turns[at]))
            raise DataError(sentence, (name, at))
    order = np.lexsort((refs, owners))
    twice = (np.diff(owners[order]) == 0) & (np.diff(refs[order]) == 0)
    if twice.any():
        at = int(order[int(twice.argmax()) + 1])
        sentence = f"definition {owners[at]} refers to value {refs[at]} twice, which vanishes over GF(2)"
        raise DataError(sentence, ("refs", at))


def same_words(given: np.dtype[Any]) -> np.dtype[Any]:
    """The type of the outputs for inputs of a type, the same; UsageError for what is neither bits nor words."""
    if given.kind in "biu":
        return given
    raise UsageError(f"a program over GF(2) takes booleans or whole numbers, a bit or a word of bits each, not {given}")


def _no_coefficient(definition: int, ref: int, size: float, turn: int) -> str:
    """The sentence about a term whose coefficient is not 1."""
    coefficient = f"{'-' if turn >= 2 else ''}{size:.12g}{'i' * (turn % 2)}"
    term = f"definition {definition} takes {coefficient} times value {ref}"
    return f"{term}, but over GF(2) there is no coefficient other than 1"
