"""What a program is made of, as it is given: its border, its title and its arrays, looked at before they are taken."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gp_fft.ground.errors import DataError
from primitives.base import FIELDS

LIMIT_INPUTS = 1024
"""Most inputs, and most outputs, of one program."""
LIMIT_TITLE = 200


def check_border(inputs: int, field: str, outputs: int) -> None:
    """Refuse inputs, a field or a number of outputs that is out of range: :class:`DataError`."""
    whole = isinstance(inputs, int | np.integer) and not isinstance(inputs, bool)
    if not whole or not 1 <= inputs <= LIMIT_INPUTS:
        given = int(inputs) if whole and abs(int(inputs)) < 1 << 63 else f"this {type(inputs).__name__}"
        raise DataError(f"a program has 1 to {LIMIT_INPUTS} inputs, not {given}")
    if not isinstance(field, str) or field not in FIELDS:
        raise DataError(f"the field of a program is complex, real or gf2, not {ascii(field)[:40]}")
    if not 1 <= outputs <= LIMIT_INPUTS:
        raise DataError(f"a program has 1 to {LIMIT_INPUTS} outputs, not {outputs}")


def clean_title(title: str) -> str:
    """``title`` as one line with single spaces; :class:`DataError` if it is too long or cannot be printed."""
    if not isinstance(title, str):
        raise DataError(f"the title of a program is a text, not a {type(title).__name__}")
    line = " ".join(title.split())
    if len(line) > LIMIT_TITLE or not line.isprintable():
        raise DataError(f"the title of a program is one printable line of at most {LIMIT_TITLE} characters")
    return line


def frozen_array(name: str, given: ArrayLike, dtype: np.dtype[Any]) -> NDArray[Any]:
    """A read-only copy of ``given`` as ``dtype``; DataError if that would change a number."""
    try:
        array = np.asarray(given)
    except (ValueError, OverflowError):
        raise DataError(f"{name} must be a flat list of numbers", (name, None)) from None
    kinds, what = ("iuf", "numbers") if dtype.kind == "f" else ("iu", "whole numbers")
    if array.ndim != 1 or (array.dtype.kind not in kinds and len(array)):
        raise DataError(f"{name} must be a flat list of {what}", (name, None))
    copy = array.astype(dtype)
    if dtype.kind == "i" and (copy != array).any():
        raise DataError(f"{name} holds a number that is out of range", (name, None))
    copy.setflags(write=False)
    return copy
