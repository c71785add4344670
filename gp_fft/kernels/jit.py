"""How kernels are compiled: IEEE division; what is called from Python outside the GIL; what is not, which saves time.

LLVM optimises every kernel together with all that it calls, and so each as often as there are kernels above it. What
most of the others end in is therefore inlined by Numba itself, before any of that, where it is called in one place.
"""

from __future__ import annotations

from typing import Any

INNER: dict[str, Any] = {
    "cache": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}

ENTRY: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
ONCE: dict[str, Any] = INNER | {"inline": "always"}
