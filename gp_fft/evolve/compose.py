"""Composition: a program for a composite n out of programs for its factors.

Prime-factor algorithm for coprime factors (Good 1958, Thomas 1963), Cooley-Tukey with twiddles for any (1965); the
parts come from the records, so what was found for small sizes serves the larger ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from gp_fft import textbook, transforms
from gp_fft.cost import count
from gp_fft.errors import UsageError
from gp_fft.program import Program, Term
from gp_fft.shelf import find_record
from gp_fft.transforms import Transform

Rows = list[list[Term]]
COMPOSED = ("dft", "idft")  # families that compositions are known for


def compose(transform: Transform) -> list[Program]:
    """All compositions for a transform from the records, cheapest first; raises UsageError where there is none."""
    if transform.name not in COMPOSED or transform.norm != "backward":
        raise UsageError(f"start 'compose' is for dft and idft, not {transform.title}")
    n = transform.inputs
    found = [
        method(transform, first, n // first)
        for first in _divisors(n)
        for method in (prime_factor, cooley_tukey)
        if method is cooley_tukey or math.gcd(first, n // first) == 1
    ]
    if not found:
        raise UsageError(f"start 'compose' needs a composite n, {n} is a prime")
    return sorted(found, key=lambda program: count(program).flops)


def prime_factor(transform: Transform, first: int, second: int) -> Program:
    """Good and Thomas: ``first`` times ``second`` points, coprime, without twiddles."""
    n = first * second
    rows: Rows = []
    inner, outer = _part(transform, second), _part(transform, first)
    middle = [_embed(rows, n, inner, [(second * j + first * k) % n for k in range(second)]) for j in range(first)]
    outputs = [0] * n
    for k in range(second):
        values = _embed(rows, n, outer, [middle[j][k] for j in range(first)])
        for j, value in enumerate(values):
            outputs[_chinese(j, first, k, second)] = value - n
    return Program.build(n, "complex", rows, outputs, transform.title)


def cooley_tukey(transform: Transform, first: int, second: int) -> Program:
    """Cooley and Tukey: ``first`` transforms of ``second`` points, twiddles, ``second`` transforms of ``first``."""
    n = first * second
    rows: Rows = []
    inner, outer = _part(transform, second), _part(transform, first)
    middle = [_embed(rows, n, inner, [first * k + j for k in range(second)]) for j in range(first)]
    sign = -1 if transform.name == "dft" else 1
    outputs = [0] * n
    for k in range(second):
        column = [_twiddled(rows, n, middle[j][k], sign * j * k) for j in range(first)]
        for j, value in enumerate(_embed(rows, n, outer, column)):
            outputs[k + second * j] = value - n
    return Program.build(n, "complex", rows, outputs, transform.title)


def _divisors(n: int) -> Iterator[int]:
    return (d for d in range(2, n) if n % d == 0)


def _part(transform: Transform, n: int) -> Program:
    """The best known program of a factor: its record, else split radix or the definition."""
    part = transforms.get(transform.name, n)
    record = find_record(part)
    if record is not None:
        return record.program
    return textbook.split_radix(part) if n & (n - 1) == 0 else textbook.definition(part)


def _embed(rows: Rows, inputs: int, part: Program, arguments: list[int]) -> list[int]:
    """Append the rows of ``part`` applied to the given references; return the references of its outputs."""
    base = inputs + len(rows)
    for row in part.rows():
        rows.append([(s, t, arguments[ref] if ref < part.inputs else base + ref - part.inputs) for s, t, ref in row])
    return [base + int(d) for d in part.outputs]


def _twiddled(rows: Rows, n: int, value: int, exponent: int) -> int:
    """``exp(2 pi i exponent / n) * value`` as a row of a cosine and a sine term, or the value itself."""
    root = transforms.get("idft", n).matrix[1][exponent % n] * n
    terms: list[Term] = []
    for part, turn in ((root.real, 0), (root.imag, 1)):
        if part != 0.0:
            size = 1.0 if abs(abs(part) - 1.0) < 1e-15 else abs(float(part))
            terms.append((size, turn if part > 0 else turn + 2, value))
    if terms == [(1.0, 0, value)]:
        return value
    rows.append(terms)
    return n + len(rows) - 1


def _chinese(a: int, first: int, b: int, second: int) -> int:
    """The number below ``first * second`` that is a modulo first and b modulo second."""
    return next(k for k in range(a, first * second, first) if k % second == b)
