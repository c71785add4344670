"""Equals: exact members as cheap as the cheapest one, kept beside the front by runs that are asked for them.

The front holds one member for each (error, cost), but members that cost the same may differ in what nobody counts while
they evolve. So of as many as are wanted those are kept that differ most: one of each kind before a second of any.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gp_fft.evolution.aims import Aims
from gp_fft.evolution.members import M


def equals(
    kept: Iterable[M],
    front: Sequence[M],
    candidates: Iterable[M],
    *,
    most: int,
    name: Callable[[M], Any],
    kind: Callable[[M], tuple[Any, ...]],
    aims: Aims[M] | None = None,
) -> tuple[M, ...]:
    """What is kept beside a front after a generation: at most ``most``, by kind, none of which stands on the front.

    Args:
        kept: what was kept before.
        front: the front after the generation.
        candidates: what has been met in it, and the front before.
        most: how many are kept.
        name: tells members apart, and orders them; of two with one name the first is kept.
        kind: what those should differ in that are kept, the best kind first.
        aims: limits, within which all are.
    """
    exact = [member for member in front if member.error == 0.0]
    if not exact:
        return ()
    lowest = min(member.cost for member in exact)
    fitting = [member for member in (*kept, *candidates) if member.error == 0.0 and member.cost == lowest]
    within = [member for member in fitting if aims is None or aims.excess(member) == 0.0]
    named = {name(member): member for member in reversed(within)}
    for member in exact:
        named.pop(name(member), None)
    kinds: dict[tuple[Any, ...], int] = {}
    ranked = []
    for own, called, member in sorted(((kind(m), key, m) for key, m in named.items()), key=lambda one: one[:2]):
        kinds[own] = kinds.get(own, 0) + 1
        ranked.append((kinds[own], own, called, member))
    chosen = sorted(ranked, key=lambda one: one[:3])[:most]
    return tuple(member for *_, member in sorted(chosen, key=lambda one: one[1:3]))
