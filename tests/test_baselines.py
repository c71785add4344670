"""Simple ways to an approximate program: they make what they say, and are as strong as what was measured by hand."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

import gp_fft
from gp_fft.construct import BASELINES, Task, staircases, textbook
from gp_fft.construct.baseline import at_most, within
from gp_fft.construct.folding import folded
from gp_fft.construct.refit import refit
from gp_fft.construct.renormed import renormed
from gp_fft.construct.slopes import Slopes, products
from gp_fft.files.shelf import Shelf
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, cost, count, keep_to_own
from gp_fft.store.known import known_programs, task_of
from gp_fft.store.standings import Rule
from gp_fft.transforms import FREE, from_array, get
from tests.house import ROOT

SHELF = Shelf.open()
DCT = get("dct2", 8, norm="ortho")


@pytest.fixture(scope="module")
def of_dct():
    """The baselines of the orthogonal DCT of 8 points."""
    return staircases(task_of(DCT, Rule(), SHELF))


@pytest.fixture(scope="module")
def of_dft():
    return staircases(task_of(get("dft", 8), Rule(), SHELF))


def check_staircases(task, made):
    assert list(made) == list(BASELINES)
    for points in made.values():
        assert points
        for point in points:
            assert point.cost == cost(point.program, task.model)
            assert point.error == task.error(point.program.matrix())
            assert point.program.primitives == task.primitives
            assert point.program.title == task.transform.title
            keep_to_own(point.program)
        for cheaper, dearer in pairwise(points):
            assert cheaper.cost < dearer.cost
            assert cheaper.error > dearer.error


@pytest.mark.parametrize(
    ("name", "n", "rule"),
    [
        ("dft", 4, Rule()),
        ("rdft", 5, Rule()),
        ("dct2", 4, Rule(model="fma")),
        ("dct2", 4, Rule("dyadic", free="outputs")),
        ("dct2", 4, Rule("dyadic:shift=0.5")),
        ("wht", 4, Rule(free="uniform")),
        ("dft", 4, Rule("octant")),
        ("mdct", 4, Rule()),
    ],
)
def test_every_step_is_a_measured_program_that_no_other_beats(name, n, rule):
    task = task_of(get(name, n), rule, SHELF)
    made = staircases(task)
    check_staircases(task, made)
    if not rule.primitives:
        assert made["greedy-refit"][-1].error < EXACT


def test_a_transform_of_which_nothing_is_known_is_cut_from_its_definition():
    transform = from_array(np.random.default_rng(3).standard_normal((3, 4)))
    task = Task(transform)
    made = staircases(task)
    check_staircases(task, made)
    exact = cost(textbook.definition(transform))
    assert all(points[-1].cost <= exact for name, points in made.items() if name not in ("svd", "rounding"))


def test_over_gf2_there_is_none():
    assert staircases(Task(get("aes-mixcolumns", 32))) == {}


def test_greedy_pruning_is_at_least_as_good_as_what_was_measured_by_hand(of_dct, of_dft):
    refitted = {22: 0.520, 26: 0.443, 30: 0.337, 32: 0.236, 36: 0.138, 38: 0.098, 41: 0.069}
    for most, error in refitted.items():
        assert at_most(of_dct["greedy-refit"], most).error < error + 6e-4, most
    assert at_most(of_dct["greedy-refit"], 20).error < 0.58
    plain = {54: 0.146, 52: 0.207, 50: 0.308, 48: 0.347, 46: 0.365, 42: 0.415, 38: 0.473, 32: 0.500, 24: 0.637}
    for most, error in plain.items():
        assert at_most(of_dft["greedy"], most).error == pytest.approx(error, abs=6e-4), most


def test_greedy_pruning_of_the_plain_dct_is_at_least_as_good_as_what_was_measured_by_hand():
    plain = {41: 0.036, 40: 0.065, 37: 0.095, 33: 0.135, 30: 0.211, 27: 0.310, 24: 0.356, 19: 0.511}
    task = task_of(get("dct2", 8), Rule(), SHELF)
    points = gp_fft.construct.staircase(BASELINES["greedy"].make(task), task)
    for most, error in plain.items():
        assert at_most(points, most).error < error + 6e-4, most


def test_the_errors_in_the_docs_are_those_that_are_reached(of_dct, of_dft):
    text = (ROOT / "docs" / "approximations.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| (dct2 8, .*?|dft 8) \|(.*)\|\n\|[-|]*\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert len(tables) == 2
    compared = 0
    for (_, head, body), made in zip(tables, (of_dct, of_dft), strict=True):
        for line in body.splitlines():
            name, *errors = (cell.strip(" `") for cell in line.strip("|").split("|"))
            if name in made:
                for most, error in zip(map(int, head.split("|")), errors, strict=True):
                    assert f"{at_most(made[name], most).error:.3f}".removeprefix("0") == error, (name, most)
                    compared += 1
    assert compared == 2 * 8 + 9


def test_a_refit_never_loses(of_dct):
    for point in of_dct["greedy"]:
        assert at_most(of_dct["greedy-refit"], point.cost).error <= point.error + EXACT


def test_the_cut_singular_values_are_the_nearest_of_their_rank(of_dct):
    sizes = np.linalg.svd(DCT.matrix, compute_uv=False)
    tails = [np.linalg.norm(sizes[rank:]) / np.linalg.norm(sizes) for rank in range(9)]
    for point in of_dct["svd"]:
        rank = np.linalg.matrix_rank(point.program.matrix(), tol=1e-9)
        assert point.error == pytest.approx(tails[rank], abs=1e-9)


def test_outputs_set_to_zero_are_zero_and_the_others_are_exact(of_dct):
    for point in of_dct["outputs"]:
        matrix = point.program.matrix()
        zero = ~matrix.any(axis=1)
        assert np.allclose(matrix[~zero], DCT.matrix[~zero])
        assert point.error == pytest.approx(np.sqrt(zero.mean()), abs=1e-12)


def test_a_step_is_found_by_its_budget_or_by_its_error(of_dct):
    points = of_dct["greedy"]
    assert at_most(points, points[3].cost + 0.5) == points[3]
    assert at_most(points, -1) is None
    assert within(points, points[3].error) == points[3]
    assert within(points, -1.0) is None


def test_slopes_tell_what_a_changed_term_does():
    program = textbook.split_radix(get("dft", 8))
    rows, outputs = list(program.rows()), program.outputs.tolist()
    slopes = Slopes.of(program.inputs, rows, outputs, "complex")
    assert np.allclose(slopes.matrix(outputs), program.matrix())
    for d, row in enumerate(rows):
        size, turn, ref = row[-1]
        changed = [list(terms) for terms in rows]
        changed[d][-1] = (size + 0.25, turn, ref)
        after = Program.build(program.inputs, "complex", changed, outputs).matrix()
        assert np.allclose(after - program.matrix(), 0.25 * np.outer(slopes.term(d, turn), slopes.values[ref]))
    assert len(products(rows)) * 2 == count(program).muls


@pytest.mark.parametrize("name", ["dct2", "dft"])
@pytest.mark.parametrize("free", FREE)
def test_a_refit_finds_the_constants_again(name, free):
    program = textbook.definition(get(name, 5))
    rows, outputs = list(program.rows()), program.outputs.tolist()
    moved = [[(size if size == 1.0 else size * 1.1, turn, ref) for size, turn, ref in row] for row in rows]
    again = refit(program.inputs, moved, outputs, program.matrix(), program.field, free)
    fitted = Program.build(program.inputs, program.field, again, outputs).matrix()
    task = Task(get(name, 5), free=free)
    assert task.error(fitted) < 1e-6
    assert task.error(Program.build(program.inputs, program.field, moved, outputs).matrix()) > 1e-3 or free != "none"


def test_the_cost_that_is_foretold_is_that_of_the_program():
    task = task_of(DCT, Rule(), SHELF)
    for program in task.known:
        rows, outputs = list(program.rows()), program.outputs.tolist()
        for d, row in enumerate(rows):
            shorter = [*rows[:d], row[1:], *rows[d + 1 :]]
            assert task.counted(shorter, outputs) >= cost(task.program(shorter, outputs))
        assert task.counted(rows, outputs) == cost(program)


def test_records_fit_another_norm():
    known = known_programs(DCT, SHELF)
    assert cost(known[0]) == 42
    assert all(DCT.error(program) < EXACT for program in known)
    assert renormed(known[0], get("dct4", 8)) is None
    scaled = known_programs(get("dct2", 8), SHELF, free="outputs")
    assert cost(scaled[0]) == SHELF.find(get("dct2", 8), free="outputs").file.counts["flops"]


@pytest.mark.parametrize("n", [3, 5, 8])
def test_any_matrix_is_folded_exactly(n):
    generator = np.random.default_rng(n)
    half = generator.integers(-1, 2, (n, n)).astype(float)
    for matrix in (half, half + half[:, ::-1], get("dct2", n).matrix):
        assert np.allclose(folded(matrix, "").matrix(), matrix)
