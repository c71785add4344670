"""The C function, compiled with the compilers that are there, warnings as errors, and called through ctypes."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest

VARIANTS = [{}, {"layout": "split"}]
COMPILERS = [name for name in ("gcc", "clang", "clang-14") if shutil.which(name)]
STRICT = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]


def run(text, function, file, x, folder, **options):
    if not COMPILERS:
        pytest.skip("no C compiler is installed")
    source = folder / f"{function}.c"
    source.write_text(text)
    library = folder / f"{function}.so"
    for compiler in COMPILERS:
        command = [compiler, *STRICT, "-ffp-contract=off", "-shared", "-fPIC", str(source), "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    call = getattr(ctypes.CDLL(str(library)), function)
    call.restype = None
    outputs = len(file.program.outputs)
    complex_data = file.program.field == "complex"
    y = np.zeros((len(x), outputs), x.dtype)
    planes = [x, y]
    if options.get("layout") == "split" and complex_data:
        planes = [np.ascontiguousarray(part) for array in (x, y) for part in (array.real, array.imag)]
    sizes = [ctypes.c_ssize_t(k) for k in (1, x.shape[1], 1, outputs)]
    call(*(ctypes.c_void_p(plane.ctypes.data) for plane in planes), *sizes, ctypes.c_size_t(len(x)))
    return planes[2] + 1j * planes[3] if len(planes) == 4 else planes[1]
