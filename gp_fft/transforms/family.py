"""One entry of the table of transforms: all that gp-fft knows of a family, in one value that checks itself.

An entry carries two opinions that know nothing of each other: the formula, which gives the matrix in exact form, and
the oracle, which is numpy's or scipy's function. :mod:`gp_fft.transforms.conformance` compares them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import UsageError
from gp_fft.transforms.coded import ExactMatrix, Wave
from primitives.base import FIELDS

NORMS = ("backward", "ortho", "forward")

Array = NDArray[Any]
Signals = Callable[[Array], Array]
"""A function of signals ``(batch, inputs)`` that gives ``(batch, outputs)``."""


_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def square(n: int) -> tuple[int, int]:
    """As many outputs as inputs."""
    return n, n


@dataclass(frozen=True)
class ShiftRule:
    """How moving the input by one place shows in the output."""

    inputs: Signals
    outputs: Signals


@dataclass(frozen=True)
class Family:
    """A named transform: its formula, its oracle, its shift rule, and the sizes and norms that it has.

    Given are ``formula`` and ``oracle``; or ``entries`` and ``oracle``, for a matrix that has one scaling and no norms;
    or, for a transform with a kernel, ``kernel_formula`` and ``kernel_oracle``. Over GF(2), the field ``gf2``, entries
    and kernel are 0 and 1 and the oracle takes whole numbers, bits or words of bits. Raises UsageError, in one
    sentence, for an entry that does not hold together.
    """

    name: str  # words in lower case, joined by hyphens; "-2d" is put behind it for two dimensions
    summary: str
    formula: Callable[[int, bool], Wave] | None = None  # (n, ortho) to one wave
    oracle: Callable[..., Array] | None = None  # (signals, norm=): numpy's or scipy's, along the last axis
    entries: Callable[[int], ExactMatrix] | None = None  # n to the matrix itself, where there are no norms
    kernel_formula: Callable[[tuple[int, ...], Sequence[float]], ExactMatrix] | None = None
    kernel_oracle: Callable[[tuple[int, ...], Sequence[float]], Signals] | None = None
    kernel_size: Callable[[int], int] | None = int  # values of the kernel along an axis of n; None: any, one an output
    shift: Callable[[int], ShiftRule] | None = None  # the rule for n points, where there is one
    field: str = "real"
    sides: Callable[[int], tuple[int, int]] = square  # (outputs, inputs) along an axis of n
    least: int = 1
    powers_of_two: bool = False
    even: bool = False
    sizes: tuple[int, ...] = ()  # all that there are, ascending, where they are few
    inverse: bool = False  # the default norm divides by N, "forward" does not
    two_dimensional: bool = True
    no_2d_because: str = ""

    def __post_init__(self) -> None:
        demands = (
            (_NAME.fullmatch(self.name), "its name must be lower-case words such as dct2 or hevc-dct2"),
            (not self.name.endswith("-2d"), "its name must not end in -2d, which stands for two dimensions"),
            (self.name != "matrix", "the name 'matrix' is taken by matrices from files"),
            (self.summary.strip(), "its summary is missing"),
            (self.field in FIELDS, f"its field is {self.field!r}, it must be complex, real or gf2"),
            (
                [bool(self.formula), bool(self.entries), bool(self.kernel_formula)].count(True) == 1
                and bool(self.oracle) != bool(self.kernel_formula) == bool(self.kernel_oracle),
                "it needs a formula, or entries, and an oracle, or for a transform with a kernel both of the kernel's",
            ),
            (self.least >= 1, "its least size must be 1 or more"),
            (list(self.sizes) == sorted({*self.sizes}), "its sizes must ascend"),
            (self.two_dimensional or self.no_2d_because, "no_2d_because must say why there is no 2-D form"),
        )
        for holds, demand in demands:
            if not holds:
                raise UsageError(f"transform {self.name!r}: {demand}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which it is asked for: its own, and the one with ``-2d`` where there is a 2-D form."""
        return (self.name, f"{self.name}-2d") if self.two_dimensional else (self.name,)

    @property
    def norms(self) -> tuple[str, ...]:
        """The norms that it has; a transform with a kernel, or of given entries, has but one."""
        return NORMS if self.formula else NORMS[:1]

    @property
    def sizes_in_words(self) -> str:
        """Which sizes there are, as tables say it."""
        if self.sizes:
            return ", ".join(map(str, self.sizes))
        if self.powers_of_two:
            return "2^k"
        return "even" if self.even else "any" if self.least == 1 else f"{self.least} up"

    @property
    def small(self) -> int:
        """The least size that it has of two points or more."""
        return self.nearest(2, 2)

    def has(self, n: int) -> bool:
        """Whether there is a transform of size n, whatever is too large."""
        if self.sizes:
            return n in self.sizes
        return n >= self.least and not (self.powers_of_two and n & (n - 1)) and not (self.even and n % 2)

    def nearest(self, n: int, least: int, most: int = 1 << 30) -> int:
        """The size that it has nearest to n, between ``least`` and ``most`` where there is one."""
        if self.sizes:
            within = [size for size in self.sizes if least <= size <= most]
            return min(within or self.sizes, key=lambda size: abs(size - n))
        n = min(max(n, self.least, least), most)
        n += self.even and n % 2
        return 1 << (n.bit_length() - 1) if self.powers_of_two else n

    def kernel_length(self, shape: tuple[int, ...]) -> int | None:
        """How many values a kernel has for the sizes of all axes; None where that is free."""
        if not self.kernel_formula:
            return 0
        return None if self.kernel_size is None else prod(map(self.kernel_size, shape))

    def size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """The numbers of outputs and of inputs for the sizes of all axes; a kernel of any length tells its outputs."""
        outputs, inputs = zip(*map(self.sides, shape), strict=True)
        return prod(outputs), prod(inputs)

    def matrix(self, shape: tuple[int, ...], norm: str, kernel: Sequence[float]) -> ExactMatrix:
        """The matrix in exact form for checked arguments; a 2-D one is the Kronecker product of two."""
        if self.kernel_formula:
            return self.kernel_formula(shape, kernel)
        if self.entries:
            return reduce(ExactMatrix.kronecker, map(self.entries, shape))
        assert self.formula is not None
        power = 2 - NORMS.index(norm) if self.inverse else NORMS.index(norm)
        waves = (self.formula(n, norm == "ortho") for n in shape)
        return reduce(ExactMatrix.kronecker, (wave.matrix(Fraction(1, wave.period) ** power) for wave in waves))

    def oracle_for(self, shape: tuple[int, ...], norm: str, kernel: Sequence[float]) -> Signals:
        """The function of numpy or scipy for checked arguments, along every axis of row-major signals."""
        if self.kernel_oracle:
            return self.kernel_oracle(shape, kernel)
        along = self.oracle
        assert along is not None

        def apply(x: Array) -> Array:
            values = x.reshape(len(x), *(self.sides(n)[1] for n in shape))
            for axis in range(1, values.ndim):
                values = np.moveaxis(along(np.moveaxis(values, axis, -1), norm=norm), -1, axis)
            return values.reshape(len(x), -1)

        return apply

    def shift_rule(self, shape: tuple[int, ...]) -> ShiftRule | None:
        """The shift property along the last axis, or None where there is none."""
        if self.shift is None:
            return None
        n, rule = shape[-1], self.shift(shape[-1])

        def last_axis(function: Signals) -> Signals:
            return lambda x: function(x.reshape(-1, n)).reshape(x.shape)

        return ShiftRule(last_axis(rule.inputs), last_axis(rule.outputs))


def roll(x: Array) -> Array:
    """The signals moved by one place along the last axis: the shift of most rules."""
    return np.roll(x, 1, axis=-1)


def turn(n: int) -> Array:
    """What moving n signals by one place multiplies their spectrum with, ``(n,)`` complex128."""
    turns: Array = np.exp(-2j * np.pi * np.arange(n) / n)
    return turns
