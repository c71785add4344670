"""The transforms as a backend of scipy.fft: ``scipy.fft.set_backend(gp_fft.backend)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gp_fft.fourier import one, several
from gp_fft.fourier.by_scipy import by_scipy

NAMES = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "dct", "idct", "dst", "idst")
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(one, name) for name in NAMES},
    **{f"{name}n": getattr(several, f"{name}n") for name in NAMES},
    **{f"{name}2": getattr(several, f"{name}2") for name in NAMES[:6]},
}


class Backend:
    """What scipy.fft asks of a backend (the protocol of uarray); what is not here is handed to scipy."""

    __ua_domain__ = "numpy.scipy.fft"

    def __ua_function__(self, method: Callable[..., Any], args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """The function of that name, of these arguments."""
        function = FUNCTIONS.get(method.__name__)
        return function(*args, **keywords) if function else by_scipy(method.__name__, *args, **keywords)

    def __repr__(self) -> str:
        return "<gp_fft.backend: a backend of scipy.fft>"


backend = Backend()
"""To be given to scipy.fft.set_backend or scipy.fft.set_global_backend."""
