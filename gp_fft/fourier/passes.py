"""Complex DFT of products of lengths that have records: passes of codelets, each over a batch in columns.

A vector of ``n = n1 n2`` numbers is n2 columns to the codelet of n1. What it leaves is turned over, on the way times
the twiddle factors (J. W. Cooley and J. W. Tukey 1965), into n1 columns for the codelet of n2, whose outputs are then
in order (T. G. Stockham 1966). Where n1 and n2 share no divisor there are no factors, and two permutations instead
(I. J. Good 1958). Both passes, with all between them, are one compiled function of a batch of rows; vectors of more
than two factors have a pass before it and are turned over after it.
"""

from __future__ import annotations

import ctypes
import functools
import math
import threading
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.codelets import Codelet, codelet, library_of, number_of, possible, result_type, told
from gp_fft.fourier.variants import lengths, variant
from gp_fft.program import Program

Array = NDArray[Any]
LONGEST = 1 << 16  # longer ones are handed to scipy, whose passes are made for the caches


class Rows(Protocol):
    """A DFT of whole rows."""

    def call(self, x: Array, y: Array, batch: int) -> None:
        """Fill y ``(batch, n)`` from x ``(batch, n)``, both whole and apart."""
        ...

    def scaled(self, x: Array, y: Array, batch: int, scale: float) -> None:
        """The same, times a factor."""
        ...


class _Spare(threading.local):
    """Memory between passes, kept from call to call; every thread has its own."""

    def __init__(self, numbers: int, dtype: np.dtype[Any]) -> None:
        self.array = np.empty(numbers, dtype)


