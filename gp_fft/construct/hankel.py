"""Hankel matrices, constant along their antidiagonals, times a vector: dense or with fewer multiplications.

Halves: three products of half the size instead of four (A. Karatsuba 1962, turned round as by S. Winograd 1980);
thirds: six instead of nine. A step is taken where it saves.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from operator import sub

from gp_fft.construct.builder import Builder
from gp_fft.program import Term
from gp_fft.transforms.exact import Number


def hankel_product(build: Builder, entries: Sequence[Number], x: Sequence[Term], weight: float) -> list[Term]:
    """``y[i] = sum entries[i+j] x[j]``; a multiplication counts as ``weight`` additions where a way is chosen.

    Entries are added exactly and rounded once; one that is i times a real number counts as that number.
    """
    n, step = len(x), plan(len(x), weight)[1]
    if step == 1:
        constants = [_size(entry) for entry in entries]
        return [build.combine(constants[i:], x) for i in range(n)]
    m = n // step
    parts = [x[k * m : (k + 1) * m] for k in range(step)]
    blocks = [entries[k * m : k * m + 2 * m - 1] for k in range(2 * step - 1)]
    shared: dict[tuple[int, int], list[Term]] = {}
    for i, j in combinations(range(step), 2):
        both = list(map(build.sum, parts[i], parts[j]))
        shared[i, j] = shared[j, i] = hankel_product(build, blocks[i + j], both, weight)
    y: list[Term] = []
    for i in range(step):
        others = [j for j in range(step) if j != i]
        own = blocks[2 * i]
        for j in others:
            own = list(map(sub, own, blocks[i + j]))
        y += map(build.sum, hankel_product(build, own, parts[i], weight), *(shared[i, j] for j in others))
    return y


def _size(entry: Number) -> float:
    value = entry.value()
    return value.imag if abs(value.imag) > abs(value.real) else value.real


@cache
def plan(n: int, weight: float) -> tuple[float, int]:
    """Additions and ``weight`` times the multiplications of size n, and the number of blocks, 1 for dense."""
    ways = [(weight * n * n + n * (n - 1), 1)]
    if n % 2 == 0:
        ways.append((3 * plan(n // 2, weight)[0] + 3 * n // 2, 2))
    if n % 3 == 0:
        ways.append((6 * plan(n // 3, weight)[0] + 3 * n, 3))
    return min(ways)
