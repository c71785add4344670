"""Whether an entry of the table holds together: formula, exact form, oracle and shift rule say the same.

``register`` asks this of every new entry, the tests of the whole table at more sizes.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np

from gp_fft.ground.errors import UsageError
from gp_fft.transforms.family import Array, Family

SIZES = (1, 2, 3, 4, 5, 8)
SAME = 1e-13
"""Largest relative distance of two opinions that are the same up to round-off."""


def sizes_of(family: Family, sizes: Iterable[int]) -> list[int]:
    """Those of ``sizes`` that a family has."""
    return [n for n in sizes if n >= family.least and not (family.powers_of_two and n & (n - 1))]


def check(family: Family, sizes: Iterable[int] = SIZES) -> None:
    """Raise UsageError, in one sentence, where the parts of an entry differ at one of these sizes, in 1-D or 2-D."""
    for n in sizes_of(family, sizes):
        for norm in family.norms:
            shapes: list[tuple[int, ...]] = [(n,)]
            if family.two_dimensional:
                shapes.append((n, max(family.least, 2)))
            for shape in shapes:
                _check(family, shape, norm)


def _check(family: Family, shape: tuple[int, ...], norm: str) -> None:
    rng = np.random.default_rng(7)
    kernel = rng.normal(size=prod(map(family.kernel_size, shape))).tolist() if family.kernel_formula else []
    coded = family.coded(shape, norm, kernel)
    matrix, points = coded.array(), prod(shape)
    x: Array = rng.normal(size=(4, points))
    if family.field == "complex":
        x = x + 1j * rng.normal(size=x.shape)
    rule = family.shift_rule(shape)
    faults = {
        f"its matrix has the shape {matrix.shape}": matrix.shape != (points, points),
        "its matrix is zero everywhere": not matrix.any(),
        "it is real, but its matrix is not": family.field == "real" and bool(matrix.imag.any()),
        "its exact form does not round to its matrix": not np.array_equal(coded.exact().to_array(), matrix),
    }
    told = " x ".join(map(str, shape))
    for fault, found in faults.items():
        if found:
            raise UsageError(f"transform {family.name!r} at size {told}, norm {norm!r}: {fault}")
    given: Any = family.reference(shape, norm, kernel)(x)
    if not _same(np.asarray(given), x @ matrix.T):
        raise UsageError(f"transform {family.name!r} at size {told}, norm {norm!r}: formula and oracle differ")
    if rule is not None and not _same(rule.inputs(x) @ matrix.T, rule.outputs(x @ matrix.T)):
        raise UsageError(f"transform {family.name!r} at size {told}, norm {norm!r}: its shift rule does not hold")


def _same(one: Array, other: Array) -> bool:
    """Whether two arrays have the same shape and the same values up to round-off."""
    return one.shape == other.shape and bool(np.linalg.norm(one - other) <= SAME * np.linalg.norm(other))
