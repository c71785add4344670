"""How the inner kernels are compiled: cached on disk, IEEE division, and not callable from Python (which saves compile time)."""

from __future__ import annotations

from typing import Any

INNER: dict[str, Any] = {
    "cache": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
