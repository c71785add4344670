"""Exact arithmetic in the real subfield of a cyclotomic field: polynomials in a root of unity, by FLINT.

With N divisible by 4, every element of Q(zeta_N) is a + i b with a and b in K = Q(2 cos(2 pi / N)), and 1 and i
are independent over K (L. C. Washington, Introduction to Cyclotomic Fields, 1982, chapter 2). So the values of a
program with real sizes are pairs of elements of K, a size multiplies both, and a turn only changes places. An
element is a polynomial in zeta_N with rational coefficients below the degree of the cyclotomic polynomial: equal
elements have equal coefficients, so comparing is exact, and cosines keep coefficients of a few bits, where powers of
2 cos(2 pi / N) would need hundreds.
"""

from fractions import Fraction
from functools import lru_cache
from math import lcm

from flint import acb, arb, ctx, fmpq, fmpq_poly, fmpz, fmpz_poly

from gp_fft.ground.errors import DataError
from gp_fft.transforms.balls import MOST_BITS, nearest, reduced
from gp_fft.transforms.exact import Number

LIMIT_ORDER = 8192
LIMIT_DEGREE = 512
"""Largest order and degree of a field; the DCT-IV of 256 points needs degree 512."""

Element = fmpq_poly


class RealField:
    """The field Q(2 cos(2 pi / order)); its elements are ``fmpq_poly`` in zeta below the cyclotomic polynomial."""

    def __init__(self, order: int) -> None:
        check_order(order)
        self.order = order
        self.modulus = fmpq_poly(fmpz_poly.cyclotomic(order))
        self.degree = int(self.modulus.degree()) // 2
        self._cosines: dict[int, Element] = {}

    def whole(self, value: int) -> Element:
        """A whole number."""
        return fmpq_poly([value])

    def cosine(self, turns: Fraction) -> Element:
        """cos(2 pi turns); DataError if it is not in the field as a cosine of a multiple of 1 / order."""
        place = turns * self.order
        if place.denominator != 1:
            raise DataError(f"cos(2 pi {turns}) is no cosine of the field of order {self.order}")
        k = int(place) % self.order
        if k not in self._cosines:
            self._cosines[k] = reduced(((k, Fraction(1, 2)), (-k, Fraction(1, 2))), self.order)
        return self._cosines[k]

    def sine(self, turns: Fraction) -> Element:
        """sin(2 pi turns), as :meth:`cosine`."""
        return self.cosine(turns - Fraction(1, 4))

    def parts(self, number: Number) -> tuple[Element, Element]:
        """Real and imaginary part of a sum of roots of unity."""
        real, imaginary = fmpq_poly(), fmpq_poly()
        for k, c in number.terms:
            turns, factor = Fraction(k, number.order), fmpq(c.numerator, c.denominator)
            real += self.cosine(turns) * factor
            imaginary += self.sine(turns) * factor
        return real, imaginary

    def number(self, number: Number) -> Element:
        """A real sum of roots of unity; DataError if it does not lie in the field."""
        if self.order % number.order:
            raise DataError(f"roots of unity of order {number.order} do not lie in the field of order {self.order}")
        return self.parts(number)[0]

    def product(self, one: Element, other: Element) -> Element:
        """one times other."""
        return one * other if one.degree() < 1 or other.degree() < 1 else one * other % self.modulus

    def inverse(self, element: Element) -> Element:
        """1 / element; DataError for zero."""
        if not element:
            raise DataError("an exact value has the denominator zero")
        divisor, factor, _ = element.xgcd(self.modulus)
        return factor / divisor[0]

    def ball(self, element: Element, bits: int) -> arb:
        """A ball that surely holds the element, about 2^-bits wide."""
        with ctx.workprec(bits + 64 + int(element.numer().height_bits())):
            angle = arb(2) / self.order
            zeta, total = acb(angle.cos_pi(), angle.sin_pi()), acb(0)
            for coefficient in reversed(element.coeffs()):
                total = total * zeta + acb(coefficient)
            return total.real

    def rounded(self, element: Element) -> float:
        """The float64 nearest to the element, with more bits until that is certain."""
        if element.degree() < 1:
            number = element[0]
            return int(number.p) / int(number.q)  # Python's division of integers rounds correctly
        bits = 128
        while bits <= MOST_BITS:
            value = nearest(self.ball(element, bits))
            if value is not None:
                return value
            bits *= 2
        raise DataError("an exact value lies on the border between two floats")


def check_order(order: int) -> None:
    """DataError unless a field may have this order: a multiple of 4 with order and degree within the limits."""
    if not 4 <= order <= LIMIT_ORDER or order % 4:
        raise DataError(f"a field must have an order from 4 to {LIMIT_ORDER} divisible by 4, not {str(order)[:20]}")
    if degree_of(order) > LIMIT_DEGREE:
        raise DataError(f"the field of order {order} has degree {degree_of(order)}, {LIMIT_DEGREE} is the limit")


def degree_of(order: int) -> int:
    """The degree of the real subfield: half of Euler's phi of ``order``, which is divisible by 4."""
    return int(fmpz(order).euler_phi()) // 2


@lru_cache(maxsize=32)
def real_field(order: int) -> RealField:
    """The field of that order, made once."""
    return RealField(order)


def orders(order: int, size: int) -> list[int]:
    """Orders of the fields in which constants are looked for, smallest first: entries of ``order``, n = ``size``."""
    chosen: list[int] = []
    for candidate in (lcm(4, order), lcm(8, order), lcm(4 * size, order), lcm(8 * size, order)):
        allowed = candidate <= LIMIT_ORDER and degree_of(candidate) <= LIMIT_DEGREE
        if allowed and not any(known % candidate == 0 for known in chosen):
            chosen.append(candidate)
    return chosen
