"""The MDCT by folding: 2n data become n by additions, and these go through a DCT IV (H. S. Malvar 1990).

In four blocks a, b, c, d, with a prime for reversed order, the MDCT is the DCT IV of (-c' - d, a - b'). The inverse is
its transpose: the DCT IV in two halves (p, q) gives (q, -q', -p', -p).
"""

from collections.abc import Iterator

from gp_fft.construct.builder import Builder, negated
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.rescale import rescale
from gp_fft.program import Program
from gp_fft.transforms import Transform


def folded(program: Program, title: str) -> Program:
    """``mdct n`` from ``dct4 n``, n even."""
    n = program.inputs
    build = Builder(2 * n, "real")
    a, b, c, d = (build.x[start : start + n // 2] for start in range(0, 2 * n, n // 2))
    first = [negated(build.sum(*pair)) for pair in zip(c[::-1], d, strict=True)]
    second = [build.difference(*pair) for pair in zip(a, b[::-1], strict=True)]
    return build.program(build.apply(rescale(program, 0.5), [*first, *second]), title)


def unfolded(program: Program, title: str) -> Program:
    """``imdct n`` from ``dct4 n``, n even."""
    n = program.inputs
    build = Builder(n, "real")
    y = build.apply(rescale(program, 0.5 / n), build.x)
    p, q = y[: n // 2], y[n // 2 :]
    minus = [negated(value) for value in (*q[::-1], *p[::-1], *p)]
    return build.program([*q, *minus], title)


def _made(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    make = folded if transform.name == "mdct" else unfolded
    yield parts.join(make, transform.title, ("dct4", transform.shape[0]))


METHOD = Method("lapped", ("mdct", "imdct"), lambda transform: transform.shape[0] % 2 == 0, _made)
