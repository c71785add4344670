"""Partial results: the sub-vectors that good programs share, and a program that is written in nothing else.

What several islands came to compute is likely to belong to the best programs too (the backbone of a problem: Slaney
and Walsh 2001); what each does in its own way is written out, to be shared afresh.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from gp_fft.program.cost import primitive_set
from gp_fft.program.values import over_inputs
from gp_fft.search.genome import Genome
from primitives import PrimitiveSet

DIGITS = 7  # decimal digits in which two vectors must agree
DUST = 1e-10  # coefficients below this come from cancellation
SAME = 1e-11  # relative distance of sizes that are one

Sum = dict[int, complex]  # coefficient by reference


def shared(genomes: Sequence[Genome]) -> frozenset[bytes]:
    """The vectors, up to size and turn, that more than half of the genomes compute, and at least two."""
    seen = Counter(key for genome in genomes for key in set(_keys(genome)))
    return frozenset(key for key, times in seen.items() if times >= 2 and 2 * times > len(genomes))


def consensus(genome: Genome, vectors: Collection[bytes]) -> Genome:
    """The genome with every definition written out that is neither an output nor one of the vectors."""
    inputs, outputs = genome.inputs, set(genome.outputs.tolist())
    written: list[Sum] = [{k: 1.0 + 0.0j} for k in range(inputs)]
    rows: list[Sum] = []
    renamed: dict[int, int] = {}
    for d, (terms, key) in enumerate(zip(_terms(genome), _keys(genome), strict=True)):
        total = _total(terms, written)
        if d in outputs or key in vectors:
            renamed[d] = len(rows)
            rows.append(total)
            total = {inputs + renamed[d]: 1.0 + 0.0j}
        written.append(total)
    return _genome(genome, rows, [renamed[d] for d in genome.outputs.tolist()])


def _terms(genome: Genome) -> list[Sum]:
    """The definitions as sums."""
    coefficients = genome.sizes * 1j ** genome.turns.astype(np.int64)
    rows = []
    for a, b in zip(genome.starts.tolist(), genome.starts[1:].tolist(), strict=False):
        row: Sum = {}
        for ref, coefficient in zip(genome.refs[a:b].tolist(), coefficients[a:b].tolist(), strict=True):
            row[ref] = row.get(ref, 0.0) + coefficient
        rows.append(row)
    return rows


def _total(terms: Sum, written: Sequence[Sum]) -> Sum:
    """A sum with what its references stand for put in."""
    total: Sum = {}
    for ref, coefficient in terms.items():
        for deeper, factor in written[ref].items():
            total[deeper] = total.get(deeper, 0.0) + coefficient * factor
    return total


def _keys(genome: Genome) -> list[bytes]:
    """What each definition computes, a vector over the inputs made comparable: its largest entry is turned to 1."""
    terms = list(zip(genome.sizes.tolist(), genome.turns.tolist(), genome.refs.tolist(), strict=True))
    rows = [terms[a:b] for a, b in itertools.pairwise(genome.starts.tolist())]
    keys = []
    for vector in over_inputs(genome.inputs, rows, genome.field)[genome.inputs :]:
        largest = np.abs(vector) > (1.0 - 1e-9) * np.abs(vector).max()
        scaled = vector / vector[int(np.argmax(largest))] if vector.any() else vector
        keys.append((np.round(scaled, DIGITS) + 0.0).tobytes())
    return keys


def _genome(like: Genome, rows: Sequence[Sum], outputs: Sequence[int]) -> Genome:
    """A genome from sums; sizes that differ by round-off alone are made one."""
    starts, refs, sizes, turns, known = [0], [], [], [], [1.0]
    chosen = primitive_set(like.primitives or like.field)
    for row in rows:
        for ref, coefficient in row.items():
            for part, turn in ((coefficient.real, 0), (coefficient.imag, 1)):
                for digit in _digits(part, chosen) if abs(part) > DUST else ():
                    refs.append(ref)
                    sizes.append(_one_of(known, abs(digit)))
                    turns.append(turn if digit > 0 else turn + 2)
        starts.append(len(refs))
    return Genome(
        like.inputs,
        like.field,
        np.array(starts, np.int32),
        np.array(refs, np.int32),
        np.array(sizes, np.float64),
        np.array(turns, np.int8),
        np.array(outputs, np.int32),
        lineage=like.lineage,
        title=like.title,
        primitives=like.primitives,
    )


def _digits(number: float, chosen: PrimitiveSet) -> list[float]:
    """A coefficient in the terms of the primitive set."""
    if "gf2" in chosen.fields:
        return [1.0] * (round(number) % 2)
    if chosen.constants is None or chosen.allows(abs(number), 0):
        return [number]
    return chosen.digits(number) or [number]


def _one_of(known: list[float], size: float) -> float:
    """The known size that this one is, or itself, known from now on."""
    for other in known:
        if abs(other - size) <= SAME * size:
            return other
    known.append(size)
    return size
