"""Programs as functions of arrays, at speed: generated C where there is a compiler, else Numba.

The function is made once for a program, a type and a layout. In rows, ``(..., inputs)``, vectors lie one behind the
other; in columns, ``(inputs, ...)``, the batch lies innermost and machine vectors hold as many vectors of it as they
have room for: the faster of the two.
"""

from __future__ import annotations

import ctypes
import warnings
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gp_fft.export import compiler
from gp_fft.export.c.file import INTERLEAVED, COptions, write
from gp_fft.export.c.words import BYTES
from gp_fft.export.target import Bare, Options
from gp_fft.export.targets.numba import write as write_numba
from gp_fft.ground.arguments import refuse_masked
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.nearest import nearest
from gp_fft.program import Program

Array = NDArray[Any]
Run = Callable[[Array, Array], None]
"""Fills ``(batch, outputs)`` from ``(batch, inputs)``, or columns likewise; strides are anything, memory may be one."""

LAYOUTS = ("rows", "columns")
DTYPES = {"complex": ("complex128", "complex64"), "real": ("float64", "float32"),
          "gf2": ("uint64", "uint32", "uint16", "uint8")}  # fmt: skip
C_TYPES = {"complex128": "double", "complex64": "float", "float64": "double", "float32": "float"}
EXACT_FLAGS = ("-ffp-contract=off",)  # no product goes into a sum unrounded: the numbers of the program itself
FUSED_FLAGS = ("-ffp-contract=fast",)

NAME = "gp_fft_program"

_told = set[str]()  # why there is no C, where it was said


