"""How kernels are compiled: IEEE division; what is called from Python outside the GIL; what is not, which saves time.

LLVM optimises every kernel together with all that it calls, and so each as often as there are kernels above it. What
most of the others end in is therefore inlined by Numba itself, before any of that, where it is called in one place; and
there is one entry for all parts of a burst. Numba compiles a kernel anew for every literal that it is called with, and
for assignments to slices, ``argsort`` or ``prange`` a library of its own: these do not occur.
"""

from typing import Any

ENTRY: dict[str, Any] = {"cache": True, "error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
ALLOCATING: dict[str, Any] = {
    "cache": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
ONCE: dict[str, Any] = ALLOCATING | {"inline": "always"}
INNER: dict[str, Any] = ALLOCATING | {"_nrt": False}
"""Of a kernel that neither makes an array nor gets one from what it calls: without a thought to who holds the arrays
that it is called with, which is a third of what LLVM would read."""
