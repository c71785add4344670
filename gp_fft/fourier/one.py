"""The transforms along one axis, in the signatures of scipy.fft.

What a codelet can take as it lies goes straight to it, which is quick for short vectors; all else goes the long way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.along import (
    BACKWARD,
    COMPLEX,
    DOUBLE,
    OF_REALS,
    along,
    factor,
    fitted,
    inputs,
    known_norm,
    numbers,
    place,
    sound,
)
from gp_fft.fourier.by_scipy import by_scipy
from gp_fft.fourier.codelets import Codelet, codelet
from gp_fft.fourier.passes import Rows, passes

Array = NDArray[Any]
WHOLE = np.dtype(int)
MOST = 128  # lengths that are found at once
INVERSES = ("ifft", "irfft", "ihfft")
_fft, _ifft = dict[int, Codelet | Rows](), dict[int, Codelet | Rows]()  # what was used for double numbers, by n
_rfft, _irfft = dict[int, Codelet](), dict[int, Codelet]()


def fft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The discrete Fourier transform along an axis; as scipy.fft.fft, which does what has no record."""
    if n is None and norm is None and workers is None and plan is None and type(x) is np.ndarray:
        shape, flags = x.shape, x.flags
        if x.dtype is DOUBLE or x.dtype is WHOLE:
            x = x.astype(COMPLEX)
        if x.dtype is COMPLEX and shape and axis == -1 and flags.c_contiguous and flags.aligned:
            made = _fft.get(shape[-1])
            if made is not None:
                y = np.empty(shape, COMPLEX)
                made.call(x, y, x.size // shape[-1])
                return y
    return _one("fft", x, n, axis, norm, overwrite_x, workers, plan)


def ifft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The inverse of :func:`fft`; as scipy.fft.ifft."""
    if n is None and norm is None and workers is None and plan is None and type(x) is np.ndarray:
        shape, flags = x.shape, x.flags
        if x.dtype is COMPLEX and shape and axis == -1 and flags.c_contiguous and flags.aligned:
            made = _ifft.get(shape[-1])
            if made is not None:
                y = np.empty(shape, COMPLEX)
                made.scaled(x, y, x.size // shape[-1], 1 / shape[-1])
                return y
    return _one("ifft", x, n, axis, norm, overwrite_x, workers, plan)


def rfft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The first half of :func:`fft` of real numbers, of which the rest follows; as scipy.fft.rfft."""
    if n is None and norm is None and workers is None and plan is None and type(x) is np.ndarray:
        shape, flags = x.shape, x.flags
        if x.dtype is DOUBLE and shape and axis == -1 and flags.c_contiguous and flags.aligned:
            made = _rfft.get(shape[-1])
            if made is not None:
                y = np.empty((*shape[:-1], made.outputs), COMPLEX)
                made.call(x, y, x.size // shape[-1])
                return y
    return _one("rfft", x, n, axis, norm, overwrite_x, workers, plan)


def irfft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The inverse of :func:`rfft`; as scipy.fft.irfft."""
    if n is None and norm is None and workers is None and plan is None and type(x) is np.ndarray:
        shape, flags = x.shape, x.flags
        if x.dtype is COMPLEX and shape and axis == -1 and flags.c_contiguous and flags.aligned:
            made = _irfft.get(2 * (shape[-1] - 1))
            if made is not None:
                y = np.empty((*shape[:-1], made.outputs), DOUBLE)
                made.scaled(x, y, x.size // shape[-1], 2 / made.outputs)
                return y
    return _one("irfft", x, n, axis, norm, overwrite_x, workers, plan)


def hfft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The Fourier transform, which is real, of half of a Hermitian signal; as scipy.fft.hfft."""
    return _one("hfft", x, n, axis, norm, overwrite_x, workers, plan)


def ihfft(
    x: Any, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, *, plan: Any = None,
) -> Array:  # fmt: skip
    """The inverse of :func:`hfft`; as scipy.fft.ihfft."""
    return _one("ihfft", x, n, axis, norm, overwrite_x, workers, plan)


def dct(
    x: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, orthogonalize: bool | None = None,
) -> Array:  # fmt: skip
    """The cosine transform of a type from 1 to 4; as scipy.fft.dct."""
    return _real("dct", x, type, n, axis, norm, overwrite_x, workers, orthogonalize)


def idct(
    x: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, orthogonalize: bool | None = None,
) -> Array:  # fmt: skip
    """The inverse of :func:`dct`; as scipy.fft.idct."""
    return _real("idct", x, type, n, axis, norm, overwrite_x, workers, orthogonalize)


def dst(
    x: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, orthogonalize: bool | None = None,
) -> Array:  # fmt: skip
    """The sine transform of a type from 1 to 4; as scipy.fft.dst."""
    return _real("dst", x, type, n, axis, norm, overwrite_x, workers, orthogonalize)


def idst(
    x: Any, type: int = 2, n: int | None = None, axis: int = -1, norm: str | None = None, overwrite_x: bool = False,
    workers: int | None = None, orthogonalize: bool | None = None,
) -> Array:  # fmt: skip
    """The inverse of :func:`dst`; as scipy.fft.idst."""
    return _real("idst", x, type, n, axis, norm, overwrite_x, workers, orthogonalize)


def _one(name: str, x: Any, n: Any, axis: Any, norm: Any, overwrite_x: Any, workers: Any, plan: Any) -> Array:
    """A Fourier transform of anything along any axis, here or by scipy."""
    given, chosen = numbers(x), known_norm(norm)
    if given is not None and chosen is not None and plan is None and sound(workers):
        at = place(axis, given.ndim)
        points = None if at is None else length(name, given, n, at)
        if at is not None and points is not None:
            y = transformed(name, given, points, at, chosen)
            if y is not None:
                return y
    return np.asarray(by_scipy(name, x, n, axis, norm, overwrite_x, workers, plan=plan))


def length(name: str, x: Array, n: Any, axis: int) -> int | None:
    """The length that is asked for, or follows from the shape; None where there is none."""
    if n is not None:
        return n if type(n) is int and n >= 1 else None
    have = x.shape[axis]
    points = 2 * (have - 1) if name in ("irfft", "hfft") else have
    return points if points >= 1 else None


def transformed(name: str, x: Array, n: int, axis: int, norm: str) -> Array | None:
    """One of the six Fourier transforms of sound arguments; None where that is left to scipy."""
    kind = {"hfft": "irfft", "ihfft": "rfft"}.get(name, name)
    if kind in OF_REALS and x.dtype.kind == "c":
        return None
    if name == "hfft":
        x = np.conj(x)
    scale = factor(BACKWARD[norm] if name in INVERSES else norm, n)
    y = along(kind, x, n, axis, scale)
    if y is None:
        return None
    if x.dtype is DOUBLE or x.dtype is COMPLEX:
        _remember(kind, n)
    return np.conj(y) if name == "ihfft" else y


def _remember(kind: str, n: int) -> None:
    """Let what computes double numbers of this length be found at once the next time; not of ever more lengths."""
    for table in (_fft, _ifft, _rfft, _irfft):
        if len(table) >= MOST:
            table.clear()
    if kind in ("fft", "ifft"):
        ready = _fft if kind == "fft" else _ifft
        made = None if n in ready else codelet(kind, n, False) or passes(kind, n, False)
        if made is not None:
            ready[n] = made
        return
    halves = _rfft if kind == "rfft" else _irfft
    if n not in halves and (half := codelet(kind, n, False)) is not None:
        halves[n] = half


def _real(
    name: str, x: Any, type: Any, n: Any, axis: Any, norm: Any, overwrite_x: Any, workers: Any, orthogonalize: Any
) -> Array:
    """A cosine or sine transform of anything along any axis, here or by scipy."""
    given, chosen = numbers(x), known_norm(norm)
    if given is not None and chosen is not None and sound(workers) and type in (1, 2, 3, 4):
        at = place(axis, given.ndim)
        points = None if at is None else length(name, given, n, at)
        if at is not None and points is not None:
            y = real_transformed(name, given, int(type), points, at, chosen, orthogonalize)
            if y is not None:
                return y
    return np.asarray(by_scipy(name, x, type, n, axis, norm, overwrite_x, workers, orthogonalize))


def real_transformed(
    name: str, x: Array, type: int, n: int, axis: int, norm: str, orthogonalize: bool | None
) -> Array | None:
    """One of the four real transforms of sound arguments; None where that is left to scipy."""
    if x.dtype.kind == "c":
        if orthogonalize is not None:
            return None
        parts = [real_transformed(name, part, type, n, axis, norm, None) for part in (x.real, x.imag)]
        if parts[0] is None or parts[1] is None:
            return None
        whole = np.empty(parts[0].shape, x.dtype)
        whole.real, whole.imag = parts[0], parts[1]
        return whole
    if name.startswith("i"):
        name, type, norm = name[1:], {2: 3, 3: 2}.get(type, type), BACKWARD[norm]
    points = 2 * (n + {"dct1": -1, "dst1": 1}.get(f"{name}{type}", 0))
    if points < 1:
        return None
    weigh = norm == "ortho" if orthogonalize is None else bool(orthogonalize)
    return _weighed(f"{name}{type}", x, n, axis, factor(norm, points), weigh)


def _weighed(kind: str, x: Array, n: int, axis: int, scale: float, weigh: bool) -> Array | None:
    """The transform, made orthogonal where that is asked for: one number of type II and III has another weight."""
    if not weigh or kind in ("dct4", "dst1", "dst4"):
        return along(kind, x, n, axis, scale)
    if kind == "dct1":
        return None
    special = (slice(None),) * axis + (0 if kind.startswith("dct") else n - 1,)
    if kind.endswith("2"):
        y = along(kind, x, n, axis, scale)
        if y is not None:
            y[special] *= y.dtype.type(np.sqrt(0.5))
        return y
    weighed = np.array(fitted(x, inputs(kind, n), axis))
    weighed[special] *= weighed.dtype.type(np.sqrt(2.0))
    return along(kind, weighed, n, axis, scale)
