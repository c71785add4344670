"""Fixed point: words that hold every value, a bound that holds and is not loose, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import Program, transforms
from gp_fft.export.fixed import Constant, fixed, halved, rounded
from gp_fft.export.lower import lower
from gp_fft.export.order import ordered
from gp_fft.export.targets import export
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import UsageError
from tests.strategies import programs

SHELF = Shelf.open()


def form_of(name, n, *rest):
    return ordered(lower(SHELF.find(transforms.get(name, n), *rest).program, 2))


def exact(form, x):
    """The outputs for whole inputs in exact fractions."""
    values = dict(enumerate(map(Fraction, x)))
    for s in form.statements:
        if s.operation == "sum":
            values[s.out] = values[s.a] - values[s.b] if s.turn else values[s.a] + values[s.b]
        elif s.operation == "product":
            values[s.out] = Fraction(s.size) * values[s.a]
        else:
            values[s.out] = -values[s.a] if s.operation == "turned" else Fraction(0)
    return [values[value] for value in form.outputs]


def vectors(form, width, count=20):
    rng = np.random.default_rng(3)
    low, high = -(1 << width - 1), (1 << width - 1) - 1
    size = form.inputs * form.parts
    yield [low] * size
    yield [high] * size
    for k in range(count):
        row = rng.integers(low, high, size, endpoint=True)
        yield [int(word) for word in (np.where(row > 0, high, low) if k % 2 else row)]


@pytest.mark.parametrize("size", [0.7071067811865476, 1.5, 0.001, 12.0, 2.0])
def test_a_constant_is_the_nearest_one_without_zeros_at_its_end(size):
    made = rounded(size, 12)
    assert abs(made.value - size) <= 2.0**-13
    assert made.shift == 0 or made.mantissa % 2
    assert rounded(12.0, 5) == Constant(12, 0)


def test_rounding_is_half_up():
    assert [halved(number, 1) for number in (-3, -2, -1, 0, 1, 2, 3)] == [-1, -1, 0, 0, 1, 1, 2]
    assert halved(3, -2) == 12


@settings(max_examples=80, deadline=None)
@given(programs(), st.integers(2, 20), st.integers(-4, 6))
def test_the_bound_and_the_words_hold_for_any_program(program, width, fraction):
    form = ordered(lower(program, 2))
    try:
        made = fixed(form, width, fraction)
    except UsageError as refusal:
        if "nothing of the outputs is left" not in str(refusal):
            raise
        return
    for x in vectors(form, width, 8):
        for word, value, kind in zip(made.run(x), exact(form, x), made.outputs, strict=True):
            assert abs(word - value * Fraction(2) ** fraction) <= made.bound
            assert -(1 << kind.width - 1) <= word < 1 << kind.width - 1


@pytest.mark.parametrize("name", ["dft", "dct2"])
def test_the_words_are_as_short_as_they_are_chosen_and_the_bound_is_not_loose(name):
    form = form_of(name, 8)
    made = fixed(form, 16)
    assert 0.5 < made.bound < 1
    assert fixed(form, 16, 0, made.guard - 1, made.digits).bound >= 1
    assert fixed(form, 16, 0, made.guard, made.digits - 1).bound >= 1
    assert fixed(form, 16, 0, made.guard + 4, made.digits + 4).bound < made.bound
    rough = fixed(form, 16, 0, 0, 8)
    errors = [
        max(abs(word - value) for word, value in zip(rough.run(x), exact(form, x), strict=True))
        for x in vectors(form, 16, 200)
    ]
    assert rough.bound / 20 < max(errors) <= rough.bound
    inner = [value for value in range(len(form.names)) if value >= form.inputs * form.parts]
    assert all(made.words[value].fraction <= made.guard for value in inner)


def test_dyadic_constants_are_exact():
    form = form_of("hevc-dct2", 8, "flops", "dyadic")
    made = fixed(form, 12, guard=20)
    for x in vectors(form, 12):
        assert made.run(x) == exact(form, x)


def test_words_that_are_too_short_are_refused():
    form = form_of("dft", 16)
    with pytest.raises(UsageError, match=r"with 1 digits after the point the constant 0\.\d+ is 0|are one; at least"):
        fixed(form, 16, digits=1)
    small = ordered(lower(Program.parse("# real\ny0 = 0.0078125*x0 + x1\n")))
    with pytest.raises(
        UsageError, match=r"with 4 digits after the point the constant 0\.0078125 is 0; at least 7 are nee"
    ):
        fixed(small, 16, digits=4)
    near = ordered(lower(Program.parse("# real\ny0 = 0.75*x0 + 0.8125*x1\n")))
    with pytest.raises(UsageError, match=r"constants 0\.75 and 0\.8125 are one; at least 4 are needed"):
        fixed(near, 16, digits=2)
    with pytest.raises(
        UsageError, match="nothing of the outputs is left with a fraction of -12 bits of inputs of 4 bits"
    ):
        fixed(small, 4, -12)
    file = SHELF.find(transforms.get("dft", 4)).file
    for options, sentence in (
        ({"width": 65}, "the option width is from 1 to 64, not 65"),
        ({"width": 1}, "numbers with a sign take two bits at least, not 1"),
        ({"guard": -2}, "the option guard is from -1 to 48, not -2"),
        ({"function": "endmodule"}, "'endmodule' is a word of verilog itself"),
    ):
        with pytest.raises(UsageError, match=sentence):
            export(file, "verilog", options)
