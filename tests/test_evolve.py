"""The evolution: the same from the same seed, honest from random programs, resumable, and good enough to be useful."""

from __future__ import annotations

import inspect
import json
import tracemalloc
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

import gp_fft
from gp_fft import transforms
from gp_fft.construct.textbook import radix2, split_radix
from gp_fft.evolution.cells import fill
from gp_fft.evolution.ranked import places
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import EXACT, cost, count
from gp_fft.search import start as start_module
from gp_fft.search.front import Front
from gp_fft.search.loop import generations
from gp_fft.search.operators import NAMES
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.state import State
from gp_fft.store.lending import lend
from tests import naive


def run(transform, state=None, **fields):
    """The last state and all records of an evolution."""
    steps = list(generations(transform, Settings(**fields), state))
    return steps[-1][0], [record for _, record in steps]


def content(state: State) -> str:
    """Everything in a state but the time it took."""
    return json.dumps(replace(state, seconds=0.0).to_dict(), sort_keys=True)


def timeless(records):
    timed = ("seconds", "evaluations_per_second", "steps_per_second")
    return [{key: value for key, value in record.items() if key not in timed} for record in records]


@pytest.fixture(scope="module")
def dft8():
    """One evolution that several tests look at."""
    transform = transforms.get("dft", 8)
    return transform, *run(transform, seed=1, target_cost=56, seconds=60, threads=1)


def test_random_programs_become_the_split_radix_fft(dft8):
    transform, state, records = dft8
    best = Front(transform, state.front).best_exact()
    assert count(best).flops == 56
    assert transform.error(best) < EXACT
    executed, tally = naive.executed_matrix(best)
    assert tally.adds + tally.muls == 56
    np.testing.assert_allclose(np.array(executed), np.fft.fft(np.eye(8)), atol=1e-13)
    assert records[0]["best_exact_cost"] is None
    assert records[-1]["best_exact_cost"] == 56
    assert state.stop_reason(Settings(target_cost=56)) == "target cost reached"


def test_the_log_shows_the_way_from_error_one_to_zero(dft8):
    _, state, records = dft8
    errors = [record["best_error"] for record in records]
    assert errors[0] > 0.8
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0.0
    assert any(0.05 < error < 0.7 for error in errors)
    assert records[-1]["operators"] == {name: list(tally) for name, tally in state.counters.items()}
    assert [record["generation"] for record in records] == list(range(len(records)))


@pytest.mark.parametrize(
    ("name", "n", "flops"), [("wht", 4, 8), ("dft", 4, 16), ("rdft", 8, 22), ("dft", 3, 16), ("wht", 8, 24)]
)
def test_small_transforms_reach_their_best_known_counts(name, n, flops):
    transform = transforms.get(name, n)
    state, _ = run(transform, seed=2, target_cost=flops, seconds=60)
    best = Front(transform, state.front).best_exact()
    assert cost(best) == flops
    assert transform.error(best) < EXACT


@pytest.mark.parametrize("name", ["random", "definition", "radix2", "split-radix"])
def test_the_same_seed_gives_the_same_evolution_on_any_threads(name):
    transform = transforms.get("dft", 8)
    runs = [run(transform, start=name, seed=3, generations=4, threads=threads, population=8) for threads in (1, 2)]
    assert content(runs[0][0]) == content(runs[1][0])
    assert timeless(runs[0][1]) == timeless(runs[1][1])
    other, _ = run(transform, start=name, seed=4, generations=4, threads=1, population=8)
    assert content(other) != content(runs[0][0])


@pytest.mark.parametrize("at", [0, 1, 6])
def test_a_state_that_went_through_json_goes_on_as_if_nothing_had_happened(at):
    transform, settings = transforms.get("dft", 8), Settings(seed=5, generations=9, population=8, threads=1)
    whole = [content(state) for state, _ in generations(transform, settings)]
    state = next(islice(generations(transform, settings), at, None))[0]
    text = json.dumps(state.to_dict())
    again = State.from_dict(json.loads(text))
    assert json.dumps(again.to_dict()) == text
    resumed = [content(state) for state, _ in generations(transform, settings, again)]
    assert resumed == whole[at + 1 :]


