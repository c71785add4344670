"""Levels: how many operations stand one behind the other where each takes two operands and a sum may be a tree.

A definition with T terms is T - 1 additions of two operands, in whatever order: its level is the least over all binary
trees on the levels of its terms. Adding the two lowest again and again is best (Golumbic 1976, "Combinatorial
merging"), and a tree of height L holds leaves on the levels l exactly if the sum of all 2^l is at most 2^L (Kraft
1949), so the least L can be read off that sum. Turns, and so signs, are free and take no level.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import primitives


def merged(levels: Sequence[int]) -> int:
    """The least level of a sum of terms on these levels; of no term it is 0."""
    if not levels:
        return 0
    lowest = min(levels)
    return lowest + (sum(1 << (level - lowest) for level in levels) - 1).bit_length()


def paid(program: Any) -> list[bool]:
    """Of each term whether it is a product that costs something in the primitive set of the program."""
    chosen = primitives.get(program.primitives or program.field)
    prices = {size: size != 1.0 and chosen.price(size) > 0 for size in set(program.sizes.tolist())}
    return [prices[size] for size in program.sizes.tolist()]


def depth(program: Any, scaled: Iterable[bool] = ()) -> int:
    """The levels of a program up to its highest output: ``scaled`` tells the terms whose product is a level more.

    ``program`` is anything with the arrays of a Program, of which no term is scaled if nothing is said.
    """
    refs, starts = program.refs.tolist(), program.starts.tolist()
    terms = list(zip(refs, list(scaled) or [False] * len(refs), strict=True))
    levels: list[int] = [0] * program.inputs
    for begin, end in pairwise(starts):
        levels.append(merged([levels[ref] + product for ref, product in terms[begin:end]]))
    highest: int = max(levels[program.inputs + d] for d in program.outputs.tolist())
    return highest
