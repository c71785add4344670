"""A population as a few flat arrays: programs of any lengths end to end, for one call to score."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gp_fft.ground.errors import DataError, UsageError


class Packed(NamedTuple):
    """Programs of one field with as many inputs and outputs each, packed end to end.

    Program k is the rows ``programs[k]`` to ``programs[k + 1]``; row r is the terms ``starts[r]`` to
    ``starts[r + 1]``. References and outputs are numbers within their own program, as in a program file:
    a reference below ``inputs`` is an input, any other is ``inputs`` + an earlier definition.
    """

    programs: NDArray[np.int32]  # (population + 1,) row pointers
    starts: NDArray[np.int64]  # (rows + 1,) term pointers
    refs: NDArray[np.int32]  # (terms,)
    sizes: NDArray[np.float64]  # (terms,) finite, > 0
    turns: NDArray[np.int8]  # (terms,) power of i, 0 to 3
    outputs: NDArray[np.int32]  # (population, m) definitions
    inputs: int


_SHAPES = (
    ("programs", np.int32, 1),
    ("starts", np.int64, 1),
    ("refs", np.int32, 1),
    ("sizes", np.float64, 1),
    ("turns", np.int8, 1),
    ("outputs", np.int32, 2),
)


def pack(programs: Sequence[Any]) -> Packed:
    """``programs`` as one :class:`Packed`; the cost is a few array operations, not a loop over terms.

    Raises :class:`UsageError` for no programs, or programs that differ in field, inputs or outputs.
    """
    if not len(programs):
        raise UsageError("a population must hold at least one program")
    kinds = {(p.field, p.inputs, len(p.outputs)) for p in programs}
    if len(kinds) > 1:
        raise UsageError(_disagreement(*sorted(kinds)[:2]))
    starts = [p.starts for p in programs]
    refs = [p.refs for p in programs]
    lengths = np.fromiter(map(len, starts), np.int64, len(starts))
    terms = np.cumsum([0, *map(len, refs)])
    rows = np.concatenate(([0], np.cumsum(lengths - 1)))
    if rows[-1] > np.iinfo(np.int32).max:
        raise UsageError(f"a population has at most 2^31 - 1 definitions, not {rows[-1]}")
    shifted = _joined(starts, np.int32) + np.repeat(terms[:-1], lengths)
    firsts = np.cumsum(lengths[:-1])  # each begins with the end of the program before it
    return Packed(
        programs=rows.astype(np.int32),
        starts=np.delete(shifted, firsts),
        refs=_joined(refs, np.int32),
        sizes=_joined([p.sizes for p in programs], np.float64),
        turns=_joined([p.turns for p in programs], np.int8),
        outputs=_joined([p.outputs for p in programs], np.int32).reshape(len(programs), -1),
        inputs=programs[0].inputs,
    )


def _joined(arrays: list[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """``arrays``, contiguous and of ``dtype`` as those of programs are, end to end.

    Joining their bytes takes a third of the time of ``np.concatenate`` on many short arrays.
    """
    buffer = bytearray().join(arrays)
    return np.ndarray(len(buffer) // np.dtype(dtype).itemsize, dtype, buffer)


def _disagreement(one: tuple[str, int, int], other: tuple[str, int, int]) -> str:
    """The sentence for two programs that cannot be in one population."""
    names = ("field", "inputs", "outputs")
    what, a, b = next(x for x in zip(names, one, other, strict=True) if x[1] != x[2])
    return f"the programs of a population must agree in {what}, not have {a} and {b}"


def checked(packed: Packed) -> Packed:
    """``packed`` with contiguous, writable arrays whose types, lengths and program pointers fit together.

    This is what the kernels rely on before they look at single rows and terms; they check those themselves.
    Raises :class:`DataError`.
    """
    arrays = []
    for name, dtype, dimensions in _SHAPES:
        array = np.asarray(getattr(packed, name))
        if array.dtype != dtype or array.ndim != dimensions:
            raise DataError(f"{name} of a packed population must be {np.dtype(dtype)} with {dimensions} axes")
        arrays.append(array if array.flags.carray else array.copy())
    programs, starts, refs, sizes, turns, outputs = arrays
    population = len(programs) - 1
    if population < 1 or len(outputs) != population or not outputs.shape[1]:
        raise DataError(
            f"a packed population of {population} programs needs a row of outputs for each, "
            f"not outputs of shape {outputs.shape}"
        )
    if not len(refs) == len(sizes) == len(turns):
        raise DataError("refs, sizes and turns of a packed population must be equally long")
    if programs[0] != 0 or programs[-1] != len(starts) - 1 or (np.diff(programs) < 0).any():
        raise DataError(f"programs of a packed population must rise from 0 to its {len(starts) - 1} rows")
    bounds = starts[programs]
    if bounds[0] != 0 or bounds[-1] != len(refs) or (np.diff(bounds) < 0).any():
        raise DataError(f"starts of a packed population must rise from 0 to its {len(refs)} terms")
    if not isinstance(packed.inputs, int) or packed.inputs < 1:
        raise DataError(f"the inputs of a packed population must be a number above 0, not {packed.inputs!r}")
    return Packed(programs, starts, refs, sizes, turns, outputs, packed.inputs)
