"""The frozen value that says which map is to be computed, and how one is made from a name or from a matrix."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, Protocol, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from gp_fft.ground.arguments import refuse_masked
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.ground.words import any_of, several
from gp_fft.transforms.coded import ExactMatrix
from gp_fft.transforms.family import NORMS, Array, Family, ShiftRule, Signals
from gp_fft.transforms.matrix_files import LARGEST_ENTRY, Matrix, check_matrix, corner, read_matrix
from gp_fft.transforms.scaling import UNSCALED, Scaling
from gp_fft.transforms.table import MATRIX, find

LARGEST_SIZE = 256
LARGEST_PRODUCT = 1024


class HasMatrix(Protocol):
    """Anything that computes a matrix: a program."""

    def matrix(self) -> Any:
        """``(outputs, inputs)``, rows are outputs."""


@dataclass(frozen=True, eq=False, repr=False)
class Transform:
    """The linear map to compute; made by ``get``, ``from_array``, ``from_file`` or ``from_spec``.

    ``matrix`` is ``(outputs, inputs)``, complex128 or float64 after ``field``, read-only, every part of every
    entry correctly rounded, so that equal constants are equal bit for bit; over GF(2), the field ``gf2``, it is float64
    of 0 and 1. Equal specs are equal transforms. One with a ``scaling`` is another transform, D F E, that stands for F
    with the factors of one program.
    """

    name: str
    shape: tuple[int, ...]
    norm: str
    kernel: tuple[float, ...]
    field: str
    matrix: Matrix
    scaling: Scaling = UNSCALED
    base: "Transform | None" = None  # of a scaled one the transform itself

    def __post_init__(self) -> None:
        self.matrix.setflags(write=False)

    @property
    def outputs(self) -> int:
        """The number of outputs, rows of the matrix."""
        return int(self.matrix.shape[0])

    @property
    def inputs(self) -> int:
        """The number of inputs, columns of the matrix."""
        return int(self.matrix.shape[1])

    @property
    def plain(self) -> "Transform":
        """The transform itself, without factors."""
        return self.base or self

    def scaled(self, scaling: Scaling) -> "Transform":
        """The transform with these factors in the place of any others; without factors it is the transform itself.

        Raises DataError where there is not one for each output or input, and over GF(2), which has none but 1.
        """
        if not scaling:
            return self.plain
        if self.field == "gf2":
            raise DataError("a transform over GF(2) has no scaling: there is no factor but 1")
        scaling.check(self.outputs, self.inputs)
        rows, columns = scaling.over(self.outputs, self.inputs)
        return replace(self.plain, matrix=self.plain.matrix * np.outer(rows, columns), scaling=scaling, base=self.plain)

    @property
    def claim(self) -> str:
        """What is to be said of a program for a matrix, which has no name to be held to; empty for all others."""
        if self.name != MATRIX:
            return ""
        return "nothing was claimed but what the file itself holds: its target is a matrix, no transform with a name"

    @property
    def kernel_words(self) -> str:
        """The kernel as the command line takes it, such as ``2,7,1.5``; empty where there is none."""
        return ",".join(f"{tap:.12g}" for tap in self.kernel)

    @property
    def title(self) -> str:
        """A label such as ``dft 8``, ``dft-2d 4x4``, ``dct2 8 ortho``, ``matrix 4x3``."""
        words = [self.name, "x".join(map(str, self.shape))]
        return " ".join(words if self.norm == "backward" else [*words, self.norm])

    @property
    def spec(self) -> dict[str, Any]:
        """Plain data that ``from_spec`` turns back into this transform: name, shape, norm, kernel, matrix.

        ``matrix`` is None except for a matrix from outside: rows of floats, or of [re, im] if complex. One over GF(2)
        has the key ``field`` as well, a scaled transform ``scaling``, beside the matrix without the factors.
        """
        if self.base is not None:
            return {**self.base.spec, "scaling": self.scaling.table}
        parts = np.stack([self.matrix.real, self.matrix.imag], axis=-1) if self.field == "complex" else self.matrix
        matrix = parts.tolist() if self.name == MATRIX else None
        plain = {"name": self.name, "shape": list(self.shape), "norm": self.norm, "kernel": list(self.kernel)}
        return {**plain, "matrix": matrix, **({"field": "gf2"} if self.field == "gf2" and matrix else {})}

    @cached_property
    def exact(self) -> ExactMatrix:
        """The matrix in exact form; for a matrix from a file the dyadic rationals that its floats are.

        The factors of a scaled transform are taken for the dyadic rationals that they are, too.
        """
        if self.base is not None:
            return self.base.exact.scaled(*self.scaling.over(self.outputs, self.inputs))
        if self.name == MATRIX:
            return ExactMatrix.from_floats(self.matrix)
        return find(self.name).matrix(self.shape, self.norm, self.kernel)

    @property
    def oracle(self) -> Signals:
        """What numpy.fft or scipy.fft makes of real or complex signals, ``(batch, inputs)`` to ``(batch, outputs)``.

        It knows nothing of the matrix here, but for a matrix from outside, which is nothing else. A 2-D transform acts
        along both axes of signals in row-major order; signals of a real transform must be real, those of one over
        GF(2) are whole numbers 0 and 1. The factors of a scaled transform are multiplied to what goes in and comes out.
        """
        if self.base is not None:
            known, (rows, columns) = self.base.oracle, self.scaling.over(self.outputs, self.inputs)
            return lambda x: known(x * columns) * rows
        if self.name == MATRIX:
            return self._sums_of_bits if self.field == "gf2" else lambda x: x @ self.matrix.T
        return find(self.name).oracle_for(self.shape, self.norm, self.kernel)

    @property
    def shift_rule(self) -> ShiftRule | None:
        """The shift property along the last axis, or None where there is none; it is that of the plain transform."""
        return None if self.name == MATRIX else find(self.name).shift_rule(self.shape)

    def _sums_of_bits(self, x: Array) -> Array:
        """The matrix over GF(2) applied to bits, or to words of bits."""
        return np.stack([np.bitwise_xor.reduce(x[:, row], axis=1) for row in self.matrix != 0], axis=1)

    def error(self, computed: HasMatrix | ArrayLike) -> float:
        """The relative Frobenius error of a program, or of a matrix, against this transform; over GF(2) modulo 2.

        Of a scaled transform it is that of the transform itself once the factors are divided out, as a user does it.
        Raises UsageError if the numbers of outputs and inputs differ.
        """
        given = np.asarray(computed.matrix() if hasattr(computed, "matrix") else computed)
        if given.shape != self.matrix.shape:
            sizes = "x".join(map(str, given.shape))
            raise UsageError(f"a {sizes} matrix does not fit {self.title}, {self.outputs}x{self.inputs}")
        if self.base is not None:
            return self.base.error(given / np.outer(*self.scaling.over(*given.shape)))
        if self.field == "gf2":
            odd = np.abs(given - self.matrix) % 2
            return float(np.linalg.norm(np.minimum(odd, 2 - odd)) / np.linalg.norm(self.matrix))
        largest = np.abs(self.matrix).max()
        gap = np.linalg.norm((given - self.matrix) / largest)
        return float(gap / np.linalg.norm(self.matrix / largest))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Transform):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        content = self.plain.matrix.tobytes() if self.name == MATRIX else b""
        return self.name, self.shape, self.norm, self.kernel, self.field, self.scaling, content

    def __repr__(self) -> str:
        shown = f", corner {corner(self.matrix)}" if self.name == MATRIX else ""
        sides = f"{several(self.outputs, 'output')}, {several(self.inputs, 'input')}"
        factors = f", scaling {self.scaling.kind}" if self.scaling else ""
        return f"<Transform {self.title} {self.field}: {sides}{factors}{shown}>"


def get(name: str, n: int | Sequence[int], norm: str = "backward", kernel: Iterable[SupportsFloat] = ()) -> Transform:
    """The transform ``name`` of size ``n``; for names with ``-2d`` a pair, or one number for a square.

    ``norm`` is scipy's: ``"backward"``, ``"ortho"`` or ``"forward"``. ``kernel`` belongs to the convolutions and to
    ``toeplitz`` and ``hankel``. Raises UsageError, naming what is allowed, for anything else.

    >>> get("dft", 8)
    <Transform dft 8 complex: 8 outputs, 8 inputs>
    >>> get("dct2-2d", (4, 2), norm="ortho").title
    'dct2-2d 4x2 ortho'
    """
    family = find(name)
    shape = checked_shape(name, family, n)
    given: object = norm
    if not isinstance(given, str) or given not in NORMS:
        hint = "" if isinstance(given, str) or not family.kernel_formula else "; a kernel is given as kernel=..."
        raise UsageError(f"norm {given!r} is unknown; it must be one of {', '.join(NORMS)}{hint}")
    if norm not in family.norms:
        raise UsageError(f"{name} has no norm; {norm!r} was given")
    return _build(family, name, shape, norm, _checked_kernel(name, family, shape, kernel))


def from_array(array: ArrayLike, field: str = "") -> Transform:
    """The transform with the given matrix, ``(outputs, inputs)``; see ``matrix_files.check_matrix``.

    It is complex if an entry is, else real; with ``field="gf2"`` the 0 and 1 of the matrix are bits, added by XOR.

    >>> from_array([[1, 1], [0, 1]], field="gf2")
    <Transform matrix 2x2 gf2: 2 outputs, 2 inputs, corner 1, 1; 0, 1>
    """
    return _from_matrix(check_matrix(array, field=field), field)


def from_file(path: str | Path, field: str = "") -> Transform:
    """The transform whose matrix is in a .npy or .csv file, over a field as in :func:`from_array`."""
    return _from_matrix(read_matrix(path, field), field)


def _from_matrix(matrix: Matrix, field: str) -> Transform:
    field = field or ("complex" if np.iscomplexobj(matrix) else "real")
    return Transform(MATRIX, tuple(map(int, matrix.shape)), "backward", (), field, matrix)


def checked_shape(name: str, family: Family, n: int | Sequence[int]) -> tuple[int, ...]:
    """The sizes as a tuple of ints, one or two; UsageError if this family has no such size."""
    sides = 2 if name.endswith("-2d") else 1
    sizes: tuple[object, ...] = tuple(n) if isinstance(n, list | tuple) else (n,) * sides
    if not all(isinstance(size, int | np.integer) and not isinstance(size, bool) for size in sizes):
        raise UsageError(f"size {n!r} of {name} must be a whole number, or two of them for a -2d transform")
    if len(sizes) != sides:
        raise UsageError(f"{name} takes {sides} size{'s' * (sides > 1)}; {len(sizes)} were given")
    shape = tuple(int(str(size)) for size in sizes)
    for size in shape:
        _check_size(name, family, size)
    for count, noun in zip(family.size(shape), ("outputs", "inputs"), strict=True):
        if count > LARGEST_PRODUCT:
            raise UsageError(f"{name} of {count} {noun} is too large; {LARGEST_PRODUCT} is the limit")
    return shape


def _check_size(name: str, family: Family, size: int) -> None:
    """Raise UsageError where a family has no such size along an axis."""
    if family.sizes:
        if size not in family.sizes:
            raise UsageError(f"size {size} of {name}: {any_of(family.sizes)} allowed")
    elif not family.least <= size <= LARGEST_SIZE:
        allowed = f"{family.least} to {LARGEST_SIZE}"
        raise UsageError(f"size {size} of {name} is out of range; {allowed} are allowed")
    elif family.powers_of_two and size & (size - 1):
        raise UsageError(f"size {size} of {name} is no power of two such as 4, 8 or 16")
    elif family.even and size % 2:
        raise UsageError(f"size {size} of {name} is odd; even sizes such as 4, 6 or 8 are allowed")


def _checked_kernel(
    name: str, family: Family, shape: tuple[int, ...], kernel: Iterable[SupportsFloat]
) -> tuple[float, ...]:
    """The kernel as finite floats, not all zero, of the length that this family needs."""
    needed = family.kernel_length(shape)
    if isinstance(kernel, str | bytes | Set | Mapping) or not isinstance(kernel, Iterable):
        raise UsageError(f"the kernel of {name} must be numbers in their order, not a {type(kernel).__name__}")
    refuse_masked(kernel, f"the kernel of {name}")
    kernel = tuple(kernel)
    if not 1 <= len(kernel) <= LARGEST_SIZE if needed is None else len(kernel) != needed:
        values = f"1 to {LARGEST_SIZE}" if needed is None else needed
        sizes, allowed = "x".join(map(str, shape)), f"a kernel of {values} values" if values else "no kernel"
        raise UsageError(f"{name} {sizes} takes {allowed}; the given kernel has {len(kernel)}")
    try:
        taps = tuple(float(tap) + 0.0 for tap in kernel)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the kernel of {name} must be real numbers") from error
    if kernel and not (all(map(isfinite, taps)) and any(taps)):
        raise UsageError(f"the kernel of {name} must be finite and not zero everywhere")
    if kernel and family.field == "gf2" and not {0.0, 1.0}.issuperset(taps):
        raise UsageError(f"the kernel of {name} holds 0 and 1, not {next(tap for tap in taps if tap not in (0, 1)):g}")
    if kernel and not 1 / LARGEST_ENTRY <= max(map(abs, taps)) <= LARGEST_ENTRY:
        allowed = f"{1 / LARGEST_ENTRY:g} to {LARGEST_ENTRY:g}"
        largest = max(taps, key=abs)
        raise UsageError(f"the kernel of {name} has {largest:g} as its largest value; that must be {allowed} in size")
    return taps


@lru_cache(maxsize=8)
def _build(family: Family, name: str, shape: tuple[int, ...], norm: str, kernel: tuple[float, ...]) -> Transform:
    """The transform with checked arguments; the last few are kept."""
    array = family.matrix(shape, norm, kernel).array()
    matrix: Matrix = array if family.field == "complex" else np.ascontiguousarray(array.real)
    return Transform(name, shape, norm, kernel, family.field, matrix)
