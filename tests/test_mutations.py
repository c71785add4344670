"""Mutations change the matrix, but a step is kept only if cost and error together do not rise; the books stay true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gp_fft import transforms
from gp_fft.construct.textbook import definition
from gp_fft.program import Program
from gp_fft.program.cost import count
from gp_fft.search.operators import OPERATORS
from primitives import REAL_PARTS
from tests import naive
from tests.kernel_harness import MUTATIONS, Fitted, mutate
from tests.strategies import programs

SEEDS = st.integers(0, 2**40)
USUAL = {op.name: op.chance for op in OPERATORS if op.kind == "mutation"}


def target_for(program: Program, seed: int) -> np.ndarray:
    """A random matrix of the shape and field of a program."""
    rng = np.random.default_rng(seed)
    shape = len(program.outputs), program.inputs
    real = rng.standard_normal(shape)
    return real + (1j * rng.standard_normal(shape) if program.field == "complex" else 0)


def assert_true_books(fitted: Fitted, target: np.ndarray) -> None:
    """What the kernel told is what the naive twin finds in the program that came out."""
    program = fitted.program
    scored = naive.score(program, target.tolist())
    norm = np.linalg.norm(target)
    np.testing.assert_allclose(fitted.error[1] ** 0.5, scored.error, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(fitted.output_errors**0.5 / norm, scored.output_errors, rtol=1e-6, atol=1e-9)
    assert fitted.told == pytest.approx(fitted.error[1], rel=1e-9, abs=1e-25)
    assert fitted.cost[1] == count(program).flops // REAL_PARTS[program.field]
    assert fitted.faults == 0


@settings(max_examples=120, deadline=None)
@given(programs(field="complex", most=6) | programs(field="real", most=6), SEEDS, st.floats(-1, 9), st.integers(1, 30))
def test_fitting_never_raises_cost_plus_error(program, seed, decades, steps):
    pressure, target = 10.0**decades, target_for(program, seed)
    fitted = mutate(program, target, USUAL, steps, pressure, seed)
    before, after = (fitted.cost[k] + pressure * fitted.error[k] for k in (0, 1))
    assert after <= before * (1 + 1e-9)
    assert_true_books(fitted, target)
    tried, accepted, improved = fitted.tally.sum(axis=0)
    assert improved <= accepted <= tried <= steps


@pytest.mark.parametrize("operator", MUTATIONS)
@pytest.mark.parametrize("refit", [1e-9, 0.0])
def test_every_mutation_applies_and_helps_sometimes(operator, refit):
    """On random programs, with the outputs refitted after each step or not."""
    tried, accepted = 0, 0
    for seed in range(12):
        target = transforms.get("dft", 4).matrix
        fitted = mutate(random_program(seed), target, {"refit": refit, operator: 1.0}, 40, 10.0, seed)
        assert_true_books(fitted, target)
        tried += fitted.tally[MUTATIONS.index(operator), 0]
        accepted += fitted.tally[MUTATIONS.index(operator), 1]
    assert tried >= 20
    assert accepted >= 3


def random_program(seed: int) -> Program:
    """Eight sums of three terms each; the last four are the outputs."""
    rng = np.random.default_rng(seed)
    rows = []
    for d in range(8):
        refs = rng.choice(4 + d, 3, False).tolist()
        rows.append([(float(rng.choice([1, 0.5, 2])), int(rng.integers(4)), ref) for ref in refs])
    return Program.build(4, "complex", rows, range(4, 8))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.sampled_from(["real", "complex"]), SEEDS)
def test_a_refit_is_numpy_least_squares(inputs, terms, field, seed):
    """The weights of one output's own terms, which are real: real and imaginary parts are fitted together."""
    rng = np.random.default_rng(seed)
    ratios = rng.uniform(0.5, 2, inputs if inputs > 2 else 0).tolist()
    hidden = [[(1.0, 0, k), (ratio, 0, (k + 1) % inputs)] for k, ratio in enumerate(ratios)]
    known = inputs + len(hidden)
    turns = rng.integers(0, 2, known) if field == "complex" else np.zeros(known, int)
    refs = rng.permutation(known)[:terms]
    row = [(0.75, int(turns[ref]), int(ref)) for ref in refs]  # a term of size 1 alone would be its definition
    extra = [[(1.0, 0, inputs + k), (3.0, 0, 0)] for k in range(len(hidden))]  # keeps each definition in use
    program = Program.build(inputs, field, [*hidden, *extra, row], range(len(hidden), len(hidden) + len(extra) + 1))
    target = target_for(program, seed + 1)
    fitted = mutate(program, target, {"refit": 1.0}, 400, 1e9, seed)  # so many that each output has its turn
    values = list(np.eye(inputs, dtype=complex))
    for terms_of in hidden:
        values.append(sum(size * values[ref] for size, _, ref in terms_of))
    columns = np.array([1j**turn * values[ref] for _, turn, ref in row])
    stacked = np.hstack([columns.real, columns.imag]).T
    wanted = np.hstack([target[-1].real, target[-1].imag])
    weights = np.linalg.lstsq(stacked, wanted, rcond=None)[0]
    assume(np.abs(weights).min() > 1e-3)  # the search refuses sizes near zero
    best = ((stacked @ weights - wanted) ** 2).sum()
    assert fitted.output_errors[-1] == pytest.approx(best, rel=1e-6, abs=1e-12 * (wanted**2).sum())
    np.testing.assert_allclose(fitted.program.matrix()[-1], weights @ columns, rtol=1e-6, atol=1e-6)


def test_a_refit_makes_a_program_with_the_right_terms_exact():
    transform = transforms.get("dft", 8)
    rows = [[(1.0, turn % 2, ref) for _, turn, ref in row] for row in definition(transform).rows()]
    program = Program.build(8, "complex", rows, definition(transform).outputs)
    fitted = mutate(program, transform.matrix, {"refit": 1.0}, 400, 1e9)
    assert transform.error(program) > 0.1
    assert transform.error(fitted.program) < 1e-15


def test_without_mutations_of_the_kind_nothing_is_counted():
    program = definition(transforms.get("dft", 4))
    fitted = mutate(program, target_for(program, 1), {"add": 1.0}, 50, 10.0)
    assert fitted.tally[MUTATIONS.index("add"), 0] > 0
    assert fitted.tally.sum() == fitted.tally[MUTATIONS.index("add")].sum()
