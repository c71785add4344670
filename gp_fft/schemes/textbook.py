"""What a scheme stands beside: the definition, the textbook's schemes, by the same rule, and published counts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from gp_fft.schemes.family import Family
from gp_fft.schemes.forms import leaf_cost
from gp_fft.schemes.operations import counts
from gp_fft.schemes.scheme import Scheme
from gp_fft.schemes.text import parse_scheme

RADIX_2 = """# scheme dft 2^k
t1 = stride(x, 2, 0)
t2 = self(t1)
t3 = stride(x, 2, 1)
t4 = self(t3)
t5 = twiddle(t4, 1)
t6 = t2 + t5
t7 = t2 - t5
y = concatenate(t6, t7)
"""
"""Cooley and Tukey (1965), decimation in time: 5 n lg n - 10 n + 16."""
RADIX_4 = """# scheme dft 4^k
t1 = stride(x, 4, 0)
t2 = self(t1)
t3 = stride(x, 4, 1)
t4 = self(t3)
t5 = stride(x, 4, 2)
t6 = self(t5)
t7 = stride(x, 4, 3)
t8 = self(t7)
t9 = twiddle(t4, 1)
t10 = twiddle(t6, 2)
t11 = twiddle(t8, 3)
t12 = t2 + t10
t13 = t2 - t10
t14 = t9 + t11
t15 = t9 - t11
t16 = t12 + t14
t17 = t13 - 1i*t15
t18 = t12 - t14
t19 = t13 + 1i*t15
y = concatenate(t16, t17, t18, t19)
"""
SPLIT_RADIX = """# scheme dft 2^k
t1 = stride(x, 2, 0)
t2 = self(t1)
t3 = stride(x, 4, 1)
t4 = self(t3)
t5 = stride(x, 4, 3)
t6 = self(t5)
t7 = twiddle(t4, 1)
t8 = twiddle(t6, 3)
t9 = t7 + t8
t10 = t7 - t8
t11 = concatenate(t9, -1i*t10)
t12 = t2 + t11
t13 = t2 - t11
y = concatenate(t12, t13)
"""
"""Yavne (1968), Duhamel and Hollmann (1984): 4 n lg n - 6 n + 8."""
TEXTBOOK: Mapping[str, str] = {"radix-2": RADIX_2, "radix-4": RADIX_4, "split radix": SPLIT_RADIX}
DEFINED = 256  # the largest n whose definition is counted entry by entry


@lru_cache(maxsize=8)
def scheme(name: str) -> Scheme:
    """A scheme of the textbook by its name, of :data:`TEXTBOOK`."""
    return parse_scheme(TEXTBOOK[name])


def tangent(n: int) -> int:
    """The tangent FFT, with the fewest operations published for n = 2^k: Johnson and Frigo (2007), equation 1."""
    k = n.bit_length() - 1
    sign = -1 if k % 2 else 1
    total = Fraction(34, 9) * n * k - Fraction(124, 27) * n - 2 * k - Fraction(2, 9) * sign * k
    return int(total + Fraction(16, 27) * sign + 8)


def definition(transform: str, n: int) -> int | None:
    """Operations of the matrix times a vector; None where that is too large to be counted entry by entry."""
    return int(leaf_cost(transform, n)) if n <= DEFINED else None


def rivals(family: Family, largest: int) -> dict[str, dict[int, int]]:
    """Counts of the textbook for the members of a family up to a largest one, by the name of the algorithm."""
    beside: dict[str, dict[int, int]] = {}
    if family.transform not in ("dft", "idft"):
        return beside
    members = set(family.members(largest))
    if family.prime == 2:
        for name in TEXTBOOK:
            known = counts(scheme(name), largest)
            beside[name] = {n: known[n] for n in sorted(members & set(known))}
        beside["tangent"] = {n: tangent(n) for n in sorted(members) if n > 1}
    return {name: known for name, known in beside.items() if known}
