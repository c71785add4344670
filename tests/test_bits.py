"""Programs over GF(2): sums are XOR, equal terms vanish, words run bit-sliced, and nothing else is let in."""

from __future__ import annotations

import copy
import pickle
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import Program
from gp_fft.program.cost import count
from tests import naive
from tests.strategies import bit_programs

WORDS = (np.bool_, np.uint8, np.int8, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.dtype(">u4"))
SMALL = Program.build(3, "gf2", [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 3), (1.0, 0, 2)], [(1.0, 0, 3)]], [1, 2], "a")


def rows_over(inputs: int):
    """Rows of references, and which of them are outputs."""
    table = st.integers(1, 7).flatmap(
        lambda count: st.tuples(*(st.lists(st.integers(0, inputs + d - 1), max_size=6) for d in range(count)))
    )
    return table.flatmap(
        lambda rows: st.tuples(
            st.just([[(1.0, 0, ref) for ref in row] for row in rows]),
            st.lists(st.integers(0, len(rows) - 1), min_size=1, unique=True),
        )
    )


@settings(deadline=None)
@given(rows_over(4), st.lists(st.integers(0, 255), min_size=4, max_size=4))
def test_a_program_computes_what_its_rows_say_whatever_vanishes(drawn, x):
    rows, outputs = drawn
    program = Program.build(4, "gf2", rows, outputs)
    assert program(np.array(x, np.uint8)).tolist() == naive.over_bits(4, rows, outputs, x)
    assert (program.sizes == 1.0).all()
    assert not program.turns.any()
    for row in program.rows():
        assert len({ref for _, _, ref in row}) == len(row)


@settings(deadline=None)
@given(bit_programs())
def test_the_matrix_is_that_of_the_ways_counted_mod_2(program):
    matrix = program.matrix()
    assert matrix.dtype == np.float64
    assert matrix.tolist() == naive.matrix_mod_2(program)


@settings(deadline=None)
@given(bit_programs())
def test_a_program_survives_text_json_pickle_and_copy(program):
    again = Program.parse(str(program))
    assert again == program
    assert str(again) == str(program)
    assert again.depth == program.depth
    for back in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):
        assert back == program
        assert back.title == program.title
    built = Program.build(program.inputs, "gf2", list(program.rows()), program.outputs.tolist(), program.title)
    assert built == program


@settings(deadline=None)
@given(bit_programs(), st.sampled_from(WORDS), st.randoms(use_true_random=False))
def test_words_of_every_type_run_bit_by_bit_and_keep_their_type(program, dtype, random):
    dtype = np.dtype(dtype)
    wide = 1 if dtype.kind == "b" else 8 * dtype.itemsize
    bits = np.array([[random.getrandbits(1) for _ in range(program.inputs)] for _ in range(wide)], object)
    words = sum(bits[k] << k for k in range(wide))
    if dtype.kind == "i":
        words = np.where(words >> (wide - 1), words - (1 << wide), words)
    out = program(words.astype(dtype))
    assert out.dtype == dtype
    expected = [[int(bit) for bit in (program.matrix().astype(int) @ row.astype(int)) % 2] for row in bits]
    got = [[int(word) >> k & 1 for word in out] for k in range(wide)]
    assert got == expected


def test_shapes_layouts_and_large_batches():
    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, (2, 5, 3), np.uint8)
    assert SMALL(x).shape == (2, 5, 2)
    np.testing.assert_array_equal(SMALL(x), (x @ SMALL.matrix().T.astype(int)) % 2)
    np.testing.assert_array_equal(SMALL(x[::-1, ::2]), SMALL(x)[::-1, ::2])
    assert SMALL(np.empty((0, 3), np.uint16)).shape == (0, 2)
    assert SMALL([1, 0, 1]).tolist() == [0, 1]
    assert SMALL([True, False, True]).dtype == np.bool_
    large = rng.integers(0, 2**63, (150_000, 3), np.uint64)
    for _ in range(2):  # the second large batch of a process would be the compiled plan's
        np.testing.assert_array_equal(SMALL(large)[:, 1], large[:, 0] ^ large[:, 1])


