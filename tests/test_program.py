"""Programs: what may be built, what is refused, and that order and names never change what a program is."""

import copy
import pickle
import random
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program import LIMIT_INPUTS, LIMIT_TERMS, Program
from tests.naive import executed_matrix
from tests.strategies import programs
from tests.work import calls

# Radix-2 on four points; definitions 0 to 3 are the first stage, 4 to 7 the outputs.
ROWS = [
    [(1, 0, 0), (1, 0, 2)],
    [(1, 0, 0), (1, 2, 2)],
    [(1, 0, 1), (1, 0, 3)],
    [(1, 0, 1), (1, 2, 3)],
    [(1, 0, 4), (1, 0, 6)],
    [(1, 0, 5), (1, 3, 7)],
    [(1, 0, 4), (1, 2, 6)],
    [(1, 0, 5), (1, 1, 7)],
]


def four() -> Program:
    return Program.build(4, "complex", ROWS, [4, 5, 6, 7], "dft 4")


def shuffled(program: Program, order: random.Random) -> Program:
    """The same definitions and terms, handed in in another order."""
    n, rows = program.inputs, list(program.rows())
    place = list(range(len(rows)))
    order.shuffle(place)
    moved: list = [None] * len(rows)
    for d, row in enumerate(rows):
        terms = [(size, turn, ref if ref < n else n + place[ref - n]) for size, turn, ref in row]
        moved[place[d]] = order.sample(terms, len(terms))
    return Program.build(n, program.field, moved, [place[d] for d in program.outputs], program.title)


def test_computes_the_fft():
    x = np.random.default_rng(1).normal(size=(3, 2, 4, 2)).view(complex)[..., 0]
    np.testing.assert_allclose(four()(x), np.fft.fft(x), atol=1e-14)
    np.testing.assert_allclose(four().matrix(), np.fft.fft(np.eye(4)), atol=1e-15)


def test_properties():
    program = four()
    assert (program.definitions, program.terms, program.depth) == (8, 16, 2)
    assert repr(program) == "<Program dft 4 complex: 8 definitions, 16 terms>"
    assert [len(row) for row in program.rows()] == [2] * 8
    arrays = (program.starts, program.refs, program.sizes, program.turns, program.outputs)
    assert [array.dtype.str[1:] for array in arrays] == ["i4", "i4", "f8", "i1", "i4"]


def test_the_hash_is_the_same_on_every_machine():
    assert four().content_hash == "9e8270731a75dbde4f48af29ac5ed83c0485b037c7993d4c73cc14624a1fd4bd"


