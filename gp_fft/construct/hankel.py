"""Hankel matrices, constant along their antidiagonals, times a vector: dense or with fewer multiplications.

Halves: three products of half the size instead of four (A. Karatsuba 1962, turned round as by S. Winograd 1980);
thirds: six instead of nine. A step is taken where it saves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from gp_fft.construct.builder import Builder
from gp_fft.program import Term
from gp_fft.transforms.exact import Number

Size = Callable[[Number], float]


def hankel_product(
    build: Builder, entries: Sequence[Number], x: Sequence[Term], size: Size, weight: float
) -> list[Term]:
    """``y[i] = sum entries[i+j] x[j]``; a multiplication counts as ``weight`` additions where a way is chosen.

    Entries are added exactly and rounded by ``size``.
    """
    n, step = len(x), plan(len(x), weight)[1]
    if step == 1:
        constants = [size(entry) for entry in entries]
        return [build.combine(constants[i:], x) for i in range(n)]
    m = n // step
    v = [list(x[k * m : (k + 1) * m]) for k in range(step)]
    blocks = [list(entries[k * m : k * m + 2 * m - 1]) for k in range(2 * step - 1)]
    y: list[list[Term]] = []
    shared = {
        (i, j): hankel_product(
            build, blocks[i + j], [build.sum(a, b) for a, b in zip(v[i], v[j], strict=True)], size, weight
        )
        for i in range(step)
        for j in range(i + 1, step)
    }
    for i in range(step):
        own = list(blocks[2 * i])
        for j in range(step):
            if j != i:
                own = [a - b for a, b in zip(own, blocks[i + j], strict=True)]
        products = [hankel_product(build, own, v[i], size, weight)]
        products += [shared[min(i, j), max(i, j)] for j in range(step) if j != i]
        y.append([build.sum(*terms) for terms in zip(*products, strict=True)])
    return [value for block in y for value in block]


@cache
def plan(n: int, weight: float) -> tuple[float, int]:
    """Additions and ``weight`` times the multiplications of size n, and the number of blocks, 1 for dense."""
    ways = [(weight * n * n + n * (n - 1), 1)]
    if n % 2 == 0:
        ways.append((3 * plan(n // 2, weight)[0] + 3 * n // 2, 2))
    if n % 3 == 0:
        ways.append((6 * plan(n // 3, weight)[0] + 3 * n, 3))
    return min(ways)
