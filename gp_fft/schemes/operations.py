"""What a scheme costs at every n: T(n) from its recurrence, the recurrence solved, the counts it stands beside.

``T(n) = sum of T(n/p**l) over its distinct calls + g(n)``, where g is counted entry by entry, trivial twiddles free. g
is ``alpha n + beta`` from some n on, as only so many twiddles are trivial however long the vectors are. The solution
is that of a linear recurrence with constant coefficients: powers of the roots of its characteristic polynomial, with
exact coefficients from as many values of T.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_poly

from gp_fft.schemes.forms import leaf_cost, price_of
from gp_fft.schemes.scheme import Scheme

CHECKED = 8  # members beyond those that are solved for, at which a closed form must give the counts
COUNTED = 1 << 13  # g is counted entry by entry up to here, and by its linear form beyond


def operations(scheme: Scheme, n: int, leaves: Mapping[int, float] | None = None) -> int:
    """T(n): operations at a size of the family, each call counted once.

    leaves: operations of what computes some sizes instead of the scheme, such as records; below the smallest size to
        which the scheme applies it is the definition.

    Raises UsageError for an n outside the family.
    """
    scheme.family.require(n)
    return counts(scheme, n, leaves)[n]


def counts(scheme: Scheme, largest: int, leaves: Mapping[int, float] | None = None) -> dict[int, int]:
    """T of every member of the family up to a largest one."""
    known: dict[int, int] = {}
    for n in scheme.family.members(largest):
        if leaves is not None and n in leaves:
            known[n] = int(leaves[n])
        elif n < scheme.family.prime**scheme.depth:
            known[n] = int(leaf_cost(scheme.family.transform, n))
        else:
            below = (times * known[n // scheme.family.prime**level] for level, times in scheme.calls.items())
            known[n] = own(scheme, n) + sum(below)
    return known


@lru_cache(maxsize=4096)
def own(scheme: Scheme, n: int) -> int:
    """g(n): operations of all steps but the calls."""
    total = 0.0
    for step, level in zip(scheme.steps, scheme.levels[1:], strict=True):
        owner = scheme.primitive(step)
        total += price_of(scheme.family, step.form, owner, level, n)
    return int(total)


@dataclass(frozen=True)
class Solution:
    """T(n) in closed form from a size on, and how it grows."""

    recurrence: str  # T(n) = T(n/2) + 2 T(n/4) + 6 n - 16
    closed: str  # 4 n lg n - 6 n + 8; empty where the roots are not whole numbers
    growth: str  # n log n
    since: int  # the recurrence with this linear part holds from this member on


def solve(scheme: Scheme) -> Solution:
    """Solve the recurrence of a scheme exactly.

    The linear part and the closed form are proved against the counts at CHECKED further members each.
    """
    base = scheme.family.base
    calls = {level // scheme.family.step: times for level, times in sorted(scheme.calls.items())}
    order = max(calls, default=0)
    alpha, beta, since = _linear(scheme)
    polynomial = fmpz_poly([*(-calls.get(order - k, 0) for k in range(order)), 1])
    roots = _whole_roots(polynomial)
    found: list[Any] = list(polynomial.complex_roots())
    largest = max((abs(complex(root.real, root.imag)) for root, _ in found), default=0.0)
    words = [
        f"{times if times > 1 else ''}{' ' if times > 1 else ''}T(n/{base**down})" for down, times in calls.items()
    ]
    recurrence = f"T(n) = {_joined([*words, *_linear_words(alpha, beta)])}"
    growth = _growth(largest, base, roots, alpha)
    closed = "" if roots is None else _closed(scheme, roots, since, (alpha, beta))
    return Solution(recurrence, closed, growth, base**since)


def _linear(scheme: Scheme) -> tuple[Fraction, Fraction, int]:
    """``alpha``, ``beta`` and the member from which on g(n) is ``alpha n + beta``."""
    members = scheme.family.members(COUNTED)
    last, before = members[-1], members[-2]
    alpha = Fraction(own(scheme, last) - own(scheme, before), last - before)
    beta = own(scheme, last) - alpha * last
    since = len(members)
    smallest = scheme.family.prime**scheme.depth
    while (
        since
        and members[since - 1] >= smallest
        and own(scheme, members[since - 1]) == alpha * members[since - 1] + beta
    ):
        since -= 1
    return alpha, beta, since


def _whole_roots(polynomial: fmpz_poly) -> dict[int, int] | None:
    """The roots with their multiplicities, None if not all are whole numbers."""
    roots: dict[int, int] = {}
    for factor, times in polynomial.factor()[1]:
        if factor.degree() != 1:
            return None
        roots[-int(factor[0]) // int(factor[1])] = int(times)
    return roots


def _growth(largest: float, base: int, roots: Mapping[int, int] | None, alpha: Fraction) -> str:
    """The class of growth by the largest root of the characteristic polynomial (master theorem)."""
    if abs(largest - base) < 1e-9:
        several = (roots or {}).get(base, 1) - (alpha == 0)
        if several == 0:
            return "n"
        return "n log n" if several == 1 else f"n log^{several} n"
    if largest < base and alpha:
        return "n"
    if largest <= 1:
        return "a constant" if largest < 1 else "at most a power of log n"
    power = math.log(largest, base)
    return f"n^{round(power)}" if abs(power - round(power)) < 1e-12 else f"n^{power:.4g}"


def _totals(scheme: Scheme, members: Sequence[int], linear: tuple[Fraction, Fraction]) -> dict[int, Fraction]:
    """T at members far beyond those that are counted."""
    known = {n: Fraction(total) for n, total in counts(scheme, COUNTED).items()}
    alpha, beta = linear
    for n in members[len(known) :]:
        below = (times * known[n // scheme.family.prime**level] for level, times in scheme.calls.items())
        known[n] = alpha * n + beta + sum(below)
    return known


def _closed(scheme: Scheme, roots: Mapping[int, int], since: int, linear: tuple[Fraction, Fraction]) -> str:
    """The closed form, with whole coefficients from a linear system of as many counts as it has terms."""
    base = scheme.family.base
    several = dict(roots)
    for source in (base, 1):  # of alpha n + beta
        several[source] = several.get(source, 0) + 1
    several.pop(0, None)
    terms = sorted(((root, k) for root, times in several.items() for k in range(times)), key=lambda t: (-t[0], -t[1]))
    start = max(since, 1)
    members = scheme.family.members(base ** (start + len(terms) + CHECKED))
    known = _totals(scheme, members, linear)
    for begin in range(max(0, start - len(roots) - 1), start + 2):
        places = range(begin, begin + len(terms))
        matrix = fmpq_mat([[fmpq(place**k * root**place) for root, k in terms] for place in places])
        try:
            solved = matrix.solve(fmpq_mat([[fmpq(int(known[members[place]]))] for place in places]))
        except ZeroDivisionError:
            continue
        coefficients = [Fraction(int(solved[k, 0].p), int(solved[k, 0].q)) for k in range(len(terms))]
        later = range(begin, len(members))
        if all(_value(coefficients, terms, place) == known[members[place]] for place in later):
            while begin and _value(coefficients, terms, begin - 1) == known[members[begin - 1]]:
                begin -= 1
            words = [_word(c, root, k, base) for c, (root, k) in zip(coefficients, terms, strict=True) if c]
            return f"{_joined(words)} from n = {members[begin]} on" if words else "0"
    return ""


def _value(coefficients: Sequence[Fraction], terms: Sequence[tuple[int, int]], place: int) -> Fraction:
    return sum(
        (c * place**k * Fraction(root) ** place for c, (root, k) in zip(coefficients, terms, strict=True)), Fraction(0)
    )


def _word(coefficient: Fraction, root: int, k: int, base: int) -> str:
    """One term of a closed form, in n."""
    log = "lg n" if base == 2 else f"log{base} n"
    if root == base:
        power = "n"
    elif root > 1 and (exponent := _exponent(root, base)) is not None:
        power = f"n^{exponent}"
    else:
        power = "" if root == 1 else f"({root})^({log})"
    logs = "" if k == 0 else log if k == 1 else f"({log})^{k}"
    factors = " ".join(filter(None, (power, logs)))
    size = "" if coefficient in (1, -1) and factors else f"{coefficient}{' ' * bool(factors)}"
    return f"-{factors}" if coefficient == -1 and factors else f"{size}{factors}"


def _exponent(root: int, base: int) -> int | None:
    exponent = round(math.log(root, base))
    return exponent if base**exponent == root else None


def _linear_words(alpha: Fraction, beta: Fraction) -> list[str]:
    words = []
    if alpha:
        words.append(f"{'' if alpha == 1 else f'{alpha} '}n")
    if beta:
        words.append(str(beta))
    return words


def _joined(words: Sequence[str]) -> str:
    """Terms as a sum, a minus for a plus where one begins with it."""
    text = words[0] if words else "0"
    for word in words[1:]:
        text += f" - {word[1:]}" if word.startswith("-") else f" + {word}"
    return text
