"""The ONNX model, packed, and executed by onnxruntime."""

import numpy as np

from gp_fft.export.targets import TARGETS
from tests.runners.tools import library

VARIANTS = [{}, {"dtype": "double"}]


def PRECISION(**options):
    return 1e-14 if options else 3e-7


def run(text, function, file, x, folder, **options):
    library("onnx")
    runtime = library("onnxruntime")
    path = folder / f"{function}.onnx"
    path.write_bytes(TARGETS["onnx"].pack(text))
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kind = np.uint64 if x.dtype.kind == "u" else np.float64 if options else np.float32
    given = np.stack([x.real, x.imag], -1) if x.dtype.kind == "c" else x
    (result,) = session.run(["y"], {"x": given.astype(kind)})
    assert result.dtype == kind
    return result[..., 0] + 1j * result[..., 1] if x.dtype.kind == "c" else result
