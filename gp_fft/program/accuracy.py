"""How accurately a program computes in float64, beside numpy.fft: relative root-mean-square error on random signals.

The true outputs are computed from the exact entries in fixed point with far more bits than a float64 holds, as M.
Frigo and S. G. Johnson do for FFTW's accuracy benchmark (benchFFT, 2005).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gp_fft.program import Program
from gp_fft.transforms import Transform
from gp_fft.transforms.balls import entry

BITS = 200
SIGNALS = 16
ENOUGH = 3.0
"""A program whose error is at most so many times that of numpy.fft or scipy.fft is accurate."""


@dataclass(frozen=True)
class Accuracy:
    """Relative root-mean-square errors on the same random signals."""

    program: float
    reference: float  # of numpy.fft, or of what stands for it in scipy.fft

    @property
    def ratio(self) -> float:
        """How many times the error of the reference; infinite where the reference has none and the program some."""
        if self.program == 0:
            return 0.0
        return self.program / self.reference if self.reference else math.inf

    @property
    def note(self) -> str:
        """Why the program is less accurate than it should be; empty where it is not."""
        if self.ratio <= ENOUGH:
            return ""
        return f"its structure amplifies round-off, {self.ratio:.1f} times the reference"

    @property
    def table(self) -> dict[str, float | str]:
        """Plain data for a file."""
        note: dict[str, float | str] = {"note": self.note} if self.note else {}
        return {"program": self.program, "reference": self.reference, **note}

    def __str__(self) -> str:
        beside = f": {self.note}" if self.note else ""
        return f"{self.program:.1e} in float64, the reference {self.reference:.1e}{beside}"


def measure(program: Program, transform: Transform, seed: int = 0) -> Accuracy:
    """The round-off of ``program`` and of numpy.fft or scipy.fft on standard normal signals drawn from ``seed``."""
    x = _signals(transform, seed)
    true = _true(transform, x)
    return Accuracy(_distance(program(x), true), _distance(transform.oracle(x), true))


def measure_reference(transform: Transform, seed: int = 0) -> float:
    """The round-off of numpy.fft or scipy.fft alone, on the signals of :func:`measure`."""
    x = _signals(transform, seed)
    return _distance(transform.oracle(x), _true(transform, x))


def _signals(transform: Transform, seed: int) -> NDArray[Any]:
    """Standard normal signals ``(SIGNALS, inputs)``."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((SIGNALS, transform.inputs))
    return x + 1j * rng.standard_normal(x.shape) if transform.field == "complex" else x


Parts = tuple[NDArray[np.object_], NDArray[np.object_]]


def _true(transform: Transform, x: NDArray[Any]) -> Parts:
    """The outputs ``(signals, outputs)`` in fixed point: real and imaginary parts."""
    exact = transform.exact
    parts = np.array([entry(number.terms, number.order, BITS) for number in exact.numbers], object).T
    real, imaginary = parts[:, exact.index.T]
    a, b = _fixed(x)
    return (a @ real - b @ imaginary) >> BITS, (a @ imaginary + b @ real) >> BITS


def _distance(found: NDArray[Any], true: Parts) -> float:
    """Relative Euclidean distance of float outputs from the true ones."""
    parts = list(zip(_fixed(found), true, strict=True))
    gap = sum(int(value) ** 2 for got, wanted in parts for value in (got - wanted).ravel())
    norm = sum(int(value) ** 2 for _, wanted in parts for value in wanted.ravel())
    return math.sqrt(Fraction(gap, norm)) if norm else 0.0


def _fixed(values: NDArray[Any]) -> Parts:
    """Floats as integers scaled by 2^BITS."""
    parts = (np.real(values), np.imag(values))
    scaled = ([int(Fraction(v) * (1 << BITS)) for v in part.ravel().tolist()] for part in parts)
    real, imaginary = (np.array(part, object).reshape(values.shape) for part in scaled)
    return real, imaginary
