"""The numbers of proofs: fields, expressions, residues, recognition, each against an obvious twin."""

import random
from fractions import Fraction
from math import cos, gcd, log10, pi, sin, sqrt, tan

import numpy as np
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import files
from gp_fft.construct import textbook
from gp_fft.files.certificate import APPROXIMATE, Bound, Unproved, status, upper
from gp_fft.ground.errors import DataError
from gp_fft.proof import standing
from gp_fft.proof.closed import closed_form
from gp_fft.proof.field import LIMIT_DEGREE, degree_of, orders, real_field
from gp_fft.proof.forms import Reader
from gp_fft.proof.modular import BITS, Modular, draw, is_prime
from gp_fft.proof.recognise import recognise, simple
from gp_fft.proof.system import System
from gp_fft.search.settings import Settings
from gp_fft.store.proofs import prove_run
from gp_fft.store.runs import Run, front_name, original_name
from gp_fft.transforms import from_array, get
from gp_fft.transforms.balls import fixed
from gp_fft.transforms.exact import Number, square_root

ORDERS = [4, 8, 12, 16, 20, 28, 36, 60, 64]


def elements(order):
    """Elements of a field: sums of cosines with small coordinates."""
    numbers = st.fractions(-20, 20, max_denominator=12).map(lambda f: fmpq(f.numerator, f.denominator))
    cosines = [real_field(order).cosine(Fraction(k, order)) for k in range(degree_of(order))]
    several = st.lists(numbers, min_size=1, max_size=len(cosines))
    return several.map(lambda cs: sum((c * cosine for c, cosine in zip(cs, cosines, strict=False)), fmpq_poly()))


in_a_field = st.sampled_from(ORDERS).flatmap(lambda order: st.tuples(st.just(order), elements(order)))


def value(element, order):
    return sum(float(c.p) / float(c.q) * cos(2 * pi * k / order) for k, c in enumerate(element.coeffs()))


@pytest.mark.parametrize("order", ORDERS)
def test_cosines_and_sines_are_those_of_the_library(order):
    field = real_field(order)
    assert field.degree == degree_of(order) == sum(gcd(k, order) == 1 for k in range(order)) // 2
    for k in range(-order, order):
        turns = Fraction(k, order)
        assert field.rounded(field.cosine(turns)) == pytest.approx(cos(2 * pi * k / order), abs=2e-15)
        assert field.rounded(field.sine(turns)) == pytest.approx(sin(2 * pi * k / order), abs=2e-15)
        if field.cosine(turns):
            assert field.product(field.inverse(field.cosine(turns)), field.cosine(turns)) == fmpq_poly([1])


