"""Nesting: the normal form is read off a program, and nested programs cost what the books say."""

from __future__ import annotations

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.construct.methods.factors import prime_factor
from gp_fft.construct.methods.lift import lift
from gp_fft.construct.methods.nesting import nest, normal_form
from gp_fft.construct.methods.rader import rader
from gp_fft.construct.tidy import tidy
from gp_fft.program import Program
from gp_fft.program.cost import count
from tests.naive import executed_matrix

LEAN = 2.0  # of a multiplication, for few of them


def prime(p):
    return lift(rader(p, LEAN), f"dft {p}")


@pytest.mark.parametrize("program", [prime(3), prime(5), prime(7), textbook.split_radix(transforms.dft(16))])
def test_the_normal_form_is_additions_one_multiplication_each_and_additions(program):
    form = normal_form(program)
    assert form is not None
    assert count(form.before).muls == count(form.after).muls == 0
    middle = np.diag(form.constants)
    assert np.abs(form.after.matrix() @ middle @ form.before.matrix() - program.matrix()).max() < 1e-14
    assert count(form.before).adds + count(form.after).adds == count(program).adds


def test_winograds_modules_need_as_few_multiplications_as_his():
    assert [len([c for c in normal_form(prime(p)).constants if c != 1.0]) for p in (3, 5, 7)] == [2, 5, 8]


def test_a_program_with_a_product_of_a_product_has_no_normal_form():
    assert normal_form(Program.parse("# dft 1 complex\nt0 = 0.5*x0\nt1 = t0 + 1i*x0\ny0 = 0.7*t1\n")) is None


@pytest.mark.parametrize(("outer", "inner", "flops"), [(5, 3, 196), (3, 5, 208), (7, 3, 352), (7, 5, 776)])
def test_nesting_costs_what_the_scales_inside_the_outer_factor_leave(outer, inner, flops):
    n = outer * inner
    made = tidy(nest([prime(outer)], normal_form(prime(inner)), f"dft {n}"))
    assert count(made).flops <= flops
    matrix, tally = executed_matrix(made)
    assert tally.adds + tally.muls == count(made).flops
    assert transforms.dft(n).error(np.array(matrix)) < 1e-13


def test_nesting_multiplies_less_than_the_prime_factor_algorithm():
    for outer, inner in ((5, 3), (3, 5), (7, 5), (5, 7)):
        nested = tidy(nest([prime(outer)], normal_form(prime(inner)), ""))
        assert count(nested).muls < count(prime_factor(prime(outer), prime(inner), "")).muls
