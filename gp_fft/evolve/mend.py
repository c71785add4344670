"""Mend: give the constants that a burst has let drift their true values back, before anything is scored."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np

from gp_fft.evolve.genome import ErrorAndCost, Genome
from gp_fft.exact import Number, rational, root
from gp_fft.kernels.mend import Fit, mend_sizes
from gp_fft.kernels.packed import pack
from gp_fft.transforms import Transform


def mend(genomes: Sequence[Genome], transform: Transform, threads: int = 1) -> list[Genome]:
    """The genomes with float64 error near 1e-15 where a refit of their constants reaches that; the others as given.

    References, turns and equal sizes stay; a mended genome has no fitness yet.
    """
    packed = pack(genomes)
    sizes, mended = mend_sizes(packed, _fit(transform), threads)
    ends = packed.starts[packed.programs].tolist()
    return [
        dataclasses.replace(genome, sizes=sizes[a:b].copy(), fitness=ErrorAndCost()) if done else genome
        for genome, done, a, b in zip(genomes, mended.tolist(), ends, ends[1:], strict=False)
    ]


@lru_cache(maxsize=16)
def _fit(transform: Transform) -> Fit:
    """The matrix of a transform to twice the digits of its floats."""
    matrix = np.array(transform.matrix, np.complex128, order="C")
    given = transform.name == "matrix" or bool(transform.kernel)  # floats from outside are what they are
    known: dict[object, complex] = {}
    low = np.zeros_like(matrix)
    exact = transform.exact
    for i, row in enumerate(() if given else exact.entries):
        for j, terms in enumerate(row):
            if terms not in known:
                known[terms] = _remainder(Number(exact.order, terms), complex(matrix[i, j]))
            low[i, j] = known[terms]
    planes = 2 if transform.field == "complex" else 1
    return Fit(
        matrix,
        np.ascontiguousarray(np.stack([matrix.real, matrix.imag], axis=1)[:, :planes]),
        np.ascontiguousarray(np.stack([low.real, low.imag], axis=1)[:, :planes]),
        float(np.linalg.norm(matrix)),
    )


def _remainder(number: Number, rounded: complex) -> complex:
    """What rounding took away from an exact entry."""
    real, imaginary = Fraction(rounded.real), Fraction(rounded.imag)
    return (number - rational(real) - rational(imaginary) * root(1, 4)).value()
