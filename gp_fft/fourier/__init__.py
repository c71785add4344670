"""Fourier, cosine and sine transforms of arrays by the records, in the signatures of scipy.fft and for every length.

A length with a record runs that record; a product of such lengths runs passes of records, after Cooley and Tukey
(1965), or after Good (1958) and Thomas where two factors share no divisor. Anything else is handed to scipy: other
lengths, other types of numbers, and whatever scipy refuses, so that it is refused in its words.
"""

from gp_fft.fourier.convolve import fftconvolve
from gp_fft.fourier.one import dct, dst, fft, hfft, idct, idst, ifft, ihfft, irfft, rfft
from gp_fft.fourier.protocol import backend
from gp_fft.fourier.several import (
    dctn,
    dstn,
    fft2,
    fftn,
    hfft2,
    hfftn,
    idctn,
    idstn,
    ifft2,
    ifftn,
    ihfft2,
    ihfftn,
    irfft2,
    irfftn,
    rfft2,
    rfftn,
)

__all__ = [
    "backend",
    "dct",
    "dctn",
    "dst",
    "dstn",
    "fft",
    "fft2",
    "fftconvolve",
    "fftn",
    "hfft",
    "hfft2",
    "hfftn",
    "idct",
    "idctn",
    "idst",
    "idstn",
    "ifft",
    "ifft2",
    "ifftn",
    "ihfft",
    "ihfft2",
    "ihfftn",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftn",
]
