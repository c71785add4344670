"""The program that a kind of transform runs, from the record of it or of a near relative at no more operations.

Kinds are called as in scipy: ``fft``, ``ifft``, ``rfft``, ``irfft``, ``dct1`` to ``dct4``, ``dst1`` to ``dst4``, all
without a factor, but for ``irfft``, which is half of the sum. ``rfft`` writes complex numbers as pairs of real ones,
``irfft`` reads them.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable

from gp_fft.construct.builder import ZERO, Builder, scaled
from gp_fft.construct.methods.transpose import OTHER, transpose
from gp_fft.files.shelf import Shelf
from gp_fft.fourier.chosen import instead
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.transforms import get


@functools.cache
def shelf() -> Shelf:
    """The records at hand, read once; damaged ones are left out."""
    return Shelf.open()


@functools.cache
def lengths() -> frozenset[int]:
    """The lengths of which there is a record of the complex DFT."""
    names = (re.fullmatch(r"dft-(\d{1,6})\.json", path) for layer in shelf().layers for path in layer.files)
    return frozenset(int(match[1]) for match in names if match)


def variant(kind: str, n: int, columns: bool = False) -> Program | None:
    """The program of a kind of transform of length n; None where there is no record of it and of no relative.

    Which one it is may depend on the layout, see :mod:`gp_fft.fourier.chosen`.
    """
    if n < 2:
        return None
    return _MADE[kind](n, columns) if kind in _MADE else _trigonometric(kind, n)


def _record(name: str, n: int, kind: str = "", columns: bool = False) -> Program | None:
    record = shelf().find(get(name, n)) if shelf().has(f"{name}-{n}") else None
    if record is None:
        return None
    faster = instead(kind, columns, record.citation)
    if faster != record.citation:
        with contextlib.suppress(DataError):  # not among the records at hand
            return shelf().named(faster).program
    return record.program


def _forward(n: int, columns: bool) -> Program | None:
    return _record("dft", n, "fft", columns)


def _backward(n: int, columns: bool) -> Program | None:
    """The inverse is the DFT with its outputs in the order 0, n - 1, ..., 1."""
    program = _record("dft", n, "ifft", columns)
    if program is None:
        return None
    build = Builder(n, "complex")
    y = build.apply(program, list(build.x))
    return build.program([y[-k % n] for k in range(n)], f"idft {n}")


def _real(n: int, columns: bool) -> Program | None:
    """Real and imaginary part of each output, also those that are zero."""
    program = _record("rdft", n, "rfft", columns)
    if program is None:
        return None
    build = Builder(n, "real")
    y = build.apply(program, list(build.x))
    return build.program([y[0], ZERO, *y[1:], *[ZERO] * (n % 2 == 0)], program.title)


def _of_real(n: int, _: bool) -> Program | None:
    """The real DFT transposed, its outputs of which there is one alone halved: half of the inverse.

    What lies in the imaginary parts of those is not read, as in scipy.
    """
    program = _record("rdft", n)
    if program is None:
        return None
    build = Builder(2 * (n // 2 + 1), "real")
    x = [build.x[0], *build.x[2 : n + 1]]
    for alone in [0, n - 1] if n % 2 == 0 else [0]:
        x[alone] = scaled(x[alone], 0.5)
    return build.program(build.apply(transpose(program, program.title), x), program.title)


def _trigonometric(kind: str, n: int) -> Program | None:
    """The record, or that of type II turned round for type III: of one input scipy takes half."""
    program = _record(kind, n)
    if program is not None or not kind.endswith("3"):
        return program
    partner = _record(OTHER[kind], n)
    if partner is None:
        return None
    build = Builder(n, "real")
    x = list(build.x)
    special = 0 if kind.startswith("dct") else n - 1
    x[special] = scaled(x[special], 0.5)
    return build.program(build.apply(transpose(partner, kind), x), f"{kind} {n}")


_MADE: dict[str, Callable[[int, bool], Program | None]] = {
    "fft": _forward, "ifft": _backward, "rfft": _real, "irfft": _of_real}  # fmt: skip
