"""Walks among approximations: what they see is true, what they foretell happens, what they undo is undone."""

from __future__ import annotations

import functools
import operator

import numpy as np
import pytest
import scipy.optimize
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import primitives
from gp_fft import transforms
from gp_fft.construct import STARTS
from gp_fft.construct.spelled import rounded
from gp_fft.kernels.burst import JOB, run_burst
from gp_fft.kernels.packed import pack
from gp_fft.kernels.sight import LENGTHS
from gp_fft.program import Program, cost
from gp_fft.program.cost import offence
from gp_fft.search import near
from gp_fft.search.genome import Genome
from gp_fft.search.near import Walk, squared_errors
from gp_fft.search.settings import Settings
from gp_fft.search.vary import rules as rules_of
from gp_fft.transforms.measures import MEASURES, measure
from gp_fft.transforms.scaling import BOTH, FREE, NONE, OUTPUTS, UNIFORM
from tests.near_harness import APPROXIMATE, FORETELL, NAMES, REFIT, SEE, trial
from tests.strategies import rows

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SETS = ("dyadic", "integer:bits=3", "octant", "real")


@st.composite
def guesses(draw, field="real", inputs=4, outputs=4):
    """A random program of so many outputs, none of which is zero."""
    table = draw(rows(field, inputs, 9))
    table += [[(1.0, 0, draw(st.integers(0, inputs - 1)))] for _ in range(outputs - len(table))]
    shown = draw(st.permutations(range(len(table))))[:outputs]
    return Program.build(inputs, field, table, shown)


@st.composite
def listed(draw, name, inputs=4, outputs=4):
    """The same in the terms of a primitive set, on real data."""
    chosen = primitives.get(name)
    sizes = [1.0, 1.0, *(size for size, _ in chosen.constants or ((0.3, 1.0), (0.7, 1.0)) if 0.1 < size < 10.0)]
    terms = st.tuples(st.sampled_from(sizes), st.sampled_from((0, 2)))
    table = []
    for d in range(draw(st.integers(outputs, 8))):
        refs = draw(st.lists(st.integers(0, inputs + d - 1), min_size=1, max_size=4))
        table.append([(*draw(terms), ref) for ref in refs])
    shown = draw(st.permutations(range(len(table))))[:outputs]
    return Program.build(inputs, "real", table, shown, "", chosen.name if chosen.name != "real" else "")


def aimed(transform, **fields):
    chosen = Settings(**fields)
    return chosen, near.aim(transform, chosen, ())


def dct4():
    return transforms.get("dct2", 4, norm="ortho")


