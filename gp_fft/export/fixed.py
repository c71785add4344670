"""Fixed point: words for every value of a program, with a bound on the round-off, and the model of what comes of it.

Inputs are whole numbers. A value has its own digits after the point, as many as it can have but never more than the
guard digits; a product is made in full, then rounded half up to those. The bound holds for every input, and no value
can leave its word: rounding and the rounding of constants are sources of error of known size, and what a source does
to an output is linear, so the bound is the sum of the sources times their gains (L. B. Jackson, "On the interaction of
roundoff noise and dynamic range in digital filters", 1970, with the sum of magnitudes for the worst case).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from gp_fft.export.form import Form, Statement
from gp_fft.ground.errors import UsageError

MOST = 48  # digits after the point that are tried
FEW = 16  # digits after the point with which constants are left exact
NEAR = 1e-9  # relative, of constants that may be one
SLACK = 1e-12  # relative, over what float64 may lose in the bounds


class Word(NamedTuple):
    """Two's complement of ``width`` bits, ``fraction`` of them after the point."""

    width: int
    fraction: int


class Constant(NamedTuple):
    """The number ``mantissa / 2**shift``, odd where the shift is not 0."""

    mantissa: int
    shift: int

    @property
    def value(self) -> float:
        """The number."""
        return self.mantissa * 2.0**-self.shift


def rounded(size: float, digits: int) -> Constant:
    """The nearest number with so many binary digits after the point, without zeros at its end."""
    mantissa, shift = round(size * 2**digits), digits
    while shift and mantissa % 2 == 0:
        mantissa, shift = mantissa // 2, shift - 1
    return Constant(mantissa, shift)


@dataclass(frozen=True)
class Fixed:
    """A form in fixed point; values and outputs as in the form."""

    form: Form
    width: int  # bits of an input
    fraction: int  # digits of the outputs after the point of the inputs; fewer than none drops bits
    guard: int  # digits of values after the point, at most
    digits: int  # of constants after the point
    constants: dict[float, Constant]  # by their sizes, without signs
    words: tuple[Word, ...]  # of the values
    products: dict[int, int]  # by the value made: bits of a product before it is rounded
    outputs: tuple[Word, ...]
    bound: float  # of the error of any output, in units of its last bit

    def drop(self, statement: Statement) -> int:
        """How many bits a product loses."""
        shift = self.constants[abs(statement.size)].shift
        return self.words[statement.a].fraction + shift - self.words[statement.out].fraction

    def run(self, x: Sequence[int]) -> list[int]:
        """The outputs for whole inputs, bit for bit."""
        values = dict(enumerate(x))
        for s in self.form.statements:
            values[s.out] = self._step(s, values)
        done = []
        for value, word in zip(self.form.outputs, self.outputs, strict=True):
            done.append(halved(values[value], self.words[value].fraction - word.fraction))
        return done

    def _step(self, s: Statement, values: dict[int, int]) -> int:
        if s.operation == "zero":
            return 0
        out = self.words[s.out].fraction
        if s.operation == "product":
            mantissa = self.constants[abs(s.size)].mantissa
            return halved((-mantissa if s.size < 0 else mantissa) * values[s.a], self.drop(s))
        a = values[s.a] << (out - self.words[s.a].fraction)
        if s.operation == "turned":
            return -a
        b = values[s.b] << (out - self.words[s.b].fraction)
        return a - b if s.turn else a + b


def halved(number: int, places: int) -> int:
    """A whole number over ``2**places``, rounded half up."""
    return (number + (1 << (places - 1))) >> places if places > 0 else number << -places


def fixed(form: Form, width: int, fraction: int = 0, guard: int = -1, digits: int = 0) -> Fixed:
    """A form in fixed point.

    Args:
        form: on real numbers, without fused products.
        width: bits of an input.
        fraction: digits of the outputs after the point.
        guard: digits of values after the point at most; -1 chooses.
        digits: digits of constants after the point; 0 chooses. What is chosen makes the sum of both as small as it can
            be with a bound below one unit of the last bit of an output: every output is its exact value, rounded up or
            down.

    Raises:
        UsageError: constants that so few digits cannot hold, or outputs of which nothing is left.
    """
    analysis = _Analysis(form, width, fraction)
    if digits:
        _check(form.constants, digits)
    guard, digits = _chosen(analysis, guard, digits)
    made = analysis.made(guard, digits)
    if all(word.width == 1 for word in made.outputs):
        raise UsageError(f"nothing of the outputs is left with a fraction of {fraction} bits of inputs of {width} bits")
    return made


def _check(constants: Sequence[float], digits: int) -> None:
    """Refuse digits with which a constant is nothing, or two are one."""
    if not (fault := _fault(constants, digits)):
        return
    few = next((few for few in range(digits + 1, MOST) if not _fault(constants, few)), MOST)
    raise UsageError(f"with {digits} digits after the point {fault}; at least {few} are needed")


def _fault(constants: Sequence[float], digits: int) -> str:
    """What so few digits make of the constants, which ascend; nothing if they hold them."""
    for size in constants:
        if not rounded(size, digits).mantissa:
            return f"the constant {size!r} is 0"
    for one, other in pairwise(constants):
        if rounded(one, digits) == rounded(other, digits) and other - one > NEAR * other:
            return f"the constants {one!r} and {other!r} are one"
    return ""


