"""Hankel matrices, constant along their antidiagonals, times a vector: dense or with fewer multiplications.

Halves: three products of half the size instead of four (A. Karatsuba 1962, turned round as by S. Winograd 1980);
thirds: six instead of nine. A step is taken where it saves operations, additions counted as multiplications are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from gp_fft.evolve.compose.builder import Builder, scaled
from gp_fft.exact import Number
from gp_fft.program import Term

Size = Callable[[Number], float]


def dense_product(build: Builder, entries: Sequence[Number], x: Sequence[Term], size: Size) -> list[Term]:
    """``y[i] = sum entries[i+j] x[j]`` as it stands."""
    n = len(x)
    constants = [size(entry) for entry in entries]
    return [build.sum(*(scaled(x[j], constants[i + j]) for j in range(n))) for i in range(n)]


def fast_product(build: Builder, entries: Sequence[Number], x: Sequence[Term], size: Size) -> list[Term]:
    """The same with halves and thirds where they save; entries are added exactly, before they are rounded."""
    step = plan(len(x))[1]
    if step == 1:
        return dense_product(build, entries, x, size)
    m = len(x) // step
    v = [list(x[k * m : (k + 1) * m]) for k in range(step)]
    blocks = [list(entries[k * m : k * m + 2 * m - 1]) for k in range(2 * step - 1)]
    y: list[list[Term]] = []
    shared = {
        (i, j): fast_product(build, blocks[i + j], [build.sum(a, b) for a, b in zip(v[i], v[j], strict=True)], size)
        for i in range(step)
        for j in range(i + 1, step)
    }
    for i in range(step):
        own = list(blocks[2 * i])
        for j in range(step):
            if j != i:
                own = [a - b for a, b in zip(own, blocks[i + j], strict=True)]
        products = [fast_product(build, own, v[i], size)]
        products += [shared[min(i, j), max(i, j)] for j in range(step) if j != i]
        y.append([build.sum(*terms) for terms in zip(*products, strict=True)])
    return [value for block in y for value in block]


@cache
def plan(n: int) -> tuple[int, int]:
    """Operations of the product of size n, and the number of blocks to begin with, 1 for the dense one."""
    ways = [(2 * n * n - n, 1)]
    if n % 2 == 0 and n > 2:
        ways.append((3 * plan(n // 2)[0] + 3 * n // 2, 2))
    if n % 3 == 0 and n > 3:
        ways.append((6 * plan(n // 3)[0] + 3 * n, 3))
    return min(ways)
