"""Approximations of the DCT II of 8, 16 and 32 points by matrices of small numbers, which need no multiplications.

Each stands under the name that the literature calls it by, as its authors have it, before the rows are scaled to one
length. SDCT has the signs of the DCT, so there is one for any power of two (T. I. Haweel, 2001); the others are of
K. Lengwehasatit and A. Ortega (LODCT, 2004), R. J. Cintra and F. M. Bayer (2011), S. Bouguezel, M. O. Ahmad and
M. N. S. Swamy (2008, 2009, and 2011 with the parameter a), F. M. Bayer and R. J. Cintra (2012), and U. S. Potluri
et al. (2012, 2014). The oracles are their fast algorithms: one butterfly, then an even and an odd half. Those of 16 and
32 points double one of 8 (M. Jridi, A. Alfalou and P. K. Meher, 2015): it makes the even outputs of the sums of both
ends and, in the place of a DCT IV, the odd ones of their differences.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family

_ROWS = {
    "lodct": """
        1 1 1 1 1 1 1 1
        1 1 1 0 0 -1 -1 -1
        1 .5 -.5 -1 -1 -.5 .5 1
        1 0 -1 -1 1 1 0 -1
        1 -1 -1 1 1 -1 -1 1
        1 -1 0 1 -1 0 1 -1
        .5 -1 1 -.5 -.5 1 -1 .5
        0 -1 1 -1 1 -1 1 0
    """,
    "cb2011": """
        1 1 1 1 1 1 1 1
        1 1 1 0 0 -1 -1 -1
        1 0 0 -1 -1 0 0 1
        1 0 -1 -1 1 1 0 -1
        1 -1 -1 1 1 -1 -1 1
        1 -1 0 1 -1 0 1 -1
        0 -1 1 0 0 1 -1 0
        0 -1 1 -1 1 -1 1 0
    """,
    "bas2008": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 .5 -.5 -1 -1 -.5 .5 1
        0 0 -1 0 0 1 0 0
        1 -1 -1 1 1 -1 -1 1
        1 -1 0 0 0 0 1 -1
        .5 -1 1 -.5 -.5 1 -1 .5
        0 0 0 -1 1 0 0 0
    """,
    "bas2009": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 1 -1 -1 -1 -1 1 1
        0 0 -1 0 0 1 0 0
        1 -1 -1 1 1 -1 -1 1
        1 -1 0 0 0 0 1 -1
        1 -1 1 -1 -1 1 -1 1
        0 0 0 -1 1 0 0 0
    """,
    "bas2011-a0": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 0 0 -1 -1 0 0 1
        0 0 1 0 0 -1 0 0
        1 -1 -1 1 1 -1 -1 1
        0 0 0 1 -1 0 0 0
        1 -1 0 0 0 0 1 -1
        0 -1 1 0 0 1 -1 0
    """,
    "bas2011-a05": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 .5 -.5 -1 -1 -.5 .5 1
        0 0 1 0 0 -1 0 0
        1 -1 -1 1 1 -1 -1 1
        0 0 0 1 -1 0 0 0
        1 -1 0 0 0 0 1 -1
        .5 -1 1 -.5 -.5 1 -1 .5
    """,
    "bas2011-a1": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 1 -1 -1 -1 -1 1 1
        0 0 1 0 0 -1 0 0
        1 -1 -1 1 1 -1 -1 1
        0 0 0 1 -1 0 0 0
        1 -1 0 0 0 0 1 -1
        1 -1 1 -1 -1 1 -1 1
    """,
    "bas2011-a2": """
        1 1 1 1 1 1 1 1
        1 1 0 0 0 0 -1 -1
        1 2 -2 -1 -1 -2 2 1
        0 0 1 0 0 -1 0 0
        1 -1 -1 1 1 -1 -1 1
        0 0 0 1 -1 0 0 0
        1 -1 0 0 0 0 1 -1
        2 -1 1 -2 -2 1 -1 2
    """,
    "bc2012": """
        1 1 1 1 1 1 1 1
        1 0 0 0 0 0 0 -1
        1 0 0 -1 -1 0 0 1
        0 0 -1 0 0 1 0 0
        1 -1 -1 1 1 -1 -1 1
        0 -1 0 0 0 0 1 0
        0 -1 1 0 0 1 -1 0
        0 0 0 -1 1 0 0 0
    """,
    "pmc2014": """
        1 1 1 1 1 1 1 1
        0 1 0 0 0 0 -1 0
        1 0 0 -1 -1 0 0 1
        1 0 0 0 0 0 0 -1
        1 -1 -1 1 1 -1 -1 1
        0 0 0 1 -1 0 0 0
        0 -1 1 0 0 1 -1 0
        0 0 1 0 0 -1 0 0
    """,
    "pea2012": """
        1 1 1 1 1 1 1 1
        2 1 1 0 0 -1 -1 -2
        2 1 -1 -2 -2 -1 1 2
        1 0 -2 -1 1 2 0 -1
        1 -1 -1 1 1 -1 -1 1
        1 -2 0 1 -1 0 2 -1
        1 -2 2 -1 -1 2 -2 1
        0 -1 1 -2 2 -1 1 0
    """,
}


def sdct(n: int) -> ExactMatrix:
    """The signs of cos(pi k(2j+1)/(2n)), which is never 0 for a power of two."""
    angles = [[k * (2 * j + 1) % (4 * n) for j in range(n)] for k in range(n)]
    return ExactMatrix.of_fractions([[1 if angle < n or angle > 3 * n else -1 for angle in row] for row in angles])


