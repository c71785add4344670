"""Numba: a compiled function of a batch, one row after the other, all values in registers."""

from gp_fft.export.python import KEYWORDS, body, constant_lines, docstring
from gp_fft.export.target import Bare, Options, Target


def write(source: Bare, options: Options) -> str:
    """A module with one function that fills ``y`` ``(batch, outputs)`` from ``x`` ``(batch, inputs)``."""
    form = source.form(parts=2)
    outputs = len(source.program.outputs)

    def load(value: int) -> str:
        if form.parts == 2:
            return f"x[row, {value // 2}].{('real', 'imag')[value % 2]}"
        return f"x[row, {value}]"

    names = [form.names[value] for value in form.outputs]
    if form.parts == 2:
        names = [f"complex({re}, {im})" for re, im in zip(names[::2], names[1::2], strict=True)]
    first = f"Fill y (batch, {outputs}) from x (batch, {form.inputs}), which may be one array; types as they are given."
    lines = ["import numba", "", *constant_lines(form, source), *[""] * bool(form.constants), ""]
    lines += ["@numba.njit", f"def {source.function}(x, y):", *docstring(source, first)]
    lines += ["    for row in range(len(x)):", *(f"        {line}" for line in body(form, load))]
    return "\n".join([*lines, *(f"        y[row, {k}] = {name}" for k, name in enumerate(names))]) + "\n"


TARGET = Target("numba", "a Numba function of a batch", ".py", write, keywords=KEYWORDS)
