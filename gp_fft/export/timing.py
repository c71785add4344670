"""How long compiled programs take: timed from C, so that no call of Python counts, and in turns.

All that is compared takes turns, so that other work on the machine, and a clock that changes, falls on all.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.export import compiler
from gp_fft.export.compiled import Compiled

LEAST = 100e-6  # seconds of one measurement, which repeats a call so often
SOURCE = """
#define _POSIX_C_SOURCE 199309L
#include <stddef.h>
#include <time.h>
typedef void rows(const void *, void *, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, size_t);
typedef void columns(const void *, void *, ptrdiff_t, ptrdiff_t, size_t);
double time_rows(rows *, const void *, void *, ptrdiff_t, ptrdiff_t, size_t, int);
double time_columns(columns *, const void *, void *, ptrdiff_t, size_t, int);
double time_plan(void (*)(void *), void *, int);
static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}
double time_rows(rows *f, const void *x, void *y, ptrdiff_t n, ptrdiff_t m, size_t batch, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        f(x, y, 1, n, 1, m, batch);
    return (now() - begin) / times;
}
double time_columns(columns *f, const void *x, void *y, ptrdiff_t stride, size_t batch, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        f(x, y, stride, stride, batch);
    return (now() - begin) / times;
}
double time_plan(void (*execute)(void *), void *plan, int times)
{
    const double begin = now();
    for (int k = 0; k < times; ++k)
        execute(plan);
    return (now() - begin) / times;
}
"""
_TYPES: dict[str, list[Any]] = {
    "time_rows": [ctypes.c_void_p] * 3 + [ctypes.c_ssize_t] * 2 + [ctypes.c_size_t, ctypes.c_int],
    "time_columns": [ctypes.c_void_p] * 3 + [ctypes.c_ssize_t] + [ctypes.c_size_t, ctypes.c_int],
    "time_plan": [ctypes.c_void_p] * 2 + [ctypes.c_int],
}

Array = NDArray[Any]
Timed = Callable[[int], float]
"""Seconds of one call, of so many."""


@functools.cache
def timer() -> ctypes.CDLL:
    """The library that times; DataError where no compiler makes it."""
    library = compiler.find().load(SOURCE)
    for name, types in _TYPES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = ctypes.c_double, types
    return library


def aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """Zeros in memory that begins with a line of the cache."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    memory = np.zeros(size + 64, np.uint8)
    begin = -memory.ctypes.data % 64
    array: Array = memory[begin : begin + size].view(dtype).reshape(shape)
    return array


def timed(function: Compiled, x: Array, y: Array) -> Timed:
    """A program that was compiled with C, from all of ``x`` to ``y``: ``(batch, n)``, in columns ``(n, batch)``."""
    raw = ctypes.cast(function.raw, ctypes.c_void_p)
    places = [ctypes.c_void_p(array.ctypes.data) for array in (x, y)]
    if function.layout == "columns":
        return lambda times: float(timer().time_columns(raw, *places, x.shape[1], x.shape[1], times))
    return lambda times: float(timer().time_rows(raw, *places, x.shape[1], y.shape[1], x.shape[0], times))


def in_turns(functions: Mapping[str, Timed], rounds: int) -> dict[str, list[float]]:
    """Seconds of a call of each, once a round, all in turns."""
    repeats = {name: max(1, int(LEAST / max(min(call(1), call(1)), 1e-8))) for name, call in functions.items()}
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, call in functions.items():
            seconds[name].append(call(repeats[name]))
    return seconds
