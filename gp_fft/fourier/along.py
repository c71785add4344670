"""A transform along one axis of any array: cut or padded, brought into rows, and put back."""

from __future__ import annotations

import math
import operator
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.codelets import codelet
from gp_fft.fourier.plans import plan

Array = NDArray[Any]
TYPES = {("f", 2): "float32", ("f", 4): "float32", ("f", 8): "float64", ("c", 8): "complex64", ("c", 16): "complex128"}
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
    dtype = TYPES.get((kind, size), "float64" if kind in "biu" else "")
    if not dtype:
        return None
    return np.require(x, dtype, "A") if x.ndim and x.size else None


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


def along(kind: str, x: Array, n: int, axis: int, scale: float) -> Array | None:
    """A kind of transform of length n along an axis, times a factor; None where that is left to scipy.

    ``x`` is of what :func:`numbers` gives, real where the transform is one of real numbers.
    """
    single = x.dtype.itemsize == (8 if x.dtype.kind == "c" else 4)
    if kind == "irfft":
        scale *= 2.0
    if kind not in OF_REALS and x.dtype.kind == "f":
        x = x.astype(np.complex64 if single else np.complex128)
    if axis < x.ndim - 1 and kind in ("fft", "ifft") and math.prod(x.shape[:axis]) == 1:
        across = codelet(kind, n, single, columns=True)
        if across is not None:
            columns = np.ascontiguousarray(fitted(x, n, axis))
            return across(columns, columns.shape, columns.size // n, scale)
    made = plan(kind, n, single)
    if made is None:
        return None
    moved = np.moveaxis(fitted(x, inputs(kind, n), axis), axis, -1)
    rows = np.ascontiguousarray(moved).reshape(-1, moved.shape[-1])
    done = made(rows, scale)
    return np.ascontiguousarray(np.moveaxis(done.reshape(*moved.shape[:-1], done.shape[1]), -1, axis))
