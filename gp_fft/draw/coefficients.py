"""How a coefficient is written in a picture: a closed form where one is known, else four digits.

The constants of fast transforms are few: small integers and fractions, square roots of them, and the cosines,
sines and tangents of rational angles. A coefficient that agrees with one of these to a relative 1e-10 is
written by its name (evolved constants carry a little round-off; the names lie far further apart). A complex
coefficient of modulus one becomes a power of a root of unity, ``w_n^k = exp(-2 pi i k/n)``, the sign that the
textbooks and scipy.fft use for the forward DFT.
"""

import bisect
import cmath
import math
from dataclasses import dataclass
from functools import lru_cache

TOLERANCE = 1e-10
LARGEST_ANGLE = 64
LARGEST_ORDER = 1024

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Written:
    """One value written twice: ``text`` in Unicode for the screen, ``latex`` for math mode."""

    text: str
    latex: str


def subscript(name: str) -> str:
    """Write a name such as ``t12`` with its number lowered: ``t₁₂``."""
    letters = name.rstrip("0123456789")
    return letters + name[len(letters) :].translate(_SUBSCRIPTS)


@lru_cache(maxsize=4096)
def write_coefficient(coefficient: complex) -> Written:
    """Write any finite coefficient.

    Args:
        coefficient: a real or complex number.

    Returns:
        ``1``, ``-1``, ``i``, ``√½``, ``-i cos π/8``, ``ω₁₆³``, ``1-i``, ``0.3812``, ... (with a true minus
        sign).
    """
    real, imaginary = _snap(complex(coefficient))
    if imaginary == 0.0:
        return _with_turn(abs(real), "−" if real < 0 else "", "-" if real < 0 else "", "")
    if real == 0.0:
        sign, latex_sign = ("−", "-") if imaginary < 0 else ("", "")
        return _with_turn(abs(imaginary), sign, latex_sign, "i")
    root = _root_of_unity(complex(real, imaginary))
    return root if root is not None else _write_sum(real, imaginary)


@lru_cache(maxsize=4096)
def write_size(size: float) -> Written:
    """Write a positive real number by its closed form, or with four significant digits."""
    values, names = _known_sizes()
    at = bisect.bisect_left(values, size * (1.0 - TOLERANCE))
    if at < len(values) and values[at] <= size * (1.0 + TOLERANCE):
        return names[at]
    digits = f"{size:.4g}"
    if "e" not in digits:
        return Written(digits, digits)
    mantissa, exponent = digits.split("e")
    power = str(int(exponent))
    raised = power.translate(_SUPERSCRIPTS).replace("-", "⁻")
    return Written(f"{mantissa}×10{raised}", rf"{mantissa}\cdot 10^{{{power}}}")


def is_root_of_unity(coefficient: complex) -> bool:
    """Tell whether ``write_coefficient`` names this one as a power of a root of unity."""
    return write_coefficient(coefficient).text.lstrip("−").startswith("ω")


def _snap(value: complex) -> tuple[float, float]:
    """Drop a real or imaginary part that is only round-off beside the other."""
    tiny = TOLERANCE * abs(value)
    return (
        0.0 if abs(value.real) <= tiny else value.real,
        0.0 if abs(value.imag) <= tiny else value.imag,
    )


def _with_turn(size: float, sign: str, latex_sign: str, letter: str) -> Written:
    """Write sign, ``i`` and size side by side; a size of one is left out beside ``i``."""
    name = write_size(size)
    if not letter:
        return Written(sign + name.text, latex_sign + name.latex)
    if name.text == "1":
        return Written(sign + letter, latex_sign + letter)
    gap = " " if name.text[0].isalpha() else ""
    if all(character.isnumeric() or character in "./" for character in name.text):
        return Written(f"{sign}{name.text}{letter}", f"{latex_sign}{name.latex}\\,{letter}")
    return Written(f"{sign}{letter}{gap}{name.text}", f"{latex_sign}{letter}\\,{name.latex}")


def _root_of_unity(value: complex) -> Written | None:
    """Name ``exp(-2 pi i k/n)`` in lowest terms, or its negative or ``None``."""
    if abs(abs(value) - 1.0) > TOLERANCE:
        return None
    turns = (-cmath.phase(value) / (2.0 * math.pi)) % 1.0
    for order in range(3, LARGEST_ORDER + 1):
        power = round(turns * order)
        if math.gcd(power, order) == 1 and abs(turns * order - power) <= TOLERANCE * order:
            upper = "" if power == 1 else str(power)
            text = f"ω{str(order).translate(_SUBSCRIPTS)}{upper.translate(_SUPERSCRIPTS)}"
            latex = rf"\omega_{{{order}}}" + (f"^{{{upper}}}" if upper else "")
            return Written(text, latex)
    return None


