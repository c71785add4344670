"""The transforms: a table of families by name, and the frozen value that says which map is to be computed.

Adding a transform is one formula in matrices.py and one entry in the table here. A name with ``-2d`` behind
it is the Kronecker product of the transform with itself at two sizes, applied to an n1 x n2 array row by row;
for ``conv`` and ``toeplitz`` it is the two-dimensional convolution with a kernel of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isfinite, prod
from pathlib import Path
from typing import Any, Protocol, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike

from gp_fft import matrices
from gp_fft.errors import DataError, UsageError
from gp_fft.exact import ExactMatrix
from gp_fft.matrices import Coded, Wave
from gp_fft.matrix_files import Matrix, check_matrix, read_matrix

NORMS = ("backward", "ortho", "forward")
LARGEST_SIZE = 256
LARGEST_PRODUCT = 1024


@dataclass(frozen=True)
class Family:
    """One entry of the table: how a named transform is made, and for which sizes."""

    name: str
    summary: str
    formula: Callable[[int, bool], Wave] | None = None  # one wave, for transforms without a kernel
    kernel_formula: Callable[[tuple[int, ...], Sequence[float]], Coded] | None = None
    kernel_size: Callable[[int], int] = int  # values of the kernel along an axis of n
    field: str = "real"
    least: int = 1
    powers_of_two: bool = False
    inverse: bool = False  # the default norm divides by N, "forward" does not
    two_dimensional: bool = True
    no_2d_because: str = ""


_TABLE = (
    Family("dft", "discrete Fourier transform", matrices.dft, field="complex"),
    Family("idft", "inverse discrete Fourier transform", matrices.idft, field="complex", inverse=True),
    Family(
        "rdft",
        "DFT of real input: Re 0, Re 1, Im 1, Re 2, Im 2, ...",
        matrices.rdft,
        two_dimensional=False,
        no_2d_because="products of real and imaginary parts are not the parts of a two-dimensional DFT",
    ),
    Family("dct1", "discrete cosine transform I", matrices.dct1, least=2),
    Family("dct2", "discrete cosine transform II", matrices.dct2),
    Family("dct3", "discrete cosine transform III", matrices.dct3),
    Family("dct4", "discrete cosine transform IV", matrices.dct4),
    Family("dst1", "discrete sine transform I", matrices.dst1),
    Family("dst2", "discrete sine transform II", matrices.dst2),
    Family("dst3", "discrete sine transform III", matrices.dst3),
    Family("dst4", "discrete sine transform IV", matrices.dst4),
    Family("dht", "discrete Hartley transform", matrices.dht),
    Family("wht", "Walsh-Hadamard transform, natural order", matrices.wht, powers_of_two=True),
    Family("conv", "circular convolution with a kernel of n values", kernel_formula=matrices.conv),
    Family(
        "toeplitz",
        "Toeplitz matrix; kernel: n values down the first column, then n-1 along the rest of the first row",
        kernel_formula=matrices.toeplitz,
        kernel_size=lambda n: 2 * n - 1,
    ),
)
FAMILIES: dict[str, Family] = {family.name: family for family in _TABLE}


class HasMatrix(Protocol):
    """Anything that computes a matrix: a program."""

    def matrix(self) -> Any:
        """``(outputs, inputs)``, rows are outputs."""


@dataclass(frozen=True, eq=False, repr=False)
class Transform:
    """The linear map to compute; made by ``get``, ``from_array``, ``from_file`` or ``from_spec``.

    ``matrix`` is ``(outputs, inputs)``, complex128 or float64 after ``field``, read-only, every part of every
    entry correctly rounded, so that equal constants are equal bit for bit. Equal specs are equal transforms.
    """

    name: str
    shape: tuple[int, ...]
    norm: str
    kernel: tuple[float, ...]
    field: str
    matrix: Matrix

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

        ``matrix`` is None except for a matrix from outside: rows of floats, or of [re, im] if complex.
        """
        rows: list[Any] | None = None
        if self.name == "matrix" and self.field == "complex":
            rows = np.stack([self.matrix.real, self.matrix.imag], axis=-1).tolist()
        elif self.name == "matrix":
            rows = self.matrix.tolist()
        return {
            "name": self.name,
            "shape": list(self.shape),
            "norm": self.norm,
            "kernel": list(self.kernel),
            "matrix": rows,
        }

    @cached_property
    def exact(self) -> ExactMatrix:
        """The matrix in exact form; for a matrix from a file the dyadic rationals that its floats are."""
        if self.name == "matrix":
            return ExactMatrix.from_floats(self.matrix)
        return _coded(self.name, self.shape, self.norm, self.kernel).exact()

    def error(self, computed: HasMatrix | ArrayLike) -> float:
        """The relative Frobenius error of a program, or of a matrix, against this transform.

        Raises UsageError if the numbers of outputs and inputs differ.
        """
        given = np.asarray(computed.matrix() if hasattr(computed, "matrix") else computed)
        if given.shape != self.matrix.shape:
            sizes = "x".join(map(str, given.shape))
            raise UsageError(f"a {sizes} matrix does not fit {self.title}, {self.outputs}x{self.inputs}")
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
        content = self.matrix.tobytes() if self.name == "matrix" else b""
        return self.name, self.shape, self.norm, self.kernel, self.field, content

    def __repr__(self) -> str:
        return f"<Transform {self.title} {self.field}: {self.outputs} outputs, {self.inputs} inputs>"


