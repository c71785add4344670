"""Titles, the words by which files and pages name a transform: ``dft 8``, ``dct2-2d 4x2 ortho``, ``matrix 4x3``.

A title that names no transform is an error, never a matrix: a program is held to what its title says.
"""

import re
from math import isqrt

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.transforms.family import NORMS
from gp_fft.transforms.matrix_files import LARGEST_SIDE
from gp_fft.transforms.table import FAMILIES, MATRIX, find, names
from gp_fft.transforms.transform import LARGEST_PRODUCT, LARGEST_SIZE, checked_shape

_TITLE = re.compile(r"([a-z0-9-]+) ([1-9][0-9]{0,8}(?:x[1-9][0-9]{0,8})?)(?: (ortho|forward))?")


def parse_title(title: str) -> tuple[str, tuple[int, ...], str]:
    """(name, shape, norm) from a title; DataError, with the nearest title, if it is none of a transform.

    >>> parse_title("dct2-2d 4x2 ortho")
    ('dct2-2d', (4, 2), 'ortho')
    """
    match = _TITLE.fullmatch(title)
    if match is None or match[1] not in (*names(), MATRIX):
        raise _no_title(title, "")
    name, shape, norm = match[1], tuple(map(int, match[2].split("x"))), match[3] or NORMS[0]
    try:
        _check(name, shape, norm)
    except UsageError as error:
        raise _no_title(title, f": {error}") from None
    return name, shape, norm


def _check(name: str, shape: tuple[int, ...], norm: str) -> None:
    """Raise UsageError where there is no transform of this name, shape and norm."""
    if name == MATRIX:
        if len(shape) != 2 or max(shape) > LARGEST_SIDE or norm != NORMS[0]:
            raise UsageError(f"a matrix has two sides of 1 to {LARGEST_SIDE} and no norm")
        return
    family = find(name)
    checked_shape(name, family, shape)
    if norm not in family.norms:
        raise UsageError(f"{name} has no norm")


def title_inputs(title: str) -> int:
    """The number of inputs of the transform with this title; DataError if it is no title."""
    name, shape, _ = parse_title(title)
    return shape[1] if name == MATRIX else find(name).size(shape)[1]


def _no_title(title: str, reason: str) -> DataError:
    shown = f"{title[:60]!r} is no title of a transform{reason}"
    return DataError(f"{shown}; did you mean {nearest_title(title)!r}?")


def nearest_title(title: str) -> str:
    """The title of a transform that exists and is most like ``title``.

    >>> nearest_title("dct2 8 otho"), nearest_title("dft 100000"), nearest_title("wht-2d 6")
    ('dct2 8 ortho', 'dft 256', 'wht-2d 4x4')
    >>> nearest_title("dtf 4x4")
    'dft-2d 4x4'
    """
    words = title[:60].split() or ["dft"]
    name = nearest(words[0], (*names(), MATRIX)) or "dft"
    sizes = [int(size[:9]) for size in re.findall(r"[0-9]+", words[1] if len(words) > 1 else "")]
    if len(sizes) == 2 and f"{name}-2d" in names():
        name = f"{name}-2d"
    sides = 2 if name.endswith("-2d") or name == MATRIX else 1
    shape = [*sizes, *(sizes[-1:] or [8 if sides == 1 else 4]) * 2][:sides]
    allowed = [str(_nearest_size(name, size, sides)) for size in shape]
    norms = ("ortho", "forward") if name != MATRIX and len(find(name).norms) > 1 else ()
    norm = nearest(words[2], norms, 0.5) if len(words) > 2 else None
    return " ".join(filter(None, [name, "x".join(allowed), norm]))


def _nearest_size(name: str, size: int, sides: int) -> int:
    """The size that a transform of this name has and that is nearest to the one asked for."""
    if name == MATRIX:
        return min(max(size, 1), LARGEST_SIDE)
    family = FAMILIES[name.removesuffix("-2d")]
    most = LARGEST_SIZE if sides == 1 else isqrt(LARGEST_PRODUCT)
    while sides == 2 and max(family.size((most, most))) > LARGEST_PRODUCT:
        most -= 1
    return family.nearest(size, family.least, most)
