"""The call of an operator by its number, generated from the table, so that no number stands in two places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numba import njit

from gp_fft.kernels.jit import INNER
from gp_fft.kernels.operators import Operator


def dispatch(table: Sequence[Operator], kernels: Mapping[str, Any], more: str = "") -> Callable[..., Any]:
    """A kernel ``(b, operator)`` that calls what the ``operator``-th entry of ``table`` names in ``kernels``.

    ``more`` is an argument that is handed on to each. The branches are written out, since Numba calls only what it
    knows by name; on disk they stand in the code of their callers alone. Raises ValueError for an entry without a
    kernel, when the search is imported.
    """
    missing = [operator.name for operator in table if operator.kernel not in kernels]
    if missing:
        raise ValueError(f"no kernel for the operators {', '.join(missing)}")
    given = f", {more}" if more else ""
    lines = [f"def apply(b, operator{given}):"]
    for k, operator in enumerate(table):
        lines += [f"    if operator == {k}:", f"        return {operator.kernel}(b{given})"]
    lines += ["    raise ValueError('no operator has this number')"]
    made = {"__name__": __name__} | {operator.kernel: kernels[operator.kernel] for operator in table}
    exec("\n".join(lines), made)  # the text holds nothing but names from the table
    compiled: Callable[..., Any] = njit(**INNER | {"cache": False})(made["apply"])
    return compiled