@settings(max_examples=60, deadline=None)
@given(in_a_field)
def test_the_closed_form_says_the_element(case):
    order, element = case
    field = real_field(order)
    text = closed_form(element, field)
    assert Reader(field, field.degree).read(text) == element
    assert field.rounded(element) == pytest.approx(value(element, order), rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(in_a_field)
def test_digits_are_recognised(case):
    order, element = case
    field = real_field(order)
    if not element:
        return
    digits = fixed(field.ball(element, 1600), 1600)
    assert recognise(digits, 1600, field) == element
    assert recognise(digits + (1 << 300), 1600, field) != element


@settings(max_examples=40, deadline=None)
@given(in_a_field)
def test_residues_follow_the_field(case):
    """The same expression modulo a prime is the polynomial at the root of unity."""
    order, element = case
    drawn = draw(order, random.Random(7))
    numbers = Modular(order, drawn.prime, drawn.root)
    told = Reader(numbers, 1).read(closed_form(element, real_field(order))) % drawn.prime
    coefficients = (int(c.p) * pow(int(c.q), -1, drawn.prime) for c in element.coeffs())
    assert told == sum(c * pow(drawn.root, k, drawn.prime) for k, c in enumerate(coefficients)) % drawn.prime


def tangent(field, turns):
    return field.product(field.sine(turns), field.inverse(field.cosine(turns)))


@pytest.mark.parametrize(
    ("order", "element", "text"),
    [
        (16, lambda field: field.cosine(Fraction(1, 16)), "cos(pi/8)"),
        (8, lambda field: field.number(square_root(2)) * fmpq(1, 2), "sqrt(2)/2"),
        (20, lambda field: (field.number(square_root(5)) - 1) * fmpq(1, 2), "(sqrt(5)-1)/2"),
        (32, lambda field: tangent(field, Fraction(1, 32)), "tan(pi/16)"),
        (28, lambda field: fmpq_poly([fmpq(-3, 7)]), "-3/7"),
        (4, lambda field: fmpq_poly(), "0"),
        (28, lambda field: field.cosine(Fraction(1, 28)) * -3, "-3*cos(pi/14)"),
    ],
)  # fmt: skip
def test_short_forms(order, element, text):
    field = real_field(order)
    made = element(field)
    assert closed_form(made, field) == text
    assert Reader(field, field.degree).read(text) == made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2 + cos(pi/4)*sqrt(2)", 1.5), ("-(1-3)/4", 0.5), ("tan(3*pi/16)", tan(3 * pi / 16)),
        ("2*sin(pi/8)/cos(pi/16)", 2 * sin(pi / 8) / cos(pi / 16)), ("sqrt(8)", sqrt(8)), ("cos(pi)", -1),
        (" 7 ", 7), ("1-1-1", -1), ("2/3/4", 1 / 6),
    ],
)  # fmt: skip
def test_expressions_mean_what_they_say(text, expected):
    field = real_field(32)
    assert field.rounded(Reader(field, field.degree).read(text)) == pytest.approx(expected, rel=1e-15)


def test_the_budget_of_a_certificate_ends():
    field = real_field(64)
    reader = Reader(field, 1 << 16)
    with pytest.raises(DataError, match="too many products"):
        reader.read("*".join(["cos(pi/32)"] * 20))
    with pytest.raises(DataError, match="too long"):
        reader.read("1" + "+1" * 4000)


def test_floats_are_rounded_correctly():
    field = real_field(64)
    assert field.rounded(fmpq_poly([fmpq(1, 3)])) == 1 / 3
    half_way = 1 + fmpq(1, 2**53)
    assert field.rounded(fmpq_poly([half_way])) == 1.0
    for k in range(1, 16):
        assert field.rounded(field.cosine(Fraction(k, 64))) == Number.of(64, [(k, 1)]).value().real


def test_simple_values_are_found_by_floats():
    field = real_field(32)
    for number in (0.75, sqrt(2), 2 * cos(pi / 16), tan(pi / 16), cos(pi / 8) / cos(pi / 16)):
        rank, element = simple(number * (1 + 1e-13), field)
        assert field.rounded(element) == pytest.approx(number, rel=1e-15)
        assert rank < 100_000
    assert simple(0.7312345678, field) is None


