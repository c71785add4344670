"""Run folders: whole or not at all, never overwritten, repaired where safe, refused where not."""

import dataclasses
import errno
import json
import os
from types import SimpleNamespace

import pytest

from gp_fft import transforms
from gp_fft.errors import DataError
from gp_fft.program import Program
from gp_fft.recorder import Recorder
from gp_fft.runs import Run, find, list_runs
from gp_fft.search.lineage import Event, Lineage
from gp_fft.search.settings import Settings

DFT2 = transforms.get("dft", 2)
BUTTERFLY = Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
LINE = Lineage([Event(3, 7, "inline", 6.0, 4.0, 0.0)])
HALF = Program.parse("# dft 2 complex\ny0 = x0\ny1 = x1\n")


@dataclasses.dataclass(frozen=True)
class FakeState:
    """As much of a state as saving needs."""

    generation: int
    front: tuple[Program, ...] = (BUTTERFLY, HALF)

    @property
    def archive(self):
        return tuple(SimpleNamespace(lineage=LINE) for _ in self.front)

    def to_dict(self, told=None):
        return {"generation": self.generation, "seconds": 0.1}


@pytest.fixture
def run(tmp_path):
    return Run.create(DFT2, Settings(generations=9), tmp_path / "run")


def record(generation):
    return {"generation": generation, "best_exact_cost": None}


def evolve_until(run, last, state=None):
    with Recorder(run, state) as recorder:
        for generation in range(1 if state is None else state.generation + 1, last + 1):
            recorder.add(FakeState(generation), record(generation))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def generations_of(run):
    return [line["generation"] for line in run.log()]


def test_a_run_reads_back_as_it_was_made(tmp_path):
    matrix = transforms.from_array([[1.0, 2.0], [0.5, 1j], [0.1, 0.0]])
    for transform in (DFT2, matrix, transforms.get("conv", 3, kernel=(1, 0.1, 3))):
        made = Run.create(transform, Settings(seconds=0.1, seed=7), root=tmp_path)
        assert Run.open(made.path) == made
        assert made.state() is None


def test_names_count_up_and_runs_are_listed(tmp_path):
    made = [Run.create(DFT2, Settings(generations=1), root=tmp_path).path for _ in range(3)]
    assert [path.name for path in made] == ["dft-2-001", "dft-2-002", "dft-2-003"]
    assert list_runs(tmp_path) == made
    assert find("dft-2-002", tmp_path) == made[1]


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    for name in ("empty", "file"):
        with pytest.raises(DataError, match="exists already"):
            Run.create(DFT2, Settings(generations=1), tmp_path / name)
    assert names(tmp_path) == ["empty", "file"]


def test_a_full_disk_leaves_nothing_half_made(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DataError, match="No space left"):
        Run.create(DFT2, Settings(generations=1), tmp_path / "run")
    assert names(tmp_path) == []


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_fills_up_keeps_the_last_checkpoint(run, monkeypatch):
    evolve_until(run, 3)
    with monkeypatch.context() as patch, pytest.raises(DataError, match="No space left"):
        patch.setattr(os, "fsync", full_disk)
        evolve_until(run, 5, FakeState(3))
    assert run._checkpoint()["generation"] == 3
    evolve_until(run, 4, FakeState(3))
    assert generations_of(run) == [1, 2, 3, 4]


def test_programs_on_disk_tell_their_lineage(run):
    evolve_until(run, 1)
    assert [file.provenance["lineage"] for file in run.front()] == [[[3, 7, "inline", 6.0, 4.0, 0.0]]] * 2


def test_the_front_on_disk_follows_the_front(run):
    evolve_until(run, 1)
    assert [file.program for file in run.front()] == [BUTTERFLY, HALF]
    with Recorder(run, FakeState(1)) as recorder:
        recorder.add(FakeState(2, (BUTTERFLY,)), record(2))
    assert [file.program for file in run.front()] == [BUTTERFLY]
    assert names(run.path) == ["checkpoint.json", "front", "log.jsonl", "settings.toml"]


def test_a_log_ahead_of_the_checkpoint_is_cut_back(run):
    evolve_until(run, 2)
    with (run.path / "log.jsonl").open("a") as log:
        log.write(json.dumps(record(3)) + '\n{"generation": 4, "to')
    assert generations_of(run) == [1, 2, 3]
    assert run.last_record() == record(3)
    evolve_until(run, 3, FakeState(2))
    assert generations_of(run) == [1, 2, 3]


def test_a_log_behind_the_checkpoint_is_refused(run):
    evolve_until(run, 2)
    (run.path / "log.jsonl").write_text(json.dumps(record(1)) + "\n")
    with pytest.raises(DataError, match="log ends before generation 2"):
        Recorder(run, FakeState(2))


def test_interruption_saves_and_two_processes_cannot_write(run):
    with pytest.raises(KeyboardInterrupt), Recorder(run, every=1000) as recorder:
        for generation in (1, 2, 3):
            recorder.add(FakeState(generation), record(generation))
        with pytest.raises(DataError, match="another process"):
            Recorder(run, FakeState(3))
        raise KeyboardInterrupt
    assert run._checkpoint()["generation"] == 3


def test_a_checkpoint_that_vanished_is_not_a_fresh_start(run):
    evolve_until(run, 2)
    (run.path / "checkpoint.json").unlink()
    with pytest.raises(DataError, match=r"checkpoint\.json is missing"):
        run.state()


SETTINGS_DAMAGE = {
    "torn": lambda text: text[: len(text) // 2],
    "not text": lambda text: "\x00\xff",
    "other format": lambda text: text.replace("gp-fft run", "other"),
    "other version": lambda text: text.replace("version = 1", "version = 2"),
    "unknown transform": lambda text: text.replace('"dft"', '"dtf"'),
    "unknown setting": lambda text: text + "voodoo = 1\n",
    "wrong type": lambda text: text.replace("seed = 1", 'seed = "x"'),
    "no transform": lambda text: text.replace("[transform]", "[other]"),
}


@pytest.mark.parametrize("damage", SETTINGS_DAMAGE.values(), ids=list(SETTINGS_DAMAGE))
def test_damaged_settings_are_refused(run, damage):
    path = run.path / "settings.toml"
    path.write_text(damage(path.read_text()), encoding="latin-1")
    with pytest.raises(DataError, match=r"settings\.toml"):
        Run.open(run.path)


CHECKPOINT_DAMAGE = {
    "torn": lambda text: text[: len(text) // 2],
    "other version": lambda text: text.replace('"version":1', '"version":2'),
    "edited": lambda text: text.replace('"seconds":0.1', '"seconds":0.2'),
    "a list": lambda text: "[]",
}


@pytest.mark.parametrize("damage", CHECKPOINT_DAMAGE.values(), ids=list(CHECKPOINT_DAMAGE))
def test_damaged_checkpoints_are_refused(run, damage):
    evolve_until(run, 1)
    path = run.path / "checkpoint.json"
    path.write_text(damage(path.read_text()))
    with pytest.raises(DataError, match=r"checkpoint\.json"):
        run.state()


def test_no_run_folder(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(DataError, match="is not a run folder"):
            Run.open(path)
