"""Constants that drifted come back: to rounding, as groups, with the structure as it was, and never for the worse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import files, transforms
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.kernels.evaluate import evaluate
from gp_fft.kernels.packed import pack
from gp_fft.program import Program
from gp_fft.proof.refine import refine
from gp_fft.proof.system import System
from gp_fft.search.genome import Genome
from gp_fft.search.mend import known_sizes, mend
from gp_fft.transforms import Transform
from tests.strategies import programs

RECORDS = Path(__file__).parents[1] / "runs" / "records"
SAMPLES = ("dft 8", "dft 9", "dft 16", "rdft 11", "dct2 8", "dct4 8", "dht 16")


def record(title: str) -> tuple[Transform, Program]:
    name, n = title.split()
    return transforms.get(name, int(n)), files.load(RECORDS / f"{name}-{n}.json").program


def drifted(program: Program, seed: int, relative: float, groups: bool = True) -> Genome:
    """A genome whose sizes have moved by about so much; ones stay, and equal sizes stay equal if they are groups."""
    rng, genome = np.random.default_rng(seed), Genome.of(program)
    sizes, group = np.unique(program.sizes, return_inverse=True)
    if groups:
        moved = (sizes * (1 + relative * rng.uniform(-1, 1, len(sizes))))[group]
    else:
        moved = program.sizes * (1 + relative * rng.uniform(-1, 1, len(group)))
    genome.sizes = np.where(program.sizes == 1.0, 1.0, moved)
    return genome


def error(genome: Genome, transform: Transform) -> float:
    return float(evaluate(pack([genome]), transform.matrix).errors[0])


def assert_same_structure(one: Genome, other: Genome) -> None:
    for name in ("starts", "refs", "turns", "outputs"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 2**31), st.sampled_from((1e-13, 1e-11, 1e-10)))
def test_a_record_that_drifted_is_exact_again(title, seed, relative):
    transform, program = record(title)
    before = drifted(program, seed, relative)
    (after,) = mend([before], transform)
    assert error(after, transform) < 3e-15
    assert_same_structure(before, after)
    assert np.unique(after.sizes).size <= np.unique(before.sizes).size
    for size in np.unique(before.sizes):
        assert np.unique(after.sizes[before.sizes == size]).size == 1
    assert (after.sizes[before.sizes == 1.0] == 1.0).all()


@pytest.mark.plain
def test_constants_that_parted_are_one_again():
    transform = transforms.get("dft", 8)
    program = split_radix(transform)
    before = drifted(program, 1, 1e-10, groups=False)
    (after,) = mend([before], transform)
    assert after.sizes.tolist() == program.sizes.tolist()
    assert before.fitness is not after.fitness


def test_ones_and_fractions_that_drifted_are_held():
    rows = [[(1.0, 0, 0), (1.0, 0, 1)], [(0.5 * (1 + 1e-11), 0, 2), (1.0 - 1e-11, 0, 0)], [(3.0 + 1e-11, 2, 2)]]
    program = Program.build(2, "real", rows, [1, 2])
    (after,) = mend([Genome.of(program)], transforms.from_array([[1.5, 0.5], [-3.0, -3.0]]))
    assert sorted(after.sizes.tolist()) == [0.5, 1.0, 1.0, 1.0, 3.0]


def test_the_constants_are_those_of_the_proof():
    transform, program = record("rdft 11")
    (after,) = mend([drifted(program, 5, 1e-11)], transform)
    told = Program(after.inputs, after.field, "", after.starts, after.refs, after.sizes, after.turns, after.outputs)
    refined = refine(System.of(told, transform.exact), 200, {})
    assert refined.solved
    np.testing.assert_allclose(System.of(told, transform.exact).start, refined.floats, rtol=2.3e-16)


@settings(max_examples=80, deadline=None)
@given(programs(), st.integers(0, 2**31), st.sampled_from((1e-13, 1e-10, 1e-8, 1e-4)), st.booleans())
def test_no_program_gets_worse(program, seed, relative, groups):
    matrix = program.matrix()
    if not matrix.any():
        return
    transform = transforms.from_array(matrix)
    before = drifted(program, seed, relative, groups)
    (after,) = mend([before], transform)
    assert_same_structure(before, after)
    if after is not before:
        assert error(after, transform) < error(before, transform)
        for size in np.unique(before.sizes):
            assert np.unique(after.sizes[before.sizes == size]).size == 1


def test_what_is_sound_and_what_is_an_approximation_is_left_alone():
    transform = transforms.get("dft", 8)
    sound, rough = Genome.of(split_radix(transform)), drifted(split_radix(transform), 1, 1e-3)
    other = Genome.of(definition(transforms.get("dft", 8, norm="ortho")))
    assert all(a is b for a, b in zip(mend([sound, rough, other], transform), [sound, rough, other], strict=True))


def test_a_solution_that_is_not_there_changes_nothing():
    """An error that no constant can take away: an entry of the target that the program has no term for."""
    matrix = np.array([[1.0, 2e-10], [0.3, 0.7]])
    genome = Genome.of(Program.build(2, "real", [[(1.0, 0, 0)], [(0.3, 0, 0), (0.7, 0, 1)]], [0, 1]))
    assert mend([genome], transforms.from_array(matrix))[0] is genome


def test_threads_change_nothing():
    transform, program = record("dft 16")
    crowd = [drifted(program, k, 10.0 ** -(7 + k % 9), k % 2 == 0) for k in range(12)]
    one, three = mend(crowd, transform, 1), mend(crowd, transform, 3)
    assert [g.key() for g in one] == [g.key() for g in three]
    assert sum(a is not b for a, b in zip(crowd, one, strict=True)) > 6


def test_what_a_burst_knows_beforehand():
    half = np.sqrt(0.5)
    assert known_sizes(transforms.get("dft", 8)) == pytest.approx((1, 2, 0.5, half, 2 * half, half / 2, 4 * half))
    crowded = transforms.from_array(np.arange(1.0, 401.0).reshape(20, 20))
    assert known_sizes(crowded) == (1.0, 2.0, 0.5)
