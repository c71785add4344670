"""The compiled evaluation of a population agrees with its slow twin, program by program, on any threads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import transforms
from gp_fft.construct.textbook import definition, radix2, split_radix
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.kernels import evaluate as kernels
from gp_fft.kernels.evaluate import Evaluation, evaluate
from gp_fft.kernels.packed import Packed, pack
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.transforms import from_array
from tests import naive
from tests.strategies import bit_programs, programs


def random_program(rng, field="complex", inputs=4, outputs=3, rows=12) -> Program:
    """A program of ``rows`` rows with sizes that meet again; the last rows are its outputs."""
    sizes, turns = (1.0, 1.0, 0.5, np.sqrt(0.5), 1.75), (0, 1, 2, 3) if field == "complex" else (0, 2)
    table = [
        [
            (float(rng.choice(sizes)), int(rng.choice(turns)), int(rng.integers(inputs + d)))
            for _ in range(rng.integers(1, 5))
        ]
        for d in range(rows)
    ]
    return Program.build(inputs, field, table, range(rows - outputs, rows))


def population(seed, field="complex", size=9, **shape) -> list[Program]:
    rng = np.random.default_rng(seed)
    return [random_program(rng, field, rows=int(rng.integers(4, 20)), **shape) for _ in range(size)]


def random_target(seed, outputs=3, inputs=4):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((outputs, inputs)) + 1j * rng.standard_normal((outputs, inputs))


def assert_agrees(scored: Evaluation, k: int, twin: naive.Score) -> None:
    np.testing.assert_allclose(scored.matrices[k], twin.matrix, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(scored.errors[k], twin.error, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(scored.output_errors[k], twin.output_errors, rtol=1e-12, atol=1e-14)
    counts = (scored.adds[k], scored.scales[k], scored.unitless[k])
    assert counts == (twin.adds, twin.scales, twin.unitless)


def assert_same(one: Evaluation, other: Evaluation) -> None:
    for a, b in zip(one, other, strict=True):
        assert a.tobytes() == b.tobytes()


@pytest.mark.plain
@pytest.mark.parametrize("field", ["complex", "real"])
def test_a_population_scores_like_its_twin(field):
    crowd, target = population(1, field), random_target(2)
    scored = evaluate(pack(crowd), target)
    for k, program in enumerate(crowd):
        assert_agrees(scored, k, naive.score(program, target.tolist()))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_program_scores_like_its_twin(data):
    program = data.draw(programs())
    target = random_target(3, len(program.outputs), program.inputs)
    assert_agrees(evaluate(pack([program]), target), 0, naive.score(program, target.tolist()))


@pytest.mark.plain
@settings(deadline=None)
@given(st.data())
def test_programs_over_bits_score_modulo_2(data):
    inputs, outputs = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 4))
    crowd = data.draw(st.lists(bit_programs(inputs=inputs, outputs=outputs), min_size=1, max_size=3))
    target = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 2, (outputs, inputs))
    target[0, 0] = 1
    scored = evaluate(pack(crowd), target, bits=True)
    for k, program in enumerate(crowd):
        matrix = np.array(naive.matrix_mod_2(program))
        np.testing.assert_array_equal(scored.matrices[k], matrix)
        assert scored.errors[k] == pytest.approx(np.linalg.norm(matrix - target) / np.linalg.norm(target))
        assert scored.errors[k] == pytest.approx(from_array(target, field="gf2").error(program))
        parts = ((matrix - target) ** 2).sum(axis=1) ** 0.5 / np.linalg.norm(target)
        np.testing.assert_allclose(scored.output_errors[k], parts)
        assert (scored.adds[k], scored.scales[k], scored.unitless[k]) == (count(program).adds, 0, 0)


@pytest.mark.parametrize("slab", [1, 16])
def test_bits_in_blocks_of_columns_and_through_doublings_beyond_a_float(monkeypatch, slab):
    rows = [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 1), (1.0, 0, 2)]]
    rows += [[(1.0, 0, d + 1), (1.0, 0, d + 2), (1.0, 0, 0)] for d in range(2, 400)]
    program = Program.build(3, "gf2", rows, [399, 398])
    monkeypatch.setattr(kernels, "_SLAB", slab)
    scored = evaluate(pack([program]), np.ones((2, 3)), bits=True)
    assert scored.matrices[0].tolist() == naive.matrix_mod_2(program)


def test_what_is_not_over_bits_is_refused():
    program = Program.build(1, "real", [[(0.5, 0, 0)]], [0])
    with pytest.raises(UsageError, match=r"over GF\(2\) the target must be a matrix of 0 and 1"):
        evaluate(pack([program]), [[2.0]], bits=True)
    with pytest.raises(DataError, match=r"program 0 .* over GF\(2\) a coefficient is not 1"):
        evaluate(pack([program]), [[1.0]], bits=True)
    with pytest.raises(DataError, match="a coefficient is not 1"):
        evaluate(pack([Program.build(1, "real", [[(1.0, 2, 0)]], [0])]), [[1.0]], bits=True)


def test_textbook_programs_score_as_they_are_counted():
    transform = transforms.get("dft", 8)
    crowd = [definition(transform), radix2(transform), split_radix(transform)]
    scored = evaluate(pack(crowd), transform.matrix)
    assert scored.errors.max() < 1e-15
    for k, program in enumerate(crowd):
        counts = count(program)
        assert 2 * scored.adds[k] == counts.adds
        assert 2 * scored.scales[k] == counts.muls
        assert 2 * (scored.adds[k] + scored.unitless[k]) == counts.fma
        assert scored.errors[k] == pytest.approx(transform.error(program), abs=1e-15)


def test_the_parts_of_the_error_add_up():
    scored = evaluate(pack(population(4)), random_target(5))
    np.testing.assert_allclose(scored.errors**2, (scored.output_errors**2).sum(axis=1), rtol=1e-12)


def test_the_same_bytes_for_one_and_two_threads(monkeypatch):
    monkeypatch.setattr(kernels, "_SHARE", 1)  # so little work would stay on one thread
    packed, target = pack(population(6, size=40)), random_target(7)
    assert_same(evaluate(packed, target, threads=1), evaluate(packed, target, threads=2))


@pytest.mark.plain
@pytest.mark.parametrize("slab", [1, 80])
def test_the_same_bytes_in_blocks_of_columns(monkeypatch, slab):
    packed, target = pack(population(8)), random_target(9)
    whole = evaluate(packed, target)
    monkeypatch.setattr(kernels, "_SLAB", slab)
    assert_same(whole, evaluate(packed, target))


def test_a_program_scores_the_same_in_any_company():
    crowd, target = population(10), random_target(11)
    together = evaluate(pack(crowd), target)
    for k, program in enumerate(crowd):
        alone = evaluate(pack([program]), target)
        assert_same(alone, Evaluation(*(part[k : k + 1] for part in together)))


def test_an_error_that_overflows_is_infinite_and_never_nan():
    table = [[(1e200, 0, 0)], [(1e200, 0, 1)], [(1.0, 0, 2), (1.0, 2, 2)]]
    scored = evaluate(pack([Program.build(1, "complex", table, [2, 1])]), [[1.0], [1.0]])
    assert np.isnan(scored.matrices[0]).any()
    assert (scored.errors[0], scored.output_errors[0].tolist()) == (np.inf, [np.inf, np.inf])


@pytest.mark.parametrize("magnitude", [1e-200, 1e200])
def test_targets_of_any_magnitude(magnitude):
    packed = pack([Program.build(1, "real", [[(magnitude, 0, 0)]], [0])])
    assert evaluate(packed, [[2 * magnitude]]).errors[0] == pytest.approx(0.5)


@pytest.mark.plain
def test_pack_lays_the_terms_end_to_end():
    crowd = population(12)
    packed = pack(crowd)
    columns = (packed.sizes.tolist(), packed.turns.tolist(), packed.refs.tolist())
    terms = list(zip(*columns, strict=True))
    rows = [terms[a:b] for a, b in pairwise(packed.starts)]
    laid = [rows[first:last] for first, last in pairwise(packed.programs)]
    assert laid == naive.packed_terms(crowd)
    assert [row.tolist() for row in packed.outputs] == [program.outputs.tolist() for program in crowd]
    dtypes = [array.dtype for array in packed[:-1]]
    assert dtypes == [np.int32, np.int64, np.int32, np.float64, np.int8, np.int32]


def test_pack_refuses_what_does_not_fit_together():
    rng = np.random.default_rng(13)
    one = random_program(rng)
    with pytest.raises(UsageError, match="at least one program"):
        pack([])
    for other, word in (
        (random_program(rng, field="real"), "field"),
        (random_program(rng, inputs=5), "inputs"),
        (random_program(rng, outputs=2), "outputs"),
    ):
        with pytest.raises(UsageError, match=f"agree in {word}"):
            pack([one, other])


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (np.ones((2, 4)), "the target is 2x4, but the programs compute a 3x4 matrix"),
        (np.zeros((3, 4)), "not zero"),
        (np.full((3, 4), np.nan), "finite"),
        ([["one"]], "matrix of numbers"),
    ],
)
def test_targets_that_do_not_fit(target, message):
    with pytest.raises(UsageError, match=message):
        evaluate(pack(population(14)), target)


def broken(field: str, at: int | tuple[int, int], value: float) -> Packed:
    """A packed population with one number changed."""
    packed = pack(population(15))
    array = getattr(packed, field).copy()
    array[at] = value
    return packed._replace(**{field: array})


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (broken("refs", -1, 1000), "program 8 .* a reference is neither"),
        (broken("refs", 0, 4), "program 0 .* a reference is neither"),
        (broken("refs", 0, -1), "program 0 .* a reference is neither"),
        (broken("sizes", 0, np.nan), "program 0 .* a size is not finite"),
        (broken("sizes", 0, 0.0), "program 0 .* a size is not finite"),
        (broken("turns", 0, 4), "program 0 .* a turn is not"),
        (broken("outputs", (0, 1), 99), "program 0 .* an output is not"),
        (broken("starts", 1, 10**6), "program 0 .* row pointers"),
        (broken("starts", -1, 10**6), "must rise from 0 to its"),
        (broken("programs", 1, 10**6), "must rise from 0 to its"),
        (pack(population(16))._replace(refs=np.zeros(3, np.int32)), "equally long"),
        (pack(population(16))._replace(sizes=np.zeros(3, np.float32)), "sizes .* must be float64"),
        (pack(population(16))._replace(outputs=np.zeros((2, 3), np.int32)), "a row of outputs for each"),
        (pack(population(16))._replace(inputs=0), "a number above 0, not 0"),
    ],
)
def test_malformed_populations_are_refused_before_they_do_harm(packed, message):
    with pytest.raises(DataError, match=message):
        evaluate(packed, random_target(17))


def test_read_only_and_strided_arrays_will_do():
    packed, target = pack(population(18)), random_target(19)
    odd = packed._replace(sizes=np.repeat(packed.sizes, 2)[::2], refs=packed.refs.copy())
    odd.refs.setflags(write=False)
    assert_same(evaluate(packed, target), evaluate(odd, target))
