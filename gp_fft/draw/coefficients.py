"""How a coefficient is written in a picture: a closed form where one is known, else four digits.

The constants of fast transforms are few: small integers and fractions, square roots of them, and the cosines,
sines and tangents of rational angles. A coefficient that agrees with one of these to a relative 1e-10 is
written by its name (evolved constants carry a little round-off; the names lie far further apart). A complex
coefficient of modulus one becomes a power of a root of unity, ``w_n^k = exp(-2 pi i k/n)``, the sign that the
textbooks and scipy.fft use for the forward DFT.
"""

import cmath
import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

TOLERANCE = 1e-10
LARGEST_NAMED = 129.0
LARGEST_ANGLE = 64
LARGEST_ORDER = 1024

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GLYPHS = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}
_FUNCTIONS = (("sin", math.sin, math.asin), ("cos", math.cos, math.acos), ("tan", math.tan, math.atan))


def subscript(name: str) -> str:
    """Write a name such as ``t12`` with its number lowered: ``t₁₂``."""
    return name.translate(_SUBSCRIPTS)


@lru_cache(maxsize=4096)
def write_coefficient(coefficient: complex) -> str:
    """Write any finite coefficient.

    Args:
        coefficient: a real or complex number.

    Returns:
        ``1``, ``−1``, ``i``, ``√½``, ``−i cos π/8``, ``ω₁₆³``, ``1−i``, ``0.3812``, ... (with a true minus
        sign).
    """
    real, imaginary = coefficient.real, coefficient.imag
    tiny = TOLERANCE * abs(coefficient)  # a part that is only round-off beside the other is dropped
    if abs(imaginary) <= tiny:
        return _minus(real) + write_size(abs(real))
    if abs(real) <= tiny:
        return _minus(imaginary) + _with_i(write_size(abs(imaginary)))
    if abs(abs(coefficient) - 1.0) <= TOLERANCE:
        turns = (-cmath.phase(coefficient) / (2.0 * math.pi)) % 1.0
        power = Fraction(turns).limit_denominator(LARGEST_ORDER)
        if abs(power - turns) <= TOLERANCE:
            raised = str(power.numerator).translate(_SUPERSCRIPTS) if power.numerator > 1 else ""
            return f"ω{subscript(str(power.denominator))}{raised}"
    sign = "−" if imaginary < 0 else "+"
    if abs(abs(real) - abs(imaginary)) <= TOLERANCE * abs(real):
        size, sum_of_units = write_size(abs(real)), f"{_minus(real)}1{sign}i"
        return sum_of_units if size == "1" else f"{size}({sum_of_units})"
    return f"{_minus(real)}{write_size(abs(real))}{sign}{_with_i(write_size(abs(imaginary)))}"


@lru_cache(maxsize=4096)
def write_size(size: float) -> str:
    """Write a real number that is not negative by its closed form, or with four significant digits."""
    for value, name in _closed_forms(size) if size < LARGEST_NAMED else ():
        if abs(value - size) <= TOLERANCE * size:
            return name
    mantissa, _, exponent = f"{size:.4g}".partition("e")
    return f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}" if exponent else mantissa


def _minus(value: float) -> str:
    return "−" if value < 0 else ""


def _with_i(name: str) -> str:
    """A size times i: ``i``, ``3i``, ``½i``, ``i√½``, ``i sin π/8``."""
    if name == "1":
        return "i"
    if all(character.isnumeric() or character in "./" for character in name):
        return name + "i"
    return f"i {name}" if name[0].isalpha() else f"i{name}"


def _closed_forms(size: float) -> Iterator[tuple[float, str]]:
    """The named numbers nearest to ``size``, one of each kind, the simplest kinds first."""
    for denominator, largest in ((1, 128), (16, 32), (32, 1), (64, 1)):
        plain = Fraction(size).limit_denominator(denominator)
        if 0 < plain.numerator <= largest:
            yield float(plain), _GLYPHS.get(str(plain), str(plain))
    yield math.sqrt(0.5), "√½"
    for factor, text in ((1.0, ""), (0.5, "½"), (0.25, "¼"), (2.0, "2"), (3.0, "3"), (4.0, "4")):
        radicand = round((size / factor) ** 2)
        if 2 <= radicand <= 64 and all(radicand % (k * k) for k in range(2, 9)):
            yield factor * math.sqrt(radicand), f"{text}√{radicand}"
    inside = Fraction(size * size).limit_denominator(16)
    if 0 < inside.numerator <= 16:
        yield math.sqrt(inside), f"√({inside})"
    for factor, text in ((1.0, ""), (2.0, "2 "), (0.5, "½ ")):
        yield from _angles(size, factor, text)


def _angles(size: float, factor: float, text: str) -> Iterator[tuple[float, str]]:
    """The sine, cosine and tangent that, times ``factor``, come nearest to ``size``, the simplest angle first."""
    angles = []
    for name, function, inverse in _FUNCTIONS:
        if size <= factor or name == "tan":
            angle = Fraction(inverse(size / factor) / math.pi).limit_denominator(LARGEST_ANGLE)
            angles.append((angle.denominator, angle.numerator, name, factor * function(math.pi * angle)))
    for order, k, name, value in sorted(angles):
        if k:
            yield value, f"{text}{name} {'' if k == 1 else k}π/{order}"
