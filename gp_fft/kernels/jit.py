"""How inner kernels are compiled: cached on disk, IEEE division, not callable from Python (saves compile time)."""

from __future__ import annotations

from typing import Any

INNER: dict[str, Any] = {
    "cache": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
