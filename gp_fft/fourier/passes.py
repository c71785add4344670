"""Complex DFT of products of lengths that have records: passes of codelets over data in columns.

Columns ``(n, batch)`` with ``n = n1 n2`` are columns ``(n1, n2 batch)`` to the first codelet. What it leaves is turned
over to ``(n2, n1 batch)``, on the way times the twiddle factors (J. W. Cooley and J. W. Tukey 1965, in the order of
T. G. Stockham 1966), and is then in the order of the result. Where n1 and n2 share no divisor there are no factors, and
two permutations instead (I. J. Good 1958).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.codelets import Codelet, codelet
from gp_fft.fourier.variants import lengths

Array = NDArray[Any]
LONGEST = 1 << 16  # longer ones are handed to scipy, whose passes are made for the caches


class Columns(Protocol):
    """A DFT of whole columns."""

    def __call__(self, x: Array) -> Array:
        """The outputs ``(n, batch)`` of ``x`` ``(n, batch)``, which is whole."""
        ...


class Record:
    """One codelet."""

    def __init__(self, made: Codelet) -> None:
        self.made = made

    def __call__(self, x: Array) -> Array:
        """The outputs ``(n, batch)`` of ``x`` ``(n, batch)``, which is whole."""
        return self.made(x, x.shape, x.shape[1])


class CooleyTukey:
    """One codelet, twiddle factors, and the rest."""

    def __init__(self, kind: str, dtype: np.dtype[Any], first: tuple[int, Columns], rest: tuple[int, Columns]) -> None:
        (self.n1, self.first), (self.n2, self.rest) = first, rest
        k = np.arange(self.n1)[:, None] * np.arange(self.n2)
        self.factors = unit_roots(kind, k, self.n1 * self.n2).astype(dtype)[:, :, None]

    def __call__(self, x: Array) -> Array:
        """The outputs ``(n, batch)`` of ``x`` ``(n, batch)``, which is whole."""
        n1, n2, batch = self.n1, self.n2, x.shape[1]
        done = self.first(x.reshape(n1, n2 * batch)).reshape(n1, n2, batch)
        turned = np.empty((n2, n1, batch), x.dtype)
        np.multiply(done, self.factors, out=turned.transpose(1, 0, 2))
        return self.rest(turned.reshape(n2, n1 * batch)).reshape(n1 * n2, batch)


class PrimeFactor:
    """Two codelets of lengths that share no divisor, between permutations."""

    def __init__(self, first: tuple[int, Columns], rest: tuple[int, Columns]) -> None:
        (self.n1, self.first), (self.n2, self.rest) = first, rest
        n, k = self.n1 * self.n2, np.arange(self.n1 * self.n2)
        self.order = (self.n2 * (k // self.n2) + self.n1 * (k % self.n2)) % n
        self.back = (k % self.n2) * self.n1 + k % self.n1

    def __call__(self, x: Array) -> Array:
        """The outputs ``(n, batch)`` of ``x`` ``(n, batch)``, which is whole."""
        n1, n2, batch = self.n1, self.n2, x.shape[1]
        done = self.first(x.take(self.order, axis=0).reshape(n1, n2 * batch)).reshape(n1, n2, batch)
        turned = np.ascontiguousarray(done.transpose(1, 0, 2))
        return self.rest(turned.reshape(n2, n1 * batch)).reshape(n1 * n2, batch).take(self.back, axis=0)


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


@functools.lru_cache(maxsize=512)
def columns(kind: str, n: int, single: bool) -> Columns | None:
    """The DFT ``fft`` or its inverse ``ifft`` of columns; None where n is no product of records, or too long."""
    if n > LONGEST or not factors(n):
        return None
    made = codelet(kind, n, single, columns=True)
    if made is not None:
        return Record(made)
    parts = apart(n) or (factors(n)[-1], n // factors(n)[-1])
    first, rest = (columns(kind, part, single) if part < n else None for part in parts)
    if first is None or rest is None:
        return None
    if math.gcd(*parts) == 1 and len(factors(n)) == 2:
        return PrimeFactor((parts[0], first), (parts[1], rest))
    dtype = np.dtype(np.complex64 if single else np.complex128)
    return CooleyTukey(kind, dtype, (parts[0], first), (parts[1], rest))
