"""An image coded by blocks of 8x8 points through any program of 8 points, and decoded again.

As JPEG does it (ITU-T T.81, 1992): the transform of rows and columns, division by a table of steps, zigzag order, and
runs of zeros with the sizes of what follows. An approximate transform M comes times one factor for each output, which
gives the rows of ``diag(s) M`` unit length. The steps swallow the factors, so they cost nothing: step (i, j) becomes
``q[i, j] / (s[i] s[j])`` (R. J. Cintra and F. M. Bayer, "A DCT approximation for image compression", 2011). The decoder
applies the true inverse of M. For orthogonal rows that is the transposed matrix with its factors; for others it is the
only one that brings the image back where nothing is quantised. One number scales the whole table, to meet the rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import entr

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.program.cost import Counts, count
from gp_fft.transforms import get
from gp_fft.transforms.scaling import UNSCALED, Scaling

SIDE = 8
LEVEL = 128  # what JPEG takes off each value of 0 to 255
STEPS = np.array(  # ITU-T T.81, Annex K, table K.1: luminance
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=float,
)
COARSEST = 10.0  # the table times or divided by two to this power is as far as a rate is looked for
NEAR = 0.005  # a rate is met within this part of it
SINGULAR = 1e8  # a matrix with a larger condition number has no inverse to decode with

Array = NDArray[np.float64]


def _zigzag() -> NDArray[np.intp]:
    """The places of a block, row by row, in the order of T.81, figure 5: diagonals, up and down in turn."""
    places = [(i, j) for i in range(SIDE) for j in range(SIDE)]
    places.sort(key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))
    return np.array([i * SIDE + j for i, j in places])


ZIGZAG = _zigzag()


@cache
def exact() -> Array:
    """The orthonormal DCT II ``(8, 8)`` that all are measured against."""
    return np.asarray(get("dct2", SIDE, "ortho").matrix)


@dataclass(frozen=True)
class Coder:
    """A program of 8 points under the name that it is compared by; DataError for one that no codec can use."""

    name: str
    program: Program
    kind: str = ""  # exact, published or evolved
    scaling: Scaling = UNSCALED  # the factors that its outputs are known to come with; their signs are taken from here

    def __post_init__(self) -> None:
        shape = (len(self.program.outputs), self.program.inputs)
        if self.program.field != "real" or shape != (SIDE, SIDE):
            raise DataError(
                f"{self.name}: the codec takes real programs of 8 points in and out, not {self.program.field} ones "
                f"of {shape[1]} in and {shape[0]} out"
            )
        if self.scaling.inputs:
            raise DataError(f"{self.name}: nothing in a codec swallows the factors of its inputs")
        if not np.linalg.cond(self.matrix) < SINGULAR:
            raise DataError(f"{self.name}: its matrix has no inverse, so what it codes cannot be decoded")

    @cached_property
    def matrix(self) -> Array:
        """What the program computes, ``(8, 8)``, outputs x inputs."""
        return np.asarray(self.program.matrix())

    @cached_property
    def factors(self) -> Array:
        """One factor for each output ``(8,)``, which gives it unit length and undoes the sign that it comes with."""
        outputs, _ = self.scaling.over(SIDE, SIDE)
        return np.asarray(np.sign(outputs) / np.linalg.norm(self.matrix, axis=1))

    @cached_property
    def scaled(self) -> Array:
        """The transform with its factors ``(8, 8)``, rows of unit length."""
        return self.factors[:, None] * self.matrix

    @property
    def energy(self) -> float:
        """Total error energy, pi times the squared Frobenius distance from the DCT (Cintra and Bayer, 2011)."""
        return float(np.pi * ((self.scaled - exact()) ** 2).sum())

    @property
    def orthogonal(self) -> bool:
        """Whether the rows are, so that the inverse is the transposed matrix."""
        return bool(np.allclose(self.scaled @ self.scaled.T, np.eye(SIDE), atol=1e-9))

    @property
    def counts(self) -> Counts:
        """The operations of one transform of 8 points."""
        return count(self.program)

    def forward(self, image: Array) -> Array:
        """The transforms ``(blocks, 64)`` of all blocks, before any factor, in zigzag order."""
        height, width = image.shape
        blocks = (image - LEVEL).reshape(height // SIDE, SIDE, width // SIDE, SIDE).swapaxes(1, 2)
        rows = self.program(np.ascontiguousarray(blocks.reshape(-1, SIDE, SIDE)))
        both = self.program(np.ascontiguousarray(rows.swapaxes(1, 2))).swapaxes(1, 2)
        return np.ascontiguousarray(both.reshape(-1, SIDE * SIDE)[:, ZIGZAG])

    def backward(self, values: Array, shape: tuple[int, int]) -> Array:
        """The image ``shape`` whose forward transforms are ``values`` ``(blocks, 64)``."""
        inverse = np.linalg.inv(self.matrix)
        blocks = np.empty_like(values)
        blocks[:, ZIGZAG] = values
        blocks = inverse @ blocks.reshape(-1, SIDE, SIDE) @ inverse.T
        grid = blocks.reshape(shape[0] // SIDE, shape[1] // SIDE, SIDE, SIDE)
        return grid.swapaxes(1, 2).reshape(shape) + LEVEL

    @cached_property
    def steps(self) -> Array:
        """The table with the factors absorbed, ``(64,)`` in zigzag order."""
        return (STEPS / np.outer(self.factors, self.factors)).ravel()[ZIGZAG]


def sizes(values: Array) -> NDArray[np.int32]:
    """The category of each whole number: the bits of its size, as many as are appended to its symbol."""
    return np.frexp(np.abs(values))[1]


def entropy(symbols: NDArray[np.integer], extra: dict[int, int] | None = None) -> float:
    """Bits of all ``symbols`` under their own frequencies; ``extra`` counts more of some, symbol by symbol."""
    counts = np.bincount(symbols.astype(np.int64), minlength=1 + max(extra or {0: 0})).astype(float)
    for symbol, times in (extra or {}).items():
        counts[symbol] += times
    total = counts.sum()
    return float(total * entr(counts / total).sum() / math.log(2)) if total else 0.0


def bits(levels: Array) -> float:
    """Bits of the quantised values ``(blocks, 64)``, whole numbers in zigzag order.

    JPEG's symbols: the size of each difference of the first values of neighbours; then for each other value that is
    not zero the zeros before it and its size, 16 zeros, and the end of a block. Their empirical entropy stands for the
    Huffman code, whose table is not counted; the bits appended to a symbol are as many as its size.
    """
    first = sizes(np.diff(levels[:, 0], prepend=0.0))
    rest = levels[:, 1:]
    where = np.flatnonzero(rest)
    block, place = np.divmod(where, rest.shape[1])
    after = np.r_[False, block[1:] == block[:-1]]
    runs = place - np.where(after, np.r_[0, place[:-1]], -1) - 1
    long, runs = np.divmod(runs, 16)
    each = sizes(rest.ravel()[where])
    ends = len(levels) - int((place == rest.shape[1] - 1).sum())
    symbols = entropy(runs + 16 * each.astype(np.int64), {0: ends, 15: int(long.sum())})
    return entropy(first) + symbols + float(first.sum() + each.sum())


@dataclass(frozen=True)
class Decoded:
    """An image that was coded at one rate and decoded again."""

    rate: float  # bits per pixel
    scale: float  # what the table of steps was multiplied by
    image: Array  # clipped to 0 to 255, not rounded


class Coding:
    """One image in the transform of one coder, to be quantised at any rate."""

    def __init__(self, coder: Coder, image: Array) -> None:
        self.coder = coder
        self.shape: tuple[int, int] = image.shape
        self._values = coder.forward(image) / coder.steps
        self.rate: Callable[[float], float] = cache(self._rate)

    def levels(self, octaves: float) -> Array:
        """The quantised values under the table times two to the power of ``octaves``."""
        return np.rint(self._values * 2.0**-octaves)

    def _rate(self, octaves: float) -> float:
        """Bits per pixel."""
        return bits(self.levels(octaves)) / math.prod(self.shape)

    def at(self, rate: float) -> Decoded:
        """The image decoded from so many bits per pixel; UsageError where no scale of the table needs as many."""
        most = self.rate(-COARSEST)
        if not 0 < rate < most:
            raise UsageError(
                f"a rate must be above 0 and below what the image can need, {most:.3g} bits per pixel; {rate:g} is not"
            )
        octaves = brentq(lambda at: self.rate(at) - rate, -COARSEST, COARSEST, xtol=1e-4)
        reached = self.rate(octaves)
        if abs(reached - rate) > NEAR * rate:
            raise UsageError(
                f"no scale of the table comes to {rate:g} bits per pixel, the nearest to {reached:.3g}: the image is "
                f"too small or too plain for this rate"
            )
        back = self.coder.backward(self.levels(octaves) * self.coder.steps * 2.0**octaves, self.shape)
        return Decoded(reached, 2.0**octaves, np.clip(back, 0, 255))