@settings(max_examples=60, deadline=None)
@given(programs())
def test_the_matrix_agrees_with_scalar_execution(program):
    expected, _ = executed_matrix(program)
    computed = program.matrix()
    assert computed.dtype == (np.complex128 if program.field == "complex" else np.float64)
    np.testing.assert_allclose(computed, expected, rtol=1e-12, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(programs(), st.randoms(use_true_random=False))
def test_the_order_of_definitions_does_not_matter(program, order):
    again = shuffled(program, order)
    if len({tuple(row) for row in program.rows()}) == program.definitions:  # two equal rows may change places
        assert again == program
        assert hash(again) == hash(program)
    np.testing.assert_allclose(again.matrix(), program.matrix(), rtol=1e-12, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(programs())
def test_building_twice_changes_nothing(program):
    again = Program.build(program.inputs, program.field, list(program.rows()), program.outputs, program.title)
    assert again.content_hash == program.content_hash


def test_what_no_output_needs_is_left_out():
    program = Program.build(2, "real", [[(3, 0, 0)], [(2, 0, 1)], [(5, 0, 2)], []], [1])
    assert list(program.rows()) == [[(2.0, 0, 1)]]


def test_equality_is_by_content_and_not_by_title():
    other = Program.build(4, "complex", ROWS, [4, 5, 6, 7], "another title")
    assert four() == other
    assert len({four(), other}) == 1
    assert four() != Program.build(4, "complex", ROWS, [4, 5, 7, 6], "dft 4")
    assert four() != "dft 4"


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_nothing_can_be_changed(twin):
    program = twin(four())
    assert program == four()
    with pytest.raises(FrozenInstanceError):
        program.inputs = 5
    with pytest.raises(ValueError, match="read-only"):
        program.sizes[0] = 2.0


def test_the_arrays_given_are_copied():
    sizes = np.ones(2)
    program = Program(2, "real", "", [0, 2], [0, 1], sizes, [0, 0], [0])
    sizes[0] = 7
    assert program.sizes[0] == 1


@pytest.mark.parametrize("field", ["complex", "real"])
@pytest.mark.parametrize("shape", [(2,), (0, 2), (3, 2), (2, 1, 3, 2)])
def test_any_batch_shape(field, shape):
    program = Program.build(2, field, [[(1, 0, 0), (0.5, 2, 1)], [(3, 0, 2)], []], [0, 1, 2])
    x = np.arange(np.prod(shape)).reshape(shape)
    result = program(x)
    assert result.shape == (*shape[:-1], 3)
    assert result.dtype == (np.complex128 if field == "complex" else np.float64)
    np.testing.assert_allclose(result, x @ program.matrix().T)
    np.testing.assert_allclose(program(1j * x), 1j * (x @ program.matrix().T))


@pytest.mark.parametrize("x", [1.0, [1, 2, 3], np.zeros((4, 3)), ["a", "b", "c", "d"], [None] * 4])
def test_wrong_input_is_a_usage_error(x):
    with pytest.raises(UsageError, match=r"shape \(\.\.\., 4\)"):
        four()(x)


def test_overflow_is_silent_and_not_finite():
    program = Program.build(1, "real", [[(1e300, 0, 0)], [(1e300, 0, 1)]], [1])
    assert np.isinf(program.matrix()).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"inputs": 0}, "1 to 1024 inputs, not 0"),
        ({"inputs": LIMIT_INPUTS + 1}, "not 1025"),
        ({"inputs": 10**5000}, "not this int"),
        ({"inputs": True}, "not this bool"),
        ({"inputs": 2.0}, "not this float"),
        ({"field": "quaternion"}, "complex, real or gf2"),
        ({"field": np.zeros(3)}, "complex, real or gf2"),
        ({"title": 3}, "must be a text|is a text"),
        ({"title": "a\x1b[31m"}, "printable"),
        ({"title": "a" * 201}, "200 characters"),
        ({"starts": [0, 1]}, "starts must rise"),
        ({"starts": [1, 2]}, "starts must rise"),
        ({"starts": []}, "starts must rise"),
        ({"starts": [0, 3, 2]}, "starts must rise"),
        ({"starts": [0, 2**40]}, "out of range"),
        ({"starts": [[0, 2]]}, "flat list of whole numbers"),
        ({"refs": [0, 2]}, "definition 0 refers to value 2"),
        ({"refs": [0, -1]}, "definition 0 refers to value -1"),
        ({"refs": [0, 1.0]}, "whole numbers"),
        ({"refs": [0, 10**30]}, "whole numbers"),
        ({"refs": [0, 1 << 63]}, "out of range|whole numbers"),
        ({"refs": ["0", "1"]}, "whole numbers"),
        ({"refs": [[0], [1, 2]]}, "flat list"),
        ({"sizes": [1.0]}, "equally long, not 2, 1 and 2"),
        ({"sizes": [1.0, float("nan")]}, "finite and above zero"),
        ({"sizes": [1.0, float("inf")]}, "finite and above zero"),
        ({"sizes": [1.0, 0.0]}, "finite and above zero"),
        ({"sizes": [1.0, -0.5]}, "finite and above zero"),
        ({"sizes": [1.0, 1j]}, "list of numbers"),
        ({"turns": [0, 4]}, "0, 1, 2 or 3"),
        ({"turns": [0, -1]}, "0, 1, 2 or 3"),
        ({"turns": [0, 300]}, "out of range"),
        ({"turns": [0, 1]}, "no imaginary"),
        ({"outputs": []}, "1 to 1024 outputs, not 0"),
        ({"outputs": [0, 0]}, "distinct"),
        ({"outputs": [1]}, "definitions 0 to 0"),
        ({"outputs": [-1]}, "definitions 0 to 0"),
        ({"outputs": 0}, "flat list"),
        ({"starts": [0, 0, 2], "outputs": [1]}, "definition 0 has no terms"),
    ],
)
def test_the_constructor_refuses(change, sentence):
    good = {
        "inputs": 2, "field": "real", "title": "", "starts": [0, 2], "refs": [0, 1],
        "sizes": [1.0, 0.5], "turns": [0, 2], "outputs": [0],
    }  # fmt: skip
    Program(**good)
    with pytest.raises(DataError, match=sentence):
        Program(**good | change)


@pytest.mark.parametrize(
    ("rows", "outputs", "sentence"),
    [
        ([[(1, 0, 2)]], [0], "in a cycle, see definition 0"),
        ([[(1, 0, 3)], [(1, 0, 2)], [(1, 0, 2)]], [2], "in a cycle, see definition 0"),
        ([[(1, 0, 9)]], [0], "value 9, but there are only 3"),
        ([[(1, 0, -1)]], [0], "value -1"),
        ([[(float("nan"), 0, 0)]], [0], "no finite size"),
        ([[(10**400, 0, 0)]], [0], "must be a list of terms"),
        ([[(-1, 0, 0)]], [0], "no finite size"),
        ([[(1, 4, 0)]], [0], "no finite size"),
        ([[(1, 0.5, 0)]], [0], "must be a list of terms"),
        ([[(1, 0)]], [0], "must be a list of terms"),
        ([[(1, 0, 0)]], [0, 0], "distinct"),
        ([[(1, 0, 0)]], [1], "distinct definitions, 0 to 0"),
        ([[(1, 0, 0)]], [], "1 to 1024 outputs"),
        ([[], [(1, 0, 2)]], [1], "no terms"),
        ([[(1, 0, 0)] * (LIMIT_TERMS + 1)], [0], "at most 200000 terms"),
    ],
)
def test_build_refuses(rows, outputs, sentence):
    with pytest.raises(DataError, match=sentence):
        Program.build(2, "complex", rows, outputs)


def test_a_long_chain_needs_no_recursion():
    rows = [[(1.5, 2, d)] for d in range(20_000)]
    program = Program.build(1, "real", rows[::1], [len(rows) - 1])
    assert program.depth == 20_000
    assert Program.parse(str(program)) == program


def test_a_thousand_rows_are_built_with_a_few_calls_for_each():
    draw = random.Random(3)
    rows = [
        [(draw.choice((1.0, 0.5, 0.7)), draw.randrange(4), draw.randrange(32 + d)) for _ in range(3)]
        for d in range(1000)
    ]
    assert calls(lambda: Program.build(32, "complex", rows, range(968, 1000))) < 25 * len(rows)


def test_notebooks_draw_a_program():
    assert four()._repr_svg_().startswith("<svg")
