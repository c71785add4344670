"""Convolution by Fourier transforms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gp_fft.fourier.protocol import backend


def fftconvolve(in1: ArrayLike, in2: ArrayLike, mode: str = "full", axes: Any = None) -> NDArray[Any]:
    """The convolution of two arrays, ``full``, ``valid`` or ``same``; as scipy.signal.fftconvolve, by these transforms.

    The lengths that it pads to have small factors, so nearly all of them are products of records.
    """
    import scipy.fft
    import scipy.signal

    with scipy.fft.set_backend(backend):
        return np.asarray(scipy.signal.fftconvolve(in1, in2, mode, axes))
