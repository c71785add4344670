"""Other norms: the programs of a transform without normalisation, with the factors that the norm asks for.

A norm asks for a factor of each output, most often the same one for nearly all, and that of types I and III for one of
the first or the last input, too. Types II and III that are orthonormal are each other's transpose. A transform of two
dimensions is its rows and columns under any norm, so there the factors are those of one dimension.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np

from gp_fft.construct.builder import Builder, scaled
from gp_fft.construct.methods import transpose
from gp_fft.construct.methods.rows_columns import rows_columns
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.renormed import DIGITS, renormed
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost
from gp_fft.transforms import FAMILIES, NORMS, Transform, get

SERVED = tuple(name for family in FAMILIES.values() if len(family.norms) > 1 for name in family.names)
VARIANTS = 8  # of the programs of one transform, the cheapest that are tried


def with_factors(program: Program, transform: Transform) -> Program | None:
    """The program with factors of its outputs, and of its inputs where need be; None if no such make the transform."""
    made = renormed(program, transform)
    return made or renormed(_at_inputs(program, transform), transform)


def _at_inputs(program: Program, transform: Transform) -> Program:
    """The program of inputs times what a column of the transform has more than most columns have."""
    matrix = program.matrix()
    kept = np.abs(matrix) > EXACT
    row = int(kept.sum(axis=1).argmax())  # the first with the fewest zeros
    ratios = np.ones(program.inputs)
    ratios[kept[row]] = (transform.plain.matrix[row, kept[row]] / matrix[row, kept[row]]).real
    usual = Counter(np.round(ratios, DIGITS).tolist()).most_common(1)[0][0]
    common = float(ratios[np.argmin(np.abs(ratios - usual))]) or 1.0
    factors = [
        1.0 if ratio == 0.0 or abs(ratio / common - 1.0) < EXACT else ratio / common for ratio in ratios.tolist()
    ]
    build = Builder(program.inputs, program.field)
    x = [scaled(value, factor) for value, factor in zip(build.x, factors, strict=True)]
    return build.program(build.apply(program, x), transform.title)


def _programs(transform: Transform, parts: Parts) -> Iterator[Program]:
    """Of the programs known without normalisation, each with the factors put where they cost least."""
    n = transform.shape[0]
    if transform.norm == "ortho" and (other := transpose.OTHER.get(transform.name)):
        partner = get(other, n, transform.norm)
        for program in islice(parts.known(other, n), VARIANTS):
            if (made := renormed(program, partner)) is not None:
                yield transpose.transpose(made, transform.title)
    for program in islice(parts.known(transform.name, n), VARIANTS):
        if (made := with_factors(program, transform)) is not None:
            yield made


def _normed(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    if not transform.name.endswith("-2d"):
        yield from _programs(transform, parts)
        return
    name = transform.name.removesuffix("-2d")
    sides = [min(_programs(get(name, n, transform.norm), parts), key=cost, default=None) for n in transform.shape]
    down, across = sides
    yield None if down is None or across is None else rows_columns(down, across, transform.title)


METHOD = Method("norms", SERVED, lambda transform: transform.inputs > 1, _normed, norms=NORMS[1:], rank=1)
