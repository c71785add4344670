"""Codelets: records as compiled functions that take numpy's arrays as they are, checked by nobody.

A call costs about a microsecond, since C finds the memory of the arrays by itself. To put the statements of a large
program in order takes longer than to compile them, so the C is kept on the disk beside what is made of it, under the
hash of the program and of all that writes it.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gp_fft import export
from gp_fft.export import compiler
from gp_fft.export.c.file import COLUMNS, INTERLEAVED, COptions, write
from gp_fft.export.c.words import BYTES
from gp_fft.export.compiled import FUSED_FLAGS, has_data_third
from gp_fft.export.target import Bare
from gp_fft.fourier.variants import variant
from gp_fft.ground.errors import DataError
from gp_fft.program import Program

Array = NDArray[Any]
Call = Callable[[Array, Array, int], None]
Scaled = Callable[[Array, Array, int, float], None]

Made = TypeVar("Made")

NAME = "gp_fft_codelet"


class Codelet:
    """One program for one type of numbers; arrays lie whole, in rows ``(batch, n)`` or in columns ``(n, batch)``."""

    def __init__(self, kind: str, n: int, single: bool, program: Program, columns: bool) -> None:
        self.kind, self.n, self.program = kind, n, program
        self.result = np.dtype(result_type(kind, single))
        self.outputs = len(program.outputs) // (2 if kind == "rfft" else 1)
        number = number_of(single)
        library = library_of({NAME: program}, number, columns, _faces(program, number, columns))
        self.call: Call = _face(library, "", [])
        """Outputs from inputs, of as many vectors."""
        self.scaled: Scaled = _face(library, "_scaled", [ctypes.c_double])
        """The same, times a factor."""

    def __call__(self, x: Array, shape: tuple[int, ...], batch: int, scale: float = 1.0) -> Array:
        """The outputs, of a shape, of a whole array of as many vectors."""
        y = np.empty(shape, self.result)
        if scale == 1.0:
            self.call(x, y, batch)
        else:
            self.scaled(x, y, batch, scale)
        return y


def result_type(kind: str, single: bool) -> str:
    """The type that a kind of transform gives: ``complex128`` of ``fft``."""
    if kind in ("fft", "ifft", "rfft"):
        return "complex64" if single else "complex128"
    return "float32" if single else "float64"


@functools.cache
def codelet(kind: str, n: int, single: bool, columns: bool = False) -> Codelet | None:
    """The codelet of a kind of transform; None where there is no record, or nothing that compiles it."""
    if not possible() or (program := variant(kind, n, columns)) is None:
        return None
    return told(Codelet, kind, n, single, program, columns)


def told(make: Callable[..., Made], *given: Any) -> Made | None:
    """What is made of what is given; None, and why in one sentence, where it cannot be compiled."""
    try:
        return make(*given)
    except (DataError, OSError) as error:
        _tell(str(error))
        return None


def number_of(single: bool) -> str:
    """The type of real numbers, and of the parts of complex ones, in C."""
    return "float" if single else "double"


@functools.cache
def possible() -> bool:
    """Whether this machine compiles codelets; where it does not, that is said once, and scipy does all the work."""
    try:
        compiler.find()
    except (DataError, OSError) as error:
        _tell(str(error))
        return False
    return has_data_third()


@functools.cache
def _tell(why: str) -> None:
    warnings.warn(f"{why}; scipy is used in its place", stacklevel=6)


def _face(library: ctypes.CDLL, end: str, more: list[Any]) -> Any:
    function = library[f"{NAME}{end or '_arrays'}"]
    function.argtypes = [ctypes.py_object, ctypes.py_object, ctypes.c_size_t, *more]
    function.restype = None
    return function


def library_of(programs: Mapping[str, Program], number: str, columns: bool, faces: str) -> ctypes.CDLL:
    """Programs as functions of C, of these names, with what else there is; the text from the disk if it was written."""
    found = compiler.find()
    wide = min(found.wide, 64 if columns else 32)
    layout = COLUMNS if columns else INTERLEAVED
    options = COptions(layout=layout, dtype=number, lanes=min(16, wide // BYTES[number]), fused=True)
    parts = [(name, program.content_hash) for name, program in programs.items()]
    key = repr((parts, repr(options), faces, _writers()))
    place = compiler.cache() / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.c"
    if not place.exists():
        text = "".join(write(Bare(program, name), options) for name, program in programs.items()) + faces
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=".making-")
        with os.fdopen(handle, "w") as file:
            file.write(text)
        Path(beside).replace(place)
    return found.load(place.read_text(), FUSED_FLAGS)


@functools.cache
def _writers() -> str:
    """The hash of all that writes C: the sources of the room and of this file."""
    files = [*sorted(Path(export.__file__).parent.rglob("*.py")), Path(__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _faces(program: Program, number: str, columns: bool) -> str:
    """C that takes numpy's arrays themselves, whose third word is where their memory is."""
    n, m = program.inputs, len(program.outputs)
    strides = "(ptrdiff_t)batch, (ptrdiff_t)batch" if columns else f"1, {n}, 1, {m}"
    plain = f"void {NAME}_arrays(void *const *x, void *const *y, size_t batch)"
    scaled = f"void {NAME}_scaled(void *const *x, void *const *y, size_t batch, double factor)"
    numbers = m * (2 if program.field == "complex" else 1)
    return f"""{plain};
{scaled};
{plain}
{{
    {NAME}(x[2], y[2], {strides}, batch);
}}
{scaled}
{{
    {number} *out = y[2];
    {NAME}(x[2], out, {strides}, batch);
    for (size_t k = 0; k < {numbers} * batch; k++)
        out[k] *= ({number})factor;
}}
"""