def names() -> tuple[str, ...]:
    """Every name that ``get`` knows, one-dimensional ones first."""
    return (*FAMILIES, *(f"{family.name}-2d" for family in FAMILIES.values() if family.two_dimensional))


def get(name: str, n: int | Sequence[int], norm: str = "backward", kernel: Sequence[float] = ()) -> Transform:
    """The transform ``name`` of size ``n``; for names with ``-2d`` a pair, or one number for a square.

    ``norm`` is scipy's: ``"backward"``, ``"ortho"`` or ``"forward"``. ``kernel`` belongs to ``conv`` and
    ``toeplitz``. Raises UsageError, naming what is allowed, for anything else.

    >>> get("dft", 8)
    <Transform dft 8 complex: 8 outputs, 8 inputs>
    >>> get("dct2-2d", (4, 2), norm="ortho").title
    'dct2-2d 4x2 ortho'
    """
    family = find(name)
    shape = _checked_shape(name, family, n)
    if norm not in NORMS:
        raise UsageError(f"norm {norm!r} is unknown; it must be one of {', '.join(NORMS)}")
    if family.kernel_formula and norm != "backward":
        raise UsageError(f"{name} has no norm; {norm!r} was given")
    return _build(name, shape, norm, _checked_kernel(name, family, shape, kernel))


def _named(name: str) -> Callable[..., Transform]:
    """``get`` with its name filled in: takes n, norm and kernel, and raises UsageError as ``get`` does."""

    def make(n: int, norm: str = "backward", kernel: Sequence[float] = ()) -> Transform:
        return get(name, n, norm, kernel)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"The {FAMILIES[name].summary} of size n, as ``get({name!r}, n, norm, kernel)``."
    return make


dft, idft, rdft, dht, wht = map(_named, ("dft", "idft", "rdft", "dht", "wht"))
dct1, dct2, dct3, dct4 = map(_named, ("dct1", "dct2", "dct3", "dct4"))
dst1, dst2, dst3, dst4 = map(_named, ("dst1", "dst2", "dst3", "dst4"))
conv, toeplitz = map(_named, ("conv", "toeplitz"))


def find(name: str) -> Family:
    """The family of a name, with or without ``-2d``; UsageError with the nearest name if there is none."""
    family = FAMILIES.get(name.removesuffix("-2d"))
    if name in names() and family:
        return family
    if name == "matrix":
        raise UsageError("the transform 'matrix' comes from a .npy or .csv file: give the path of the file")
    if family:
        raise UsageError(f"{name} does not exist: {family.no_2d_because}")
    near = difflib.get_close_matches(name.lower(), names(), 1, 0.4)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names())}"
    raise UsageError(f"transform {name!r} is unknown; {hint}")


def from_array(array: ArrayLike) -> Transform:
    """The transform with the given matrix, ``(outputs, inputs)``; see ``matrix_files.check_matrix``."""
    return _from_matrix(check_matrix(array))


def from_file(path: str | Path) -> Transform:
    """The transform whose matrix is in a .npy or .csv file; see ``matrix_files.read_matrix``."""
    return _from_matrix(read_matrix(path))


def from_spec(spec: Mapping[str, Any]) -> Transform:
    """The transform that a ``spec`` describes; DataError if it is malformed or names no known transform."""
    keys = {"name", "shape", "norm", "kernel", "matrix"}
    if set(spec) != keys:
        given = ", ".join(sorted(map(str, spec)))[:100]
        raise DataError(f"a transform has the keys {', '.join(sorted(keys))}; given are {given}")
    name, shape, norm, kernel, rows = (spec[key] for key in ("name", "shape", "norm", "kernel", "matrix"))
    if not (isinstance(name, str) and isinstance(norm, str) and _is_list(shape) and _is_list(kernel)):
        raise DataError("a transform needs text for name and norm, and lists for shape and kernel")
    if (rows is None) == (name == "matrix"):
        raise DataError("a transform from a file, and no other, is named 'matrix' and carries its matrix")
    try:
        if rows is None:
            return get(name, shape, norm, kernel)
        transform = _from_rows(rows)
    except UsageError as error:
        raise DataError(str(error)) from error
    if (list(shape), norm, list(kernel)) != (list(transform.shape), "backward", []):
        raise DataError(f"{transform.title} is described as shape {shape}, norm {norm!r}, kernel {kernel}")
    return transform


