"""A hunt stops cleanly whatever happens to its folder, tells what it did, and shares the folder with another hunt."""

from __future__ import annotations

import errno
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gp_fft import hunt as hunt_module
from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import describe, load, save, shelf
from gp_fft.files.shelf import Shelf
from gp_fft.ground.errors import DataError
from gp_fft.ground.locks import is_held
from gp_fft.hunt import Goal, hunt
from gp_fft.store import records
from gp_fft.store.records import check_folder, load_record, offer

ROOT = Path(__file__).resolve().parents[1]
FOUR = transforms.dft(4)
QUICK = ("--seconds", "2", "--slice", "0.1", "--threads", "1")


@pytest.fixture
def bare(monkeypatch, tmp_path_factory):
    """A package that ships no records."""
    nothing = tmp_path_factory.mktemp("shipped")
    monkeypatch.setattr(shelf, "_shipped", lambda: nothing)
    return nothing


def run(*words):
    return CliRunner().invoke(cli, ["hunt", *words], catch_exceptions=True)


def files_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in (".lock", "earlier"))


def test_it_says_what_it_did_why_it_stopped_and_what_is_next(tmp_path, bare):
    told = run("dft:4", "wht:4", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert "2 seconds used: " in told.stdout
    assert f"2 records new or better in {tmp_path}: dft 4 new 16, wht 4 new 8" in told.stdout
    assert f"gp-fft hunt dft:4 wht:4 --records {tmp_path} --seconds 3600" in told.stdout
    again = run("dft:4", *QUICK, "--records", str(tmp_path), "--cost", "flops").stdout
    assert "nothing improved" in again
    assert f"gp-fft hunt dft:4 --records {tmp_path} --seconds 3600 --slice" in again


def test_a_record_that_does_not_verify_is_given_up_and_the_others_go_on(tmp_path, bare):
    for transform in (FOUR, transforms.dft(8)):
        offer(tmp_path, textbook.split_radix(transform), transform)
    path = tmp_path / "dft-4.json"
    path.write_text(path.read_text().replace('"flops":16', '"flops":12'))
    edited = path.read_bytes()
    told = run("dft:4", "wht:4", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 1
    line = 1 + next(k for k, line in enumerate(edited.decode().splitlines()) if "counts" in line)
    assert f"dft 4: given up, {path}: line {line}: the key 'counts' says 12 for 'flops'" in told.stderr
    assert "wht 4: record -, found 8, new record" in told.stdout
    assert "Error: 1 of the records" in told.stderr
    assert path.read_bytes() == edited
    alone = run("dft:4", *QUICK, "--records", str(tmp_path))
    assert "no transform is left to hunt for" in alone.stdout
    assert path.read_bytes() == edited


def test_a_folder_below_a_file_stops_the_hunt_before_it_begins(tmp_path):
    (tmp_path / "file").write_text("")
    told = run("dft:4", *QUICK, "--records", str(tmp_path / "file" / "records"))
    folder = tmp_path / "file" / "records"
    assert told.output == f"Error: the records in {folder} cannot be written: Not a directory\n"
    assert told.exit_code == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_refuses_a_file_stops_the_hunt_before_it_begins(tmp_path, monkeypatch, code):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(records.tempfile, "TemporaryFile", refuse)
    with pytest.raises(DataError, match=rf"cannot be written: {os.strerror(code)}"):
        next(hunt([Goal(FOUR)], tmp_path, 1.0))
    assert files_in(tmp_path) == []


def test_a_disk_that_fills_up_stops_the_hunt_with_the_records_whole(tmp_path, monkeypatch, bare):
    offer(tmp_path, textbook.definition(FOUR), FOUR)
    before = (tmp_path / "dft-4.json").read_bytes()
    full = OSError(errno.ENOSPC, "disk full")
    monkeypatch.setattr("gp_fft.ground.atomic.os.fsync", lambda _: (_ for _ in ()).throw(full))
    told = run("dft:4", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 1
    earlier = tmp_path / "earlier" / f"dft-4@{load_record(tmp_path / 'dft-4.json').program.content_hash[:12]}.json"
    assert told.stderr == f"Error: cannot write {earlier}: disk full\n"
    assert list(earlier.parent.iterdir()) == []
    assert files_in(tmp_path) == ["dft-4.json"]
    assert (tmp_path / "dft-4.json").read_bytes() == before


def test_a_folder_that_can_be_written_is_left_as_it_was(tmp_path):
    check_folder(tmp_path / "records")
    assert files_in(tmp_path / "records") == []


@pytest.mark.parametrize("finished", [0, 1])
def test_ctrl_c_stops_with_the_records_whole(tmp_path, monkeypatch, finished, bare):
    real = hunt_module._spend

    def spend(*given):
        if finished and not files_in(tmp_path):
            return real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(hunt_module, "_spend", spend)
    told = run("dft:4", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 0
    assert "stopped by Ctrl-C, the records are whole: " in told.stdout
    assert ("1 slices on 1 transforms" if finished else "not one slice was finished") in told.stdout
    assert files_in(tmp_path) == ["dft-4.json"] * finished


def test_two_hunts_share_a_folder(tmp_path):
    words = [sys.executable, "-m", "gp_fft", "hunt", "dct1:3", "dst1:3", "wht:2", "--seconds", "3", "--slice", "0.2"]
    words += ["--threads", "1", "--records", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen([*words, "--seed", seed], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for seed in ("1", "2")
    ]
    told = [process.communicate(timeout=300)[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert files_in(tmp_path) == ["dct1-3.json", "dst1-3.json", "wht-2.json"]  # none of which is shipped
    counts = [load_record(tmp_path / name).counts["flops"] for name in files_in(tmp_path)]
    assert counts == [5, 7, 2]
    for title in ("dct1 3", "dst1 3", "wht 2"):  # no two of them have the first one
        assert sum(text.count(f"{title}: record -, found {c}, new record") for text in told for c in range(99)) == 1


def test_a_limit_of_growth_refuses_records(tmp_path, bare):
    dense = textbook.definition(transforms.dft(16))
    verdict = offer(tmp_path, dense, transforms.dft(16), max_growth=1.01)
    assert not verdict.accepted
    assert verdict.reason.startswith("refused: its round-off is 1.")
    assert files_in(tmp_path) == []
    assert offer(tmp_path, dense, transforms.dft(16), max_growth=5.0).accepted
    told = run("dft:4", *QUICK, "--records", str(tmp_path / "new"), "--max-growth", "0.01")
    assert told.exit_code == 0
    assert "nothing exact was found within 0.01 times" in told.stdout
    assert files_in(tmp_path / "new") == []
    kept = run("dft:4", *QUICK, "--records", str(tmp_path / "new"), "--max-growth", "3").stdout
    assert "new record" in kept
    command = json.loads((tmp_path / "new" / "dft-4.json").read_text())["provenance"]["command"]
    assert " --max-growth 3" in command
    assert " --generations " in command


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--max-growth", "0"], "max growth must be a finite number above 0"),
        (["--max-growth", "nan"], "max growth must be a finite number above 0"),
        (["--cost", "fam"], "did you mean fma"),
        (["--seconds", "-1"], "--seconds is -1.0; it must be more than 0"),
        (["--slice", "0"], "--slice is 0.0; it must be more than 0"),
        (["--threads", "-3"], "threads must be from 0"),
    ],
)
def test_bad_values_are_one_sentence(tmp_path, words, sentence):
    told = run("dft:4", *words, "--records", str(tmp_path / "records"))
    assert told.stdout == ""
    assert told.stderr.startswith("Error: ")
    assert sentence in told.stderr
    assert told.exit_code == 2
    assert not (tmp_path / "records").exists()


def test_a_goal_may_carry_a_kernel_and_each_kernel_has_a_record_of_its_own(tmp_path):
    told = run("conv:2:2,7", "conv:2:3,0.5", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert files_in(tmp_path) == ["conv-2-k2_7.json", "conv-2-k3_0d5.json"]
    assert f"gp-fft hunt conv:2:2,7 conv:2:3,0.5 --records {tmp_path} --seconds 3600" in told.stdout
    record = load_record(tmp_path / "conv-2-k3_0d5.json")
    assert record.transform.kernel == (3.0, 0.5)
    assert "evolve conv 2 --kernel 3.0,0.5 --start" in record.provenance["command"]


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        ("conv:3:2,7", "conv 3 takes a kernel of 3 values; the given kernel has 2"),
        ("conv:3:a,b,c", "--kernel is 'a,b,c'; it must be numbers such as 1,2,0.5"),
        ("dft:8:1,2", "dft 8 takes no kernel"),
        ("dft:eight", "a goal is TRANSFORM:N, such as dft:12"),
        ("conv", "a goal is TRANSFORM:N, such as dft:12"),
    ],
)
def test_goals_that_mean_nothing_are_named(goal, sentence, tmp_path):
    told = run(goal, *QUICK, "--records", str(tmp_path))
    assert told.exit_code != 0
    assert sentence in told.output
    assert files_in(tmp_path) == []


@pytest.mark.parametrize(
    ("n", "starts"), [(12, ["record", "definition", "compose"]), (48, ["record", "compose", "record"])]
)
def test_slices_start_by_turns_from_what_there_is(n, starts, bare):
    transform = transforms.dft(n)
    fresh = [hunt_module._start(Goal(transform, slices=k), Shelf.open(bare)) for k in range(3)]
    assert fresh == (["definition", "compose", "definition"] if n == 12 else ["compose"] * 3)
    record = describe(textbook.definition(transform), transform)
    save(bare / f"dft-{n}.json", record)
    named = {"record": f"dft-{n}@{record.program.content_hash[:12]}"}
    told = [hunt_module._start(Goal(transform, slices=k), Shelf.open(bare)) for k in range(3)]
    assert told == [named.get(start, start) for start in starts]


def test_a_transform_without_compositions_starts_from_its_definition():
    transform = transforms.get("haar", 32)
    assert hunt_module._start(Goal(transform), Shelf()) == "definition"


def test_sigterm_says_that_it_was_sigterm(tmp_path):
    words = [sys.executable, "-m", "gp_fft", "hunt", "dht:3", "--seconds", "600", "--slice", "0.1", "--threads", "1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*words, "--records", str(tmp_path)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert "dht 3: record -, found " in process.stdout.readline()
    process.terminate()
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (143, "")
    assert "stopped by SIGTERM, the records are whole: " in stdout
    assert load_record(tmp_path / "dht-3.json").transform == transforms.dht(3)


def test_it_hunts_in_two_dimensions(tmp_path):
    told = run("dct2-2d:2x2", *QUICK, "--records", str(tmp_path))
    assert told.exit_code == 0, told.output
    assert "dct2-2d 2x2: record -, found " in told.stdout
    assert f"gp-fft hunt dct2-2d:2x2 --records {tmp_path} --seconds 3600" in told.stdout
    assert load_record(tmp_path / "dct2-2d-2x2.json").transform == transforms.get("dct2-2d", (2, 2))


def test_a_refused_hunt_makes_no_folder(tmp_path):
    for goal, more in (("dft:4", ("--seed", "-1")), ("dft:4", ("--threads", "-1")), ("dft:1000", ())):
        assert run(goal, *QUICK, *more, "--records", str(tmp_path / "records")).exit_code == 2
    assert not (tmp_path / "records").exists()


def test_a_proof_does_not_bring_back_a_record_that_a_hunt_has_replaced(tmp_path, monkeypatch):
    path = tmp_path / "dft-4.json"
    save(path, describe(textbook.definition(FOUR), FOUR))
    real = records.prove_file

    def prove(file):
        result = real(file)
        if not is_held(tmp_path):  # the hunt comes in between
            path.unlink(missing_ok=True)
            monkeypatch.setattr(records, "prove_file", real)
            assert offer(tmp_path, textbook.split_radix(FOUR), FOUR).accepted
        return result

    monkeypatch.setattr(records, "prove_file", prove)
    list(records.prove_records(tmp_path, lambda _: None))
    assert load_record(path).counts["flops"] == 16


def test_a_hunt_in_a_new_folder_knows_what_is_shipped(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run("rdft:11", "--seconds", "0.2", "--slice", "0.2", "--threads", "1")
    assert told.exit_code == 0, told.output
    assert "rdft 11: record 80, found " in told.stdout
    assert ", a record as good or better stands (80, shipped)" in told.stdout
    assert "0 records new or better in runs/records" in told.stdout
    assert files_in(tmp_path / "runs" / "records") == []


def test_only_what_beats_both_layers_goes_to_the_user(tmp_path, bare):
    four = textbook.split_radix(FOUR)
    offer(bare, four, FOUR)
    mine = tmp_path / "mine"
    verdict = offer(mine, textbook.definition(FOUR), FOUR, shelf=Shelf.open(mine))
    assert verdict.reason == "a record as good or better stands (16, shipped)"
    assert not mine.exists()
    offer(mine, textbook.definition(FOUR), FOUR)
    assert offer(mine, four, FOUR, shelf=Shelf.open(mine)).reason == "a record as good or better stands (16, shipped)"
    assert Shelf.open(mine).find(FOUR).where == "shipped"


def test_what_a_hunt_replaces_is_kept_among_the_earlier_records(tmp_path, bare):
    offer(tmp_path, textbook.definition(FOUR), FOUR)
    old = load_record(tmp_path / "dft-4.json")
    assert run("dft:4", *QUICK, "--records", str(tmp_path)).exit_code == 0
    kept = tmp_path / "earlier" / f"dft-4@{old.program.content_hash[:12]}.json"
    assert load(kept) == old
    assert Shelf.open(tmp_path).named(kept.stem).program == old.program


def test_the_command_of_a_record_repeats_it_in_an_empty_folder(tmp_path, monkeypatch):
    told = run("idft:5", "--seconds", "1", "--slice", "0.5", "--threads", "1", "--records", str(tmp_path / "mine"))
    assert told.exit_code == 0, told.output
    record = load_record(tmp_path / "mine" / "idft-5.json")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    words = shlex.split(record.provenance["command"])[1:]
    assert CliRunner().invoke(cli, [*words, "--threads", "1", "--out", "again"]).exit_code == 0
    found = {load(path).program.content_hash for path in Path("again", "front").iterdir()}
    assert record.provenance["found_as"] in found
