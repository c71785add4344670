"""The integer transforms of video coding: H.264, HEVC and VVC, of the few sizes that the standards have.

Their matrices are those of ITU-T H.264 (8.5 and, for 8 points, S. Gordon, D. Marpe and T. Wiegand, JVT-J029, 2003),
H.265 (8.6.4.2) and H.266 (8.7.4.2); ``hevc-dct2`` is the DCT II of VVC as well, and ``vvc-dst7`` of 4 points the DST
of HEVC. The oracles know other things of them: that of H.264 is the flow graph of the standard, those of the others
are scipy's transforms, scaled and rounded, but for the integers that were tuned by hand (M. Budagavi et al., 2013).
"""

from collections.abc import Callable, Mapping

import numpy as np

from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.families.trigonometric_odd import FAMILY as ODD
from gp_fft.transforms.family import Array, Family

SIZES = (4, 8, 16, 32)

_COSINES = (  # of 1/128, 2/128, ... of a turn, by which HEVC's matrix of 32 points is written; 64 first, for the row 0
    *(64, 90, 90, 90, 89, 88, 87, 85, 83, 82, 80, 78, 75, 73, 70, 67),
    *(64, 61, 57, 54, 50, 46, 43, 38, 36, 31, 25, 22, 18, 13, 9, 4, 0),
)
_SINES = {  # the first row of VVC's DST VII, in which all its integers stand
    4: (29, 55, 74, 84),
    8: (17, 32, 46, 60, 71, 78, 85, 86),
    16: (8, 17, 25, 33, 40, 48, 55, 62, 68, 73, 77, 81, 85, 87, 88, 88),
    32: (
        *(4, 9, 13, 17, 21, 26, 30, 34, 38, 42, 46, 50, 53, 56, 60, 63),
        *(66, 68, 72, 74, 77, 78, 80, 82, 84, 85, 86, 87, 88, 89, 90, 90),
    ),
}
_H264 = {
    4: ((1, 1, 1, 1), (2, 1, -1, -2), (1, -1, -1, 1), (1, -2, 2, -1)),
    8: (
        (8, 8, 8, 8, 8, 8, 8, 8),
        (12, 10, 6, 3, -3, -6, -10, -12),
        (8, 4, -4, -8, -8, -4, 4, 8),
        (10, -3, -12, -6, 6, 12, 3, -10),
        (8, -8, -8, 8, 8, -8, -8, 8),
        (6, -12, 3, 10, -10, -3, 12, -6),
        (4, -8, 8, -4, -4, 8, -8, 4),
        (3, -6, 10, -12, 12, -10, 6, -3),
    ),
}


