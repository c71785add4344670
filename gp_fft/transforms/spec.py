"""Transforms as plain data, which files hold: a spec becomes the transform that it describes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.transforms.family import NORMS
from gp_fft.transforms.scaling import Scaling
from gp_fft.transforms.table import MATRIX
from gp_fft.transforms.titles import nearest_title
from gp_fft.transforms.transform import Transform, from_array, get


def from_spec(spec: Mapping[str, Any]) -> Transform:
    """The transform that a ``spec`` describes; DataError if it is malformed or names no known transform.

    A matrix over GF(2) has the key ``field``, a scaled transform the key ``scaling``, which no other specs have.
    """
    keys = {"name", "shape", "norm", "kernel", "matrix"}
    if factors := spec.get("scaling"):
        return from_spec({key: value for key, value in spec.items() if key != "scaling"}).scaled(_scaling(factors))
    if set(spec) - {"field", "scaling"} != keys:
        given = ", ".join(sorted(map(str, spec)))[:100]
        raise DataError(f"a transform has the keys {', '.join(sorted(keys))}; given are {given}")
    name, shape, norm, kernel, rows = (spec[key] for key in ("name", "shape", "norm", "kernel", "matrix"))
    if not (isinstance(name, str) and isinstance(norm, str) and _is_list(shape) and _is_list(kernel)):
        raise DataError("a transform needs text for name and norm, and lists for shape and kernel")
    if (rows is None) == (name == MATRIX):
        raise DataError("a transform from a file, and no other, is named 'matrix' and carries its matrix")
    if spec.get("field", "gf2") != "gf2" or ("field" in spec and rows is None):
        raise DataError("the key 'field' is 'gf2', of a matrix over GF(2); no other transform has it")
    if rows is None:
        try:
            return get(name, shape, norm, kernel)
        except UsageError as error:
            raise DataError(f"{error}{_hint(name, shape, norm)}") from error
    transform = _from_rows(rows, spec.get("field", ""))
    if (list(shape), norm, list(kernel)) != (list(transform.shape), "backward", []):
        raise DataError(f"{transform.title} is described as shape {shape}, norm {norm!r}, kernel {kernel}")
    return transform


def _hint(name: str, shape: Sequence[object], norm: str) -> str:
    """The nearest title of a transform that exists, where the one described does not."""
    given = f"{name} {'x'.join(map(str, shape))} {norm}".removesuffix(f" {NORMS[0]}")
    near = nearest_title(given)
    return f"; did you mean {near!r}?" if near != given else ""


def _scaling(factors: Any) -> Scaling:
    """The scaling of a spec."""
    if not (isinstance(factors, Mapping) and all(_is_list(side) for side in factors.values())):
        raise DataError("the scaling of a transform must hold lists of factors, for outputs or inputs")
    return Scaling.of(factors)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _from_rows(rows: Any, field: str) -> Transform:
    """The transform of a spec's matrix: rows of floats or of [re, im]."""
    try:
        array = np.array(rows, np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("the matrix of a transform must be rows of numbers, or of pairs [re, im]") from error
    if array.ndim == 3 and array.shape[2] == 2:
        array = array[..., 0] + 1j * array[..., 1]
    return from_array(array, field)
