"""Mend: give the constants that a burst has let drift their true values back, before anything is scored."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np

from gp_fft.ground.clock import Clock
from gp_fft.kernels.adjust import Fit, mend_sizes
from gp_fft.kernels.packed import pack
from gp_fft.kernels.workbench import REACH
from gp_fft.search.genome import ErrorAndCost, Genome
from gp_fft.transforms import Transform
from gp_fft.transforms.exact import Number, rational, root

MANY = 256  # of more distinct entries, as a matrix from outside may have, none is made known


@lru_cache(maxsize=16)
def known_sizes(transform: Transform) -> tuple[float, ...]:
    """The sizes that a burst knows beforehand: 1, 2, 1/2, what the entries are made of, its inverses, halves, doubles.

    A constant that the burst computes anew is taken for a known one that is as good as equal, and so drifts less
    (``benchmarks.drift``: a quarter as many programs of rdft 11 are in need of mending).
    """
    parts = np.abs(np.concatenate([transform.matrix.real.ravel(), transform.matrix.imag.ravel()]))
    entries = np.unique(parts[parts > 0]).tolist()
    if len(entries) > MANY:
        entries = []
    exact = [size for e in entries for size in (e, 2 * e, e / 2)]  # as good as the entries, so they come first
    known = [1.0, 2.0, 0.5]
    for size in exact + [1 / size for size in exact]:
        if 1 / REACH < size < REACH and all(abs(size - other) > 1e-12 * size for other in known):
            known.append(size)
    return tuple(known)


def mend(
    genomes: Sequence[Genome], transform: Transform, threads: int = 1, clock: Clock | None = None
) -> list[Genome]:
    """The genomes with float64 error near 1e-15 where a refit of their constants reaches that; the others as given.

    References, turns and equal sizes stay; a mended genome has no fitness yet. What is not mended when the clock is
    over stays as it is.
    """
    packed = pack(genomes)
    sizes, mended = mend_sizes(packed, _fit(transform), threads, None if clock is None else clock.flag)
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
    exact = transform.exact
    low = np.zeros_like(matrix)
    if not given:
        low = np.array([_remainder(number, number.value()) for number in exact.numbers], complex)[exact.index]
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
