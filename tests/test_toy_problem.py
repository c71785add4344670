"""A toy problem on the loop of the search evolves, is killed, goes on to the byte, is watched and reported."""

import ast
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bokeh.embed import json_item
from click.testing import CliRunner

from gp_fft.cli import cli
from gp_fft.evolution.state import State
from gp_fft.ground.errors import DataError
from gp_fft.report.charts import search_charts
from gp_fft.store.folders import PROBLEMS, RunFolder
from gp_fft.store.runs import Run
from tests.test_house import ROOT, imports, room
from tests.toy import Chain, Chains
from tests.toy_run import evolve

KILLED = """
import os, signal, sys
from pathlib import Path
from gp_fft.store import recorder
from tests.toy_run import evolve
recorder.SHARE_OF_TIME = 1e9
left, real = int(sys.argv[2]), os.fsync

def deadly(handle):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)

os.fsync = deadly
evolve(Path(sys.argv[1]))
"""


def content(path: Path) -> dict[str, bytes]:
    """The bytes of log, checkpoint and front."""
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*.json*")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> RunFolder:
    """A run that nothing broke."""
    return evolve(tmp_path_factory.mktemp("toy") / "whole")


def test_it_evolves_to_a_shortest_chain_and_its_front_is_on_disk(whole):
    records = list(whole.log())
    assert len(records) == 41
    assert records[0]["best_exact_cost"] is None
    assert records[-1]["best_exact_cost"] == 7  # the shortest: Knuth, The Art of Computer Programming 2, section 4.6.3
    texts = [json.loads(path.read_text())["text"].split() for path in whole.front_paths()]
    assert "29" in {chain[-1] for chain in texts}
    assert sorted(len(chain) - 1 for chain in texts) == [cost for _, cost in records[-1]["front"]]
    assert records[-1]["islands"]
    assert sum(tried for tried, _, _ in records[-1]["operators"].values()) > 2 * 40


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 23, 60, 99])
def test_killed_at_a_write_it_goes_on_to_the_byte(whole, tmp_path, at):
    path = tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), str(at)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not path.exists() or content(path) != content(whole.path)
    assert content(evolve(path).path) == content(whole.path)


def test_a_state_goes_through_json(whole):
    state = whole.state()
    assert type(state) is State
    assert all(isinstance(member, Chain) for member in state.population)
    assert whole.problem.restore(json.loads(json.dumps(state.to_dict()))).to_dict() == state.to_dict()


def test_it_is_watched_while_it_goes_on_and_afterwards(whole, tmp_path, monkeypatch):
    monkeypatch.setattr("gp_fft.store.recorder.SHARE_OF_TIME", 1e9)  # no line waits for a quieter moment
    lines = []

    def look(record):
        if record["generation"] in (0, 7):
            lines.append(CliRunner().invoke(cli, ["watch", "--once", str(tmp_path / "run")]).output)

    evolve(tmp_path / "run", look)
    for line, generation in zip(lines, (0, 7), strict=True):
        assert "chain to 29" in line
        assert "(running)" in line
        assert f"generation {generation} | " in line
    told = CliRunner().invoke(cli, ["watch", str(whole.path)])
    assert told.exit_code == 0
    assert "best exact 7 | " in told.output
    once = CliRunner().invoke(cli, ["watch", "--once", str(whole.path)]).output
    assert "100% of the budget" in once
    assert "additions" in once


def test_its_convergence_is_reported(whole):
    charts = search_charts(list(whole.log()), whole.problem.unit, {})
    assert set(charts) == {"chart-convergence", "chart-fronts", "chart-operators", "chart-rates"}
    words = json.dumps([json_item(chart) for chart in charts.values()])
    assert "best exact cost" in words
    assert "cost (additions)" in words


def test_what_is_for_programs_refuses_it_in_one_sentence(whole, monkeypatch):
    with pytest.raises(DataError, match="is a run of the problem 'addition chains', not of a search for programs"):
        Run.open(whole.path)
    monkeypatch.delitem(PROBLEMS, Chains.kind)
    with pytest.raises(DataError, match=r"of the problem 'addition chains'; known here are .*programs"):
        RunFolder.open(whole.path)


def test_the_toy_is_small():
    lines = (ROOT / "tests" / "toy.py").read_text().splitlines()
    assert sum(bool(line.strip()) for line in lines) < 80


def test_what_it_runs_on_knows_no_program():
    """Neither the loop and its steps nor run folders and their recorder import anything of programs or transforms."""
    store = ROOT / "gp_fft" / "store"
    for path in (*(ROOT / "gp_fft" / "evolution").glob("*.py"), store / "folders.py", store / "recorder.py"):
        rooms = {room(name) for name in imports(ast.parse(path.read_text(encoding="utf-8")))}
        assert rooms <= {"gp_fft.evolution", "gp_fft.ground", "gp_fft.store"}, path
        assert not {"Genome", "Program", "Transform"} & set(re.findall(r"\w+", path.read_text(encoding="utf-8")))