class Pair:
    """Two codelets and what lies between them, compiled as one function."""

    def __init__(self, kind: str, sizes: tuple[int, int], single: bool, programs: tuple[Program, Program]) -> None:
        (n1, n2), n, dtype = sizes, sizes[0] * sizes[1], np.dtype(result_type(kind, single))
        k = np.arange(n)
        self._apart = math.gcd(n1, n2) == 1
        if self._apart:
            order, back = (n2 * (k // n2) + n1 * (k % n2)) % n, (k % n2) * n1 + k % n1
            self._table = np.concatenate([order, back]).astype(np.uint64)
        else:
            self._table = unit_roots(kind, (k // n2) * (k % n2), n).astype(dtype)
        self._spare = _Spare(2 * n, dtype)
        faces = _pair(sizes, number_of(single), self._apart)
        library = library_of(dict(zip((FIRST, SECOND), programs, strict=True)), number_of(single), True, faces)
        self._run = library[PAIR]
        self._run.argtypes = [ctypes.py_object] * 4 + [ctypes.c_size_t, ctypes.c_double]
        self._run.restype = None

    def call(self, x: Array, y: Array, batch: int) -> None:
        """Fill y from x."""
        self._run(x, y, self._table, self._spare.array, batch, 1.0)

    def scaled(self, x: Array, y: Array, batch: int, scale: float) -> None:
        """The same, times a factor."""
        self._run(x, y, self._table, self._spare.array, batch, scale)


class Longer:
    """A pass of one codelet, and the rest over the rows that it leaves, turned over at the end; a vector at a time."""

    def __init__(self, kind: str, first: Codelet, rest: Rows, n2: int) -> None:
        self._n1, self._n2, self._first, self._rest = first.n, n2, first, rest
        k = np.arange(first.n)[:, None] * np.arange(n2)
        self._factors = unit_roots(kind, k, first.n * n2).astype(first.result)
        self._spare = _Spare(2 * first.n * n2, first.result)

    def call(self, x: Array, y: Array, batch: int) -> None:
        """Fill y from x."""
        self.scaled(x, y, batch, 1.0)

    def scaled(self, x: Array, y: Array, batch: int, scale: float) -> None:
        """The same, times a factor."""
        n1, n2 = self._n1, self._n2
        one, other = self._spare.array.reshape(2, n1, n2)
        for given, result in zip(x.reshape(batch, n1, n2), y.reshape(batch, n2, n1), strict=True):
            self._first.call(given, one, n2)
            np.multiply(one, self._factors, out=one)
            self._rest.scaled(one, other, n1, scale)
            result[...] = other.T


PAIR, FIRST, SECOND = "gp_fft_passes", "gp_fft_first", "gp_fft_second"


def _pair(sizes: tuple[int, int], number: str, apart: bool) -> str:
    """C of both passes over each vector of a batch; t and u are the spare memory."""
    n1, n2 = sizes
    n = n1 * n2
    between = ["for (size_t k = 0; k < N1; k++)", "    for (size_t j = 0; j < N2; j++) {"]
    if apart:
        table = "const uint64_t *order = table[2], *back = order + N;"
        first = ["for (size_t k = 0; k < N; k++) {", "    t[2 * k] = x[2 * order[k]];",
                 "    t[2 * k + 1] = x[2 * order[k] + 1];", "}", f"{FIRST}(t, t, N2, N2, N2);"]  # fmt: skip
        between += [f"        u[2 * (j * N1 + k){one}] = t[2 * (k * N2 + j){one}];" for one in ("", " + 1")]
        last = [f"{SECOND}(u, u, N1, N1, N1);", "for (size_t k = 0; k < N; k++) {",
                "    y[2 * k] = u[2 * back[k]];", "    y[2 * k + 1] = u[2 * back[k] + 1];", "}"]  # fmt: skip
    else:
        table = f"const {number} *w = table[2];"
        first, last = [f"{FIRST}(x, t, N2, N2, N2);"], [f"{SECOND}(u, y, N1, N1, N1);"]
        between += [f"        const {number} *a = t + 2 * (k * N2 + j), *b = w + 2 * (k * N2 + j);",
                    "        u[2 * (j * N1 + k)] = a[0] * b[0] - a[1] * b[1];",
                    "        u[2 * (j * N1 + k) + 1] = a[0] * b[1] + a[1] * b[0];"]  # fmt: skip
    face = (f"void {PAIR}(void *const *given, void *const *result, void *const *table_of, void *const *spare, "
            "size_t batch, double factor)")  # fmt: skip
    lines = [f"const {number} *x = given[2];", f"{number} *y = result[2], *t = spare[2], *u = t + 2 * N;",
             table.replace("table[2]", "table_of[2]"), "for (; batch > 0; batch--) {"]  # fmt: skip
    scale = ["if (factor != 1.0)", "    for (size_t k = 0; k < 2 * N; k++)", f"        y[k] *= ({number})factor;"]
    lines += [f"    {line}" for line in [*first, *between, "    }", *last, *scale, "x += 2 * N;", "y += 2 * N;"]]
    sizes_in_c = f"enum {{ N1 = {n1}, N2 = {n2}, N = {n} }};"
    body = "\n".join(f"    {line}" for line in [*lines, "}"])
    return f"#include <stdint.h>\n{sizes_in_c}\n{face};\n{face}\n{{\n{body}\n}}\n"


def unit_roots(kind: str, k: Array, n: int) -> Array:
    """``exp(-2 pi i k / n)``, of the inverse its conjugate; computed with longer numbers where there are any."""
    angle = 2 * np.arccos(np.longdouble(-1)) * (k % n) / n
    return np.asarray(np.exp((-1j if kind == "fft" else 1j) * angle), np.complex128)


@functools.cache
def factors(n: int) -> tuple[int, ...]:
    """The fewest lengths with records whose product is n, of these the ones of least sum; none if there are none.

    >>> factors(1000), factors(4096), factors(37)
    ((25, 40), (64, 64), ())
    """
    known = lengths()
    if n in known:
        return (n,)
    splits = ((one, factors(n // one)) for one in sorted(known) if n % one == 0 and one < n)
    return _least(tuple(sorted((one, *others))) for one, others in splits if others)


def _least(choices: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return min(choices, key=lambda parts: (len(parts), sum(parts), parts), default=())


def apart(n: int) -> tuple[int, int] | None:
    """Two lengths with records that share no divisor and whose product is n, the nearest to each other; if any."""
    pairs = [(n // one, one) for one in lengths() if n % one == 0 and n // one in lengths()]
    near = [pair for pair in pairs if math.gcd(*pair) == 1]
    return min(near, key=lambda pair: (sum(pair), pair), default=None)


@functools.lru_cache(maxsize=128)
def passes(kind: str, n: int, single: bool) -> Rows | None:
    """The DFT ``fft`` or its inverse ``ifft`` of rows; None where n is no product of records, or too long."""
    parts = factors(n) if n <= LONGEST and possible() else ()
    if len(parts) < 2:
        return None
    if len(parts) == 2:
        sizes = apart(n) or (parts[1], parts[0])
        first, second = variant(kind, sizes[0], True), variant(kind, sizes[1], True)
        return None if first is None or second is None else told(Pair, kind, sizes, single, (first, second))
    made = codelet(kind, parts[-1], single, columns=True)
    rest = passes(kind, n // parts[-1], single)
    return None if made is None or rest is None else Longer(kind, made, rest, n // parts[-1])
