"""Mend: give the constants that a burst has let drift their true values back, before anything is scored."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np

from gp_fft.ground.clock import Clock
from gp_fft.kernels.adjust import ROUGH, SOUND, Fit, mend_sizes
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.kernels.workbench import REACH
from gp_fft.program.border import Bordered
from gp_fft.search.genome import ErrorAndCost, Genome
from gp_fft.transforms import Transform, fit_scaling
from gp_fft.transforms.exact import Number, rational, root
from gp_fft.transforms.scaling import NONE

PARTED = 1e-9  # relative distance from 1 of a factor that drift alone explains
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
    genomes: Sequence[Genome],
    transform: Transform,
    threads: int = 1,
    clock: Clock | None = None,
    free: str = NONE,
) -> list[Genome]:
    """The genomes with float64 error near 1e-15 where a refit of their constants reaches that; the others as given.

    References, turns and equal sizes stay; a mended genome has no fitness yet. What is not mended when the clock is
    over stays as it is. Factors that are ``free`` at the border are refitted like any other constants.
    """
    if free != NONE:
        return _mend_scaled(genomes, transform, threads, clock, free)
    packed = pack(genomes)
    sizes, mended = mend_sizes(packed, _fit(transform), threads, None if clock is None else clock.flag)
    ends = packed.starts[packed.programs].tolist()
    return [
        dataclasses.replace(genome, sizes=sizes[a:b].copy(), fitness=ErrorAndCost()) if done else genome
        for genome, done, a, b in zip(genomes, mended.tolist(), ends, ends[1:], strict=False)
    ]


def _mend_scaled(
    genomes: Sequence[Genome], transform: Transform, threads: int, clock: Clock | None, free: str
) -> list[Genome]:
    """As :func:`mend`, of programs whose outputs, or inputs, come with the factors that fit them best."""
    matrices = evaluate(pack(genomes), transform.matrix, threads).matrices
    bordered: dict[int, Bordered] = {}
    for k, (genome, matrix) in enumerate(zip(genomes, matrices, strict=True)):
        scaling = fit_scaling(matrix, transform, free, one=PARTED)
        if SOUND < transform.scaled(scaling).error(matrix) < ROUGH:
            bordered[k] = Bordered.of(genome.program, scaling)
    given = [Genome.of(one.program) for one in bordered.values()]
    found = mend(given, transform, threads, clock) if given else []
    mended = list(genomes)
    for k, before, after in zip(bordered, given, found, strict=True):
        if after is not before:
            inner = Genome.of(dataclasses.replace(bordered[k], program=after.program).parted().program)
            mended[k] = dataclasses.replace(inner, lineage=genomes[k].lineage, title=genomes[k].title)
    return mended


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
