"""The re-check of a certificate from program, transform and certificate alone: exact, and blind to how it was found.

First what is cheap (hash, statement, limits), then the modular check at the recorded root and at a fresh random one,
which turns away almost every wrong certificate in a moment, and last the proof itself: every basis vector is run
through the program in exact arithmetic and compared with its column of the transform. Nothing here knows the
search, Newton's method or lattice reduction; no float takes part but for the test that the sizes are correctly rounded.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from flint import fmpq_poly

from gp_fft.files.certificate import Certificate, Factors
from gp_fft.ground.clock import Clock
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.proof import bits, modular
from gp_fft.proof.field import Element, RealField, check_order, orders, real_field
from gp_fft.proof.forms import Reader
from gp_fft.proof.target import check_belongs, statement, target
from gp_fft.transforms import Transform
from gp_fft.transforms.coded import ExactMatrix

LIMIT_PRODUCTS = 1 << 26  # terms times inputs
LIMIT_BITS = 1 << 16  # of one coefficient
LIMIT_MEMORY = 1 << 31  # bits of all values of a column
LIMIT_WORK = 1 << 38  # words multiplied in all

Pair = tuple[Element, Element]
Sides = tuple[Sequence[Element], Sequence[Element]]  # factors of the rows and of the columns, empty where all are 1


def check(
    certificate: Certificate,
    program: Program,
    transform: Transform,
    rng: random.Random | None = None,
    clock: Clock | None = None,
) -> None:
    """Prove again that the program computes the transform; :class:`DataError` says where the certificate fails.

    ``rng`` draws the fresh root of unity; without one the operating system does. Raises TimeOver when the clock is over
    before the proof is checked. Over GF(2) the proof is the matrix, multiplied out in whole numbers.
    """
    if transform.field == "gf2":
        bits.check(certificate, program, transform)
        return
    check_head(certificate, program, transform)
    goal = target(transform, certificate.reading)
    if certificate.order not in orders(goal.order, max(transform.shape)):
        raise DataError(f"the field of order {certificate.order} is none that a proof of {transform.title} may use")
    fresh = modular.draw(certificate.order, rng or random.SystemRandom())
    for residues in (certificate.residues, fresh):
        if not modular.agrees(certificate, program, goal, residues):
            raise DataError(f"program and {transform.title} differ modulo {residues.prime}: the proof is wrong")
    field = real_field(certificate.order)
    factors = read_factors(certificate, transform, field)
    multiply_out(program, read_constants(certificate, field), goal, field, clock, factors)


def check_head(certificate: Certificate, program: Program, transform: Transform) -> None:
    """Everything that can be told without arithmetic: versions, sizes, hash, statement, limits."""
    check_belongs(certificate, program, transform)
    check_order(certificate.order)
    words = describe(program, transform, certificate.reading, certificate.order, certificate.residues.prime)
    if any(getattr(certificate, key) != value for key, value in words.items()):
        raise DataError(f"the proof does not state what a proof of {transform.title} by this program states")
    if program.terms * program.inputs > LIMIT_PRODUCTS:
        raise DataError(f"the program is too large for a proof: {program.terms} terms times {program.inputs} inputs")
    sizes = set(program.sizes.tolist()) - {1.0}
    given = [constant.size for constant in certificate.constants]
    if len(given) != len(set(given)) or set(given) != sizes:
        raise DataError("the constants of the proof are not the sizes of the program")
    factors, scaling = certificate.factors or Factors(), transform.scaling
    if (len(factors.outputs), len(factors.inputs)) != (len(scaling.outputs), len(scaling.inputs)):
        raise DataError("the factors of the proof are not those of the transform")


def describe(program: Program, transform: Transform, reading: str, order: int, prime: int) -> dict[str, Any]:
    """Statement, field and list of checks as a certificate has to give them."""
    checked: tuple[str, ...] = (
        f"{len(program.outputs) * program.inputs} entries multiplied out exactly in Q(zeta_{order})",
        "every size is the float64 nearest to its exact constant",
        f"the same matrix at a root of unity modulo {prime}",
    )
    if transform.scaling:
        checked += ("every factor is other than zero, and its float64 the nearest one",)
    field = f"Q(2*cos(2*pi/{order})) for sizes, Q(zeta_{order}) for entries"
    return {"statement": statement(transform, reading), "field": field, "checked": checked}


def read_constants(certificate: Certificate, field: RealField) -> dict[float, Element]:
    """The exact constants by the floats that they round to; DataError if one does not, or two are the same."""
    reader = Reader(field, field.degree)
    constants: dict[float, Element] = {}
    seen: set[str] = set()
    for constant in certificate.constants:
        element = reader.read(constant.exact)
        if _bits(element) > LIMIT_BITS:
            raise DataError(f"the exact number {constant.exact[:60]!a} has more than {LIMIT_BITS} bits")
        if field.rounded(element) != constant.size:
            raise DataError(f"{constant.exact[:60]} does not round to {constant.size!r}, the size in the program")
        key = str(element.coeffs())
        if key in seen:
            raise DataError(f"two sizes of the program stand for {constant.exact[:60]}")
        seen.add(key)
        constants[constant.size] = element
    return constants


def read_factors(certificate: Certificate, transform: Transform, field: RealField) -> Sides:
    """The exact factors of the outputs and of the inputs; DataError for zero or one that does not round as said."""
    reader, given = Reader(field, field.degree), certificate.factors or Factors()
    sides = []
    for texts, floats in ((given.outputs, transform.scaling.outputs), (given.inputs, transform.scaling.inputs)):
        elements = [reader.read(text) for text in texts]
        for text, element, factor in zip(texts, elements, floats, strict=True):
            if not element or _bits(element) > LIMIT_BITS:
                raise DataError(f"the exact factor {text[:60]!a} is zero or has more than {LIMIT_BITS} bits")
            if field.rounded(element) != factor:
                raise DataError(f"{text[:60]} does not round to {factor!r}, the factor of the transform")
        sides.append(elements)
    return sides[0], sides[1]


def multiply_out(
    program: Program,
    constants: dict[float, Element],
    goal: ExactMatrix,
    field: RealField,
    clock: Clock | None = None,
    factors: Sides = ((), ()),
) -> None:
    """Compare the matrices entry by entry in exact arithmetic; DataError names the first entry that differs.

    ``factors`` are those of the rows and of the columns of the goal; a side without any is empty.
    """
    if field.order % goal.order:
        raise DataError(f"the field of order {field.order} does not hold the entries of the transform")
    wanted = _Wanted([field.parts(number) for number in goal.numbers], factors, field)
    meter = _Meter()
    for column in range(program.inputs):
        if clock is not None:
            clock.check()
        for row, value in enumerate(_column(program, constants, column, field, meter)):
            if value != wanted.entry(int(goal.index[row, column]), row, column):
                raise DataError(f"entry ({row}, {column}) of the program is not that of the transform")


class _Wanted:
    """The entries that a program must have: those of the goal, each times the factors of its row and of its column."""

    def __init__(self, values: list[Pair], factors: Sides, field: RealField) -> None:
        self._values, self._field = values, field
        self._rows, self._columns = factors
        self._known: dict[tuple[int, str], Pair] = {}

    def entry(self, which: int, row: int, column: int) -> Pair:
        """The entry with the value of this number; equal products are computed once."""
        if not self._rows and not self._columns:
            return self._values[which]
        here = [side[k] for side, k in ((self._rows, row), (self._columns, column)) if side]
        key = (which, " ".join(map(str, here)))
        if key not in self._known:
            real, imaginary = self._values[which]
            for factor in here:
                real, imaginary = self._field.product(real, factor), self._field.product(imaginary, factor)
            self._known[key] = real, imaginary
        return self._known[key]


def _column(
    program: Program, constants: dict[float, Element], column: int, field: RealField, meter: _Meter
) -> list[Pair]:
    """The outputs for one basis vector, as exact real and imaginary parts."""
    zero, one = fmpq_poly(), fmpq_poly([1])
    values = [(one if k == column else zero, zero) for k in range(program.inputs)]
    products: dict[tuple[float, int], Pair] = {}
    meter.start()
    for row in program.rows():
        real, imaginary = zero, zero
        for size, turn, ref in row:
            a, b = values[ref]
            if size != 1.0:
                if (size, ref) not in products:
                    factor = constants[size]
                    products[size, ref] = field.product(a, factor), field.product(b, factor)
                    meter.add(products[size, ref], field.degree)
                a, b = products[size, ref]
            if turn % 2:
                a, b = -b, a
            real, imaginary = (real - a, imaginary - b) if turn >= 2 else (real + a, imaginary + b)
        meter.add((real, imaginary), 1)
        values.append((real, imaginary))
    return [values[program.inputs + d] for d in program.outputs.tolist()]


class _Meter:
    """Keeps an eye on the bits that the values of a column take and on the work done."""

    def __init__(self) -> None:
        self._memory = self._work = 0

    def start(self) -> None:
        """Begin a new column: the values of the last one are gone."""
        self._memory = 0

    def add(self, values: Iterable[Element], degree: int) -> None:
        """Count new values; DataError if they grow beyond all measure."""
        for value in values:
            bits = _bits(value)
            self._memory += bits * len(value)
            self._work += (bits // 64 + 1) * len(value) * degree
            if bits > LIMIT_BITS or self._memory > LIMIT_MEMORY or self._work > LIMIT_WORK:
                raise DataError("the exact numbers grow too large to multiply the program out")


def _bits(element: Element) -> int:
    return int(element.numer().height_bits()) + int(element.denom()).bit_length()
