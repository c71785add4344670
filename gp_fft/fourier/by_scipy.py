"""What is handed to scipy, past any backend that is set."""

from __future__ import annotations

from typing import Any


def by_scipy(name: str, *args: Any, **keywords: Any) -> Any:
    """What scipy's own function of this name gives, or raises."""
    import scipy.fft

    with scipy.fft.set_backend("scipy", only=True):
        return getattr(scipy.fft, name)(*args, **keywords)
