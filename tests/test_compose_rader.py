"""Rader's convolution and what it stands on: cyclotomic remainders and Hankel matrices."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from gp_fft import transforms
from gp_fft.construct.builder import Builder
from gp_fft.construct.hankel import hankel_product, plan
from gp_fft.construct.methods.lift import lift
from gp_fft.construct.methods.nesting import normal_form
from gp_fft.construct.methods.rader import WEIGHTS, generator, prime_base, rader, rader_power
from gp_fft.construct.polynomials import divisors_of, polynomial, ramanujan, reduction, totient
from gp_fft.construct.tidy import tidy
from gp_fft.program.cost import count
from gp_fft.transforms.exact import rational
from tests.naive import executed_matrix

PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 43]


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("p", PRIMES)
def test_rader_is_exact_to_the_last_digits(p, weight):
    assert transforms.rdft(p).error(rader(p, weight)) < 1e-15


@pytest.mark.parametrize(("n", "p", "flops"), [(9, 3, 47), (25, 5, 275), (27, 3, 257), (49, 7, 861)])
def test_rader_serves_powers_of_primes(n, p, flops):
    small = rader(p, 1.0) if p * p == n else rader_power(rader(p, 1.0), p, 1.0)
    made = tidy(rader_power(small, p, 1.0))
    assert transforms.rdft(n).error(made) < 1e-15
    assert count(made).flops <= 1.1 * flops


def test_a_module_of_nine_points_multiplies_ten_times_in_one_step():
    form = normal_form(lift(rader_power(rader(3, 2.0), 3, 2.0), "dft 9"))
    assert len([constant for constant in form.constants if constant != 1.0]) == 10


def test_prime_powers_are_told_from_other_numbers():
    assert [n for n in range(1, 50) if prime_base(n)] == [
        3, 5, 7, 9, 11, 13, 17, 19, 23, 25, 27, 29, 31, 37, 41, 43, 47, 49
    ]  # fmt: skip
    assert prime_base(81) == 3


def test_the_weight_of_a_multiplication_decides_how_many_there_are():
    few, middle, many = (count(rader(13, weight)) for weight in (4.0, 1.0, 0.0))
    assert few.muls < middle.muls < many.muls
    assert few.adds > many.adds
    assert middle.flops <= min(few.flops, many.flops)


@pytest.mark.parametrize(("p", "flops"), [(3, 6), (5, 18), (7, 38), (11, 94), (13, 102), (17, 162), (19, 206)])
def test_rader_costs_what_the_books_say_and_what_it_was(p, flops):
    program = rader(p, 1.0)
    assert count(program).flops == flops
    matrix, tally = executed_matrix(program)
    assert tally.adds + tally.muls == flops
    assert np.abs(np.array(matrix) - transforms.rdft(p).matrix).max() < 1e-14


def test_a_generator_reaches_every_residue():
    for p in PRIMES:
        assert {pow(generator(p), k, p) for k in range(p - 1)} == set(range(1, p))
    assert generator(9) == generator(25) == 2


def test_all_divisors_of_n_stand_for_z_to_the_n_minus_1():
    for n in (1, 6, 12, 30, 105):
        assert polynomial(divisors_of(n)) == fmpz_poly([-1, *[0] * (n - 1), 1])
        assert sum(map(totient, divisors_of(n))) == n


def wanted(x, d):
    """The coefficients of the remainder by the d-th cyclotomic polynomial."""
    rest = fmpz_poly(x) % fmpz_poly.cyclotomic(d)
    return [int(rest[k]) for k in range(fmpz_poly.cyclotomic(d).degree())]


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=12))
@settings(deadline=None)
def test_remainders_put_together_again_are_what_was_divided(x):
    program, order = reduction(divisors_of(len(x)))
    assert program(x).tolist() == [c for d in order for c in wanted(x, d)]
    assert round(abs(np.linalg.det(program.matrix()))) > 0


@pytest.mark.parametrize("d", range(1, 31))
def test_ramanujan_sums_are_sums_of_roots(d):
    units = [k for k in range(1, d + 1) if np.gcd(k, d) == 1]
    for j in range(d):
        assert abs(ramanujan(d, j) - np.exp(2j * np.pi * j * np.array(units) / d).sum()) < 1e-9


@pytest.mark.parametrize("n", [2, 6, 9, 15, 30])
def test_a_reduction_takes_remainders_by_every_factor(n):
    program, order = reduction(divisors_of(n))
    assert set(order) == divisors_of(n)
    x = np.random.default_rng(5).integers(-5, 6, n).tolist()
    assert program(x).tolist() == [c for d in order for c in wanted(x, d)]


@pytest.mark.parametrize("weight", [0.0, 1.0, 2.0, 100.0])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 6, 8, 9, 12, 18])
def test_hankel_products_are_exact_and_cost_what_is_planned(n, weight):
    entries = [rational(Fraction(k * k + 3, 7)) for k in range(2 * n - 1)]
    hankel = np.array([[((i + j) ** 2 + 3) / 7 for j in range(n)] for i in range(n)])
    build = Builder(n, "real")
    values = hankel_product(build, entries, build.x, weight)
    program = build.program(values, "hankel")
    assert np.abs(program.matrix() - hankel).max() < 1e-12
    counts = count(program)
    assert counts.adds + weight * counts.muls <= plan(n, weight)[0]


def test_halves_and_thirds_save_from_four_on():
    assert [plan(n, 1.0)[0] for n in (1, 2, 3, 4, 5, 6, 8, 9)] == [1, 6, 15, 24, 45, 54, 84, 117]
    assert [plan(2, weight)[1] for weight in (0.5, 1.0, 2.0)] == [1, 1, 2]
