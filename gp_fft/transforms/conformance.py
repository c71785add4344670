"""Whether an entry of the table holds together: formula, exact form, oracle and shift rule say the same.

The table asks this of every entry that comes from outside, the tests of all entries at more sizes.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from gp_fft.ground.errors import UsageError
from gp_fft.transforms.family import Array, Family, Signals

SIZES = (1, 2, 3, 4, 5, 8)
ANY = 5
"""Values of a kernel that may have any number of them."""
SAME = 1e-13
"""Largest relative distance of two opinions that are the same up to round-off."""


def sizes_of(family: Family, sizes: Iterable[int]) -> list[int]:
    """Those of ``sizes`` that a family has; all of a family that has only a few."""
    return list(family.sizes) or [n for n in sizes if family.has(n)]


def check(family: Family, sizes: Iterable[int] = SIZES) -> None:
    """Raise UsageError, in one sentence, where the parts of an entry differ at one of these sizes, in 1-D or 2-D."""
    for n in sizes_of(family, sizes):
        shapes = [(n,), (n, family.small)] if family.two_dimensional else [(n,)]
        for norm in family.norms:
            for shape in shapes:
                for fault in _faults(family, shape, norm):
                    size = " x ".join(map(str, shape))
                    raise UsageError(f"transform {family.name!r} at size {size}, norm {norm!r}: {fault}")


def _faults(family: Family, shape: tuple[int, ...], norm: str) -> Iterator[str]:
    """What is wrong at one shape and norm, the plainest first: those that follow need not make sense."""
    rng = np.random.default_rng(7)
    kernel = _kernel(family, shape, rng)
    exact = family.matrix(shape, norm, kernel)
    matrix, size = exact.array(), family.size(shape)
    if matrix.shape != (size if family.kernel_length(shape) is not None else (len(kernel), size[1])):
        yield f"its matrix has the shape {matrix.shape}"
        return
    if not matrix.any():
        yield "its matrix is zero everywhere"
    if family.field == "real" and matrix.imag.any():
        yield "it is real, but its matrix is not"
    if not np.array_equal(np.array([number.value() for number in exact.numbers])[exact.index], matrix):
        yield "its exact form does not round to its matrix"
    if family.field == "gf2":
        yield from _faults_in_bits(matrix, family.oracle_for(shape, norm, kernel), rng)
        return
    x: Array = rng.normal(size=(4, size[1]))
    if family.field == "complex":
        x = x + 1j * rng.normal(size=x.shape)
    if not _same(np.asarray(family.oracle_for(shape, norm, kernel)(x)), x @ matrix.T):
        yield "formula and oracle differ"
    rule = family.shift_rule(shape)
    if rule is not None and not _same(rule.inputs(x) @ matrix.T, rule.outputs(x @ matrix.T)):
        yield "its shift rule does not hold"


def _faults_in_bits(matrix: Array, oracle: Signals, rng: np.random.Generator) -> Iterator[str]:
    """What is wrong over GF(2), at one shape."""
    if not ((matrix == 0) | (matrix == 1)).all():
        yield "it is over GF(2), but its matrix does not hold 0 and 1 alone"
        return
    x = rng.integers(0, 2, (16, matrix.shape[1]), np.uint8)
    if not np.array_equal(oracle(x), (x @ matrix.real.T.astype(np.int64)) % 2):
        yield "formula and oracle differ"


def _kernel(family: Family, shape: tuple[int, ...], rng: np.random.Generator) -> list[float]:
    """A kernel to try a family with; empty where it has none."""
    length = family.kernel_length(shape)
    size = ANY if length is None else length
    if family.field != "gf2":
        return list(rng.normal(size=size))
    bits = rng.integers(0, 2, size)
    bits[-1:] = 1
    return list(map(float, bits))


def _same(one: Array, other: Array) -> bool:
    """Whether two arrays have the same shape and the same values up to round-off."""
    return one.shape == other.shape and bool(np.linalg.norm(one - other) <= SAME * np.linalg.norm(other))
