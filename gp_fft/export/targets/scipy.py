"""SciPy: a product of sparse matrices, one for each level of the program."""

from gp_fft.export.factors import Factor, factors
from gp_fft.export.lines import wrapped
from gp_fft.export.python import KEYWORDS, docstring
from gp_fft.export.target import Options, Source, Target

HELPERS = """def _factor(shape, rows, columns, values):
    return sparse.csr_array((np.array(values, DTYPE), (rows, columns)), shape=shape)
"""
CACHED = '''@cache
def factors(dtype):
    """The factors in one precision, in the order in which they are applied."""
    return tuple(factor.astype(dtype) for factor in FACTORS)
'''


def write(source: Source, options: Options) -> str:
    """A module with the factors and one function of an array ``(..., inputs)``."""
    form = source.form(order=False)
    outputs, wide = len(form.outputs), form.field == "complex"
    lines = ["from functools import cache", "", "import numpy as np", "from scipy import sparse", ""]
    lines += [f"DTYPE = np.{'complex128' if wide else 'float64'}", "", ""]
    lines += [*HELPERS.splitlines(), "", "", "FACTORS = ("]
    for factor in factors(form):
        lines += _lines(factor)
    lines += [")", "", "", *CACHED.splitlines(), "", "", f"def {source.function}(x):"]
    lines += docstring(
        source, f"Outputs (..., {outputs}) of an array x (..., {form.inputs}); float32 and complex64 stay."
    )
    lines += ["    x = np.asarray(x)"]
    if wide:
        lines += ["    dtype = np.complex64 if x.dtype in (np.float32, np.complex64) else np.complex128"]
    else:
        lines += [
            "    dtype = x.dtype if x.dtype in (np.float32, np.complex64, np.complex128) else np.dtype(np.float64)"
        ]
    lines += [f"    y = x.astype(dtype, copy=False).reshape(-1, {form.inputs}).T"]
    lines += ["    for factor in factors(dtype):", "        y = factor @ y"]
    return "\n".join([*lines, f"    return y.T.reshape(*x.shape[:-1], {outputs})"]) + "\n"


def _number(value: complex) -> str:
    """A coefficient as short as it can be."""
    real, imag = (repr(part).removesuffix(".0") for part in (value.real, value.imag))
    if not value.imag:
        return real
    return f"{real if value.real else ''}{'+' if value.real and value.imag > 0 else ''}{imag}j"


def _lines(factor: Factor) -> list[str]:
    """One factor by its rows, columns and values."""
    entries = [(row, column, value) for row, listed in enumerate(factor.rows) for column, value in listed]
    values = [_number(complex(value)) for _, _, value in entries]
    lines = ["    _factor(", f"        ({len(factor.rows)}, {factor.columns}),"]
    for column in ([str(row) for row, _, _ in entries], [str(column) for _, column, _ in entries], values):
        lines += wrapped(column, "        ", "[", "],")
    return [*lines, "    ),"]


TARGET = Target(
    "scipy",
    "a product of SciPy's sparse matrices",
    ".py",
    write,
    fields=("complex", "real"),
    keywords=KEYWORDS | {"np", "sparse", "cache", "factors", "FACTORS", "DTYPE", "_factor"},
    because="such a product adds, and bits need XOR",
)