class Compiled:
    """A program as a function ``f(x, out=None)`` of batches; see :meth:`gp_fft.program.Program.compile`."""

    def __init__(self, program: Program, dtype: str, layout: str, run: Run, raw: Any = None, quick: Any = None) -> None:
        self.program, self.layout = program, layout
        self.dtype = np.dtype(dtype)
        self.raw = raw
        """The function of ctypes, where it was made with C."""
        self._run, self._quick = run, quick
        self._columns = layout == "columns"
        self._axis = 0 if self._columns else -1
        self._inputs, self._outputs = program.inputs, len(program.outputs)

    @property
    def language(self) -> str:
        """What it was made with: C or Numba."""
        return "Numba" if self.raw is None else "C"

    def __call__(self, x: ArrayLike, out: Array | None = None) -> Array:
        """The outputs of ``x`` ``(..., inputs)``, in columns ``(inputs, ...)``; in ``out`` if given, which may be x.

        Raises UsageError for a shape, or an ``out``, that does not fit.
        """
        if self._quick is not None and self._plain(x) and x.ndim and x.shape[self._axis] == self._inputs:  # type: ignore
            shape = self._shape(x.shape)  # type: ignore[union-attr]
            if out is None:
                out = np.empty(shape, self.dtype)
            elif not (self._plain(out) and out.shape == shape and (out is x or not np.may_share_memory(x, out))):
                return self._any(x, out)
            self._quick(x, out, x.size // self._inputs)  # type: ignore[union-attr]
            return out
        return self._any(x, out)

    def _plain(self, array: object) -> bool:
        """Whether it is an array of the type, its numbers one behind the other."""
        if type(array) is not np.ndarray or array.dtype is not self.dtype:
            return False
        flags = array.flags
        return bool(flags.c_contiguous and flags.aligned)

    def _shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the outputs of inputs of a shape."""
        if self._inputs == self._outputs:
            return shape
        return (self._outputs, *shape[1:]) if self._columns else (*shape[:-1], self._outputs)

    def _any(self, x: ArrayLike, out: Array | None) -> Array:
        """The same of whatever x and out are."""
        refuse_masked(x, "what the program is given")
        given = np.asarray(x, self.dtype)
        if given.ndim == 0 or given.shape[self._axis] != self._inputs:
            wanted = f"({self._inputs}, ...)" if self._columns else f"(..., {self._inputs})"
            raise UsageError(f"the program takes {self.dtype} of shape {wanted} in {self.layout}, not {given.shape}")
        shape = self._shape(given.shape)
        if out is None:
            out = np.empty(shape, self.dtype)
        elif not isinstance(out, np.ndarray) or out.shape != shape or out.dtype != self.dtype:
            what = f"{out.dtype} of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
            raise UsageError(f"out is an array of {self.dtype} of shape {shape}, not {what}")
        if out.size:
            self._fill(given, out)
        return out

    def _fill(self, x: Array, out: Array) -> None:
        """Compute, through copies where memory lies in another way than the code can take it."""
        given, place = self._flat(x), self._flat(out)
        same = given.ctypes.data == place.ctypes.data and (given.shape, given.strides) == (place.shape, place.strides)
        if np.may_share_memory(given, place) and not same:
            given = given.copy()
        self._run(given, place)
        if not np.may_share_memory(place, out):
            out[...] = place.reshape(out.shape)

    def _flat(self, array: Array) -> Array:
        """``(batch, numbers)``, in columns ``(numbers, batch)``: the memory itself where the code can take it."""
        flat = array.reshape(len(array), -1) if self._columns else array.reshape(-1, array.shape[-1])
        regular = all(stride % flat.itemsize == 0 for stride in flat.strides) and flat.flags.aligned
        if regular and (not self._columns or flat.strides[1] == flat.itemsize or flat.shape[1] == 1):
            return flat
        return np.ascontiguousarray(flat)

    def __repr__(self) -> str:
        return f"<Compiled {self.program.title or 'program'}: {self.dtype}, {self.layout}, {self.language}>"


def compile_program(program: Program, dtype: DTypeLike = "", layout: str = "rows", exact: bool = False) -> Compiled:
    """What ``program.compile`` does; see :meth:`gp_fft.program.Program.compile`."""
    chosen = _checked(program, dtype, layout)
    return _compiled(program, chosen, layout, bool(exact))


def _checked(program: Program, dtype: DTypeLike, layout: str) -> str:
    """The name of the type; UsageError for one that the program does not compute with, or an unknown layout."""
    known = DTYPES[program.field]
    try:
        chosen = known[0] if isinstance(dtype, str) and not dtype else np.dtype(dtype).name
    except TypeError:
        chosen = str(dtype)
    if chosen not in known:
        raise UsageError(f"a program on {program.field} data computes with {' or '.join(known)}, not {chosen[:40]}")
    if layout not in LAYOUTS:
        hint = f"; did you mean {nearest(str(layout), LAYOUTS)}?" if isinstance(layout, str) else ""
        raise UsageError(f"the layout is rows or columns, not {layout!r}{hint}")
    return chosen


@lru_cache(maxsize=256)
def _compiled(program: Program, dtype: str, layout: str, exact: bool) -> Compiled:
    try:
        return Compiled(program, dtype, layout, *_in_c(program, dtype, layout, exact))
    except (DataError, OSError) as error:
        if str(error) not in _told:
            _told.add(str(error))
            warnings.warn(f"{error}; Numba is used in its place", stacklevel=4)
        return Compiled(program, dtype, layout, _in_numba(program, layout))


def _in_c(program: Program, dtype: str, layout: str, exact: bool) -> tuple[Run, Any, Any]:
    """The program in generated C: two faces and the function; DataError where no compiler makes it."""
    found = compiler.find()
    number = C_TYPES.get(dtype, dtype)
    wide = min(found.wide, 64 if layout == "columns" else 32)
    lanes = min(16, wide // BYTES[number])
    options = COptions(layout={"rows": INTERLEAVED}.get(layout, layout), dtype=number, lanes=lanes, fused=not exact)
    text = write(Bare(program, NAME), options) + _of_arrays(program, layout)
    library = found.load(text, EXACT_FLAGS if exact else FUSED_FLAGS)
    call, quick = library[NAME], library[f"{NAME}_arrays"]
    call.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_ssize_t] * (2 if layout == "columns" else 4) + [ctypes.c_size_t]
    quick.argtypes = [ctypes.py_object, ctypes.py_object, ctypes.c_size_t]
    call.restype = quick.restype = None
    size = np.dtype(dtype).itemsize

    def rows(x: Array, y: Array) -> None:
        (x_distance, x_stride), (y_distance, y_stride) = x.strides, y.strides
        strides = (x_stride // size, x_distance // size, y_stride // size, y_distance // size)
        call(x.ctypes.data, y.ctypes.data, *strides, len(x))

    def columns(x: Array, y: Array) -> None:
        call(x.ctypes.data, y.ctypes.data, x.strides[0] // size, y.strides[0] // size, x.shape[1])

    return (columns if layout == "columns" else rows), call, quick if _has_data_third() else None


def _of_arrays(program: Program, layout: str) -> str:
    """C that takes numpy's arrays themselves, which saves asking each for its memory: that is their third word."""
    strides = "(ptrdiff_t)batch, (ptrdiff_t)batch" if layout == "columns" else (
        f"1, {program.inputs}, 1, {len(program.outputs)}")  # fmt: skip
    face = f"void {NAME}_arrays(void *const *x, void *const *y, size_t batch)"
    return f"{face};\n{face}\n{{\n    {NAME}(x[2], y[2], {strides}, batch);\n}}\n"


def _has_data_third() -> bool:
    """Whether numpy's arrays hold the address of their memory as the third word, as its C interface has it."""
    try:
        array = np.zeros(1)
        return ctypes.c_void_p.from_address(id(array) + 2 * ctypes.sizeof(ctypes.c_void_p)).value == array.ctypes.data
    except ValueError:
        return False


def _in_numba(program: Program, layout: str) -> Run:
    """The program as a function that Numba compiles at its first call."""
    module: dict[str, Any] = {}
    exec(write_numba(Bare(program, NAME), Options()), module)
    call = module[NAME]
    if layout == "rows":
        return lambda x, y: call(x, y)
    return lambda x, y: call(x.T, y.T)


CHUNK = 1 << 22  # numbers of one call, between which Ctrl-C is heard
MOST_TERMS = 4000  # of a program that is compiled without being asked for
_calls = Counter[str]()  # large batches that each program has had


def run_large(program: Program, x: Array, result: Array) -> bool:
    """Fill ``result`` ``(batch, outputs)`` from a large batch ``x``; False, and nothing done, where it would not pay.

    It pays from the second large batch of a program on, where there is a compiler and the type of the result is one
    that the program computes with. The numbers are those of every other way, to the last bit.
    """
    _calls[program.content_hash] += 1
    dtype = result.dtype.name
    if _calls[program.content_hash] < 2 or dtype not in DTYPES[program.field] or program.terms > MOST_TERMS:
        return False
    function = _large(program, dtype)
    if function is None:
        return False
    rows = max(1, CHUNK // max(program.inputs, len(program.outputs)))
    for begin in range(0, len(x), rows):
        function(x[begin : begin + rows], result[begin : begin + rows])
    return True


@lru_cache(maxsize=256)
def _large(program: Program, dtype: str) -> Compiled | None:
    try:
        return Compiled(program, dtype, "rows", *_in_c(program, dtype, "rows", True))
    except (DataError, OSError):
        return None
