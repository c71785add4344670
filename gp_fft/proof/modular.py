"""A second check that shares nothing with the first: the program modulo a random prime at a random root of unity.

Where p = 1 modulo N, the field with p elements holds roots of unity of order N, and zeta_N may be sent to any of
them. If program and transform differ, an entry of the difference is a number of Q(zeta_N) other than zero, and it
vanishes at a random root modulo a random 61-bit prime with a probability of about its height over 10^18 (J. T.
Schwartz, 1980; R. Zippel, 1979). Plain Python integers, no number field, no FLINT: expressions are read from the
certificate once more, complex values are single residues.
"""

import random
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from gp_fft.files.certificate import Certificate, Residues
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.proof.forms import Reader
from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.exact import Number

BITS = 61


class Modular:
    """The integers modulo a prime, with a root of unity in the place of zeta_order."""

    def __init__(self, order: int, prime: int, root: int) -> None:
        fits = prime.bit_length() == BITS and prime % order == 1 and 0 < root < prime
        if not fits or not is_prime(prime) or not _has_order(root, order, prime):
            raise DataError(f"the residues of a proof need a prime of {BITS} bits and a root of unity of order {order}")
        self.order, self.prime, self.root = order, prime, root

    @cached_property
    def _powers(self) -> list[int]:
        powers = [1]
        for _ in range(self.order - 1):
            powers.append(powers[-1] * self.root % self.prime)
        return powers

    def whole(self, value: int) -> int:
        """A whole number."""
        return value % self.prime

    def unity(self, turns: Fraction) -> int:
        """exp(2 pi i turns)."""
        place = turns * self.order
        if place.denominator != 1:
            raise DataError(f"a turn of {turns} is none of a root of unity of order {self.order}")
        return self._powers[int(place) % self.order]

    def cosine(self, turns: Fraction) -> int:
        """cos(2 pi turns)."""
        return (self.unity(turns) + self.unity(-turns)) * pow(2, -1, self.prime) % self.prime

    def product(self, one: int, other: int) -> int:
        """one times other."""
        return one * other % self.prime

    def inverse(self, element: int) -> int:
        """1 / element; DataError for zero."""
        if not element % self.prime:
            raise DataError("an exact value has the denominator zero")
        return pow(element, -1, self.prime)

    def number(self, number: Number) -> int:
        """A sum of roots of unity."""
        parts = (self.unity(Fraction(k, number.order)) * self._fraction(c) for k, c in number.terms)
        return sum(parts) % self.prime

    def _fraction(self, value: Fraction) -> int:
        return value.numerator * self.inverse(value.denominator)


def draw(order: int, rng: random.Random) -> Residues:
    """A random prime of 61 bits that is 1 modulo ``order``, and a random root of unity of that order."""
    while True:
        prime = order * rng.randrange((1 << BITS - 1) // order + 1, (1 << BITS) // order) + 1
        if not is_prime(prime):
            continue
        while True:
            root = pow(rng.randrange(2, prime), (prime - 1) // order, prime)
            if _has_order(root, order, prime):
                return Residues(prime, root)


def agrees(certificate: Certificate, program: Program, target: ExactMatrix, residues: Residues) -> bool:
    """Whether program and target have the same matrix at these residues."""
    numbers = Modular(certificate.order, residues.prime, residues.root)
    reader = Reader(numbers, degree=1)
    constants = {constant.size: reader.read(constant.exact) % residues.prime for constant in certificate.constants}
    expected = np.array([numbers.number(value) for value in target.numbers], object)[target.index]
    if certificate.factors is not None:
        rows, columns = certificate.factors.outputs, certificate.factors.inputs
        above = np.array([reader.read(text) % residues.prime for text in rows] or [1], object)
        beside = np.array([reader.read(text) % residues.prime for text in columns] or [1], object)
        expected = expected * above[:, None] % residues.prime * beside[None, :] % residues.prime
    return bool((_matrix(program, constants, numbers) == expected).all())


def _matrix(program: Program, constants: dict[float, int], numbers: Modular) -> Any:
    """The matrix of the program: ``(outputs, inputs)`` residues."""
    turns = [numbers.unity(Fraction(turn, 4)) for turn in range(4)]
    n = program.inputs
    values = [np.array([int(i == j) for j in range(n)], object) for i in range(n)]
    for row in program.rows():
        total = np.array([0] * n, object)
        for size, turn, ref in row:
            total = total + values[ref] * (turns[turn] * constants.get(size, 1) % numbers.prime)
        values.append(total % numbers.prime)
    return np.array([values[n + d] for d in program.outputs.tolist()])


def _has_order(root: int, order: int, prime: int) -> bool:
    if pow(root, order, prime) != 1:
        return False
    return all(pow(root, order // q, prime) != 1 for q in range(2, order + 1) if order % q == 0 and is_prime(q))


def is_prime(number: int) -> bool:
    """Whether a number below 3 * 10^24 is prime (G. L. Miller and M. O. Rabin with the bases of J. Sorenson, 2015)."""
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if number < 2 or any(number % base == 0 for base in bases):
        return number in bases
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in bases:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        if not any((power := power * power % number) == number - 1 for _ in range(twos - 1)):
            return False
    return True
