"""The real trigonometric transforms: dct1 to dct4 and dst1 to dst4 of Z. Wang and B. R. Hunt (1985), and Hartley's.

Factors of the eight follow scipy.fft: the unnormalised ones carry a factor 2, and ``"ortho"`` makes them orthogonal.
The Hartley transform is that of R. N. Bracewell (1983).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from gp_fft.transforms.coded import Wave
from gp_fft.transforms.exact import Number, cosine, sine
from gp_fft.transforms.family import Array, Family, ShiftRule, roll, turn

_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)


def dct1(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + (-1)^k x[n-1] + sum 2 x[j] cos(pi jk/(n-1)), inner j; scipy.fft.dct type 1."""
    ends = dict.fromkeys((0, n - 1), _HALF if ortho else _QUARTER)
    rows = dict.fromkeys((0, n - 1), _HALF) if ortho else {}
    period = 2 * (n - 1)
    return Wave(n, period, period, lambda k, j: k * j, _twice_cosine, rows, ends)


def dct2(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] cos(pi k(2j+1)/(2n)); scipy.fft.dct type 2, the DCT of N. Ahmed et al. (1974)."""
    rows = {0: _HALF} if ortho else {}
    return Wave(n, 4 * n, 2 * n, lambda k, j: k * (2 * j + 1), _twice_cosine, rows)


def dct3(n: int, ortho: bool) -> Wave:
    """y[k] = x[0] + 2 sum x[j] cos(pi (2k+1)j/(2n)), j > 0; scipy.fft.dct type 3."""
    first = {0: _HALF if ortho else _QUARTER}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (2 * k + 1) * j, _twice_cosine, columns=first)


def dct4(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] cos(pi (2k+1)(2j+1)/(4n)); scipy.fft.dct type 4."""
    return Wave(n, 8 * n, 2 * n, lambda k, j: (2 * k + 1) * (2 * j + 1), _twice_cosine)


def dst1(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (k+1)(j+1)/(n+1)); scipy.fft.dst type 1."""
    period = 2 * (n + 1)
    return Wave(n, 2 * period, period, lambda k, j: 2 * (k + 1) * (j + 1) - (n + 1), _twice_cosine)


def dst2(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (k+1)(2j+1)/(2n)); scipy.fft.dst type 2."""
    rows = {n - 1: _HALF} if ortho else {}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (k + 1) * (2 * j + 1) - n, _twice_cosine, rows)


def dst3(n: int, ortho: bool) -> Wave:
    """y[k] = (-1)^k x[n-1] + 2 sum x[j] sin(pi (2k+1)(j+1)/(2n)), j < n-1; scipy.fft.dst type 3."""
    last = {n - 1: _HALF if ortho else _QUARTER}
    return Wave(n, 4 * n, 2 * n, lambda k, j: (2 * k + 1) * (j + 1) - n, _twice_cosine, columns=last)


def dst4(n: int, ortho: bool) -> Wave:
    """y[k] = 2 sum x[j] sin(pi (2k+1)(2j+1)/(4n)); scipy.fft.dst type 4."""
    return Wave(n, 8 * n, 2 * n, lambda k, j: (2 * k + 1) * (2 * j + 1) - 2 * n, _twice_cosine)


def dht(n: int, ortho: bool) -> Wave:
    """y[k] = sum x[j] (cos(2 pi jk/n) + sin(2 pi jk/n)), the discrete Hartley transform."""
    return Wave(n, n, n, lambda k, j: k * j, lambda k, order: cosine(k, order) + sine(k, order))


def _twice_cosine(k: int, order: int) -> Number:
    return cosine(k, order) * 2


def _scipy(kind: str, number: int) -> Callable[..., Array]:
    """scipy.fft.dct or dst of one type along the last axis; scipy is loaded when it is asked."""

    def along(x: Array, norm: str) -> Array:
        import scipy.fft

        values: Array = getattr(scipy.fft, kind)(x, type=number, norm=norm)
        return values

    return along


def _hartley(x: Array, norm: Any) -> Array:
    spectrum = np.fft.fft(x, norm=norm)
    values: Array = spectrum.real - spectrum.imag
    return values


def _dht_shift(n: int) -> ShiftRule:
    return ShiftRule(roll, lambda y: y * turn(n).real - y[..., -np.arange(n)] * turn(n).imag)


FAMILY = (
    Family("dct1", "discrete cosine transform I", dct1, _scipy("dct", 1), least=2),
    Family("dct2", "discrete cosine transform II", dct2, _scipy("dct", 2)),
    Family("dct3", "discrete cosine transform III", dct3, _scipy("dct", 3)),
    Family("dct4", "discrete cosine transform IV", dct4, _scipy("dct", 4)),
    Family("dst1", "discrete sine transform I", dst1, _scipy("dst", 1)),
    Family("dst2", "discrete sine transform II", dst2, _scipy("dst", 2)),
    Family("dst3", "discrete sine transform III", dst3, _scipy("dst", 3)),
    Family("dst4", "discrete sine transform IV", dst4, _scipy("dst", 4)),
    Family("dht", "discrete Hartley transform", dht, _hartley, shift=_dht_shift),
)
