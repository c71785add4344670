"""A transform along one axis of any array: cut or padded, brought into rows, and put back."""

from __future__ import annotations

import math
import operator
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.codelets import codelet
from gp_fft.fourier.plans import Rows, plan

Array = NDArray[Any]
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
COMPLEX_SINGLE, COMPLEX = np.dtype(np.complex64), np.dtype(np.complex128)
TYPES: dict[tuple[str, int], np.dtype[Any]] = {
    ("f", 2): SINGLE,
    ("f", 4): SINGLE,
    ("f", 8): DOUBLE,
    ("c", 8): COMPLEX_SINGLE,
    ("c", 16): COMPLEX,
}
"""What floating numbers, by kind and bytes, are computed as; whole ones are double."""
OF_REALS = ("rfft", *(f"{name}{type}" for name in ("dct", "dst") for type in range(1, 5)))
NORMS = {None: "backward", "backward": "backward", "ortho": "ortho", "forward": "forward"}
BACKWARD = {"backward": "forward", "ortho": "ortho", "forward": "backward"}  # what a norm is to an inverse


def numbers(x: Any) -> Array | None:
    """x as an array of one of the four types that are computed with here; None where it is something else."""
    if type(x) is not np.ndarray:
        if not isinstance(x, list | tuple):
            return None
        x = _listed(x)
        if x is None:
            return None
    kind, size = x.dtype.kind, x.dtype.itemsize
    dtype = TYPES.get((kind, size)) or (DOUBLE if kind in "biu" else None)
    if dtype is None:
        return None
    if not x.size or not x.ndim:
        return None
    given: Array = x
    return given if given.dtype is dtype and given.flags.aligned else np.require(given, dtype, ["A"])


def _listed(x: Any) -> Array | None:
    try:
        return np.asarray(x)
    except (TypeError, ValueError):
        return None


def place(axis: Any, dimensions: int) -> int | None:
    """The axis, counted from the first; None where there is none."""
    try:
        chosen = operator.index(axis)
    except TypeError:
        return None
    return chosen % dimensions if -dimensions <= chosen < dimensions else None


def known_norm(norm: Any) -> str | None:
    """The norm by its name; None for what is no norm."""
    return NORMS.get(norm) if norm is None or isinstance(norm, str) else None


def sound(workers: Any) -> bool:
    """Whether scipy takes this many workers; here it is one that works."""
    if workers is None:
        return True
    return isinstance(workers, int) and workers != 0 and workers >= -(os.cpu_count() or 1)


def factor(norm: str, points: int) -> float:
    """What a transform that is called forward is multiplied with; of an inverse ``BACKWARD[norm]`` counts."""
    return {"backward": 1.0, "ortho": 1.0 / math.sqrt(points), "forward": 1.0 / points}[norm]


def inputs(kind: str, n: int) -> int:
    """How many numbers a transform of length n takes."""
    return n // 2 + 1 if kind == "irfft" else n


def fitted(x: Array, length: int, axis: int) -> Array:
    """x cut to a length along an axis, or padded with zeros."""
    have = x.shape[axis]
    if have == length:
        return x
    index = (slice(None),) * axis + (slice(0, min(have, length)),)
    if have > length:
        return x[index]
    wide = np.zeros((*x.shape[:axis], length, *x.shape[axis + 1 :]), x.dtype)
    wide[index] = x
    return wide


STRIP = 16  # vectors that are turned over together at least, so that whole lines of a cache are used
BLOCK = 1 << 12  # numbers of a strip


def along(kind: str, x: Array, n: int, axis: int, scale: float) -> Array | None:
    """A kind of transform of length n along an axis, times a factor; None where that is left to scipy.

    ``x`` is of what :func:`numbers` gives, real where the transform is one of real numbers.
    """
    single = x.dtype is SINGLE or x.dtype is COMPLEX_SINGLE
    if kind == "irfft":
        scale *= 2.0
    if kind not in OF_REALS and (x.dtype is SINGLE or x.dtype is DOUBLE):
        x = x.astype(COMPLEX_SINGLE if single else COMPLEX)
    if axis < x.ndim - 1 and kind in ("fft", "ifft") and math.prod(x.shape[:axis]) == 1:
        across = codelet(kind, n, single, columns=True)
        if across is not None:
            columns = np.ascontiguousarray(fitted(x, n, axis))
            return across(columns, columns.shape, columns.size // n, scale)
    made = plan(kind, n, single)
    if made is None:
        return None
    ready = fitted(x, inputs(kind, n), axis)
    if axis == ready.ndim - 1:
        rows = np.ascontiguousarray(ready)
        done = made(rows.reshape(-1, rows.shape[-1]), scale)
        return done.reshape(*rows.shape[:-1], done.shape[1])
    if math.prod(ready.shape[axis + 1 :]) >= STRIP:
        return _in_strips(made, np.ascontiguousarray(ready), axis, scale)
    moved = np.moveaxis(ready, axis, -1)
    rows = np.ascontiguousarray(moved).reshape(-1, moved.shape[-1])
    done = made(rows, scale)
    return np.ascontiguousarray(np.moveaxis(done.reshape(*moved.shape[:-1], done.shape[1]), -1, axis))


def _in_strips(made: Rows, x: Array, axis: int, scale: float) -> Array:
    """A transform along an axis that is not the last one: strips are turned over into rows that stay in the caches."""
    before, n, after = x.shape[:axis], x.shape[axis], x.shape[axis + 1 :]
    flat = x.reshape(math.prod(before), n, math.prod(after))
    width = max(STRIP, BLOCK // n)
    y: Array | None = None
    for k, columns in enumerate(flat):
        for begin in range(0, columns.shape[1], width):
            done = made(np.ascontiguousarray(columns[:, begin : begin + width].T), scale)
            if y is None:
                y = np.empty((len(flat), done.shape[1], columns.shape[1]), done.dtype)
            y[k, :, begin : begin + width] = done.T
    assert y is not None, "there is no array without numbers here"
    return y.reshape(*before, y.shape[1], *after)
