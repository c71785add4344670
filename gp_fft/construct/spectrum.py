"""The outputs of a real DFT, Re 0, Re 1, Im 1, Re 2, ... in one row, as complex values: pairs of Re and Im."""

from collections.abc import Sequence

from gp_fft.construct.builder import ZERO, Builder, Pair, negated
from gp_fft.program import Term


def to_pairs(values: Sequence[Term]) -> list[Pair]:
    """All n outputs of the DFT of real data as pairs, those of the second half conjugate to those of the first."""
    n = len(values)
    parts = [values[0], ZERO, *values[1:], ZERO]
    pairs = [(parts[2 * k], parts[2 * k + 1]) for k in range(n // 2 + 1)]
    return pairs + [(re, negated(im)) for re, im in pairs[(n - 1) // 2 : 0 : -1]]


def from_pairs(pairs: Sequence[Pair], n: int) -> list[Term]:
    """The row of the n outputs of a real DFT; ``pairs`` holds at least those from 0 to n/2."""
    parts = [part for pair in pairs[: n // 2 + 1] for part in pair]
    return [parts[0], *parts[2 : n + 1]]


def hartley(build: Builder, pairs: Sequence[Pair], n: int) -> list[Term]:
    """The Hartley transform: y[k] = Re k - Im k and y[n-k] = Re k + Im k."""
    y = [ZERO] * n
    for k, pair in enumerate(pairs[: n // 2 + 1]):
        y[k], y[-k] = build.difference(*pair), build.sum(*pair)
    return y