def _rows(name: str) -> list[list[Fraction]]:
    return [[Fraction(word) for word in line.split()] for line in _ROWS[name].strip().splitlines()]


def _published(name: str) -> Callable[[int], ExactMatrix]:
    return lambda n: ExactMatrix.of_fractions(_rows(name))


def _doubled(name: str) -> Callable[[int], ExactMatrix]:
    """The rows of 8 points, doubled until there are n."""

    def entries(n: int) -> ExactMatrix:
        rows = _rows(name)
        while len(rows) < n:
            rows = [[*row, *(sign * entry for entry in reversed(row))] for row in rows for sign in (1, -1)]
        return ExactMatrix.of_fractions(rows)

    return entries


def _signs(x: Array, norm: str) -> Array:
    """The signs of scipy's DCT."""
    import scipy.fft

    values: Array = x @ np.sign(scipy.fft.dct(np.eye(x.shape[-1])))
    return values


Halves = Callable[[Array, Array], tuple[Array, ...]]
"""The last three even outputs and the odd ones, of the differences (2) in the even half and the odd half (4)."""


def _flow(halves: Halves) -> Callable[..., Array]:
    """Sums and differences from both ends; sums and differences of the sums; then what is special."""

    def along(x: Array, norm: str) -> Array:
        x = np.moveaxis(x, -1, 0)
        a, b = x[:4] + x[:3:-1], x[:4] - x[:3:-1]
        s, d = a[:2] + a[:1:-1], a[:2] - a[:1:-1]
        y2, y6, y1, y3, y5, y7 = halves(d, b)
        return np.stack([s[0] + s[1], y1, y2, y3, s[0] - s[1], y5, y6, y7], axis=-1)

    return along


def _doubling(halves: Halves) -> Callable[..., Array]:
    """Sums and differences from both ends, to 8 points; of each the even and the odd outputs."""
    eight = _flow(halves)

    def along(x: Array, norm: str) -> Array:
        half = x.shape[-1] // 2
        if half < 8:
            return eight(x, norm)
        first, last = x[..., :half], x[..., : half - 1 : -1]
        even, odd = along(first + last, norm), along(first - last, norm)
        return np.stack([even, odd], axis=-1).reshape(x.shape)

    return along


def _cosine_like(p: float, q: float, c1: float, c3: float, c5: float, c7: float) -> Halves:
    """The structure of the DCT itself: p and q stand for cos(pi/8) and cos(3 pi/8), c for cos(m pi/16)."""
    odd = np.array([[c1, c3, c5, c7], [c3, -c7, -c1, -c5], [c5, -c1, c7, c3], [c7, -c5, c3, -c1]])
    return lambda d, b: (p * d[0] + q * d[1], q * d[0] - p * d[1], *np.tensordot(odd, b, 1))


def _sparse(q: float) -> Halves:
    """Of S. Bouguezel et al., 2008 and 2009."""
    return lambda d, b: (d[0] + q * d[1], q * d[0] - d[1], b[0] + b[1], -b[2], b[0] - b[1], -b[3])


def _parametric(a: float) -> Halves:
    """Of S. Bouguezel et al., 2011, whose last two outputs have changed their places."""
    return lambda d, b: (d[0] + a * d[1], b[0] - b[1], b[0] + b[1], b[2], b[3], a * d[0] - d[1])


_KNOWN = (
    ("lodct", "Lengwehasatit and Ortega 2004", _cosine_like(1, 0.5, 1, 1, 1, 0)),
    ("cb2011", "Cintra and Bayer 2011, the rounded DCT", _cosine_like(1, 0, 1, 1, 1, 0)),
    ("bas2008", "Bouguezel, Ahmad and Swamy 2008", _sparse(0.5)),
    ("bas2009", "Bouguezel, Ahmad and Swamy 2009", _sparse(1)),
    ("bas2011-a0", "Bouguezel, Ahmad and Swamy 2011, a = 0", _parametric(0)),
    ("bas2011-a05", "Bouguezel, Ahmad and Swamy 2011, a = 1/2", _parametric(0.5)),
    ("bas2011-a1", "Bouguezel, Ahmad and Swamy 2011, a = 1", _parametric(1)),
    ("bas2011-a2", "Bouguezel, Ahmad and Swamy 2011, a = 2", _parametric(2)),
    ("bc2012", "Bayer and Cintra 2012, the modified rounded DCT", _cosine_like(1, 0, 1, 0, 0, 0)),
    ("pea2012", "Potluri et al. 2012", _cosine_like(2, 1, 2, 1, 1, 0)),
    ("pmc2014", "Potluri et al. 2014", _cosine_like(1, 0, 0, 1, 0, 0)),
)

_DOUBLED = (
    ("jam2015", "cb2011", "Jridi, Alfalou and Meher 2015"),
    ("jam-bc2012", "bc2012", "bc2012, doubled as Jridi, Alfalou and Meher 2015 do"),
)
_HALVES = {name: halves for name, _, halves in _KNOWN}

FAMILY = (
    Family("sdct", "approximate DCT II: its signs, Haweel 2001", entries=sdct, oracle=_signs, powers_of_two=True),
    *(
        Family(name, f"approximate DCT II: {source}", entries=_published(name), oracle=_flow(halves), sizes=(8,))
        for name, source, halves in _KNOWN
    ),
    *(
        Family(
            name,
            f"approximate DCT II: {source}",
            entries=_doubled(eight),
            oracle=_doubling(_HALVES[eight]),
            sizes=(16, 32),
        )
        for name, eight, source in _DOUBLED
    ),
)
