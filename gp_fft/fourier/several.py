"""The transforms along several axes, one after the other, in the signatures of scipy.fft."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.along import known_norm, numbers, place, sound
from gp_fft.fourier.by_scipy import by_scipy
from gp_fft.fourier.one import length, real_transformed, transformed

Array = NDArray[Any]
Function = Callable[..., Array]
LAST = {"rfft": "fft", "irfft": "ifft", "hfft": "fft", "ihfft": "ifft"}  # what the other axes than the last one have


def _fourier(name: str, two: bool) -> Function:
    """The function of scipy.fft of that name, over the last two axes or over all that are asked for."""
    usual = (-2, -1) if two else None

    def function(
        x: Any, s: Any = None, axes: Any = usual, norm: str | None = None, overwrite_x: bool = False,
        workers: int | None = None, *, plan: Any = None,
    ) -> Array:  # fmt: skip
        given, chosen = numbers(x), known_norm(norm)
        if given is not None and chosen is not None and plan is None and sound(workers):
            where = _axes(given, s, axes)
            y = _all_axes(name, given, where, chosen) if where else None
            if y is not None:
                return y
        return np.asarray(by_scipy(function.__name__, x, s, axes, norm, overwrite_x, workers, plan=plan))

    return _named(function, name + ("2" if two else "n"))


def _real(name: str) -> Function:
    """The cosine or sine transform of scipy.fft of that name, over all axes that are asked for."""

    def function(
        x: Any, type: int = 2, s: Any = None, axes: Any = None, norm: str | None = None, overwrite_x: bool = False,
        workers: int | None = None, orthogonalize: bool | None = None,
    ) -> Array:  # fmt: skip
        given, chosen = numbers(x), known_norm(norm)
        if given is not None and chosen is not None and sound(workers) and type in (1, 2, 3, 4):
            y = _all_real(name, type, given, _axes(given, s, axes), chosen, orthogonalize)
            if y is not None:
                return y
        keywords = {"orthogonalize": orthogonalize}
        return np.asarray(by_scipy(function.__name__, x, type, s, axes, norm, overwrite_x, workers, **keywords))

    return _named(function, f"{name}n")


def _named(function: Function, name: str) -> Function:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"The transform along several axes; as scipy.fft.{name}, which does what has no record."
    return function


def _axes(x: Array, s: Any, axes: Any) -> list[tuple[int, int | None]]:
    """The axes, each with the length that is asked for; none where they are left to scipy, which says what is wrong."""
    sizes: list[int] | None = None if s is None else _whole(s)
    if axes is None:
        axes = range(-(x.ndim if sizes is None else len(sizes)), 0)
    places = [place(axis, x.ndim) for axis in _whole(axes)]
    if sizes is not None and (len(sizes) != len(places) or min(sizes, default=0) < 1):
        return []
    if None in places or len(set(places)) != len(places):
        return []
    return [(at, sizes[k] if sizes else None) for k, at in enumerate(places) if at is not None]


def _whole(values: Any) -> list[int]:
    """Whole numbers, or one alone, as a list; none where they are something else."""
    try:
        return [operator.index(value) for value in (values if np.iterable(values) else [values])]
    except TypeError:
        return []


def _all_real(
    name: str, type: int, x: Array, where: list[tuple[int, int | None]], norm: str, orthogonalize: bool | None
) -> Array | None:
    """A cosine or sine transform along axes; None where that is left to scipy."""
    y = x if where else None
    for axis, n in where:
        points = None if y is None else length(name, y, n, axis)
        if y is None or points is None:
            return None
        y = real_transformed(name, y, type, points, axis, norm, orthogonalize)
    return y


def _all_axes(name: str, x: Array, where: list[tuple[int, int | None]], norm: str) -> Array | None:
    """A Fourier transform along axes; what is of real numbers, or gives them, has its own along the last one."""
    *others, last = [(name, *one) for one in where]
    others = [(LAST.get(name, name), axis, n) for _, axis, n in others]
    y: Array | None = x
    for which, axis, n in [last, *others] if name in ("rfft", "ihfft") else [*others, last]:
        points = None if y is None else length(which, y, n, axis)
        y = None if y is None or points is None else transformed(which, y, points, axis, norm)
    return y


fft2, ifft2, rfft2, irfft2, hfft2, ihfft2 = (
    _fourier(name, True) for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
)
fftn, ifftn, rfftn, irfftn, hfftn, ihfftn = (
    _fourier(name, False) for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
)
dctn, idctn, dstn, idstn = (_real(name) for name in ("dct", "idct", "dst", "idst"))
