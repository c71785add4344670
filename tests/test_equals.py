"""Programs of equal cost beside the front: different ones, different in kind first, the same bytes however it ran."""

import json
from dataclasses import dataclass
from functools import partial

import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft.cli import cli
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.evolution.aims import Aims
from gp_fft.evolution.equals import equals
from gp_fft.ground.errors import UsageError
from gp_fft.program.cost import count
from gp_fft.search.genome import Genome
from gp_fft.search.state import State
from gp_fft.store.runs import Run
from tests.toy_run import evolve as evolve_toy


@dataclass(frozen=True)
class Stick:
    """A member that is nothing but what the rule looks at."""

    name: str
    cost: float = 5.0
    error: float = 0.0
    kind: int = 0


def beside(kept, front, candidates, most=3, **more):
    found = equals(kept, front, candidates, most=most, name=lambda s: s.name, kind=lambda s: (s.kind,), **more)
    return [stick.name for stick in found]


BEST = Stick("best")


def test_it_keeps_exact_members_of_the_lowest_cost_and_each_once():
    others = [Stick("b"), Stick("a"), Stick("dear", cost=6.0), Stick("rough", error=0.1), Stick("best", kind=7)]
    assert beside((), [BEST, Stick("rough", 2.0, 0.5)], [*others, Stick("a", kind=1)]) == ["a", "b"]
    assert beside((), [Stick("rough", error=0.1)], others) == []


def test_one_of_each_kind_comes_before_a_second_of_any():
    sticks = [Stick(f"{kind}{letter}", kind=kind) for kind in (2, 1, 3) for letter in "cab"]
    assert beside((), [BEST], sticks, most=3) == ["1a", "2a", "3a"]
    assert beside((), [BEST], sticks, most=4) == ["1a", "1b", "2a", "3a"]
    assert beside((), [BEST], sticks[::-1], most=4) == ["1a", "1b", "2a", "3a"]
    assert beside((), [BEST], sticks, most=99) == sorted(stick.name for stick in sticks)


def test_it_begins_anew_when_the_lowest_cost_falls():
    kept = (Stick("a"), Stick("b"))
    assert beside(kept, [BEST], ()) == ["a", "b"]
    assert beside(kept, [Stick("cheap", 4.0)], [Stick("c", 4.0)]) == ["c"]


def test_what_is_above_a_limit_is_not_kept():
    aims = Aims(excess=lambda stick: max(0, stick.kind - 1))
    assert beside((), [BEST], [Stick("a", kind=1), Stick("b", kind=2)], aims=aims) == ["a"]


def test_a_constant_in_other_last_digits_is_no_other_program():
    genome = Genome.of(split_radix(gp_fft.dft(8)))
    off = Genome.of(split_radix(gp_fft.dft(8)))
    off.sizes = off.sizes * (1 + 1e-15)
    assert genome.program.content_hash != off.program.content_hash
    assert genome.name() == off.name()
    assert genome.name() != Genome.of(definition(gp_fft.dft(8))).name()


def evolved(path, threads=1, **more):
    asked = {"start": "split-radix", "seed": 3, "generations": 6} | more
    gp_fft.evolve(gp_fft.dft(8), keep_equal=4, threads=threads, out=path, **asked)
    return Run.open(path)


def content(run):
    """The bytes of front and equals, and the state without its seconds."""
    table = run.state().to_dict()
    table.pop("seconds")
    paths = run.front_paths() + run.equal_paths()
    return {str(path.relative_to(run.path)): path.read_bytes() for path in paths}, table


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing broke."""
    return evolved(tmp_path_factory.mktemp("equal") / "whole")


def test_a_run_keeps_different_programs_that_cost_the_same_and_are_exact(whole):
    files = [gp_fft.load(path) for path in whole.equal_paths()]
    assert len(files) == 4
    best = next(file for file in whole.front() if file.error < 1e-15)
    for file in files:
        assert gp_fft.dft(8).error(file.program) < 1e-15
        assert count(file.program).flops == count(best.program).flops == 56
        assert "--keep-equal 4" in file.provenance["command"]
    assert len({file.program.content_hash for file in (*files, best)}) == 5
    kinds = {(file.program.levels, file.program.live) for file in files}
    assert len(kinds) > 1


def test_threads_change_nothing(whole, tmp_path):
    assert content(evolved(tmp_path / "two", threads=2)) == content(whole)


def test_a_run_that_was_cut_goes_on_to_the_byte(whole, tmp_path):
    path = evolved(tmp_path / "cut", generations=3).path
    names = [file.name for file in Run.open(path).equal_paths()]
    assert names
    (path / "equal" / names[0]).unlink()
    (path / "equal" / "00056-000000000000.json").write_text("{}")  # of a generation after the checkpoint
    gp_fft.resume(path, generations=3)
    assert content(Run.open(path)) == content(whole)


def test_a_state_goes_through_json_with_and_without_them(whole):
    state = whole.state()
    table = json.loads(json.dumps(state.to_dict()))
    assert len(State.from_dict(table).equals) == 4
    del table["equals"]  # as in a checkpoint of a run that was not asked for them
    assert State.from_dict(table).equals == ()


def test_without_being_asked_nothing_is_kept(tmp_path):
    states = []
    gp_fft.evolve(gp_fft.dft(4), generations=2, start="split-radix", out=tmp_path / "run",
                  on_generation=lambda state, _: states.append(state))  # fmt: skip
    assert [state.equals for state in states] == [()] * 3
    assert "equals" not in states[-1].to_dict()
    assert not (tmp_path / "run" / "equal").exists()


def test_any_problem_may_keep_them(tmp_path):
    run = evolve_toy(tmp_path / "toy")
    texts = [json.loads(path.read_text())["text"].split() for path in run.equal_paths()]
    assert 1 <= len(texts) <= 3
    assert {len(chain) - 1 for chain in texts} == {7}
    assert {chain[-1] for chain in texts} == {"29"}


@pytest.mark.parametrize("wrong", ["0", "-1", "1001", "2.5", "many"])
def test_what_is_no_number_of_programs_is_one_sentence(wrong, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(cli, ["evolve", "dft", "4", "--keep-equal", wrong, "--generations", "1"])
    assert told.exit_code == 2
    assert ("must be from 1 to 1000" in told.output) or ("not a valid integer" in told.output)
    assert not (tmp_path / "runs").exists()


def test_from_python_too():
    call = partial(gp_fft.evolve, gp_fft.dft(4), generations=1)
    with pytest.raises(UsageError, match="keep equal must be from 1 to 1000, not 0"):
        call(keep_equal=0)
    with pytest.raises(UsageError, match="keep_equal"):
        call(keep_equal="many")
