"""Plans: how a kind of transform of one length is computed over rows ``(batch, n)``, found once and kept.

A record runs as it is. What has none comes by the complex DFT of a product of records: a real DFT of even length by the
complex one of half the length, of odd length by that of its own; the cosine transforms II and III by the real DFT
of the same length (J. Makhoul 1980), and the sine transforms by those.
"""

from __future__ import annotations

import functools
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gp_fft.fourier.codelets import Codelet, codelet, result_type
from gp_fft.fourier.passes import Rows as Several
from gp_fft.fourier.passes import passes, unit_roots

Array = NDArray[Any]


class Rows(Protocol):
    """A transform of whole rows."""

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs ``(batch, outputs)`` of ``x`` ``(batch, inputs)``, which is whole, times a factor."""
        ...


@functools.lru_cache(maxsize=128)
def plan(kind: str, n: int, single: bool) -> Rows | None:
    """How a kind of transform of length n is computed; None where that is left to scipy."""
    if n < 2:
        return None
    made = codelet(kind, n, single)
    if made is not None:
        return _Record(made)
    if kind in ("fft", "ifft"):
        several = passes(kind, n, single)
        return None if several is None else Passes(several)
    return _through(kind, n, single)


def _through(kind: str, n: int, single: bool) -> Rows | None:
    """The plan by way of another kind of transform."""
    if kind in ("rfft", "irfft"):
        inner = plan("fft" if kind == "rfft" else "ifft", n if n % 2 else n // 2, single)
        table = {("rfft", 0): Halved, ("rfft", 1): Real, ("irfft", 0): Doubled, ("irfft", 1): OfReal}
        return None if inner is None else table[kind, n % 2](n, inner, single)
    by = {"dct2": ("rfft", Cosine), "dct3": ("irfft", CosineBack), "dst2": ("dct2", Sine), "dst3": ("dct3", SineBack)}
    if kind not in by:
        return None
    inner = plan(by[kind][0], n, single)
    return None if inner is None else by[kind][1](n, inner, single)


class _Record:
    """One codelet over rows."""

    def __init__(self, made: Codelet) -> None:
        self.made = made

    def __call__(self, x: Array, scale: float) -> Array:
        return self.made(x, (len(x), self.made.outputs), len(x), scale)


class Passes:
    """A complex DFT in passes over rows."""

    def __init__(self, made: Several) -> None:
        self.made = made

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        y = np.empty_like(x)
        self.made.scaled(x, y, len(x), scale)
        return y


class _Through:
    """A transform by way of another."""

    kind = "fft"
    parts = 1

    def __init__(self, n: int, inner: Rows, single: bool) -> None:
        self.n, self.inner = n, inner
        self.complex = np.dtype(result_type("fft", single))
        self.real = np.dtype(result_type("dct2", single))
        k = np.arange(n // 2 + 1)
        self.roots = unit_roots(self.kind, k, self.parts * n).astype(self.complex)

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        raise NotImplementedError


class Halved(_Through):
    """A real DFT of even length: even and odd numbers are real and imaginary parts of one of half the length."""

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        half = self.inner(x.view(self.complex), 0.5 * scale)
        ahead = np.concatenate([half, half[:, :1]], axis=1)
        back = np.conj(ahead[:, ::-1])
        y: Array = ahead + back + (ahead - back) * (self.roots * self.complex.type(-1j))
        return y


class Real(_Through):
    """A real DFT of odd length: the complex one, but for what follows by symmetry."""

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        return np.ascontiguousarray(self.inner(x.astype(self.complex), scale)[:, : self.n // 2 + 1])


class Doubled(_Through):
    """Half the inverse of :class:`Halved`."""

    kind = "ifft"

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        ahead = _real_ends(x, self.n)
        back = np.conj(ahead[:, ::-1])
        both = ahead + back + (ahead - back) * (self.roots * self.complex.type(1j))
        return self.inner(np.ascontiguousarray(both[:, :-1]), 0.5 * scale).view(self.real)


class OfReal(_Through):
    """Half the inverse of :class:`Real`."""

    kind = "ifft"

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        ahead = _real_ends(x, self.n)
        whole = np.concatenate([ahead, np.conj(ahead[:, :0:-1])], axis=1)
        return np.ascontiguousarray(self.inner(whole, 0.5 * scale).real)


def _real_ends(x: Array, n: int) -> Array:
    """A copy without the imaginary parts of what is real in the DFT of real numbers."""
    y = x.copy()
    y[:, 0].imag = 0
    if n % 2 == 0:
        y[:, -1].imag = 0
    return y


class Cosine(_Through):
    """The cosine transform II by the real DFT of the even numbers and, backwards, the odd ones."""

    parts = 4

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        n, y = self.n, np.empty_like(x)
        turned = self.inner(np.concatenate([x[:, ::2], x[:, 1::2][:, ::-1]], axis=1), 2 * scale) * self.roots
        y[:, : n // 2 + 1] = turned.real
        y[:, n // 2 + 1 :] = -turned.imag[:, (n - 1) // 2 : 0 : -1]
        return y


class CosineBack(_Through):
    """The cosine transform III, which is II turned round."""

    kind, parts = "ifft", 4

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        n, y = self.n, np.empty_like(x)
        turned = np.zeros((len(x), n // 2 + 1), self.complex)
        turned.real = x[:, : n // 2 + 1]
        turned.imag[:, 1:] = -x[:, : (n - 1) // 2 : -1]
        turned *= self.roots
        done = self.inner(turned, 2 * scale)
        y[:, ::2] = done[:, : (n + 1) // 2]
        y[:, 1::2] = done[:, : (n - 1) // 2 : -1]
        return y


class Sine(_Through):
    """The sine transform II: the cosine transform of every second number negated, backwards."""

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        signed = x.copy()
        signed[:, 1::2] *= -1
        return np.ascontiguousarray(self.inner(signed, scale)[:, ::-1])


class SineBack(_Through):
    """The sine transform III: the cosine transform of the numbers backwards, every second output negated."""

    def __call__(self, x: Array, scale: float) -> Array:
        """The outputs of rows."""
        y = self.inner(np.ascontiguousarray(x[:, ::-1]), scale)
        y[:, 1::2] *= -1
        return y