def test_a_constant_of_a_large_field_is_recognised_in_a_small_one():
    """The DCT-IV of 256 points needs degree 512, in which no lattice can be reduced; its constants need far less."""
    field = real_field(2048)
    turns = (1, 9, -23, -31)
    element = sum((field.cosine(Fraction(abs(k), 128)) * fmpq(k // abs(k), 4) for k in turns), fmpq_poly())
    assert recognise(fixed(field.ball(element, 400), 400), 400, field) == element


def test_a_quotient_of_cosines_is_found_without_multiplying_by_all_of_them(monkeypatch):
    field = real_field(2048)
    element = field.product(field.sine(Fraction(5, 2048)), field.inverse(field.cosine(Fraction(5, 2048)))) * 3
    products = []
    real = field.product
    monkeypatch.setattr(field, "product", lambda one, other: products.append(0) or real(one, other))
    assert closed_form(element, field) == "3*tan(5*pi/1024)"
    assert len(products) < 10


def test_fields_stay_within_bounds():
    for order, size in ((128, 128), (1024, 128), (127, 127), (4, 1024)):
        found = orders(order, size)
        assert found
        assert all(degree_of(one) <= LIMIT_DEGREE and one % 4 == 0 for one in found)
        assert found == sorted(set(found))


def test_primes_are_primes():
    sieve = [k for k in range(2, 500) if all(k % d for d in range(2, k))]
    assert [k for k in range(500) if is_prime(k)] == sieve
    assert is_prime((1 << 61) - 1)
    assert not is_prime(((1 << 31) - 1) ** 2)
    for strong in (3215031751, 3825123056546413051):  # pseudoprimes to many bases
        assert not is_prime(strong)
    drawn = draw(64, random.Random(1))
    assert drawn.prime.bit_length() == BITS
    assert pow(drawn.root, 32, drawn.prime) == drawn.prime - 1


def test_the_jacobian_is_the_slope():
    transform = get("dft", 8)
    program = textbook.split_radix(transform)
    system = System.of(program, transform.exact)
    start = np.array(system.start)
    bits = 200
    at = [int(Fraction(size) * (1 << bits)) for size in system.start]
    moved = [one + (one >> 40) for one in at]
    goal = system.goal(bits)
    slope = (system.residual(moved, goal, bits) - system.residual(at, goal, bits)).astype(float) * 2.0 ** (40 - bits)
    np.testing.assert_allclose(system.jacobian(start).sum(axis=1), slope, atol=1e-9)


def test_words_for_what_is_known():
    assert status(None, 3e-16) == "exact to 1e-15 but unproved"
    assert status(None, 3e-14) == "exact to 1e-13 but unproved"
    assert status(None, 2e-12) == APPROXIMATE
    assert status(Unproved(1, APPROXIMATE, "", ""), 1e-16) == APPROXIMATE
    assert status(Bound(1, "", 1.21e-16, ""), 1e-16) == "approximate, error proved below 1.3e-16"
    assert upper(0.0) == "0"
    for number in (1.0, 9.99e-5, 1.05e-16, 3.3e7):
        assert number <= float(upper(number)) * (1 + 1e-15)
        assert log10(float(upper(number)) / number) < 0.05


def test_the_front_of_a_run_takes_its_proofs(tmp_path):
    transform = get("dft", 3)
    run = Run.create(transform, Settings(generations=1), tmp_path / "run")
    sizes = (1e-14, 3e-14)
    given = [drift(textbook.definition(transform), size) for size in sizes]
    for program in given:
        files.save(run.path / "front" / front_name(program), files.describe(program, transform))
    assert [result.outcome.proved for result in prove_run(run)] == [True, True]
    assert len({file.program for file in run.front()}) == 1, "the same program once their constants are exact"
    assert all(standing(file) == "proved" for file in run.front())
    assert sorted(map(original_name, run.front())) == sorted(map(front_name, given))
    assert len((run.path / "proofs.jsonl").read_text().splitlines()) == 2
    assert not list(prove_run(run)), "what is proved is not proved again"
    for path in (run.path / "front").glob("*.json"):
        path.unlink()
    assert not list(prove_run(run))
    assert not run.proof_paths()


def drift(program, relative):
    rows = [[(s if s == 1 else s * (1 + relative), turn, ref) for s, turn, ref in row] for row in program.rows()]
    return type(program).build(program.inputs, program.field, rows, program.outputs.tolist(), program.title)


def test_a_matrix_of_large_numbers_has_a_bound():
    from gp_fft.proof.bounds import bound, check_bound

    transform = from_array([[1e50, 1.0], [1.0, 1e-300]])
    program = textbook.definition(transform)
    found = bound(program, transform)
    assert found.bound == 0
    check_bound(found, program, transform)
