"""What is coded: photographs that come with scikit-image, and two images that are computed.

The chart has edges at all angles and all distances, which transforms of blocks code worst; the field is the model that
the DCT is nearly optimal for, first-order Markov with a correlation of 0.95 between neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.codec.coder import SIDE
from gp_fft.ground.atomic import reason
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.nearest import nearest

LEAST, MOST = 16, 8192  # pixels a side
RHO = 0.95
_GREY = (0.299, 0.587, 0.114)  # luminance of red, green and blue, as JPEG has it (ITU-R BT.601)
_SHIPPED = ("camera", "astronaut", "chelsea", "coffee", "coins", "page")

Array = NDArray[np.float64]


def _shipped(name: str) -> Callable[[], Array]:
    def load() -> Array:
        import skimage.data

        return np.asarray(getattr(skimage.data, name)(), float)

    return load


def chart(side: int = 256) -> Array:
    """A star, rings, slanted bars and a field of squares, each in a quarter; four samples a pixel in each direction."""
    half, fine = side // 2, 4
    y, x = (np.mgrid[: half * fine, : half * fine] + 0.5) / (half * fine) - 0.5
    radius = np.hypot(x, y)
    star = np.sign(np.sin(16 * np.arctan2(y, x)))
    rings = np.cos(2 * np.pi * half / 8 * radius**2 * 2)
    bars = np.sign(np.sin(2 * np.pi * (3 + 12 * (x + 0.5)) * (x + 0.2 * y)))
    squares = np.sign(np.sin(2 * np.pi * 9.3 * x) * np.sin(2 * np.pi * 9.3 * y)) * (radius < 0.45)
    whole = np.block([[star, rings], [bars, squares]])
    means = whole.reshape(2 * half, fine, 2 * half, fine).mean(axis=(1, 3))
    return np.rint(128 + 100 * means)


def markov(side: int = 256, seed: int = 1) -> Array:
    """A separable Markov field about 128 with a deviation of 36, from a seed."""
    from scipy.signal import lfilter

    field = np.random.default_rng(seed).standard_normal((side, side))
    for axis in (0, 1):
        first = np.take(field, [0], axis)
        field = lfilter([np.sqrt(1 - RHO**2)], [1, -RHO], field, axis, zi=(1 - np.sqrt(1 - RHO**2)) * first)[0]
    return np.rint(np.clip(128 + 36 * field, 0, 255))


IMAGES: dict[str, Callable[[], Array]] = {
    **{name: _shipped(name) for name in _SHIPPED},
    "chart": chart,
    "markov": markov,
}


def image(name: str) -> Array:
    """An image by its name or the path of its file: grey values of 0 to 255, whole blocks.

    UsageError for a name that stands for nothing, DataError for a file that is no image or too small.
    """
    if name in IMAGES:
        return prepared(IMAGES[name](), name)
    if not Path(name).exists():
        raise UsageError(
            f"there is no image {name[:60]!r} (did you mean {nearest(name, IMAGES)}?); give the path of an image file "
            f"or one of {', '.join(IMAGES)}"
        )
    from PIL import Image

    try:
        with Image.open(name) as opened:
            return prepared(np.asarray(opened.convert("RGB"), float), name)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"cannot read {name} as an image: {reason(error)}") from None


def chosen(names: Iterable[str]) -> dict[str, Array]:
    """Images by short names: of a file its own without the folder, but where another image has that already."""
    made: dict[str, Array] = {}
    for name in dict.fromkeys(names):
        short = name if name in IMAGES else Path(name).stem
        made[name if short in made else short] = image(name)
    return made


def prepared(values: Array, name: str) -> Array:
    """Grey values ``(height, width)``, the middle of the image in whole blocks."""
    grey = values @ np.array(_GREY) if values.ndim == 3 else values
    height, width = grey.shape
    if min(grey.shape) < LEAST or max(grey.shape) > MOST:
        raise DataError(f"{name} has {width} by {height} pixels; each side must have {LEAST} to {MOST}")
    top, left = (height % SIDE) // 2, (width % SIDE) // 2
    return np.ascontiguousarray(grey[top : top + height // SIDE * SIDE, left : left + width // SIDE * SIDE])
