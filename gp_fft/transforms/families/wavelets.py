"""Wavelets of a fixed length: Haar's of all levels, and one level of the wavelets of JPEG 2000 (ITU-T T.800, annex F).

Outputs are the low half first, then the high one. The wavelets of JPEG 2000 are lifting steps (W. Sweldens, 1996) on
data that are mirrored at both ends: ``cdf53`` (D. Le Gall and A. Tabatabai, 1988) without the rounding, so that
its entries are dyadic; ``cdf97`` (A. Cohen, I. Daubechies and J.-C. Feauveau, 1992), whose constants lie in no
cyclotomic field, with 20 decimals in their place. Their oracles are filters.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family

Row = dict[int, Fraction]

STEPS_53 = Fraction(-1, 2), Fraction(1, 4)
STEPS_97 = tuple(  # four vanishing moments of either filter fix them
    map(
        Fraction,
        ("-1.58613434205992355843", "-0.05298011857296141462", "0.88291107553093329592", "0.44350685204397115212"),
    )
)
SCALE_97 = Fraction("1.23017410491400072918")  # what leaves the mean of the low half as it is


def haar(n: int) -> ExactMatrix:
    """Row 0 sums all; then 1, 2, 4, ... rows of first half less second half, of ever shorter pieces; not normalised."""
    rows = [[1] * n]
    length = n
    while length > 1:
        half = length // 2
        for start in range(0, n, length):
            rows.append([(start <= j < start + half) - (start + half <= j < start + length) for j in range(n)])
        length = half
    return ExactMatrix.of_fractions(rows)


def cdf53(n: int) -> ExactMatrix:
    """High d = x[1::2] - 1/2 (both even neighbours), low x[::2] + 1/4 (both d beside it)."""
    return _dense(_lifted(n, STEPS_53))


def cdf97(n: int) -> ExactMatrix:
    """Four steps, on the odd and the even values in turn; then the high half times K, the low one divided by K."""
    rows = _lifted(n, STEPS_97)
    factors = [1 / SCALE_97] * (n // 2) + [SCALE_97] * (n // 2)
    scaled = ({j: c * factor for j, c in row.items()} for row, factor in zip(rows, factors, strict=True))
    return _dense(list(scaled))


def _lifted(n: int, steps: Sequence[Fraction]) -> list[Row]:
    """The even values after all steps, then the odd ones, each as what it is of the inputs."""
    rows: list[Row] = [{j: Fraction(1)} for j in range(n)]
    for number, step in enumerate(steps):
        for i in range(1 - number % 2, n, 2):
            for neighbour in (abs(i - 1), i + 1 if i + 1 < n else i - 1):
                for j, c in rows[neighbour].items():
                    rows[i][j] = rows[i].get(j, Fraction(0)) + step * c
    return rows[::2] + rows[1::2]


def _dense(rows: Sequence[Row]) -> ExactMatrix:
    return ExactMatrix.of_fractions([[row.get(j, Fraction(0)) for j in range(len(rows))] for row in rows])


def _pyramid(x: Array, norm: str) -> Array:
    """Sums and differences of neighbours; then the same of the sums."""
    if x.shape[-1] == 1:
        return x
    even, odd = x[..., ::2], x[..., 1::2]
    return np.concatenate([_pyramid(even + odd, norm), even - odd], axis=-1)


def _taps_97() -> tuple[list[float], list[float]]:
    """The taps of the 9/7 filters, by their zeros: four at z = -1, and those of 1 + 4y + 10y^2 + 20y^3.

    With y = (2 - z - 1/z)/4 the two complex zeros of I. Daubechies' polynomial are the low filter's; the other one
    is that of the partner of the high filter, which has its signs in turn.
    """
    y, one = np.array([-1, 2, -1]) / 4, np.array([0, 1, 0])
    smooth = np.convolve(one - y, one - y)
    zeros = np.roots([20, 10, 4, 1])
    real = np.argmin(np.abs(zeros.imag))
    a, b = (one - y / zero for zero in np.delete(zeros, real))
    low = np.convolve(smooth, np.convolve(a, b).real)
    high = 2 * np.convolve(smooth, one - y / zeros[real].real)
    return low[4:].tolist(), (high[3:] * (1, -1, 1, -1)).tolist()


def _filters(low: Iterable[float], high: Iterable[float]) -> Callable[..., Array]:
    """Two symmetric filters, given from their middle on, at the even and at the odd places of the mirrored data."""

    def along(x: Array, taps: list[float], start: int) -> Array:
        reach = len(taps) - 1
        wide = np.pad(x, [(0, 0)] * (x.ndim - 1) + [(reach, reach)], mode="reflect")
        places = np.arange(start, x.shape[-1], 2) + reach
        sums = (tap * (wide[..., places + k] + wide[..., places - k]) for k, tap in enumerate(taps) if k)
        values: Array = taps[0] * wide[..., places] + sum(sums)
        return values

    taps = list(low), list(high)
    return lambda x, norm: np.concatenate([along(x, taps[0], 0), along(x, taps[1], 1)], axis=-1)


FAMILY = (
    Family(
        "haar",
        "Haar wavelet of all levels, not normalised: entries 1, -1 and 0",
        entries=haar,
        oracle=_pyramid,
        powers_of_two=True,
    ),
    Family(
        "cdf53",
        "LeGall 5/3 wavelet of JPEG 2000, one level, low half first; not rounded",
        entries=cdf53,
        oracle=_filters((0.75, 0.25, -0.125), (1.0, -0.5)),
        least=2,
        even=True,
    ),
    Family(
        "cdf97",
        "CDF 9/7 wavelet of JPEG 2000, one level, low half first",
        entries=cdf97,
        oracle=_filters(*_taps_97()),
        least=2,
        even=True,
    ),
)
