"""Circular convolutions with a fixed kernel: composed exactly, at or below the counts of Winograd's algorithms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gp_fft import transforms
from gp_fft.construct import compose
from gp_fft.construct.methods.convolution import circular
from gp_fft.program.cost import count
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from tests.naive import executed_matrix

KERNEL = (2.0, 7.0, 11.0, 3.0, 23.0, 5.0, 31.0, 13.0)
# multiplications and additions of short cyclic convolutions: H. J. Nussbaumer, "Fast Fourier Transform and
# Convolution Algorithms" (1981), chapter 3
NUSSBAUMER = {3: 4 + 11, 4: 5 + 15, 5: 10 + 31, 8: 14 + 46}


@pytest.mark.parametrize("n", NUSSBAUMER)
def test_the_cheapest_composition_costs_no_more_than_the_short_algorithms(n):
    transform = transforms.get("conv", n, kernel=KERNEL[:n])
    best = compose(transform)[0]
    matrix, tally = executed_matrix(best)
    assert tally.adds + tally.muls == count(best).flops <= NUSSBAUMER[n]
    np.testing.assert_allclose(np.array(matrix), transform.matrix, atol=1e-12)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=13), st.sampled_from([0.0, 1.0, 2.0]))
def test_any_kernel_is_convolved_with_any_data(taps, weight):
    kernel = tuple(float(tap) for tap in [*taps, 1])
    made = circular(kernel, weight, "")
    wanted = np.array([[kernel[(r - m) % len(kernel)] for m in range(len(kernel))] for r in range(len(kernel))])
    np.testing.assert_allclose(np.array(executed_matrix(made)[0]), wanted, atol=1e-11)


def test_fewer_multiplications_are_had_for_more_additions():
    many, few = (count(circular(KERNEL[:5], weight, "")) for weight in (1.0, 2.0))
    assert few.muls < many.muls
    assert few.adds > many.adds


def test_a_search_goes_on_from_a_composition():
    transform = transforms.get("conv", 4, kernel=KERNEL[:4])
    *_, (state, _) = generations(transform, Settings(start="compose", generations=2, population=4, threads=1))
    assert state.best_exact().cost <= NUSSBAUMER[4]


@pytest.mark.parametrize("name", ["skewconv", "hankel", "toeplitz"])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 8])
def test_skew_convolutions_hankel_and_toeplitz_products_are_composed_below_the_definition(name, n):
    values = transforms.find(name).kernel_size(n)
    transform = transforms.get(name, n, kernel=[2.0 * k + (-1) ** k for k in range(1, values + 1)])
    best = compose(transform)[0]
    matrix, tally = executed_matrix(best)
    assert tally.adds + tally.muls == count(best).flops <= 2 * n * n - n
    assert n < 4 or count(best).flops < 2 * n * n - n
    np.testing.assert_allclose(np.array(matrix), transform.matrix, atol=1e-12)