@pytest.mark.parametrize("free", FREE)
@pytest.mark.parametrize("name", MEASURES)
@SLOW
@given(program=guesses(), price=st.sampled_from((None, 0.7)))
def test_the_kernel_sees_the_error_that_its_twin_computes(name, free, program, price):
    chosen, aim = aimed(dct4(), error=name, scaling=free, deviation_price=price)
    seen = trial(program, dct4(), chosen, SEE)
    twin = squared_errors(program.matrix()[None], dct4(), free, aim)[0]
    assert seen.report["before"] == pytest.approx(twin, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("free", FREE)
@SLOW
@given(program=guesses("complex"))
def test_on_complex_data_as_well(free, program):
    transform = transforms.get("dft", 4)
    for name in ("relative", "worst-output", "worst-entry", "energy"):
        chosen, aim = aimed(transform, error=name, scaling=free)
        twin = squared_errors(program.matrix()[None], transform, free, aim)[0]
        assert trial(program, transform, chosen, SEE).report["before"] == pytest.approx(twin, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "free"),
    [(name, free) for name in ("relative", "worst-output", "worst-entry") for free in (NONE, UNIFORM, OUTPUTS)]
    + [("energy", NONE), ("energy", OUTPUTS), ("mse", NONE)],
)
@SLOW
@given(matrix=st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=16, max_size=16))
def test_what_a_walk_lowers_is_the_measure(name, free, matrix):
    """Where kernels know a measure, they lower its square, or itself where it is one, up to a constant factor."""
    transform, matrix = dct4(), np.array(matrix, np.complex128).reshape(4, 4)
    _, aim = aimed(transform, error=name, scaling=free)
    squared = squared_errors(matrix[None], transform, free, aim)[0]
    told = measure(name).of(matrix, transform, free)
    weighed = np.abs(aim.rows[:, None] * transform.matrix @ aim.basis) ** 2
    scale = {"energy": np.pi * weighed.sum(), "mse": weighed.sum() / 4}.get(name)
    assert told == pytest.approx(np.sqrt(squared) if scale is None else scale * squared, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", MEASURES)
def test_the_less_a_walk_sees_the_smaller_the_error_is(name):
    """Of programs near the transform every measure and what is lowered in its place rise and fall together."""
    transform = dct4()
    noise = np.random.default_rng(3).normal(size=(4, 4))
    for free in (NONE, OUTPUTS):
        _, aim = aimed(transform, error=name, scaling=free)
        matrices = [transform.matrix + step * noise for step in (0.003, 0.01, 0.03, 0.1)]
        seen = squared_errors(np.array(matrices, np.complex128), transform, free, aim)
        told = [measure(name).of(matrix, transform, free) for matrix in matrices]
        assert (np.diff(seen) > 0).all()
        assert (np.diff(told) > 0).all()


def test_an_output_of_which_only_zero_is_wanted_counts_like_the_others():
    matrix = np.array([[1.0, 1.0], [0.0, 0.0]])
    transform = transforms.from_array(matrix)
    program = Program.build(2, "real", [[(1.0, 0, 0), (1.0, 0, 1)], [(0.5, 0, 0)]], [0, 1])
    chosen, aim = aimed(transform, error="worst-output")
    told = measure("worst-output").of(program.matrix(), transform, NONE)
    assert squared_errors(program.matrix()[None], transform, NONE, aim)[0] == pytest.approx(told**2)
    assert trial(program, transform, chosen, SEE).report["before"] == pytest.approx(told**2)


@pytest.mark.parametrize("field", ["real", "complex"])
@settings(SLOW, max_examples=80)
@given(data=st.data())
def test_what_is_foretold_of_a_term_happens(field, data):
    transform = transforms.get("dft", 4) if field == "complex" else dct4()
    program = data.draw(guesses(field))
    where = {"row": data.draw(st.integers(0, 99)), "value": data.draw(st.integers(0, 99))}
    for old in (-1, data.draw(st.integers(0, 9))):
        done = trial(program, transform, Settings(), FORETELL, old=old, **where).report
        assume(np.isfinite(done["gain"]) and done["weight"] > 1e-9 and done["size"] > 1e-9)
        norm = float((np.abs(transform.matrix) ** 2).sum())
        scale = max(1.0, norm * done["before"], abs(done["gain"]))
        assert norm * (done["before"] - done["after"]) == pytest.approx(done["gain"], abs=1e-8 * scale)
        if old < 0:
            turned = done["size"] * 1j ** int(done["turn"])
            along = (turned.conjugate() * (done["pull_re"] + 1j * done["pull_im"])).real
            grown = -2.0 * along + done["size"] ** 2 * done["weight"]
            assert norm * (done["after"] - done["before"]) == pytest.approx(grown, abs=1e-8 * scale)


def products(program):
    """The distinct products of a program: what a refit may change."""
    return sorted({(ref, size) for size, _, ref in functools.reduce(operator.iadd, program.rows(), []) if size != 1.0})


def with_sizes(program, sizes):
    """The same program with other constants, of either sign, in the order of its products."""
    told = dict(zip(products(program), sizes, strict=True))
    new = [[(told.get((ref, size), size), turn, ref) for size, turn, ref in row] for row in program.rows()]
    table = [[(abs(size), (turn + 2 * (size < 0)) % 4, ref) for size, turn, ref in row] for row in new]
    return Program.build(program.inputs, program.field, table, program.outputs.tolist())


@pytest.mark.parametrize("free", [NONE, OUTPUTS])
@pytest.mark.parametrize("seed", range(6))
def test_a_refit_reaches_the_least_squares_optimum(free, seed):
    """As scipy.optimize finds it from the same constants, of products of products."""
    transform, rng = dct4(), np.random.default_rng(seed)
    table = [
        [(1.0, 0, 0), (1.0, 0, 3)], [(1.0, 0, 1), (1.0, 0, 2)], [(1.0, 0, 0), (1.0, 2, 3)], [(1.0, 0, 1), (1.0, 2, 2)],
        [(0.55, 0, 4), (0.6, 0, 5)],
        [(0.6, 0, 6), (0.3, 0, 7), (0.1, 0, 8)],
        [(0.45, 0, 4), (1.0, 2, 5)],
        [(0.25, 0, 6), (0.4, 2, 9), (0.7, 2, 7)],
    ]  # fmt: skip
    table = [[(s if s == 1.0 else s * (1 + 0.1 * rng.standard_normal()), t, r) for s, t, r in row] for row in table]
    program = Program.build(4, "real", table, [4, 5, 6, 7])
    chosen, aim = aimed(transform, scaling=free)

    def missing(sizes):
        matrix = with_sizes(program, sizes).matrix()
        if free == OUTPUTS:
            factors = (matrix * transform.matrix).real.sum(axis=1) / (np.abs(matrix) ** 2).sum(axis=1)
            matrix = factors[:, None] * matrix
        return (matrix - transform.matrix).real.ravel()

    best = scipy.optimize.least_squares(missing, [size for _, size in products(program)], xtol=1e-12, ftol=1e-12)
    done = trial(program, transform, chosen, REFIT, rounds=60)
    norm = (np.abs(transform.matrix) ** 2).sum()
    assert done.report["told"] == pytest.approx(done.report["after"], rel=1e-9, abs=1e-15)
    assert done.report["after"] == pytest.approx(2.0 * best.cost / norm, rel=2e-3, abs=1e-9)
    assert done.report["after"] < 0.9 * done.report["before"]
    again = squared_errors(done.program.matrix()[None], transform, free, aim)[0]
    assert done.report["after"] == pytest.approx(again, rel=1e-9)


@pytest.mark.parametrize("name", SETS)
@SLOW
@given(data=st.data(), rounds=st.integers(1, 8))
def test_a_refit_never_raises_the_error_and_keeps_to_the_set(name, data, rounds):
    program = data.draw(listed(name))
    for free, error in ((NONE, "relative"), (OUTPUTS, "relative"), (NONE, "worst-entry"), (OUTPUTS, "worst-output")):
        chosen = Settings(primitives=name, scaling=free, error=error)
        done = trial(program, dct4(), chosen, REFIT, rounds=rounds)
        assert done.report["faults"] == 0
        assert done.report["told"] == pytest.approx(done.report["after"], rel=1e-9, abs=1e-15)
        assert done.report["after"] <= done.report["before"] * (1 + 1e-12)
        assert not offence(done.program, primitives.get(name))
        aim = near.aim(dct4(), chosen, ())
        again = squared_errors(done.program.matrix()[None], dct4(), free, aim)[0]
        assert done.report["after"] == pytest.approx(again, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("last", [0.1, 0.4, 0.7, -1.5, -1.9])
@pytest.mark.parametrize("turn", [0, 2])
def test_a_refit_that_fails_leaves_everything_as_it_was(last, turn):
    """A constant that is best by the worst entry, which least squares would move, some across zero; to the bit."""
    sign = 1.0 if turn == 0 else -1.0
    size = (1.0 + last) / 2.0
    turn = turn if size > 0 else (turn + 2) % 4
    transform = transforms.from_array(np.array([[sign, sign, sign * last, 0.0], [0.0, 0.0, 0.0, 1.0]]))
    table = [[(1.0, 0, 0), (1.0, 0, 1), (1.0, 0, 2)], [(abs(size), turn, 4)], [(1.0, 0, 3)]]
    program = Program.build(4, "real", table, [1, 2])
    chosen = Settings(error="worst-entry")
    done = trial(program, transform, chosen, REFIT, rounds=3)
    assert done.program.content_hash == trial(program, transform, chosen, SEE).program.content_hash
    assert done.report["after"] == done.report["before"] == done.report["told"]
    better = trial(program, transform, Settings(), REFIT, rounds=3)
    assert better.report["after"] < 0.999 * better.report["before"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("chosen", [*SETS, "complex"])
@SLOW
@given(data=st.data(), seed=st.integers(0, 10**6))
def test_an_approximation_keeps_the_books_and_can_be_undone(name, chosen, data, seed):
    """Bit for bit, fingerprints and all; it makes no cycle, and no term that the set does not have."""
    field = "complex" if chosen == "complex" else "real"
    transform = transforms.get("dft", 4) if field == "complex" else dct4()
    program = data.draw(guesses("complex") if field == "complex" else listed(chosen))
    free = data.draw(st.sampled_from((NONE, OUTPUTS)))
    done = trial(program, transform, Settings(primitives=chosen, scaling=free), APPROXIMATE, operator=name, seed=seed)
    assert done.report["cycles"] == 0
    assert done.report["faults_after_undo"] == 0
    assert done.report["different"] == 0
    if done.report["broken"] == 0:
        assert done.report["faults"] == 0
        assert not offence(done.program, primitives.get(chosen))
        if done.report["touched"]:
            assert done.report["told"] == pytest.approx(done.report["after"], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_every_approximation_changes_something(name):
    transform, table = dct4(), [[(0.5, 0, 0), (0.6, 0, 1), (1.0, 0, 2)], [(0.5, 0, 0), (1.0, 2, 3)], [(0.7, 0, 4)]]
    program = Program.build(4, "real", [*table, [(1.0, 0, 5), (0.4, 0, 4)]], [0, 1, 2, 3])
    seen = trial(program, transform, Settings(), SEE).program.content_hash
    made = {
        trial(program, transform, Settings(), APPROXIMATE, operator=name, seed=seed).program.content_hash
        for seed in range(30)
    }
    assert len(made - {seen}) > 2


WALKS = [
    ("dct2", 8, {}),
    ("dft", 4, {}),
    ("dct2", 4, {"primitives": "dyadic", "scaling": OUTPUTS}),
    ("dct2", 4, {"error": "energy", "scaling": OUTPUTS}),
    ("dct2", 4, {"error": "worst-output"}),
    ("dct2", 4, {"error": "worst-entry"}),
    ("rdft", 5, {"cost": "adds"}),
    ("rdft", 6, {"cost": "1:2.5"}),
]


@pytest.mark.parametrize(("name", "n", "fields"), WALKS, ids=str)
def test_what_a_walk_keeps_has_the_cost_of_its_cell_and_less_error_with_more_operations(name, n, fields):
    transform = transforms.get(name, n, norm="ortho" if name == "dct2" else "backward")
    chosen = Settings(front="full", **fields)
    genome = Genome.of(start_of(transform, chosen))
    parts = primitives.REAL_PARTS[transform.field]
    top = int(cost.cost(genome.program, chosen.cost) / parts)
    job = np.zeros(1, JOB)
    job["mate"], job["noise"], low, cells = -1, 0.5, 3, top
    Walk(genome, top, top // 4, low, cells, 1500, 10.0, 2.0).fill(job[0], 2, 7)
    rules = rules_of(transform, chosen)
    children = run_burst(pack([genome]), np.array(transform.matrix, np.complex128, order="C"), job, rules)
    errors, aim = [], near.aim(transform, chosen, ())
    for cell in range(cells):
        definitions, terms = children.counts[2 + cell]
        if definitions == 0:
            continue
        kept = raw(genome, children, 2 + cell, definitions, terms).program
        assert int(cost.cost(kept, chosen.cost) / parts + 1e-6) == low + cell
        assert not offence(kept, chosen.primitive_set(transform))
        errors.append(squared_errors(kept.matrix()[None], transform, chosen.free, aim)[0])
    lowest = np.minimum.accumulate(errors)  # a dearer cell may have been filled before a cheaper one came below it
    assert len(np.unique(lowest)) > 3
    assert lowest[-1] < 0.25 * errors[0]


def start_of(transform, chosen):
    return rounded(STARTS["definition"].make(transform), chosen.primitive_set(transform))


def raw(like, children, k, definitions, terms):
    arrays = (children.starts[k, : definitions + 1], children.refs[k, :terms], children.sizes[k, :terms])
    return Genome(
        like.inputs, like.field, *arrays, children.turns[k, :terms], children.outputs[k], primitives=like.primitives
    )


def test_lengths_are_what_the_literature_on_approximations_compares():
    assert near.KINDS["energy"] == near.KINDS["mse"] == LENGTHS
    assert set(near.KINDS) <= set(MEASURES)
    assert BOTH in FREE
