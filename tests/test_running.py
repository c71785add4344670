"""A program runs on any batch as the obvious way would, bit for bit, in few operations and little memory."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given

from gp_fft import dct2, dft
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, running
from tests.strategies import programs


def obvious(program, x):
    """Definition by definition, term by term, on the columns of ``x`` ``(batch, inputs)``."""
    whole = program.field == "complex" or x.dtype.kind == "c"
    values = list(x.T.astype(np.complex128 if whole else np.float64))
    for row in program.rows():
        total = np.zeros(len(x), values[0].dtype)
        for size, turn, ref in row:
            product = size * values[ref] * (1j if turn % 2 else 1)
            total = total + product if turn < 2 else total - product
        values.append(total)
    return np.stack([values[program.inputs + output] for output in program.outputs], axis=1)


@given(programs())
def test_the_numbers_are_those_of_the_obvious_way(program):
    draw = np.random.default_rng(1).standard_normal((2, 9, program.inputs))
    for x in (draw[0], draw[0] + 1j * draw[1]):
        with np.errstate(all="ignore"):
            wanted = obvious(program, x)
        np.testing.assert_array_equal(program(x), wanted)


@given(programs())
def test_the_matrix_is_what_becomes_of_the_unit_vectors(program):
    with np.errstate(all="ignore"):
        wanted = obvious(program, np.eye(program.inputs)).T
    np.testing.assert_array_equal(program.matrix(), wanted)
    np.testing.assert_array_equal(program(np.eye(program.inputs)).T, wanted)


@pytest.mark.parametrize("signs", list(itertools.product(range(4), repeat=3)))
def test_every_turn_of_every_term(signs):
    rows = [[(1.0, turn, ref) for ref, turn in enumerate(signs)], [(0.5, signs[0], 3), (1.0, signs[1], 0)]]
    program = Program.build(3, "complex", rows, [0, 1])
    x = np.random.default_rng(2).standard_normal((5, 3, 2)) @ [1, 1j]
    np.testing.assert_array_equal(program(x), obvious(program, x))


@pytest.mark.parametrize("blocks", [(1, 1), (7, 7), (64, 64), (4000, 4000)])
def test_blocks_change_nothing(blocks, monkeypatch):
    program = split_radix(dft(8))
    x = np.random.default_rng(3).standard_normal((100, 8, 2)) @ [1, 1j]
    monkeypatch.setattr(running, "LEAST_BLOCK", blocks[0])
    monkeypatch.setattr(running, "LARGEST_BLOCK", blocks[1])
    np.testing.assert_array_equal(program(x), obvious(program, x))


@pytest.mark.parametrize("field", ["complex", "real"])
@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("f4", "f4"),
        ("f8", "f8"),
        ("c8", "c8"),
        ("c16", "c16"),
        ("i4", "f8"),
        ("u1", "f8"),
        ("?", "f8"),
        ("f2", "f8"),
        (">f4", "f4"),
        (">c16", "c16"),
    ],
)
def test_what_comes_in_comes_out(field, given, found):
    program = split_radix(dft(4)) if field == "complex" else definition(dct2(4))
    x = np.arange(12).reshape(3, 4).astype(given)
    result = program(x)
    wanted = np.result_type(np.dtype(found), np.complex64) if field == "complex" else np.dtype(found)
    assert result.dtype == wanted
    tolerance = 1e-5 if wanted in (np.float32, np.complex64) else 1e-13
    np.testing.assert_allclose(result, x @ program.matrix().T, atol=tolerance, rtol=tolerance)


def test_any_layout_is_read_and_none_is_written():
    program = split_radix(dft(4))
    whole = np.random.default_rng(4).standard_normal((6, 5, 8, 2)) @ [1, 1j]
    layouts = (whole[..., ::2], whole[::-1, 1:, 4:], np.asfortranarray(whole[..., :4]), whole[..., :4].swapaxes(0, 1))
    for x in (*layouts, np.broadcast_to(whole[0, 0, :4], (7, 4)), whole[0, 0, 3::-1], whole[:0, :, :4]):
        before = x.copy()
        result = program(x)
        assert result.shape == x.shape
        assert result.flags.c_contiguous
        np.testing.assert_allclose(result, np.fft.fft(x), atol=1e-14)
        np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("x", [[[1, 2], [3]], np.zeros((2, 3), object), np.zeros(4, "M8[s]"), 5, None])
def test_what_holds_no_numbers_is_refused(x):
    with pytest.raises(UsageError, match=r"takes numbers of shape \(\.\.\., 4\), not"):
        split_radix(dft(4))(x)


def test_infinities_and_overflow_are_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not np.isfinite(split_radix(dft(4))(np.full((2, 4), np.inf))).all()
        assert np.isinf(definition(dct2(2))(np.full((1, 2), 3e38, np.float32))).any()


def test_the_work_is_that_of_the_program_and_the_memory_that_of_its_live_values():
    program = split_radix(dft(64))
    plan = program._plan
    assert plan is program._plan  # made once
    halves = sum(1 if step.planes else 2 for step in plan.steps)  # operations on one plane
    flops = sum(2 * (len(row) - 1) for row in program.rows())
    products = 2 * len({(size, ref) for row in program.rows() for size, _, ref in row if size != 1.0})
    assert halves <= 1.05 * (flops + products)
    assert plan.slots <= 64 + 80  # of 64 inputs, 454 definitions


def test_a_large_batch_needs_little_more_than_its_result():
    import tracemalloc

    x = np.zeros((50_000, 8), np.complex64)
    program = split_radix(dft(8))
    program(x), program(x)  # the second time loads the kernel
    tracemalloc.start()
    program(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < x.nbytes + 2 * running.BLOCK_BYTES


def test_real_inputs_of_a_complex_program_stay_real_in_every_block():
    program = split_radix(dft(16))
    x = np.random.default_rng(5).standard_normal((2 * running.LARGEST_BLOCK + 5, 16))
    np.testing.assert_array_equal(program(x), program(x.astype(np.complex128)))
    np.testing.assert_array_equal(program(x.astype(np.int8)), program(x.astype(np.int8).astype(np.float64)))
