"""Cells and the whole front: the best of every cost, from every start, the same from the same seed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.evolution.cells import MOST, fill, staircase
from gp_fft.ground.errors import UsageError
from gp_fft.kernels.operators import APPROXIMATIONS
from gp_fft.program.cost import cost, offence
from gp_fft.search.loop import generations
from gp_fft.search.near import ABOVE, CELLS, walks
from gp_fft.search.settings import Settings
from gp_fft.search.state import State
from gp_fft.search.vary import rules
from gp_fft.transforms.measures import measure, orthogonality
from gp_fft.transforms.scaling import OUTPUTS

NEARLY_SINGULAR = 50.0  # a loss of coding gain in dB, above which an inverse has no digits left
DCT8 = transforms.get("dct2", 8, norm="ortho")


class Stub:
    """A member with an error and a cost, which is all that cells look at."""

    def __init__(self, error, cost):
        self.error, self.cost = error, cost


def run(transform, **fields):
    *_, (state, _) = generations(transform, Settings(**{"seed": 3, "threads": 1, **fields}))
    return state


def content(state):
    return json.dumps(replace(state, seconds=0.0).to_dict(), sort_keys=True)


def test_cells_hold_the_best_of_each_count_below_the_cheapest_exact_member():
    best, tie, worse, exact, dear = Stub(0.2, 5), Stub(0.2, 5), Stub(0.3, 5), Stub(0.0, 9), Stub(0.1, 9)
    cheap = Stub(0.9, 2)
    assert fill([worse, best, tie, exact, dear, cheap], below=9) == (cheap, best)
    assert fill([exact]) == ()
    assert fill([]) == ()


def test_there_are_never_more_than_so_many_cells():
    rng = np.random.default_rng(1)
    members = [Stub(float(rng.random()), float(price)) for price in range(1, 3000)]
    kept = fill(members)
    assert 100 < len(kept) <= MOST
    width = -(-3000 // MOST)
    for member in kept:
        alike = [other.error for other in members if int(other.cost) // width == int(member.cost) // width]
        assert member.error == min(alike)


def test_a_staircase_only_falls():
    members = [Stub(*pair) for pair in ((0.9, 1), (0.95, 2), (0.5, 3), (0.5, 4), (0.1, 6))]
    assert [member.cost for member in staircase(members)] == [1, 3, 6]


@pytest.mark.parametrize("start", ["definition", "compose", "random"])
@pytest.mark.parametrize(
    ("transform", "count"), [(transforms.get("dct2", 8), 20), (transforms.get("dft", 8), 12)], ids=["dct2", "dft"]
)
def test_a_whole_front_has_many_programs_from_every_start(transform, count, start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    state = run(transform, start=start, front="full", generations=5)
    front = [(genome.error, genome.cost) for genome in state.archive]
    assert len(front) >= count
    costs = [price for _, price in front]
    errors = [error for error, _ in front]
    assert costs == sorted(set(costs))
    assert all(after < before for before, after in pairwise(errors))
    assert len({genome.program.content_hash for genome in state.archive}) == len(front)
    for genome in state.archive:
        program = genome.program
        assert cost(program) == genome.cost
        assert transform.error(program) == pytest.approx(genome.error, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("start", ["definition", "random"])
def test_beside_an_exact_search_there_is_a_front_too(start):
    state = run(DCT8, start=start, generations=12)
    assert len(state.archive) >= 8


@pytest.mark.parametrize("start", ["definition", "compose"])
def test_exact_alone_means_that_nothing_is_approximated(start):
    state = run(transforms.get("dct2", 8), start=start, front="exact", generations=4)
    assert not state.approximate
    assert {genome.error for genome in state.archive} == {0.0}
    assert all(state.counters[name] == (0, 0, 0) for name in ("leave-out", "round", "redirect", "add-best"))


def test_cells_never_get_worse_and_hold_what_the_front_does():
    before = {}
    for state, _ in generations(DCT8, Settings(start="definition", front="full", generations=6, seed=2, threads=1)):
        now = {genome.cost: genome.error for genome in state.approximate}
        limit = state.best_exact().cost
        assert all(now[price] <= error for price, error in before.items() if price < limit)
        on_front = [(genome.error, genome.cost) for genome in state.archive if genome.error > 0.0]
        assert on_front == [(member.error, member.cost) for member in staircase(state.approximate)]
        before = now
    assert len(before) > 20


def test_the_same_seed_gives_the_same_whole_front_on_any_threads():
    runs = [run(DCT8, start="definition", front="full", generations=3, threads=threads) for threads in (1, 2, 1)]
    assert len({content(state) for state in runs}) == 1
    assert content(run(DCT8, start="definition", front="full", generations=3, seed=4)) != content(runs[0])


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_whole_front_goes_on_from_a_checkpoint_to_the_byte(at):
    asked = Settings(
        start="definition", front="full", error="energy", deviation_below=0.3, seed=5, generations=5, threads=1
    )
    whole = [content(state) for state, _ in generations(DCT8, asked)]
    state = next(islice(generations(DCT8, asked), at, None))[0]
    again = State.from_dict(json.loads(json.dumps(state.to_dict())))
    assert [content(state) for state, _ in generations(DCT8, asked, again)] == whole[at + 1 :]


def drawn(transform, asked, state):
    """The walks of a generation."""
    return walks(transform, asked, state, rules(transform, asked, state).known)


def test_walks_begin_near_their_budgets_in_both_directions():
    state = run(DCT8, start="definition", front="full", generations=5)
    asked = Settings(front="full", seed=1)
    below = above = descents = 0
    for number in range(30):
        for walk in drawn(DCT8, asked, replace(state, generation=number)):
            assert 1 <= walk.budget <= state.best_exact().cost
            assert walk.low == max(0, walk.budget + ABOVE - CELLS)
            assert walk.low <= walk.budget <= walk.low + walk.cells - 1
            if walk.first != walk.budget:  # a descent from an exact program
                assert walk.first == walk.parent.cost > walk.budget
                assert walk.parent.error == 0.0
                assert walk.low + walk.cells == walk.first + ABOVE
                descents += 1
                continue
            assert walk.low + walk.cells == walk.budget + ABOVE
            below += walk.parent.cost < walk.budget
            above += walk.parent.cost > walk.budget
    assert below > 20
    assert above > 20
    assert descents > 20


def test_no_walk_where_only_exact_programs_are_asked_for_or_nothing_may_change_a_matrix():
    state = run(DCT8, start="definition", front="full", generations=1)
    usual, named = Settings().switched_on(DCT8), {operator.name for operator in APPROXIMATIONS}
    assert drawn(DCT8, Settings(), state)
    assert not drawn(DCT8, Settings(front="exact"), state)
    assert not drawn(DCT8, Settings(operators=tuple(name for name in usual if name not in named)), state)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_asked_for_within_an_error_or_a_cost_gets_the_time(seed):
    plain = run(DCT8, start="definition", front="full", generations=8, seed=seed)
    near = run(DCT8, start="definition", error_below=0.1, generations=8, seed=seed)
    cheap = run(DCT8, start="definition", cost_below=26, generations=8, seed=seed)

    def cheapest(state):
        return min(genome.cost for genome in state.archive if genome.error <= 0.1)

    def least(state):
        return min(genome.error for genome in state.archive if genome.cost <= 26)

    assert cheapest(near) <= min(cheapest(plain), 41)
    assert least(cheap) <= 1.02 * least(plain)
    assert least(cheap) < 0.6


@pytest.mark.parametrize("fields", [{"deviation_below": 0.0}, {"deviation_below": 0.0, "deviation_price": 2.0}])
def test_orthogonal_means_that_the_products_of_different_outputs_are_zero(fields):
    state = run(
        DCT8,
        start="random",
        front="full",
        primitives="dyadic",
        cost="adds",
        scaling=OUTPUTS,
        generations=12,
        **fields,
    )
    rough = [genome for genome in state.archive if genome.error > 0.0]
    assert len(rough) > 3
    for genome in rough:
        matrix = genome.program.matrix()
        gram = matrix @ matrix.conj().T
        np.testing.assert_allclose(gram - np.diag(np.diagonal(gram)), 0.0, atol=1e-5 * np.abs(gram).max())
        assert orthogonality(matrix) < 1e-9


def test_a_dyadic_search_of_irrational_numbers_needs_approximations():
    fields = {"primitives": "dyadic", "cost": "adds", "scaling": OUTPUTS, "start": "definition", "generations": 5}
    state = run(DCT8, front="full", error="energy", **fields)
    chosen = Settings(**fields).primitive_set(DCT8)
    assert len(state.archive) > 6
    for genome in state.archive:
        assert not offence(genome.program, chosen)
        told = measure("energy").of(genome.program.matrix(), DCT8, OUTPUTS)
        assert genome.error == pytest.approx(told, rel=1e-6, abs=1e-9)
    for word in ("exact", "beside"):
        with pytest.raises(UsageError, match="--front full looks for approximations") as caught:
            run(DCT8, front=word, **fields)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["worst-output", "worst-entry", "energy", "mse", "coding-gain", "efficiency"])
def test_the_front_holds_the_error_that_is_asked_for(name):
    state = run(DCT8, start="definition", front="full", error=name, generations=3)
    assert len(state.archive) > 5
    for genome in state.archive:
        if 0.0 < genome.error < NEARLY_SINGULAR:
            assert genome.error == pytest.approx(measure(name).of(genome.program.matrix(), DCT8, "none"), rel=1e-6)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"front": "ful"}, "unknown front 'ful' .did you mean full.*exact, beside, full"),
        ({"error": "energi"}, "unknown error 'energi' .did you mean energy"),
        ({"error_price": -3.0}, "error price must be a finite number above 0, not -3"),
        ({"error_price": float("nan")}, "error price must be a finite number"),
        ({"deviation_price": -1.0}, "deviation price must be a finite number above 0, not -1"),
        ({"cost_below": 0.0}, "cost below must be a finite number above 0, not 0"),
        ({"cost_below": -4.0}, "cost below must be"),
        ({"error_below": 0.0}, "error below must be"),
        ({"error_below": -0.1}, "error below must be"),
        ({"error_below": float("inf")}, "error below must be"),
        ({"deviation_below": 1.0}, "deviation below must be from 0, .* to below 1, not 1"),
        ({"deviation_below": -0.1}, "deviation below must be from 0"),
        ({"front": "exact", "error_below": 0.1}, "error below is about approximations, for which front 'exact' leaves"),
        ({"front": "exact", "cost_below": 9.0}, "cost below is about approximations"),
        ({"front": "exact", "deviation_below": 0.0}, "deviation below is about approximations"),
        ({"error": "mse", "deviation_price": 1.0}, "the error 'mse' weighs the inputs"),
    ],
)
def test_bad_words_about_approximations_are_refused_in_one_sentence(fields, said):
    with pytest.raises(UsageError, match=said) as caught:
        Settings(**fields).check(DCT8)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("transform", "fields", "said"),
    [
        (transforms.get("dft", 8), {"error": "coding-gain"}, "is for real transforms; dft 8 is complex"),
        (transforms.get("conv", 4, kernel=(1.0, 2.0, 3.0, 4.0)), {"error": "energy"}, "needs orthogonal outputs"),
        (transforms.get("conv", 4, kernel=(1.0, 2.0, 3.0, 4.0)), {"deviation_below": 0.0}, "does not fit conv 4"),
        (transforms.get("reed-muller", 8), {"deviation_below": 0.0}, "over GF.2.|which are bits"),
        (transforms.get("reed-muller", 8), {"error": "energy"}, "over GF.2., which has relative alone"),
        (transforms.get("reed-muller", 8), {"front": "full"}, "over GF.2."),
    ],
    ids=str,
)
def test_what_a_transform_has_not_is_refused(transform, fields, said):
    with pytest.raises(UsageError, match=said) as caught:
        Settings(**fields).check(transform)
    assert "\n" not in str(caught.value)


def test_bits_have_no_approximations():
    state = run(transforms.get("reed-muller", 8), start="definition", generations=3)
    assert all(state.counters[name] == (0, 0, 0) for name in ("leave-out", "add-best"))


def test_the_api_takes_what_the_command_line_does():
    front = gp_fft.evolve(DCT8, start="definition", front="full", generations=3, seed=2, threads=1)
    assert len(front) > 12
    assert front.errors == sorted(front.errors, reverse=True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--error-below", "0.2"), r"^Cheapest with an error of at most 0.2: \d+ flops, error 0.[01]\d*, "),
        (("--cost-below", "6"), r"^Least error with at most 6 flops: [0-6] flops, error 0.\d+, "),
        (
            ("--cost-below", "0.5", "--error-below", "0.1"),
            "^No program with an error of at most 0.1 and with at most 0.5",
        ),
        (("--cost-below", "-4"), "cost below must be a finite number above 0, not -4.0$"),
        (("--front", "exact", "--error-below", "0.1"), "error below is about approximations"),
    ],
)
def test_the_command_line_answers_what_it_is_asked(asked, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("evolve", "dct2", "4", "--norm", "ortho", "--start", "definition", "--generations", "3", "--threads", "1")
    told = CliRunner().invoke(cli, [*words, *asked])
    assert re.search(said, told.output, re.MULTILINE), told.output
    assert (told.exit_code == 0) == said.startswith("^")
    assert "Traceback" not in told.output