def _write_sum(real: float, imaginary: float) -> Written:
    """Write ``a + b i``; equal magnitudes are factored as ``s(1 - i)``."""
    sign, latex_sign = ("−", "-") if imaginary < 0 else ("+", "+")
    if abs(abs(real) - abs(imaginary)) <= TOLERANCE * abs(real):
        lead, latex_lead = ("−1", "-1") if real < 0 else ("1", "1")
        size = write_size(abs(real))
        body, latex_body = f"{lead}{sign}i", f"{latex_lead}{latex_sign}i"
        if size.text == "1":
            return Written(body, latex_body)
        return Written(f"{size.text}({body})", f"{size.latex}({latex_body})")
    first = write_coefficient(complex(real, 0.0))
    second = write_coefficient(complex(0.0, abs(imaginary)))
    return Written(f"{first.text}{sign}{second.text}", f"{first.latex}{latex_sign}{second.latex}")


@lru_cache(maxsize=1)
def _known_sizes() -> tuple[list[float], list[Written]]:
    """Build the sorted table of named sizes; the name added first wins where two names are one number."""
    named: list[tuple[float, Written]] = [(float(k), Written(str(k), str(k))) for k in range(1, 129)]
    named += _fractions() + _square_roots()
    for factor, text, latex in ((1.0, "", ""), (2.0, "2 ", r"2"), (0.5, "½ ", r"\tfrac12")):
        named += _angles(factor, text, latex)
    ordered = sorted(enumerate(named), key=lambda entry: (entry[1][0], entry[0]))
    values: list[float] = []
    names: list[Written] = []
    ranks: list[int] = []
    for rank, (value, name) in ordered:
        if values and value <= values[-1] * (1.0 + TOLERANCE):
            if rank < ranks[-1]:
                names[-1], ranks[-1] = name, rank
            continue
        values.append(value)
        names.append(name)
        ranks.append(rank)
    return values, names


def _fractions() -> list[tuple[float, Written]]:
    """List the fractions ``p/q`` in lowest terms with ``q`` up to 16 and ``p`` up to 32."""
    glyphs = {(1, 2): "½", (1, 3): "⅓", (2, 3): "⅔", (1, 4): "¼", (3, 4): "¾"}
    pairs = [(p, q) for q in range(2, 17) for p in range(1, 33) if math.gcd(p, q) == 1]
    pairs.append((1, 32))
    pairs.append((1, 64))
    return [(p / q, Written(glyphs.get((p, q), f"{p}/{q}"), rf"\tfrac{{{p}}}{{{q}}}")) for p, q in pairs]


def _square_roots() -> list[tuple[float, Written]]:
    """List ``√k`` and its simple multiples: ``√½``, ``½√3``, ``¼√5``, ``√(p/q)``."""
    roots: list[tuple[float, Written]] = [(math.sqrt(0.5), Written("√½", r"\sqrt{\tfrac12}"))]
    plain = [k for k in range(2, 65) if all(k % (s * s) for s in range(2, 9))]
    for factor, text, latex in (
        (1.0, "", ""),
        (0.5, "½", r"\tfrac12"),
        (0.25, "¼", r"\tfrac14"),
        (2.0, "2", "2"),
        (3.0, "3", "3"),
        (4.0, "4", "4"),
    ):
        roots += [(factor * math.sqrt(k), Written(f"{text}√{k}", rf"{latex}\sqrt{{{k}}}")) for k in plain]
    for q in range(2, 17):
        for p in range(1, 17):
            if math.gcd(p, q) == 1:
                inner = "½" if (p, q) == (1, 2) else f"({p}/{q})"
                roots.append((math.sqrt(p / q), Written(f"√{inner}", rf"\sqrt{{\tfrac{{{p}}}{{{q}}}}}")))
    return roots


def _angles(factor: float, text: str, latex: str) -> list[tuple[float, Written]]:
    """List ``factor`` times the cosine, sine and tangent of ``k pi/n`` in the first quarter turn."""
    found: list[tuple[float, Written]] = []
    for order in range(3, LARGEST_ANGLE + 1):
        for k in range(1, (order + 1) // 2):
            if math.gcd(k, order) != 1:
                continue
            angle = math.pi * k / order
            upper = "π" if k == 1 else f"{k}π"
            latex_angle = rf"\tfrac{{{'' if k == 1 else k}\pi}}{{{order}}}"
            functions = [("sin", math.sin(angle)), ("cos", math.cos(angle)), ("tan", math.tan(angle))]
            if 4 * k < order:
                functions[0], functions[1] = functions[1], functions[0]
            for name, value in functions:
                written = Written(f"{text}{name} {upper}/{order}", rf"{latex}\{name}{latex_angle}")
                found.append((factor * value, written))
    return found
