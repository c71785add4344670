"""Published approximations: every figure of the table comes out of a program that our own code builds and measures."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from gp_fft.files.shelf import Shelf
from gp_fft.program.cost import cost, count
from gp_fft.store.alternatives import (
    PUBLISHED,
    alternatives,
    best_at,
    cheapest,
    geometric_mean,
    published,
    rebuilt,
    title,
)
from gp_fft.store.standings import Rule
from gp_fft.transforms import approximations, get
from gp_fft.transforms.measures import measure

SHELF = Shelf.open()
DCT = get("dct2", 8, norm="ortho")
ROWS = approximations.rows()


EIGHT = [row for row in ROWS if row.n == 8]


def figure(name, matrix):
    """What the literature states under a name, of a matrix whose rows are brought to length 1."""
    transform = get("dct2", len(matrix), norm="ortho")
    entry = measure(name)
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return (entry.published or entry.of)(unit, transform, "none")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.matrix.title)
def test_every_row_is_rebuilt_as_a_program_and_measured(row):
    program = rebuilt(row)
    counts = count(program)
    assert (counts.adds, counts.muls, counts.shifts) == (row.adds, 0, row.shifts)
    assert cost(cheapest(row, SHELF)) <= row.adds
    for built in (program, cheapest(row, SHELF)):
        matrix = built.matrix()
        assert np.array_equal(matrix, row.matrix.matrix)
        assert figure("energy", matrix) == pytest.approx(row.energy, abs=6e-5)
        assert figure("mse", matrix) == pytest.approx(row.mse, abs=6e-5)
        assert figure("coding-gain", matrix) == pytest.approx(row.coding_gain, abs=6e-5)
        assert figure("efficiency", matrix) == pytest.approx(row.efficiency, abs=6e-5)
        assert figure("relative", matrix) == pytest.approx(row.relative, abs=6e-5)


def test_every_row_names_who_and_where():
    assert len(EIGHT) == 13
    assert len({row.matrix for row in ROWS}) == len(ROWS) == 17
    for row in ROWS:
        assert row.by
        assert row.source
        assert row.approximates == "dct2"
        assert row.matrix.shape == (row.n,)


def test_with_factors_at_the_outputs_counted_they_cost_eight_more():
    steps = {step.label.split(" of ")[0]: step for step in published(DCT, Rule())}
    assert len(steps) == 13
    for row in EIGHT:
        step = steps[row.transform]
        assert step.cost == row.adds + 8
        assert step.error == pytest.approx(row.relative, abs=6e-5)
        assert step.source == row.source
    stairs = alternatives(DCT, Rule(), SHELF)[PUBLISHED]
    assert [(step.cost, round(step.error, 3)) for step in stairs] == [
        (22, 0.587),
        (26, 0.486),
        (30, 0.267),
        (32, 0.186),
    ]


def test_with_factors_free_they_cost_their_additions():
    stairs = alternatives(DCT, Rule("dyadic", free="outputs"), SHELF, "energy")[PUBLISHED]
    shown = [(step.cost, round(step.error, 2)) for step in stairs]
    assert shown == [(14, 8.66), (18, 5.93), (22, 1.79), (24, 0.87)]
    priced = published(DCT, Rule("dyadic:shift=0.5", free="outputs"))
    assert {step.cost for step in priced if step.label.startswith("bas2008")} == {19}


@pytest.mark.parametrize(("n", "steps"), [(16, [(44, 29.75), (60, 14.74)]), (32, [(120, 77.72), (152, 48.1)])])
def test_those_of_more_points_stand_beside_a_front_of_as_many(n, steps):
    transform, free = get("dct2", n, norm="ortho"), "outputs"
    found = published(transform, Rule("dyadic", free=free), "energy")
    assert [(step.cost, round(step.error, 2)) for step in found] == steps


def test_where_their_outputs_are_not_allowed_there_are_none():
    assert published(DCT, Rule("dyadic")) == ()
    assert published(get("dct4", 8), Rule()) == ()
    assert approximations.of(get("dct2", 4)) == ()


def test_the_norm_of_the_transform_does_not_matter_for_what_is_known():
    plain = published(get("dct2", 8), Rule())
    assert [step.cost for step in plain] != []
    assert {step.label for step in plain} == {step.label for step in published(DCT, Rule())}


def test_alternatives_are_staircases_and_the_best_of_them_is_found():
    steps = alternatives(get("dft", 4), Rule(), SHELF)
    assert PUBLISHED not in steps
    for name, stairs in steps.items():
        assert title(name)
        for cheaper, dearer in pairwise(stairs):
            assert cheaper.cost < dearer.cost
            assert cheaper.error > dearer.error
    name, step = best_at(steps, 12, steps)
    assert step.cost <= 12
    assert all(other.error >= step.error for stairs in steps.values() for other in stairs if other.cost <= 12)
    assert best_at(steps, -1, steps) is None
    assert best_at(steps, 12, ["nobody"]) is None
    assert name in steps
    assert geometric_mean([2.0, 8.0]) == pytest.approx(4.0)
