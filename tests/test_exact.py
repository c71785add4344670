"""Exact numbers: field laws decided exactly, and floats that are the correctly rounded values."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import gcd, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft.transforms import balls
from gp_fft.transforms.coded import ExactMatrix, Value
from gp_fft.transforms.exact import Number, cosine, rational, root, sine, square_root

ORDERS = st.sampled_from((1, 2, 3, 4, 5, 6, 8, 12, 15, 16))
FRACTIONS = st.fractions(-3, 3, max_denominator=6)


@st.composite
def numbers(draw):
    pairs = draw(st.lists(st.tuples(st.integers(-20, 20), FRACTIONS), max_size=4))
    return Number.of(draw(ORDERS), pairs)


@settings(max_examples=60, deadline=None)
@given(numbers(), numbers(), numbers())
def test_the_laws_of_a_field_hold_exactly(a, b, c):
    assert ((a + b) * c).equals(a * c + b * c)
    assert (a * b).equals(b * a)
    assert (a - a).is_zero()
    assert (a * b).conjugate().equals(a.conjugate() * b.conjugate())


@settings(max_examples=60, deadline=None)
@given(numbers(), numbers())
def test_values_follow_the_arithmetic(a, b):
    assert abs((a * b).value() - a.value() * b.value()) < 1e-12
    assert abs((a + b).value() - a.value() - b.value()) < 1e-12
    assert a.equals(b) == (abs(a.value() - b.value()) < 1e-12)


@pytest.mark.parametrize("order", [*range(1, 31), 105, 128, 360])
def test_a_root_of_unity_is_reduced_to_the_basis_of_its_field(order):
    phi = sum(gcd(k, order) == 1 for k in range(1, order + 1))
    for k in (0, 1, phi, order // 2, order - 1):
        short = balls.reduced(((k, Fraction(1)),), order)
        assert short.degree() < phi
        value = sum(float(c.p) * np.exp(2j * np.pi * j / order) for j, c in enumerate(short.coeffs()))
        assert abs(value - np.exp(2j * np.pi * k / order)) < 1e-9


@pytest.mark.parametrize("bits", [53, 200, 700])
def test_digits_are_those_of_the_number(bits):
    number = Number.of(7, [(1, Fraction(1, 3)), (5, -2)])
    value, digits = number.value(), balls.entry(number.terms, 7, bits)
    for part, scaled in zip((value.real, value.imag), digits, strict=True):
        assert abs(Fraction(scaled, 1 << bits) - Fraction(part)) < Fraction(1, 1 << 50)
    with localcontext() as context:
        context.prec = 250
        root_of_half = Decimal("0.5").sqrt()
        assert abs(balls.cosine(1, 8, bits) - root_of_half * (1 << bits)) <= 1
        assert abs(balls.cosine(3, 8, bits) + root_of_half * (1 << bits)) <= 1


def test_the_roots_of_unity_of_one_order_sum_to_zero():
    for order in range(2, 40):
        total = rational(0)
        for k in range(order):
            total = total + root(k, order)
        assert total.is_zero()
        assert total.value() == 0


@pytest.mark.parametrize(
    "value", [0, 1, 2, 3, 5, 6, 7, 8, 12, 30, 105, Fraction(2, 7), Fraction(1, 128), Fraction(9, 50)]
)
def test_square_roots_square_to_their_argument_and_are_positive(value):
    number = square_root(value)
    assert (number * number).equals(rational(value))
    assert number.value().real == pytest.approx(sqrt(value), rel=1e-15)
    assert number.value().imag == 0


def test_the_square_root_of_a_negative_number_is_refused():
    with pytest.raises(ValueError, match="not real"):
        square_root(-2)


def test_constants_are_exactly_what_they_should_be():
    assert cosine(1, 4).value() == 0
    assert cosine(1, 6).value() == 0.5
    assert sine(1, 12).value() == 0.5
    assert cosine(1, 8).value() == sine(1, 8).value() == sqrt(0.5)
    assert cosine(1, 2).value() == -1
    golden = (square_root(5) - rational(1)) * Fraction(1, 4)
    assert cosine(1, 5).equals(golden)
    assert cosine(1, 5).value() == golden.value()


def test_equal_numbers_give_equal_floats_whatever_their_form():
    for n in range(3, 25):
        for k in range(n):
            whole = cosine(k, n)
            double = cosine(k, 2 * n) * cosine(k, 2 * n) * 2 - rational(1)
            assert whole.value() == double.value()
            assert whole.value(Fraction(1, 3)) == (whole * square_root(Fraction(1, 3))).value()


def test_values_are_correctly_rounded_even_after_cancellation():
    with localcontext() as context:
        context.prec = 60
        close = square_root(2) - rational(Fraction(1414213562373095048801688724, 10**27))
        expected = Decimal(2).sqrt() - Decimal("1.414213562373095048801688724")
        assert close.value() == float(expected)
        for square in (2, 3, 5, 7, 101):
            assert square_root(square).value() == float(Decimal(square).sqrt())


def test_rationals_round_as_fractions_do():
    tie = Fraction(2**53 + 1, 2**53)
    assert rational(tie).value() == float(tie)
    assert Number.of(4, [(1, Fraction(1, 3))]).value() == 1j / 3


def test_a_tie_rounds_to_even_though_it_is_made_of_irrational_parts():
    one = (cosine(1, 5) + cosine(2, 5)) * -2
    for last, rounded in ((1, 1.0), (3, 1 + 2**-51)):
        tie = one * Fraction(2**53 + last, 2**53)
        assert not all(k == 0 for k, _ in tie.terms)
        assert tie.value() == rounded
        assert (tie * root(1, 4)).value() == 1j * rounded


def test_matrices_nest_like_arrays():
    index = np.array([[0, 1], [2, 0]])
    a = ExactMatrix.of([Value(n) for n in (root(1, 3), square_root(2), rational(Fraction(1, 2)))], index)
    b = ExactMatrix.of([Value(n) for n in (root(1, 8), rational(0), cosine(1, 5))], index[::-1].copy())
    np.testing.assert_allclose(a.kronecker(b).array(), np.kron(a.array(), b.array()), atol=1e-15)
    assert a.order == 24
    assert ExactMatrix.of([Value(rational(2)), Value(rational(2))], np.array([[0, 1]])).index.tolist() == [[0, 0]]


def test_floats_become_the_dyadic_rationals_they_are():
    array = np.array([[0.1, -2.5], [1e-300, 3.0]])
    exact = ExactMatrix.from_floats(array)
    assert exact.order == 1
    assert exact.numbers[exact.index[0, 0]].terms == ((0, Fraction(0.1)),)
    np.testing.assert_array_equal(exact.array(), array)
    turned = ExactMatrix.from_floats(array * (1 + 0.3j))
    assert turned.order == 4
    np.testing.assert_array_equal(turned.array(), array * (1 + 0.3j))