def test_a_damaged_state_is_refused():
    state, _ = run(transforms.get("dft", 4), generations=1, population=4)
    for key in state.to_dict():
        table = {name: value for name, value in state.to_dict().items() if name != key}
        with pytest.raises((KeyError, TypeError, ValueError)):
            State.from_dict(table)
    table = state.to_dict()
    table["archive"][0]["refs"][0] = 10**6
    with pytest.raises(ValueError, match="refer"):
        State.from_dict(table)


def test_seconds_decide_nothing_but_where_the_last_generation_is_cut():
    transform = transforms.get("dft", 8)
    short, records = run(transform, seed=6, seconds=0.05, population=8)
    assert short.stop_reason(Settings(seconds=0.05)) == "time budget used"
    long, more = run(transform, seed=6, generations=max(len(records), 2), population=8)
    assert timeless(more)[: len(records) - 1] == timeless(records)[:-1]
    assert long.stop_reason(Settings(generations=max(len(records), 2))) == "generation budget used"


def test_a_target_that_is_met_at_the_start_needs_no_generation():
    state, records = run(transforms.get("dft", 8), start="split-radix", target_cost=56)
    assert state.generation == 0
    assert len(records) == 1


def test_random_programs_know_nothing_of_the_target_but_its_shape_and_field():
    def first(transform):
        return [genome.key() for genome in start(transform, Settings(seed=7))]

    rng = np.random.default_rng(1)
    dft = first(transforms.get("dft", 8))
    assert dft == first(transforms.get("idft", 8))
    noise = rng.standard_normal((8, 8)) + 1j * rng.standard_normal((8, 8))
    assert dft == first(transforms.from_array(noise))
    assert first(transforms.get("wht", 8)) == first(transforms.get("dht", 8)) != dft
    assert len(set(dft)) == len(dft)


def test_the_random_start_never_looks_at_the_matrix(monkeypatch):
    transform = transforms.get("dft", 8)

    class Blind:
        """A transform that has no matrix to look at."""

        inputs, outputs, field, title = transform.inputs, transform.outputs, transform.field, transform.title

    blind = [genome.key() for genome in start(Blind(), Settings(seed=7))]
    assert blind == [genome.key() for genome in start(transform, Settings(seed=7))]
    source = inspect.getsource(start_module.random_genome) + inspect.getsource(start_module._random_row)
    assert "matrix" not in source
    assert "exact" not in source
    monkeypatch.setattr(start_module, "STARTS", {})
    run(transform, seed=7, generations=1, population=4)


def test_a_start_from_a_file(tmp_path):
    transform = transforms.get("dft", 8)
    path = tmp_path / "known.txt"
    path.write_text(str(radix2(transform)))
    settings, given = lend(transform, Settings(start=str(path), generations=1, population=8), Shelf())
    assert settings.start == f"{path}@{radix2(transform).content_hash[:12]}"
    *_, (state, _) = generations(transform, settings, given=given)
    assert state.best_exact().cost <= 56
    with pytest.raises(UsageError, match="was not given the program"):
        run(transform, start=settings.start, generations=1)
    with pytest.raises(DataError, match="needs 4, 4 and complex"):
        lend(transforms.get("dft", 4), settings, Shelf())
    path.write_text(str(split_radix(transform)))
    told = rf"known.txt holds a program of content [0-9a-f]+, .* start from {settings.start[-12:]}"
    with pytest.raises(DataError, match=told):
        lend(transform, settings, Shelf())