def _chosen(analysis: _Analysis, guard: int, digits: int) -> tuple[int, int]:
    """Guard digits and digits of constants with a bound below 1, their sum the least; given ones stay."""
    if guard >= 0 and digits:
        return guard, digits
    if digits:
        return next((g for g in range(MOST) if analysis.bound(g, digits) < 1), MOST), digits
    first = next((g for g in range(MOST) if analysis.bound(g, MOST) < 1), MOST) if guard < 0 else guard
    tried = [(g, analysis.digits(g)) for g in (range(first, min(first + 4, MOST)) if guard < 0 else [guard])]
    return min(tried, key=lambda pair: (sum(pair), pair))


class _Analysis:
    """What does not depend on the digits: ranges without error, and what each product does to each value."""

    def __init__(self, form: Form, width: int, fraction: int) -> None:
        self.form, self.width, self.fraction = form, width, fraction
        inputs = form.inputs * form.parts
        self.products = [s for s in form.statements if s.operation == "product"]
        number = {s.out: k for k, s in enumerate(self.products)}
        rows = np.zeros((len(form.names), inputs + len(self.products)))
        rows[:inputs, :inputs] = np.eye(inputs)
        for s in form.statements:
            if s.operation == "product":
                rows[s.out] = s.size * rows[s.a]
                rows[s.out, inputs + number[s.out]] = 1.0
            elif s.operation == "turned":
                rows[s.out] = -rows[s.a]
            elif s.operation == "sum":
                rows[s.out] = rows[s.a] + (-rows[s.b] if s.turn else rows[s.b])
        low, high = -(2.0 ** (width - 1)), 2.0 ** (width - 1) - 1
        plus, minus = np.maximum(rows[:, :inputs], 0).sum(1), np.minimum(rows[:, :inputs], 0).sum(1)
        self.low, self.high = plus * low + minus * high, plus * high + minus * low
        self.gains = np.abs(rows[:, inputs:])

    def fractions(self, guard: int, constants: dict[float, Constant]) -> list[int]:
        """Digits of every value after the point."""
        digits = [0] * len(self.form.names)
        for s in self.form.statements:
            if s.operation == "product":
                digits[s.out] = min(guard, digits[s.a] + constants[abs(s.size)].shift)
            elif s.reads:
                digits[s.out] = max(digits[value] for value in s.reads)
        return digits

    def errors(self, guard: int, digits: int) -> tuple[list[int], Any]:
        """The fractions, and the bound of the error of every value, in units of an input."""
        constants = {size: rounded(size, digits) for size in self.form.constants}
        fractions = self.fractions(guard, constants)
        sources = np.zeros(len(self.products))
        for k, s in enumerate(self.products):
            constant = constants[abs(s.size)]
            reach = max(-self.low[s.a], self.high[s.a]) + self.gains[s.a] @ sources
            cut = fractions[s.a] + constant.shift > fractions[s.out]
            sources[k] = abs(constant.value - abs(s.size)) * reach + cut * 2.0 ** -(fractions[s.out] + 1)
        return fractions, (self.gains @ sources) * (1 + SLACK)

    def bound(self, guard: int, digits: int) -> float:
        """The bound of the error of any output, in units of its last bit."""
        fractions, errors = self.errors(guard, digits)
        return max(
            float(errors[value]) * 2.0**self.fraction + (0.5 if fractions[value] > self.fraction else 0.0)
            for value in self.form.outputs
        )

    def digits(self, guard: int) -> int:
        """The fewest digits of constants with a bound below 1, or those that make constants exact if few do."""
        exact = max((rounded(size, MOST).shift for size in self.form.constants), default=0)
        if exact <= FEW:
            return exact
        low, high = 0, MOST
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.bound(guard, middle) < 1 else (middle, high)
        return high

    def made(self, guard: int, digits: int) -> Fixed:
        """The words."""
        form = self.form
        constants = {size: rounded(size, digits) for size in form.constants}
        fractions, errors = self.errors(guard, digits)
        words = [Word(self.width, 0)] * (form.inputs * form.parts)
        words += [
            Word(_bits(self.low[v] - errors[v], self.high[v] + errors[v], fractions[v]), fractions[v])
            for v in range(len(words), len(form.names))
        ]
        products = {}
        for s in self.products:
            mantissa = constants[abs(s.size)].mantissa
            cut = words[s.a].fraction + constants[abs(s.size)].shift - fractions[s.out]
            products[s.out] = max(words[s.a].width + mantissa.bit_length(), cut + 1) + 1
        outputs = []
        for v in form.outputs:
            half = 0.5 * 2.0**-self.fraction if fractions[v] > self.fraction else 0.0
            reach = errors[v] + half
            outputs.append(Word(_bits(self.low[v] - reach, self.high[v] + reach, self.fraction), self.fraction))
        bound = self.bound(guard, digits)
        return Fixed(
            form, self.width, self.fraction, guard, digits, constants, tuple(words), products, tuple(outputs), bound
        )


def _bits(low: float, high: float, fraction: int) -> int:
    """Bits of a word for all numbers from low to high."""
    scale = 2.0**fraction * (1 + SLACK)
    least, most = math.ceil(low * scale), math.floor(high * scale)
    return max((-least - 1).bit_length() if least < 0 else 0, most.bit_length() if most > 0 else 0) + 1
