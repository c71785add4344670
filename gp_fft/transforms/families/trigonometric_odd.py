"""The real trigonometric transforms of odd order: dct5 to dct8 and dst5 to dst8 of Z. Wang and B. R. Hunt (1985).

They are DFTs of data continued evenly or oddly to an odd number of points N, 2n-1 or 2n+1 (S. A. Martucci, 1994). scipy
has none of them; factors and norms go on where scipy.fft ends: the unnormalised ones carry a factor 2, except at an
end that the continuation does not double, ``"forward"`` divides by N, and ``"ortho"`` makes them orthogonal. DST VII
and DCT VIII are those of video coding (ITU-T H.265 and H.266), there as integers: ``vvc-dst7`` and ``vvc-dct8``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np

from gp_fft.transforms.coded import Angle, Wave
from gp_fft.transforms.exact import Number, cosine, sine
from gp_fft.transforms.family import Array, Family

_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)


def dct5(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + 2 sum x[j] cos(2 pi jk/(2n-1)), j > 0."""
    return _wave(_cosine, n, 2 * n - 1, 2 * n - 1, lambda k, j: k * j, ortho, row=0, column=0)


def dct6(n: int, ortho: bool) -> Wave:
    """y[k] = (-1)^k x[n-1] + 2 sum x[j] cos(pi k(2j+1)/(2n-1)), j < n-1."""
    return _wave(_cosine, n, 4 * n - 2, 2 * n - 1, lambda k, j: k * (2 * j + 1), ortho, row=0, column=n - 1)


def dct7(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + 2 sum x[j] cos(pi (2k+1)j/(2n-1)), j > 0."""
    return _wave(_cosine, n, 4 * n - 2, 2 * n - 1, lambda k, j: (2 * k + 1) * j, ortho, row=n - 1, column=0)


def dct8(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] cos(pi (2k+1)(2j+1)/(4n+2))."""
    return _wave(_cosine, n, 8 * n + 4, 2 * n + 1, lambda k, j: (2 * k + 1) * (2 * j + 1), ortho)


def dst5(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(2 pi (k+1)(j+1)/(2n+1))."""
    return _wave(_sine, n, 2 * n + 1, 2 * n + 1, lambda k, j: (k + 1) * (j + 1), ortho)


def dst6(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (k+1)(2j+1)/(2n+1))."""
    return _wave(_sine, n, 4 * n + 2, 2 * n + 1, lambda k, j: (k + 1) * (2 * j + 1), ortho)


def dst7(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (2k+1)(j+1)/(2n+1))."""
    return _wave(_sine, n, 4 * n + 2, 2 * n + 1, lambda k, j: (2 * k + 1) * (j + 1), ortho)


def dst8(n: int, ortho: bool) -> Wave:
    """y[k] = (-1)^k x[n-1] + 2 sum x[j] sin(pi (2k+1)(2j+1)/(4n-2)), j < n-1."""
    last = n - 1
    return _wave(_sine, n, 8 * n - 4, 2 * n - 1, lambda k, j: (2 * k + 1) * (2 * j + 1), ortho, row=last, column=last)


def _wave(
    kind: Callable[[int, int], Number],
    n: int,
    order: int,
    period: int,
    angle: Angle,
    ortho: bool,
    row: int | None = None,
    column: int | None = None,
) -> Wave:
    """Twice a sine or cosine, with the one row and the one column that are not doubled, where there are such."""
    rows = {} if row is None or not ortho else {row: _HALF}
    columns = {} if column is None else {column: _HALF if ortho else _QUARTER}
    return Wave(n, order, period, angle, kind, rows, columns)


def _cosine(k: int, order: int) -> Number:
    return cosine(k, order) * 2


def _sine(k: int, order: int) -> Number:
    return sine(k, order) * 2


@dataclass(frozen=True, eq=False)
class _Inside:
    """How a transform stands inside one of scipy's of N points: where its inputs go and its outputs come from."""

    kind: str
    number: int  # of the type that scipy has
    more: int  # N - 2n
    inputs: slice
    outputs: slice
    row: int | None = None  # of which an orthogonal transform has 1/sqrt(2)
    column: int | None = None  # the same
    halved: bool = False  # the column of scipy's is twice that of ours

    def __call__(self, x: Array, norm: str) -> Array:
        """The outputs for signals along the last axis, scipy doing the work."""
        import scipy.fft

        n, weight = x.shape[-1], sqrt(0.5) if norm == "ortho" else 1.0
        wide = np.zeros((*x.shape[:-1], 2 * n + self.more))
        wide[..., self.inputs] = _padded(x, wide[..., self.inputs].shape[-1])
        if self.column is not None:
            wide[..., self.inputs][..., self.column % n] *= (0.5 if self.halved else 1.0) / weight
        whole: Array = getattr(scipy.fft, self.kind)(wide, type=self.number)
        y = whole[..., self.outputs][..., :n]
        if self.row is not None:
            y[..., self.row] *= weight
        period = wide.shape[-1] + (self.number == 1) * (1 if self.kind == "dst" else -1)
        scaled: Array = y / float(period) ** {"backward": 0.0, "ortho": 0.5, "forward": 1.0}[norm]
        return scaled


def _padded(x: Array, width: int) -> Array:
    return np.concatenate([x, np.zeros((*x.shape[:-1], width - x.shape[-1]))], axis=-1)


_ALL, _EVEN, _ODD = slice(None), slice(0, None, 2), slice(1, None, 2)

FAMILY = (
    Family("dct5", "discrete cosine transform V", dct5, _Inside("dct", 1, 0, _ALL, _EVEN, row=0, column=0)),
    Family("dct6", "discrete cosine transform VI", dct6, _Inside("dct", 2, -1, _ALL, _EVEN, 0, -1, halved=True)),
    Family("dct7", "discrete cosine transform VII", dct7, _Inside("dct", 3, -1, _EVEN, _ALL, row=-1, column=0)),
    Family("dct8", "discrete cosine transform VIII", dct8, _Inside("dct", 3, 1, _ODD, _ALL)),
    Family("dst5", "discrete sine transform V", dst5, _Inside("dst", 1, 0, _ALL, _ODD)),
    Family("dst6", "discrete sine transform VI", dst6, _Inside("dst", 2, 1, _ALL, _ODD)),
    Family("dst7", "discrete sine transform VII", dst7, _Inside("dst", 3, 1, _ODD, _ALL)),
    Family("dst8", "discrete sine transform VIII", dst8, _Inside("dst", 3, -1, _EVEN, _ALL, row=-1, column=-1)),
)
