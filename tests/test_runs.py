"""Run folders: whole or not at all, never overwritten, repaired where safe, refused where not."""

import dataclasses
import errno
import json
import os
import shutil
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import files, transforms
from gp_fft.cli import cli
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.search.lineage import Event, Lineage
from gp_fft.search.loop import generations
from gp_fft.search.operators import usual
from gp_fft.search.settings import Settings
from gp_fft.store import recorder as recorder_module
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run, find, hold, list_runs

DFT2 = transforms.get("dft", 2)
BUTTERFLY = Program.parse("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
LINE = Lineage([Event(3, 7, "inline", 6.0, 4.0, 0.0)])
HALF = Program.parse("# dft 2 complex\ny0 = x0\ny1 = x1\n")


@dataclasses.dataclass(frozen=True)
class FakeState:
    """As much of a state as saving needs."""

    generation: int
    front: tuple[Program, ...] = (BUTTERFLY, HALF)
    equals = ()

    @property
    def archive(self):
        return tuple(SimpleNamespace(lineage=LINE, program=program) for program in self.front)

    @property
    def kept(self):
        return self.archive

    def to_dict(self, entry=None):
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
    assert names(run.path) == [".lock", "checkpoint.json", "front", "log.jsonl", "settings.toml"]


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
    "nested deeply": lambda text: "[" * 200_000,
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


def everything(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("words", ["resume RUN --generations 7", "resume RUN", "prove RUN", "prove FILE"])
def test_a_refused_command_changes_nothing(run, words):
    evolve_until(run, 2)
    words = words.replace("FILE", str(run.front_paths()[0])).split()
    before = everything(run.path)
    with hold(run.path):
        told = CliRunner().invoke(cli, [word.replace("RUN", str(run.path)) for word in words])
        with pytest.raises(DataError, match="another process"):
            run.with_settings(Settings(generations=99))
        assert run.running()
    assert told.exit_code == 1
    assert told.output == f"Error: the run {run.path} is in the hands of another process; wait until it stops\n"
    assert everything(run.path) == before
    assert not run.running()


def test_a_run_that_has_a_checkpoint_is_not_begun_anew(run):
    evolve_until(run, 2)
    before = everything(run.path)
    with pytest.raises(DataError, match="has a checkpoint"):
        Recorder(run)
    assert everything(run.path) == before
    assert not run.running()


def test_the_folder_belongs_to_whoever_was_first(tmp_path, monkeypatch):
    real = Run._make

    def overtaken(self):
        real(self)
        return real(self)

    monkeypatch.setattr(Run, "_make", overtaken)
    with pytest.raises(DataError, match="exists already"):
        Run.create(DFT2, Settings(generations=1), tmp_path / "run")


def moved(path):
    path.rename(path.with_name("elsewhere"))


def replaced(path):
    shutil.copytree(path, path.with_name("copy"))
    moved(path)
    path.with_name("copy").rename(path)


LOSSES = {"moved": moved, "deleted": shutil.rmtree, "replaced": replaced}


@pytest.mark.parametrize("on_leaving", [False, True])
@pytest.mark.parametrize("lose", LOSSES.values(), ids=list(LOSSES))
def test_a_lost_folder_is_noticed_and_what_there_is_saved_beside(run, lose, on_leaving):
    beside = run.path.with_name("run-saved-001")
    told = rf"{run.path} was moved, deleted or replaced .* generation {3 - on_leaving} is saved in {beside}; .*resume"
    with pytest.raises(DataError, match=told), Recorder(run, every=1000) as recorder:
        for generation in (1, 2):
            recorder.add(FakeState(generation), record(generation))
        lose(run.path)
        stays = everything(run.path.parent)
        if not on_leaving:
            recorder.add(FakeState(3), record(3))
    saved = Run.open(beside)
    assert generations_of(saved) == [1, 2, 3][: 3 - on_leaving]
    assert saved._checkpoint()["generation"] == 3 - on_leaving
    assert [file.program for file in saved.front()] == [BUTTERFLY, HALF]
    assert saved.settings == run.settings
    kept = everything(run.path.parent)
    assert {path: kept[path] for path in stays} == stays
    assert {path.parts[len(run.path.parts) - 1] for path in set(kept) - set(stays)} == {beside.name}
    evolve_until(saved, 5, FakeState(3 - on_leaving))


def test_a_folder_lost_before_anything_was_found_is_told(run):
    with pytest.raises(DataError, match="nothing had been found yet"), Recorder(run):
        shutil.rmtree(run.path)


@pytest.mark.parametrize("share", [recorder_module.SHARE_OF_TIME, 1e9], ids=["lines wait", "every line"])
def test_the_front_on_disk_is_always_that_of_the_last_line(tmp_path, share, monkeypatch):
    monkeypatch.setattr(recorder_module, "SHARE_OF_TIME", share)
    transform, settings = transforms.dft(4), Settings(generations=40, seed=3)
    run = Run.create(transform, settings, tmp_path / "run")
    lines, fronts = [], set()
    with Recorder(run, every=1000) as recorder:
        for state, told in generations(transform, settings):
            recorder.add(state, told)
            last = run.last_record()
            lines.append(last["generation"])
            told_front = sorted(error for error, _ in last["front"])
            assert sorted(file.error for file in run.front()) == pytest.approx(told_front, abs=1e-12)
            fronts.add(tuple(told_front))
    assert lines[-1] > 0
    if share > 1:
        assert len(fronts) > 3
        assert lines == list(range(41))
    assert generations_of(run) == list(range(41))
    assert run._checkpoint()["generation"] == 40


def test_a_front_ahead_of_the_checkpoint_goes_back_with_the_log(run):
    evolve_until(run, 1)
    with pytest.raises(OSError, match="crash"), Recorder(run, FakeState(1), every=1000) as recorder:
        recorder.add(FakeState(2), record(2))
        recorder._next_front = 0.0
        recorder.add(FakeState(3, (BUTTERFLY,)), record(3))
        raise OSError("crash")
    assert [file.program for file in run.front()] == [BUTTERFLY]
    assert run.last_record()["generation"] == 3
    checkpoint = run._checkpoint()["generation"]
    with Recorder(run, FakeState(checkpoint)):
        assert [file.program for file in run.front()] == [BUTTERFLY, HALF]
        assert run.last_record()["generation"] == checkpoint


def test_a_program_that_leaves_while_the_front_is_read_is_no_damage(run, monkeypatch):
    evolve_until(run, 1)
    real, gone = files.load, []

    def load(path):
        if not gone:
            gone.append(path)
            path.unlink()
        return real(path)

    monkeypatch.setattr(files, "load", load)
    assert len(run.front()) == 1
    monkeypatch.undo()
    run.front_paths()[0].write_text("{}")
    with pytest.raises(DataError, match="format"):
        run.front()


def test_a_run_names_its_operators_and_its_command_only_those_that_are_not_all(tmp_path):
    transform = transforms.dft(4)
    whole = Run.open(Run.create(transform, Settings(generations=1), tmp_path / "whole").path)
    some = Run.create(transform, Settings(generations=1, operators=("share", "inline")), tmp_path / "some")
    assert whole.settings.operators == usual("complex")
    assert "--operators" not in whole.command()
    assert "--operators share,inline" in some.command()
    gp_fft.evolve(transform, generations=1, out=tmp_path / "python")
    assert Run.open(tmp_path / "python").settings.operators == usual("complex")