@settings(deadline=None)
@given(bit_programs())
def test_a_matrix_of_which_not_all_values_are_held_is_the_same(program):
    with mock.patch("gp_fft.program.program.LIMIT_HELD", 0):
        matrix = program.matrix()
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix, program.matrix())


@pytest.mark.parametrize("x", [np.zeros(3), np.zeros(3, np.float32), np.zeros(3, complex), [0.0, 1.0, 1.0]])
def test_floats_are_refused(x):
    with pytest.raises(UsageError, match=r"over GF\(2\) takes booleans or whole numbers, .*, not (float|complex)"):
        SMALL(x)


def test_the_wrong_number_of_inputs_is_refused():
    with pytest.raises(UsageError, match=r"of shape \(..., 3\)"):
        SMALL(np.zeros(4, np.uint8))


@pytest.mark.parametrize(
    ("term", "shown"),
    [("- x1", "'- x1'"), ("+ 0.5*x1", r"'\+ 0.5\*x1'"), ("+ 1i*x1", r"'\+ 1i\*x1'"), ("+ 2*x1 - x0", r"'\+ 2\*x1'")],
)
def test_a_coefficient_in_a_text_is_refused_with_its_term(term, shown):
    with pytest.raises(DataError, match=rf"line 2: the term {shown}.*no coefficient other than 1"):
        Program.parse(f"# matrix gf2\ny0 = x0 {term}\n")
    assert Program.parse("# matrix gf2\ny0 = x0 + 1*x1 + 1.0*x2") == Program.parse("# matrix gf2\ny0 = x2 + x1 + x0")


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ({"sizes": [1, 1, 1, 2.5, 1]}, ("sizes", 3), "definition 1 takes 2.5 times value 3"),
        ({"turns": [0, 0, 2, 0, 0]}, ("turns", 2), "definition 1 takes -1 times value 2"),
        ({"turns": [0, 1, 0, 0, 0]}, ("turns", 1), "definition 0 takes 1i times value 1"),
        ({"refs": [1, 1, 2, 3, 3]}, ("refs", 1), "definition 0 refers to value 1 twice"),
    ],
)
def test_what_is_no_program_over_gf2_is_refused_with_its_place(changes, place, sentence):
    arrays = {name: getattr(SMALL, name).tolist() for name in ("starts", "refs", "sizes", "turns", "outputs")}
    assert Program(3, "gf2", "", **arrays) == SMALL
    with pytest.raises(DataError) as caught:
        Program(3, "gf2", "", **arrays | changes)
    assert sentence in str(caught.value)
    assert caught.value.place == place


def test_build_refuses_the_first_coefficient():
    with pytest.raises(DataError, match="definition 1 takes 3 times value 0, but over GF"):
        Program.build(1, "gf2", [[(1.0, 0, 0)], [(3.0, 0, 0)], [(1.0, 2, 0)]], [1])


def test_what_vanishes_vanishes_through_hidden_zeros_but_an_output_may_stay_empty():
    program = Program.parse("# matrix gf2\nt0 = x0 + x0\nt1 = t0\ny0 = x1 + t1\ny1 = x1 + x1\ny2 = y1 + x0\n")
    assert str(program) == "# matrix gf2\ny1 = 0\ny0 = x1\ny2 = x0 + y1\n"
    assert program(np.array([1, 1])).tolist() == [1, 0, 1]


def test_fields_are_told_apart():
    arrays = [getattr(SMALL, name) for name in ("starts", "refs", "sizes", "turns", "outputs")]
    real = Program(3, "real", "a", *arrays)
    assert real != SMALL
    assert str(real).splitlines()[1:] == str(SMALL).splitlines()[1:]
    assert str(SMALL).splitlines()[0] == "# a gf2"


def test_xors_are_counted_once_each():
    counts = count(SMALL)
    assert (counts.adds, counts.muls, counts.flops, counts.fma, counts.depth) == (2, 0, 2, 2, 2)
