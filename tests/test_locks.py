"""One process at a time in a folder, on every system, and none of it left behind."""

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gp_fft import transforms
from gp_fft.ground import locks
from gp_fft.ground.errors import DataError
from gp_fft.ground.locks import FolderLock, is_held
from gp_fft.search.settings import Settings
from gp_fft.store.records import check_folder
from gp_fft.store.runs import Run, hold

ROOT = Path(__file__).resolve().parents[1]
HOLDER = "import sys, pathlib, time, gp_fft.ground.locks as l; k = l.FolderLock(pathlib.Path(sys.argv[1]), 'busy');"
HOLDER += "print('held', flush=True); time.sleep(600)"
BARE = """
import os, sys
sys.modules["fcntl"] = None
for name in ("sched_getaffinity", "sched_setaffinity"):
    if hasattr(os, name):
        delattr(os, name)
import gp_fft
from gp_fft.cli import cli
front = gp_fft.evolve(gp_fft.dft(2), generations=2)
assert front.best_exact() is not None
run = sys.argv[1] + "/run"
for words in (["evolve", "dft", "2", "--generations", "2", "--out", run],
              ["resume", run, "--generations", "1"], ["watch", "--once", run], ["prove", run],
              ["hunt", "wht:2", "--seconds", "0.2", "--slice", "0.1", "--records", sys.argv[1] + "/records"]):
    assert not cli.main(words, standalone_mode=False)
"""


@pytest.fixture
def run(tmp_path):
    return Run.create(transforms.dft(2), Settings(generations=1), tmp_path / "run")


def test_a_killed_process_leaves_no_lock(tmp_path):
    words = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        assert is_held(tmp_path)
        with pytest.raises(DataError, match=r"^busy$"):
            FolderLock(tmp_path, "busy")
        process.send_signal(signal.SIGKILL)
    assert not is_held(tmp_path)
    FolderLock(tmp_path, "busy").close()


def test_who_looks_does_not_keep_the_writer_out(tmp_path):
    FolderLock(tmp_path).close()
    seen, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            seen.append(is_held(tmp_path))

    watchers = [threading.Thread(target=look) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    try:
        for _ in range(200):
            with FolderLock(tmp_path, "busy"):
                pass
    finally:
        stop.set()
        for watcher in watchers:
            watcher.join()
    assert len(seen) > 100


def test_a_lock_waits_where_it_has_nothing_to_say(tmp_path):
    first = FolderLock(tmp_path)
    threading.Timer(0.2, first.close).start()
    with FolderLock(tmp_path):
        assert first._handle.closed


def test_a_file_system_without_locks_is_told(run, monkeypatch):
    def refuse(*_):
        raise locks.portalocker.LockException("no") from OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locks.portalocker, "lock", refuse)
    told = rf"the file system of .*run cannot lock files \({os.strerror(errno.ENOLCK)}\)"
    with pytest.raises(DataError, match=told):
        hold(run.path)
    with pytest.raises(DataError, match=r"the file system of .* cannot lock files"):
        check_folder(run.path.parent / "records")
    assert not run.running()


def test_a_folder_that_cannot_be_written_is_told(run, monkeypatch):
    FolderLock(run.path).close()
    real = Path.open

    def read_only(path, mode="r", *rest, **named):
        if mode != "rb":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", read_only)
    with pytest.raises(DataError, match=rf"cannot write to the run .*run: {os.strerror(errno.EROFS)}"):
        hold(run.path)
    assert not run.running()


def test_what_is_no_run_gets_no_lock_file(tmp_path):
    with pytest.raises(DataError, match="is not a run folder"):
        hold(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_runs_without_fcntl_and_sched_getaffinity(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("this system has no file locks") == 1
    assert (tmp_path / "records" / "wht-2.json").exists()
