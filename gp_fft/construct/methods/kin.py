"""Kin: transforms of one size that differ in order, signs and one factor, or by an addition for two outputs.

Sine transforms are cosine transforms of alternating or reversed data (Z. Wang 1984); the Hartley transform is Re - Im
of the real DFT (R. N. Bracewell 1983); of odd size the DCT II is a real DFT in another order (M. T. Heideman 1992) and
the DCT IV is one followed by Re +- Im (S. C. Chan and K. L. Ho 1990 for such index maps).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, sin, sqrt

from gp_fft.construct.builder import ZERO, Builder, negated, scaled
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program, Term
from gp_fft.transforms import Transform

OTHER = {
    name: name[:1] + swap + name[2:]
    for name in ("dct2", "dct3", "dct4", "dst2", "dst3", "dst4")
    for swap in ("s" if name[1] == "c" else "c",)
}


def sine_of_cosine(program: Program, kind: str, title: str) -> Program:
    """A sine transform of type 2, 3 or 4 from the cosine transform of that type, or the other way round."""
    n = program.inputs
    build = Builder(n, "real")
    if kind == "3":  # reversed data, alternating outputs
        y = build.apply(program, build.x[::-1])
        return build.program([negated(value) if k % 2 else value for k, value in enumerate(y)], title)
    y = build.apply(program, [negated(value) if k % 2 else value for k, value in enumerate(build.x)])
    return build.program(y[::-1], title)


def hartley_of_real(program: Program, title: str) -> Program:
    """``dht n`` from ``rdft n``: y[k] = Re k - Im k and y[n-k] = Re k + Im k."""
    n = program.inputs
    build = Builder(n, "real")
    parts = build.apply(program, build.x)
    y = list(parts)
    for k in range(1, n // 2 + 1):
        y[k] = parts[2 * k - 1]
        if 2 * k < n:
            y[k] = build.difference(parts[2 * k - 1], parts[2 * k])
            y[n - k] = build.sum(parts[2 * k - 1], parts[2 * k])
    return build.program(y, title)


def real_of_hartley(program: Program, title: str) -> Program:
    """``rdft n`` from ``dht n``; the halves vanish in tidying where the program has Re and Im as values."""
    n = program.inputs
    build = Builder(n, "real")
    h = [scaled(value, 0.5) for value in build.apply(program, build.x)]
    y = [scaled(h[0], 2.0)] + [ZERO] * (n - 1)
    for k in range(1, n // 2 + 1):
        y[2 * k - 1] = build.sum(h[k], h[-k])
        if 2 * k < n:
            y[2 * k] = build.difference(h[-k], h[k])
    return build.program(y, title)


def _odd_places(n: int) -> list[int]:
    """Where input j of a DCT II of odd size n stands in the real DFT."""
    return [(-1) ** j * (2 * j + 1) * (n + 1) // 2 % n for j in range(n)]


def second_of_real(program: Program, title: str) -> Program:
    """``dct2 n`` from ``rdft n``, n odd: twice its outputs in another order."""
    n = program.inputs
    build = Builder(n, "real")
    x = [ZERO] * n
    for j, place in enumerate(_odd_places(n)):
        x[place] = build.x[j]
    parts = build.apply(rescale(program, 2.0), x)
    y = [parts[0]] + [ZERO] * (n - 1)
    for m in range(1, n // 2 + 1):
        sign = 1.0 if m % 2 == 0 else -1.0
        y[2 * m], y[n - 2 * m] = scaled(parts[2 * m - 1], sign), scaled(parts[2 * m], -sign)
    return build.program(y, title)


def real_of_second(program: Program, title: str) -> Program:
    """``rdft n`` from ``dct2 n``, n odd: half its outputs in another order."""
    n = program.inputs
    build = Builder(n, "real")
    c = build.apply(rescale(program, 0.5), [build.x[place] for place in _odd_places(n)])
    y = [c[0]] + [ZERO] * (n - 1)
    for m in range(1, n // 2 + 1):
        sign = 1.0 if m % 2 == 0 else -1.0
        y[2 * m - 1], y[2 * m] = scaled(c[2 * m], sign), scaled(c[n - 2 * m], -sign)
    return build.program(y, title)


def fourth_of_real(program: Program, title: str) -> Program:
    """``dct4 n`` from ``rdft n``, n odd: sqrt(2) (+-Re +- Im).

    By the Chinese remainders of 8 and n, cos(2 pi ab / 8n) with odd a, b is a product of the quadratic characters of 8
    at a and at b and of cosines and sines of multiples of 2 pi / n.
    """
    n = program.inputs
    build = Builder(n, "real")
    x = [ZERO] * n
    for j in range(n):
        b = 2 * j + 1
        x[(b if b % 4 == 1 else -b) % n] = scaled(build.x[j], _plus(b))
    parts = build.apply(rescale(program, sqrt(2.0)), x)
    y: list[Term] = []
    for a in range(1, 2 * n, 2):
        m = pow(8, -1, n) * a % n if n > 1 else 0
        near, sign = (m, 1.0) if 2 * m < n else (n - m, -1.0)
        re = scaled(parts[max(2 * near - 1, 0)], _plus(n * a))
        im = scaled(parts[2 * near], sign * _minus(n * a)) if near else ZERO
        y.append(build.sum(re, im))
    return build.program(y, title)


def _plus(m: int) -> float:
    """The quadratic character of 8 at an odd number, sign of cos(pi m / 4)."""
    return 1.0 if cos(pi * (m % 8) / 4) > 0 else -1.0


def _minus(m: int) -> float:
    """The quadratic character of -8 at an odd number, sign of sin(pi m / 4)."""
    return 1.0 if sin(pi * (m % 8) / 4) > 0 else -1.0


def _relatives(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    n, name, title = transform.inputs, transform.name, transform.title
    if name in OTHER:
        known = parts.best(OTHER[name], n)
        yield known and sine_of_cosine(known, name[-1], title)
    for target, source, odd, make in _RELATIONS:
        if name == target and not (odd and n % 2 == 0):
            known = parts.best(source, n)
            yield known and make(known, title)


_RELATIONS = (
    ("dht", "rdft", False, hartley_of_real),
    ("rdft", "dht", False, real_of_hartley),
    ("dct2", "rdft", True, second_of_real),
    ("rdft", "dct2", True, real_of_second),
    ("dct4", "rdft", True, fourth_of_real),
)

METHOD = Method("kin", (*OTHER, "dht", "rdft"), lambda transform: transform.inputs > 1, _relatives, rank=1)
