"""Levels and live values as limits and as a third axis: of the front, of the islands, on the command line."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.evolution.aims import Aims
from gp_fft.evolution.ranked import archive, select
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.search.archive import shallowest
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.search.state import State

DCT = transforms.get("dct2", 8)
WHT = transforms.get("wht", 8)


@dataclass(frozen=True)
class Thing:
    """A member of the loop with a height."""

    error: float
    cost: float
    height: int


def height(thing: Thing) -> float:
    return thing.height


def over_three(thing: Thing) -> float:
    return max(0.0, thing.height - 3)


def states(transform, **asked):
    settings = Settings(seed=1, threads=1, **asked)
    return [state for state, _ in generations(transform, settings)], settings


def curve(state: State, name: str) -> list[tuple[float, int]]:
    return [(genome.cost, getattr(genome, name)) for genome in state.archive if genome.error == 0.0]


def test_a_front_with_a_third_axis_keeps_what_is_not_beaten_in_cost_and_on_it():
    exact = [Thing(0.0, 10, 3), Thing(0.0, 8, 5), Thing(0.0, 9, 5), Thing(0.0, 8, 6), Thing(0.0, 12, 3)]
    rough = [Thing(0.5, 4, 9), Thing(0.5, 5, 1), Thing(0.7, 4, 1)]
    front = archive((), [*exact, *rough], aims=Aims(third=height))
    assert front == (rough[0], exact[1], exact[0])
    assert archive(front, [Thing(0.0, 9, 4)], aims=Aims(third=height))[2] == Thing(0.0, 9, 4)


def test_a_front_with_a_limit_holds_what_is_within():
    things = [Thing(0.0, 8, 5), Thing(0.0, 10, 3), Thing(0.0, 11, 2), Thing(0.5, 2, 4), Thing(0.6, 3, 1)]
    assert archive((), things, aims=Aims(over_three)) == (things[4], things[1])
    assert archive((), things) == (things[3], things[0])


def test_exact_members_above_a_limit_live_on_behind_those_within():
    things = [Thing(0.0, 8, 5), Thing(0.0, 9, 5), Thing(0.0, 10, 3), Thing(0.0, 11, 3)]
    kept, _ = select(things, population=4, key=lambda thing: thing, aims=Aims(over_three))
    assert kept[:2] == (things[0], things[2]) or kept[:2] == (things[2], things[0])


@pytest.mark.parametrize("name", ["levels", "add_levels", "live"])
def test_a_genome_measures_as_its_program_does(name):
    state = states(DCT, start="definition", generations=2)[0][-1]
    for genome in state.archive:
        assert getattr(genome, name) == getattr(genome.program, name)


def test_of_programs_that_cost_the_same_the_shallowest_stands_on_the_front():
    def genome(text):
        return Genome.of(Program.parse(text))

    deep = genome("# real\nt0 = x0 + x1\nt1 = t0 + x2\ny0 = t1 + x3\ny1 = t1 + x0\n")
    flat = genome("# real\nt0 = x0 + x1\nt1 = x2 + x3\ny0 = t0 + t1\ny1 = t1 + x0 + x1\n")
    assert (deep.levels, flat.levels) == (3, 2)
    assert shallowest(deep, [deep, flat]) is flat
    assert shallowest(flat, [deep, flat]) is flat


@pytest.mark.parametrize(
    ("transform", "asked", "name", "cost"),
    [
        (WHT, {"depth": 3}, "levels", 24),
        (WHT, {"add_depth": 3}, "add_levels", 24),
        (WHT, {"live": 9}, "live", 24),
        (DCT, {"depth": 4}, "levels", 50),
    ],
    ids=str,
)
def test_a_search_keeps_to_its_limit(transform, asked, name, cost):
    found, _ = states(transform, start="definition", generations=6, **asked)
    limit = next(iter(asked.values()))
    assert all(getattr(genome, name) <= limit for state in found for genome in state.archive)
    assert found[-1].best_exact().cost == cost


def test_a_start_above_the_limit_comes_to_programs_within():
    transform = transforms.get("dft", 8)
    found, _ = states(transform, start="compose", generations=8, depth=5, parts=("none",))
    assert found[-1].best_exact() is not None
    assert found[-1].best_exact().levels <= 5


def test_the_third_axis_walks_along_the_curve_and_a_run_goes_on_to_the_byte():
    found, settings = states(DCT, start="definition", generations=10, axis="depth")
    points = curve(found[-1], "levels")
    assert len(points) >= 2
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in itertools.pairwise(points))
    assert points[-1][1] == 4  # not even one level more than the sum of eight products needs
    assert {island.limit for state in found for island in state.islands} > {4}
    middle = State.from_dict(json.loads(json.dumps(found[4].to_dict())))
    again = [state for state, _ in generations(DCT, settings, middle)]
    assert again[-1].front == found[-1].front
    assert again[-1].islands[0].to_dict() == found[-1].islands[0].to_dict()


def test_without_objectives_islands_say_nothing_of_limits():
    found, _ = states(DCT, start="definition", generations=1)
    assert all("limit" not in island.to_dict() for island in found[-1].islands)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"depth": 0}, "depth must be from 1 to 1000000, not 0"),
        ({"depth": 2}, "depth must be at least 3, since an output of wht 8 depends on 8 of the inputs; it is 2"),
        ({"add_depth": 2}, "add-depth must be at least 3"),
        ({"live": 7}, "live must be at least 8, since wht 8 holds 8 outputs at the end; it is 7"),
        (
            {"axis": "deph"},
            "unknown axis 'deph' (did you mean depth?); the third axis is one of depth, add-depth",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_is_one_sentence(asked, words):
    with pytest.raises(UsageError) as told:
        Settings(**asked).check(WHT)
    assert words in str(told.value)
    name, value = next(iter(asked.items()))
    given = CliRunner().invoke(cli, ["evolve", "wht", "8", f"--{name.replace('_', '-')}", str(value)])
    assert given.exit_code != 0
    assert words in given.output
    assert "Traceback" not in given.output


def test_the_least_is_said_for_inputs_too():
    transform = gp_fft.from_array([[1.0, 1.0, 0.0, 1.0]])
    with pytest.raises(UsageError, match=r"at least 3, since .* holds 3 inputs at the start"):
        Settings(live=2).check(transform)
    Settings(live=3, depth=2).check(transform)


def test_python_takes_whole_numbers_only():
    with pytest.raises(UsageError, match="depth must be a whole number"):
        gp_fft.evolve(WHT, generations=1, depth="4")
    front = gp_fft.evolve(WHT, generations=2, start="definition", depth=3)
    assert front.best_exact().levels == 3


def test_columns_stand_where_they_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["evolve", "dct2", "4", "--start", "definition", "--generations", "2", "--threads", "1"]
    plain = CliRunner().invoke(cli, [*words, "--out", "plain"]).output
    asked = CliRunner().invoke(cli, [*words, "--axis", "live", "--depth", "9", "--out", "asked"]).output
    assert "levels" not in plain.split("reference")[0]
    head = next(line for line in asked.splitlines() if line.split()[:2] == ["error", "flops"]).split()
    assert head[head.index("depth") + 1 :][:2] == ["levels", "live"]
    shown = CliRunner().invoke(cli, ["show", "asked"]).output
    assert "--axis live" in shown
    assert "--depth 9" in shown
    row = next(line for line in shown.splitlines() if line.split()[-1:] and line.endswith(".json")).split()
    program = gp_fft.load("asked").best_exact()
    assert row[head.index("levels")] == str(program.levels)
    assert row[head.index("live")] == str(program.live)
    record = json.loads((tmp_path / "asked" / "log.jsonl").read_text().splitlines()[-1])
    assert set(record["front_objectives"]) == {"levels", "live"}
    assert len(record["front_objectives"]["live"]) == len(record["front"])
    CliRunner().invoke(cli, ["report", "asked", "-o", "page.html"])
    assert ">levels<" in (tmp_path / "page.html").read_text()
