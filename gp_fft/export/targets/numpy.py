"""NumPy: a function of whole batches along the last axis, of any shape before it."""

from gp_fft.export.python import KEYWORDS, body, constant_lines, docstring
from gp_fft.export.target import Options, Source, Target


def write(source: Source, options: Options) -> str:
    """A module with one function of an array ``(..., inputs)``."""
    form = source.form(parts=2)
    outputs = len(source.program.outputs)

    def load(value: int) -> str:
        if form.parts == 2:
            return f"x[..., {value // 2}].{('real', 'imag')[value % 2]}"
        return f"x[..., {value}]"

    lines = ["import numpy as np", "", *constant_lines(form, source), *[""] * bool(form.constants), ""]
    lines += [f"def {source.function}(x):"]
    lines += docstring(
        source, f"Outputs (..., {outputs}) of an array x (..., {form.inputs}); float32 and complex64 stay."
    )
    lines += ["    x = np.asarray(x)", *_result(form.field, outputs)]
    lines += [f"    {line}" for line in body(form, load, "np.zeros_like(y.real[..., 0])")]
    for k, value in enumerate(form.outputs):
        place = f"y.{('real', 'imag')[k % 2]}[..., {k // 2}]" if form.parts == 2 else f"y[..., {k}]"
        lines.append(f"    {place} = {form.names[value]}")
    return "\n".join([*lines, "    return y"]) + "\n"


def _result(field: str, outputs: int) -> list[str]:
    """The lines that make the array of the outputs."""
    if field == "gf2":
        return [f"    y = np.empty((*x.shape[:-1], {outputs}), x.dtype)"]
    short = "x.dtype in (np.float32, np.complex64)"
    if field == "complex":
        kind = f"np.complex64 if {short} else np.complex128"
    else:
        kind = "x.dtype if x.dtype in (np.float32, np.complex64, np.complex128) else np.float64"
    return [f"    x = x.astype({kind}, copy=False)", f"    y = np.empty((*x.shape[:-1], {outputs}), x.dtype)"]


TARGET = Target("numpy", "a NumPy function of whole batches", ".py", write, keywords=KEYWORDS)