def hevc_dct2(n: int) -> ExactMatrix:
    """y[k] = sum x[j] c(k(2j+1)/(4n)), where c stands for 64 sqrt(2) times the cosine of so many turns."""
    return ExactMatrix.of_fractions([[_cosine(32 // n * k * (2 * j + 1)) for j in range(n)] for k in range(n)])


def vvc_dst7(n: int) -> ExactMatrix:
    """y[k] = sum x[j] s((2k+1)(j+1)/(4n+2)), where s stands for 128 sqrt(n/(2n+1)) times the sine of so many turns."""
    return ExactMatrix.of_fractions([[_sine((2 * k + 1) * (j + 1), n) for j in range(n)] for k in range(n)])


def vvc_dct8(n: int) -> ExactMatrix:
    """y[k] = sum x[j] c((2k+1)(2j+1)/(8n+4)): the integers of the DST VII, those of row 0 in falling order."""
    quarter = 2 * n + 1  # cos(a) = sin(a + 1/4 turn), and 2 (2n+1) angles of the DST VII are 4 (2n+1) of these
    angles = [[(2 * k + 1) * (2 * j + 1) + quarter for j in range(n)] for k in range(n)]
    return ExactMatrix.of_fractions([[_sine(angle // 2, n) for angle in row] for row in angles])


def h264(n: int) -> ExactMatrix:
    """The forward core transform, without the scaling that the quantiser has; that of 8 points times 8."""
    return ExactMatrix.of_fractions(_H264[n])


def _cosine(angle: int) -> int:
    angle = min(angle % 128, -angle % 128)
    return _COSINES[angle] if angle <= 32 else -_COSINES[64 - angle]


def _sine(angle: int, n: int) -> int:
    half = 2 * n + 1
    turned, angle = divmod(angle, half)
    size = (0, *_SINES[n])[min(angle, half - angle)]
    return -size if turned % 2 else size


_TUNED_COSINES = {8: -1, 21: -1, 23: -1, 24: 1, 25: 1, 26: -1}
_TUNED_SINES: Mapping[int, Mapping[int, int]] = {
    4: {},
    8: {1: 1, 4: 1, 5: 1, 6: -1, 7: 1, 8: -1},
    16: {5: -1, 9: 1, 13: 1, 16: -1},
    32: {12: 1, 18: -1, 19: 1, 21: 1, 23: -1, 27: -1, 28: -1, 29: -1},
}
"""What was added by hand to the rounded cosine of k/128, and sine of k/(4n+2), of a turn."""


def _rounded(along: Callable[[Array], Array], tuned: Callable[[int], Mapping[float, int]]) -> Callable[..., Array]:
    """The oracle of an orthogonal transform times 64 sqrt(n), rounded, and tuned where an entry has a given value."""

    def apply(x: Array, norm: str) -> Array:
        n = x.shape[-1]
        true = 64 * np.sqrt(n) * along(np.eye(n)).T
        matrix = np.rint(true)
        for value, more in tuned(n).items():
            matrix += more * np.sign(true) * np.isclose(np.abs(true), value, rtol=1e-9)
        result: Array = x @ matrix.T
        return result

    return apply


def _by_dct2(x: Array) -> Array:
    import scipy.fft

    values: Array = scipy.fft.dct(x, norm="ortho")
    return values


def _tuned_cosines(n: int) -> dict[float, int]:
    return {64 * np.sqrt(2) * np.cos(np.pi * k / 64): more for k, more in _TUNED_COSINES.items()}


def _tuned_sines(n: int) -> dict[float, int]:
    scale = 128 * np.sqrt(n / (2 * n + 1))
    return {scale * np.sin(np.pi * k / (2 * n + 1)): more for k, more in _TUNED_SINES[n].items()}


def _odd(name: str) -> Callable[[Array], Array]:
    """The orthogonal transform of this name, scipy doing the work."""
    (oracle,) = (family.oracle for family in ODD if family.name == name)
    assert oracle is not None
    return lambda x: oracle(x, norm="ortho")


def _flow_graph(x: Array, norm: str) -> Array:
    """H.264 by the additions and shifts of its standard."""
    x = np.moveaxis(x, -1, 0)
    half = len(x) // 2
    a, b = x[:half] + x[: half - 1 : -1], x[:half] - x[: half - 1 : -1]
    if half == 2:
        return np.stack([a[0] + a[1], 2 * b[0] + b[1], a[0] - a[1], b[0] - 2 * b[1]], axis=-1)
    s, d = a[:2] + a[:1:-1], a[:2] - a[:1:-1]
    e0, e1 = b[1] + b[2] + (b[0] + b[0] / 2), b[0] - b[3] - (b[2] + b[2] / 2)
    e2, e3 = b[0] + b[3] - (b[1] + b[1] / 2), b[1] - b[2] + (b[3] + b[3] / 2)
    odd = e0 + e3 / 4, e1 + e2 / 4, e2 - e1 / 4, e0 / 4 - e3
    y = [s[0] + s[1], odd[0], d[0] + d[1] / 2, odd[1], s[0] - s[1], odd[2], d[0] / 2 - d[1], odd[3]]
    return 8 * np.stack(y, axis=-1)


FAMILY = (
    Family(
        "hevc-dct2",
        "integer DCT II of HEVC, and of VVC",
        entries=hevc_dct2,
        oracle=_rounded(_by_dct2, _tuned_cosines),
        sizes=SIZES,
    ),
    Family(
        "vvc-dst7",
        "integer DST VII of VVC; of 4 points also of HEVC",
        entries=vvc_dst7,
        oracle=_rounded(_odd("dst7"), _tuned_sines),
        sizes=SIZES,
    ),
    Family(
        "vvc-dct8",
        "integer DCT VIII of VVC",
        entries=vvc_dct8,
        oracle=_rounded(_odd("dct8"), _tuned_sines),
        sizes=SIZES,
    ),
    Family(
        "h264",
        "integer core transform of H.264, unscaled, of 8 points times 8",
        entries=h264,
        oracle=_flow_graph,
        sizes=(4, 8),
    ),
)
