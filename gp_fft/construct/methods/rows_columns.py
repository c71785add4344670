"""Rows and columns: a two-dimensional transform by the best one-dimensional ones along each axis."""

from collections.abc import Iterator

from gp_fft.construct.builder import Builder
from gp_fft.construct.parts import Method, Parts
from gp_fft.program import Program
from gp_fft.transforms import FAMILIES, Transform

SERVED = tuple(f"{f.name}-2d" for f in FAMILIES.values() if f.two_dimensional and f.kernel_formula is None)


def rows_columns(down: Program, across: Program, title: str) -> Program:
    """The Kronecker product of two programs on an array that is laid out row by row."""
    height, width = down.inputs, across.inputs
    build = Builder(height * width, down.field)
    rows = [build.apply(across, build.x[j * width : (j + 1) * width]) for j in range(height)]
    columns = [build.apply(down, list(column)) for column in zip(*rows, strict=True)]
    return build.program([value for row in zip(*columns, strict=True) for value in row], title)


def _products(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    name = transform.name.removesuffix("-2d")
    yield parts.join(rows_columns, transform.title, *((name, n) for n in transform.shape))


METHOD = Method("rows-columns", SERVED, lambda transform: transform.inputs > 1, _products, smaller=True)
