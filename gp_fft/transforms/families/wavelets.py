"""Wavelets of a fixed length: Haar's of all levels, and one level of the wavelets of JPEG 2000 (ITU-T T.800, annex F).

Outputs are the low half first, then the high one. The wavelets of JPEG 2000 are lifting steps (W. Sweldens, 1996) on
data that are mirrored at both ends: ``cdf53`` (D. Le Gall and A. Tabatabai, 1988) without the rounding, so that
its entries are dyadic; ``cdf97`` (A. Cohen, I. Daubechies and J.-C. Feauveau, 1992), whose constants lie in no
cyclotomic field, with decimals of 40 digits in their place. Their oracles are filters, with the taps of the standard.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import Array, Family

Row = dict[int, Fraction]

STEPS_53 = Fraction(-1, 2), Fraction(1, 4)
STEPS_97 = tuple(  # the four vanishing moments of both filters fix them: four roots of cubics, here to 40 digits
    map(
        Fraction,
        (
            "-1.5861343420599235584283154513374013198560",
            "-0.0529801185729614146241295675034771089920774",
            "0.8829110755309332959197900990028379303419447",
            "0.4435068520439711521156042151689137194780369",
        ),
    )
)
SCALE_97 = Fraction("1.2301741049140007291800563163304471018718")  # what leaves the mean of the low half as it is


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
        oracle=_filters(
            (0.6029490182363579, 0.2668641184428723, -0.07822326652898785, -0.01686411844287495, 0.02674875741080976),
            (1.115087052456994, -0.5912717631142470, -0.05754352622849957, 0.09127176311424948),
        ),
        least=2,
        even=True,
    ),
)
