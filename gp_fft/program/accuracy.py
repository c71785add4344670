"""How accurately a program computes in float64, beside numpy.fft: relative root-mean-square error on random signals.

The true outputs are computed from the exact entries in fixed point with far more bits than a float64 holds, as M.
Frigo and S. G. Johnson do for FFTW's accuracy benchmark (benchFFT, 2005).
"""

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
    oracle: float  # of numpy.fft, or of what stands for it in scipy.fft

    @property
    def ratio(self) -> float:
        """How many times the error of the oracle; infinite where the oracle has none and the program some."""
        if self.program == 0:
            return 0.0
        return self.program / self.oracle if self.oracle else math.inf

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
        return {"program": self.program, "reference": self.oracle, **note}

    def __str__(self) -> str:
        if not self.program and not self.oracle:
            return "none"
        beside = f": {self.note}" if self.note else ""
        return f"{self.program:.1e} in float64, the reference {self.oracle:.1e}{beside}"


def measure(program: Program, transform: Transform, seed: int = 0) -> Accuracy:
    """The round-off of ``program`` and of numpy.fft or scipy.fft on standard normal signals drawn from ``seed``.

    Over GF(2) there is none.
    """
    if transform.field == "gf2":
        return Accuracy(0.0, 0.0)
    x = _signals(transform, seed)
    true = _true(transform, x)
    return Accuracy(_distance(program(x), true), _distance(transform.oracle(x), true))


def measure_oracle(transform: Transform, seed: int = 0) -> float:
    """The round-off of numpy.fft or scipy.fft alone, on the signals of :func:`measure`; over GF(2) there is none."""
    if transform.field == "gf2":
        return 0.0
    x = _signals(transform, seed)
    return _distance(transform.oracle(x), _true(transform, x))


def _signals(transform: Transform, seed: int) -> NDArray[Any]:
    """Standard normal signals ``(SIGNALS, inputs)``."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((SIGNALS, transform.inputs))
    return x + 1j * rng.standard_normal(x.shape) if transform.field == "complex" else x


def _true(transform: Transform, x: NDArray[Any]) -> NDArray[np.object_]:
    """The outputs in fixed point: real and imaginary parts, ``(2, signals, outputs)``."""
    exact = transform.exact
    parts = np.array([entry(number.terms, number.order, BITS) for number in exact.numbers], object).T
    (a, b), (real, imaginary) = _fixed(x), parts[:, exact.index.T]
    return np.array([(a @ real - b @ imaginary) >> BITS, (a @ imaginary + b @ real) >> BITS])


def _distance(outputs: NDArray[Any], true: NDArray[np.object_]) -> float:
    """Relative Euclidean distance of float outputs from the true ones."""
    gap, norm = (int((values.ravel() ** 2).sum()) for values in (_fixed(outputs) - true, true))
    return math.sqrt(Fraction(gap, norm)) if norm else 0.0


def _fixed(values: NDArray[Any]) -> NDArray[np.object_]:
    """Real and imaginary parts of floats as integers scaled by 2^BITS, ``(2, ...)``."""
    parts = np.stack([np.real(values), np.imag(values)])
    scaled = [int(Fraction(part) * (1 << BITS)) for part in parts.ravel().tolist()]
    return np.array(scaled, object).reshape(parts.shape)
