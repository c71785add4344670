"""Partial results: what programs share is found whatever its scale, and kept while the rest is written out."""

from __future__ import annotations

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.files.shelf import Shelf
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, count
from gp_fft.search.genome import Genome
from gp_fft.search.partials import consensus, shared


def program(rows, outputs, inputs=3, field="real") -> Genome:
    return Genome.of(Program.build(inputs, field, rows, outputs, ""))


SUM = program([[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 3), (1.0, 0, 2)]], [1])  # t0 = x0 + x1, y = t0 + x2
SCALED = program([[(3.0, 2, 0), (3.0, 2, 1)], [(1 / 3, 2, 3), (1.0, 0, 2)]], [1])  # the same by -3 (x0 + x1)
OTHER = program([[(1.0, 0, 1), (1.0, 0, 2)], [(1.0, 0, 3), (1.0, 0, 0)]], [1])  # through x1 + x2


def test_vectors_are_the_same_up_to_size_and_turn():
    assert len(shared([SUM, SCALED])) == 2
    assert len(shared([SUM, OTHER])) == 1  # nothing but the output


def test_a_vector_must_be_in_more_than_half_and_in_two():
    assert shared([SUM]) == frozenset()
    assert len(shared([SUM, SCALED, OTHER])) == 2
    assert len(shared([SUM, SCALED, OTHER, OTHER])) == 1


def test_what_is_not_shared_is_written_out():
    kept = consensus(SUM, shared([SUM, SCALED]))
    assert len(kept.starts) - 1 == 2
    alone = consensus(SUM, shared([SUM, OTHER]))
    assert len(alone.starts) - 1 == 1
    assert sorted(alone.refs.tolist()) == [0, 1, 2]
    assert alone.sizes.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("name", "n"), [("dft", 8), ("dft", 12), ("rdft", 16), ("dct2", 8)])
def test_a_consensus_computes_the_same_matrix_at_every_stage(name, n):
    transform = transforms.get(name, n)
    record = Shelf.open().find(transform).program
    genome, dense = Genome.of(record), Genome.of(definition(transform))
    everything = shared([genome, genome])
    for vectors in (frozenset(), frozenset(sorted(everything)[::2]), everything):
        made = consensus(genome, vectors).program
        assert transform.error(made) < EXACT
    assert count(consensus(genome, everything).program).flops == count(record).flops
    assert consensus(genome, frozenset()).program.definitions == len(dense.outputs)


def test_complex_coefficients_are_kept_as_two_terms_and_equal_sizes_stay_equal():
    transform = transforms.get("dft", 16)
    split, radix = (Genome.of(make(transform)) for make in (split_radix, radix2))
    made = consensus(split, shared([split, radix]))
    assert transform.error(made.program) < EXACT
    sizes = np.unique(made.sizes)
    assert np.diff(sizes).min() > 1e-6
    assert made.turns.dtype == np.int8
    assert set(made.turns.tolist()) <= {0, 1, 2, 3}