def test_memory_does_not_grow_with_generations():
    transform = transforms.get("dft", 4)
    steps = generations(transform, Settings(seed=1, population=4, generations=10**6, threads=1))
    for _ in range(25):
        next(steps)
    tracemalloc.start()
    held = []
    for _ in range(3):
        for _ in range(20):
            next(steps)
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert held[2] - held[0] < 200_000


def test_exact_programs_have_their_places_and_approximations_their_cells():
    state, _ = run(transforms.get("dft", 8), seed=1, generations=25)
    assert 0 < len(state.exact) <= places(16)
    assert all(genome.error == 0 for genome in state.exact)
    costs = [genome.cost for genome in state.approximate]
    assert len(costs) > 4
    assert costs == sorted(set(costs))
    assert all(genome.error > 0 for genome in state.approximate)
    assert max(costs) < state.best_exact().cost
    assert fill(state.approximate) == state.approximate


def test_the_front_is_a_sequence_of_programs_none_of_which_is_dominated():
    transform = transforms.get("dft", 8)
    front = gp_fft.evolve(transform, seed=1, generations=12)
    assert len(front) == len(list(front)) >= 3
    assert front[0] == next(iter(front))
    assert front[-1] in front
    assert list(front[1:3]) == list(front)[1:3]
    assert front.costs == sorted(set(front.costs))
    assert front.errors == sorted(front.errors, reverse=True)
    assert "dft 8" in repr(front)
    best = front.best_exact()
    assert best is None or transform.error(best) < EXACT


def test_a_program_of_the_front_agrees_with_numpy(dft8):
    transform, state, _ = dft8
    best = Front(transform, state.front).best_exact()
    rng = np.random.default_rng(1)
    for shape in ((8,), (3, 8), (2, 5, 8)):
        x = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
        np.testing.assert_allclose(best(x), np.fft.fft(x), atol=1e-12)


@pytest.mark.parametrize("model", ["flops", "adds", "muls", "fma", "1:3"])
def test_every_cost_model_is_what_the_records_and_the_front_count(model):
    transform = transforms.get("rdft", 8)
    state, records = run(transform, start="definition", seed=1, generations=2, cost=model, population=6)
    front = Front(transform, state.front, model)
    assert records[-1]["best_exact_cost"] == cost(front.best_exact(), model)
    assert [price for _, price in records[-1]["front"]] == pytest.approx(front.costs)


@pytest.mark.parametrize("off", NAMES)
def test_an_operator_that_is_switched_off_is_never_tried(off):
    on = tuple(name for name in NAMES if name != off)
    for name in ("random", "definition"):
        state, _ = run(transforms.get("dft", 4), start=name, seed=1, generations=2, operators=on, population=6)
        assert state.counters[off][1:] == (0, 0)
        assert state.counters[off][0] == 0 or off == "share"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start": "radix-2"}, "unknown start 'radix-2' .did you mean radix2?"),
        ({"start": "/no/such/file"}, "path of a program file"),
        ({"primitives": "real"}, "'real' is for real data, dft 8 is complex"),
        ({"primitives": "compelx"}, "complex"),
        ({"cost": "flop"}, "flops"),
        ({"seed": -1}, "seed must be from 0"),
        ({"population": 3}, "population must be from 4 to 4096, not 3"),
        ({"generations": -1}, "generations must be from 0"),
        ({"threads": -1}, "threads must be from 0"),
        ({"seconds": 0.0}, "seconds must be a finite number above 0, not 0.0"),
        ({"seconds": float("nan")}, "seconds must be a finite number"),
        ({"target_cost": -5.0}, "target cost must be"),
        ({"operators": ("inlin",)}, "unknown operator 'inlin' .did you mean inline?"),
        ({}, "needs a budget"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(fields, said):
    budget = {"generations": 1} if fields else {}
    with pytest.raises(UsageError, match=said) as caught:
        gp_fft.evolve(transforms.get("dft", 8), **{**budget, **fields})
    assert "\n" not in str(caught.value)