def parse_title(title: str) -> tuple[str, tuple[int, ...], str]:
    """(name, shape, norm) from a title; DataError if it is no title of a transform.

    >>> parse_title("dct2-2d 4x2 ortho")
    ('dct2-2d', (4, 2), 'ortho')
    """
    match = re.fullmatch(r"([a-z0-9-]+) ([1-9]\d{0,3}(?:x[1-9]\d{0,3})?)(?: (ortho|forward))?", title)
    if match is None or match[1] not in (*names(), "matrix"):
        raise DataError(f"{title[:60]!r} is no title of a transform, such as 'dft 8' or 'dct2-2d 4x4 ortho'")
    shape = tuple(map(int, match[2].split("x")))
    if len(shape) != (2 if match[1].endswith("-2d") or match[1] == "matrix" else 1):
        raise DataError(f"{title!r} gives {match[1]} a shape of the wrong number of sides")
    return match[1], shape, match[3] or "backward"


def title_inputs(title: str) -> int:
    """The number of inputs of the transform with this title; DataError if it is no title."""
    name, shape, _ = parse_title(title)
    return shape[1] if name == "matrix" else prod(shape)


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _from_matrix(matrix: Matrix) -> Transform:
    field = "complex" if np.iscomplexobj(matrix) else "real"
    return Transform("matrix", tuple(map(int, matrix.shape)), "backward", (), field, matrix)


def _from_rows(rows: Any) -> Transform:
    """The transform of a spec's matrix: rows of floats or of [re, im]."""
    try:
        array = np.array(rows, np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("the matrix of a transform must be rows of numbers, or of pairs [re, im]") from error
    if array.ndim == 3 and array.shape[2] == 2:
        array = array[..., 0] + 1j * array[..., 1]
    return from_array(array)


def _checked_shape(name: str, family: Family, n: int | Sequence[int]) -> tuple[int, ...]:
    """The sizes as a tuple of ints, one or two; UsageError if this family has no such size."""
    sides = 2 if name.endswith("-2d") else 1
    sizes: tuple[object, ...] = tuple(n) if isinstance(n, list | tuple) else (n,) * sides
    if not all(isinstance(size, int | np.integer) and not isinstance(size, bool) for size in sizes):
        raise UsageError(f"size {n!r} of {name} must be a whole number, or two of them for a -2d transform")
    if len(sizes) != sides:
        raise UsageError(f"{name} takes {sides} size{'s' * (sides > 1)}; {len(sizes)} were given")
    shape = tuple(int(str(size)) for size in sizes)
    for size in shape:
        if not family.least <= size <= LARGEST_SIZE:
            allowed = f"{family.least} to {LARGEST_SIZE}"
            raise UsageError(f"size {size} of {name} is out of range; {allowed} are allowed")
        if family.powers_of_two and size & (size - 1):
            raise UsageError(f"size {size} of {name} is no power of two such as 4, 8 or 16")
    if prod(shape) > LARGEST_PRODUCT:
        raise UsageError(f"{name} of {prod(shape)} inputs is too large; {LARGEST_PRODUCT} is the limit")
    return shape


def _checked_kernel(
    name: str, family: Family, shape: tuple[int, ...], kernel: Sequence[SupportsFloat]
) -> tuple[float, ...]:
    """The kernel as finite floats, not all zero, of the length that this family needs."""
    needed = prod(map(family.kernel_size, shape)) if family.kernel_formula else 0
    if len(kernel) != needed:
        sizes, allowed = "x".join(map(str, shape)), f"a kernel of {needed} values" if needed else "no kernel"
        raise UsageError(f"{name} {sizes} takes {allowed}; the given kernel has {len(kernel)}")
    try:
        taps = tuple(float(tap) + 0.0 for tap in kernel)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the kernel of {name} must be real numbers") from error
    if needed and not (all(map(isfinite, taps)) and any(taps)):
        raise UsageError(f"the kernel of {name} must be finite and not zero everywhere")
    return taps


@lru_cache(maxsize=8)
def _build(name: str, shape: tuple[int, ...], norm: str, kernel: tuple[float, ...]) -> Transform:
    """The transform with checked arguments; the last few are kept."""
    field = find(name).field
    array = _coded(name, shape, norm, kernel).array()
    matrix: Matrix = array if field == "complex" else np.ascontiguousarray(array.real)
    return Transform(name, shape, norm, kernel, field, matrix)


def _coded(name: str, shape: tuple[int, ...], norm: str, kernel: tuple[float, ...]) -> Coded:
    """The distinct exact values and the index of a transform with checked arguments."""
    family = find(name)
    if family.kernel_formula:
        return family.kernel_formula(shape, kernel)
    assert family.formula is not None
    power = 2 - NORMS.index(norm) if family.inverse else NORMS.index(norm)
    factors = []
    for n in shape:
        wave = family.formula(n, norm == "ortho")
        factors.append(wave.coded(Fraction(1, wave.period) ** power))
    return factors[0] if len(factors) == 1 else factors[0].kronecker(factors[1])
