"""The shortest text found for an exact number: a fraction, a quadratic surd, a cosine or tangent, else a sum.

Every form is tested exactly: proportional elements have proportional coefficients. The last resort, a sum of
cosines cos(2 pi k / N) with k below the degree, exists for every element.
"""

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from flint import fmpq, nmod, nmod_poly

from gp_fft.proof.field import Element, RealField, real_field
from gp_fft.proof.modular import draw
from gp_fft.transforms.exact import square_root

_ROOTS = (2, 3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 19, 21, 30)


def closed_form(element: Element, field: RealField) -> str:
    """A short expression that :class:`~gp_fft.proof.forms.Reader` reads back as this element."""
    return min(_candidates(element, field), key=len)


def _candidates(element: Element, field: RealField) -> Iterator[str]:
    if element.degree() < 1:
        yield str(element[0])
        return
    yield from _surds(element, field)
    marks, places = _marks(field.order)
    own = _mark(element, field.order)
    for k, mark in enumerate(marks):  # divided by cos(2 pi k / N); k = 0 leaves it as it is
        for j in places.get(int(own * mark), ()):
            multiple = field.product(element, field.cosine(Fraction(k, field.order)))
            cosine = field.cosine(Fraction(j, field.order))
            ratio = multiple.leading_coefficient() / cosine.leading_coefficient()
            if multiple == cosine * ratio:
                yield _scaled(ratio, _quotient(j, k, field.order))
                break
    yield _sum(element, field)


def _quotient(j: int, k: int, order: int) -> str:
    """cos(2 pi j / N) / cos(2 pi k / N), as a tangent where it is one."""
    if k and 4 * (j + k) == order:
        return f"tan({_angle(Fraction(k, order))})"
    upper = f"cos({_angle(Fraction(j, order))})" if j else ""
    lower = f"/cos({_angle(Fraction(k, order))})" if k else ""
    return (upper or "1") + lower


@lru_cache(maxsize=8)
def _marks(order: int) -> tuple[list[nmod], dict[int, list[int]]]:
    """The marks of the cosines cos(2 pi j / order), and every j by its mark."""
    marks = [_mark(real_field(order).cosine(Fraction(j, order)), order) for j in range(order // 4)]
    places: dict[int, list[int]] = {}
    for j, mark in enumerate(marks):
        places.setdefault(int(mark), []).append(j)
    return marks, places


def _mark(element: Element, order: int) -> nmod:
    """A conjugate of the element over the element, modulo a prime: the same for proportional ones, and multiplies."""
    prime, root, conjugate = _roots(order)
    polynomial = nmod_poly([int(c) for c in element.numer().coeffs()], prime)
    below = polynomial(root)
    return polynomial(conjugate) / below if below else below


@lru_cache(maxsize=8)
def _roots(order: int) -> tuple[int, int, int]:
    """A prime, a root of unity modulo it, and another one that is not its inverse where there is such a one."""
    residues = draw(order, random.Random(order))
    power = next(k for k in range(2, order) if gcd(k, order) == 1)
    return residues.prime, residues.root, pow(residues.root, power, residues.prime)


def _surds(element: Element, field: RealField) -> Iterator[str]:
    """(a + b sqrt(c)) / d for small c, where the element is such a number."""
    for inside in _ROOTS:
        number = square_root(inside)
        if field.order % number.order == 0:
            root = field.number(number)
            factor = element[root.degree()] / root.leading_coefficient()
            rest = element - root * factor
            if rest.degree() < 1:
                yield _over([(rest[0], ""), (factor, f"sqrt({inside})")])


def _sum(element: Element, field: RealField) -> str:
    """A sum of cosines with whole coefficients over one denominator."""
    middle = field.degree - 1  # zeta^middle times the sum has the powers 0 to 2 middle, all below the modulus
    powers = element.left_shift(middle) % field.modulus
    terms = [(powers[middle], "")]
    terms += [(powers[middle + k] * 2, f"cos({_angle(Fraction(k, field.order))})") for k in range(1, field.degree)]
    return _over(terms)


def _over(terms: list[tuple[fmpq, str]]) -> str:
    """A sum of named terms with their least common denominator behind it."""
    terms = [(c, name) for c, name in terms if c]
    below = lcm(*(int(c.q) for c, _ in terms))
    above = [int(c.p) * (below // int(c.q)) for c, _ in terms]
    common = gcd(*above)
    if len(terms) == 1:
        return _scaled(terms[0][0], terms[0][1] or "1")
    order = sorted(range(len(terms)), key=lambda k: above[k] < 0)  # a positive term first, where there is one
    text = "".join(_term(above[k] // common, terms[k][1], first=not place) for place, k in enumerate(order))
    return _scaled(fmpq(common, below), f"({text})")


def _term(factor: int, name: str, first: bool) -> str:
    sign = "-" if factor < 0 else "" if first else "+"
    size = abs(factor)
    return sign + (str(size) if not name else name if size == 1 else f"{size}*{name}")


def _scaled(ratio: fmpq, name: str) -> str:
    """ratio times a name: ``3*sqrt(2)/4``."""
    upper, lower = int(ratio.p), int(ratio.q)
    sign = "-" if upper < 0 else ""
    front = name if abs(upper) == 1 else str(abs(upper)) + name[1:] if name.startswith("1/") else f"{abs(upper)}*{name}"
    if front.startswith("(") and not sign and lower == 1 and abs(upper) == 1:
        return front[1:-1]
    return f"{sign}{front}" + (f"/{lower}" if lower != 1 else "")


def _angle(turns: Fraction) -> str:
    """2 pi turns as text."""
    half = 2 * turns
    front = "pi" if half.numerator == 1 else f"{half.numerator}*pi"
    return front + (f"/{half.denominator}" if half.denominator != 1 else "")
