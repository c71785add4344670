"""The call of an operator by its number, generated from the table, so that no number stands in two places."""

from collections.abc import Callable, Sequence
from typing import Any

from numba import njit

from gp_fft.kernels.jit import ONCE
from gp_fft.kernels.operator import Operator


def dispatch(table: Sequence[Operator], more: str = "") -> Callable[..., Any]:
    """A kernel ``(b, operator)`` that calls the kernel of the ``operator``-th entry of ``table``.

    ``more`` is an argument that is handed on to each. The branches are written out, since Numba calls only what it
    knows by name; on disk they stand in the code of their caller alone.
    """
    given = f", {more}" if more else ""
    lines = [f"def apply(b, operator{given}):"]
    for k in range(len(table)):
        lines += [f"    if operator == {k}:", f"        return kernel_{k}(b{given})"]
    lines += ["    raise ValueError('no operator has this number')"]
    made = {"__name__": __name__} | {f"kernel_{k}": operator.kernel for k, operator in enumerate(table)}
    exec("\n".join(lines), made)  # the text holds nothing but numbers
    compiled: Callable[..., Any] = njit(**ONCE | {"cache": False})(made["apply"])
    return compiled
