"""Evolving, stopping and going on from the command line: the same bytes with and without a break."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from gp_fft.cli import cli
from gp_fft.search.operators import OPERATORS, usual
from gp_fft.store.proofs import prove_file, read_front
from gp_fft.store.runs import Run

ROOT = Path(__file__).resolve().parents[1]
TIMES = {"created", "sha256", "seconds", "evaluations_per_second", "steps_per_second"}


def invoke(*words):
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in TIMES}
    return value


def content(folder):
    """Every file of a run by name, byte for byte but for the fields that hold times."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text()
        if path.name == "log.jsonl":
            text = [without_times(json.loads(line)) for line in text.splitlines()]
        elif path.name == "checkpoint.json":
            text = without_times(json.loads(text))
        elif path.name == "settings.toml":
            text = [line for line in text.splitlines() if line.split(" ")[0] not in TIMES]
        found[str(path.relative_to(folder))] = text
    return found


def test_a_resumed_run_is_the_uninterrupted_run(tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    invoke("evolve", "dft", 4, "--generations", 6, "--out", whole)
    invoke("evolve", "dft", 4, "--generations", 2, "--out", parts)
    invoke("resume", parts, "--generations", 1)
    with (parts / "log.jsonl").open("a") as log:  # a crash after the last checkpoint
        log.write('{"generation": 4, "torn')
    invoke("resume", parts, "--generations", 3)
    assert content(parts) == content(whole)


@pytest.mark.parametrize("name", ["two words", "-dash", "it's", "plain"])
def test_the_commands_that_go_on_can_be_pasted(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    told = invoke("evolve", "dft", 2, "--generations", 0, f"--out={name}").stdout.splitlines()
    commands = [line for line in told if line.startswith("  gp-fft ")]
    assert len(commands) == 5
    for line in commands:
        words = re.split(r" {2,}", line.strip())[0]
        words = words.replace("gp-fft", '"$0" -m gp_fft', 1).replace("--seconds 60", "--generations 1")
        done = subprocess.run(
            ["sh", "-c", words, sys.executable],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def test_a_used_budget_is_told(tmp_path):
    invoke("evolve", "dft", 4, "--generations", 1, "--out", tmp_path / "run")
    result = CliRunner().invoke(cli, ["resume", str(tmp_path / "run")])
    assert result.exit_code == 2
    assert "generation budget used" in result.stderr
    assert "--seconds 60" in result.stderr


def test_a_target_stops_early_and_can_be_lifted(tmp_path):
    run = tmp_path / "run"
    told = invoke("evolve", "dft", 2, "--target-cost", 4, "--generations", 500, "--out", run)
    assert "target cost reached" in told.stdout
    assert "the same as the best published" in told.stdout
    assert Run.open(run).state().generation < 500
    assert "generation budget used" in invoke("resume", run, "--generations", 1).stdout


def test_operators_can_be_switched_off(tmp_path):
    run = tmp_path / "run"
    invoke("evolve", "dft", 2, "--without", "crossover,share", "--generations", 2, "--out", run)
    assert not {"crossover", "share"} & set(Run.open(run).settings.operators)
    assert Run.open(run).last_record()["operators"]["crossover"] == [0, 0, 0]


def test_an_operator_that_is_not_usual_is_switched_on_by_name_and_the_command_says_so(tmp_path):
    run = tmp_path / "run"
    invoke("evolve", "wht", 4, "--with", "repair", "--without", "share", "--generations", 1, "--out", run)
    assert set(usual("real")) ^ set(Run.open(run).settings.operators) == {"repair", "share"}
    more = tmp_path / "more"
    words = ["aes-mixcolumns", 32, "--with", "repair", "--start", "definition", "--generations", 2]
    invoke("evolve", *words, "--out", more)
    assert "--with repair" in Run.open(more).command()
    assert "--operators" not in Run.open(more).command()
    assert Run.open(more).last_record()["operators"]["repair"][0] > 0


def test_all_operators_are_listed_with_the_data_on_which_they_are_usual():
    told = invoke("primitives", "--operators").stdout
    assert [line.split()[0] for line in told.splitlines()[1:]] == [operator.name for operator in OPERATORS]
    assert re.search(r"^repair +rewrite +nothing ", told, re.MULTILINE)
    assert re.search(r"^inline +rewrite +complex real", told, re.MULTILINE)


def test_a_start_from_a_file_of_the_user(tmp_path):
    text = tmp_path / "mine.txt"
    text.write_text("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
    told = invoke("evolve", "dft", 2, "--start", text, "--generations", 1, "--out", tmp_path / "run")
    assert "      4     4     0" in told.stdout


def begun(run, *words):
    """A process of gp-fft that has written the first checkpoint of the run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "gp_fft", *map(str, words)]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (run / "checkpoint.json").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    return process


@pytest.mark.parametrize(
    ("number", "code", "told"), [(signal.SIGINT, 0, "stopped by Ctrl-C"), (signal.SIGTERM, 143, "stopped by SIGTERM")]
)
@pytest.mark.parametrize("command", ["evolve", "resume"])
def test_ctrl_c_keeps_everything_and_says_how_to_go_on(tmp_path, command, number, code, told):
    run = tmp_path / "run"
    words = ("evolve", "dft", 8, "--out", run)
    if command == "resume":
        invoke(*words, "--generations", 1)
        (run / "checkpoint.json").rename(tmp_path / "aside")
        (run / "log.jsonl").write_text("")
        words = ("resume", run)
    process = begun(run, *words, "--seconds", 600)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == code, stderr
    assert "Traceback" not in stderr
    assert stdout.startswith(f"{told} after ")
    assert f"gp-fft resume {run}" in stdout
    state = Run.open(run).state()
    assert state.generation == Run.open(run).last_record()["generation"]


@pytest.mark.parametrize("words", [("evolve", "dft", 2, "--generations", 1, "--out", "run"), ("prove", "fft.txt")])
def test_sigterm_outside_the_loop_is_told_as_well(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fft.txt").write_text("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")

    def strike(*_):
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("gp_fft.search.warm.warm_up", strike)
    monkeypatch.setattr("gp_fft.store.proofs.prove_file", strike)
    told = CliRunner().invoke(cli, [str(word) for word in words])
    assert told.exit_code == 143, told.output
    if words[0] == "prove":
        assert told.stderr.endswith("Error: stopped by SIGTERM\n")
    else:
        assert "stopped by SIGTERM: nothing was found yet; go on with: gp-fft resume run" in told.stdout
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_sigterm_while_the_end_is_proved_leaves_the_front(tmp_path, monkeypatch):
    monkeypatch.setattr("gp_fft.store.proofs.prove_file", lambda *_: signal.raise_signal(signal.SIGTERM))
    run = tmp_path / "run"
    told = CliRunner().invoke(cli, ["evolve", "dft", "2", "--generations", "3", "--out", str(run)])
    assert told.exit_code == 143
    assert f"stopped proving; go on with: gp-fft prove {run}" in told.stderr
    assert "generation budget used after 3 generations" in told.stdout


def test_a_run_that_is_moved_away_stops_and_is_saved_beside(tmp_path):
    run, beside = tmp_path / "run", tmp_path / "run-saved-001"
    process = begun(run, "evolve", "dft", 8, "--seconds", 600, "--out", run)
    run.rename(tmp_path / "elsewhere")
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"Error: the run folder {run} was moved, deleted or replaced" in stderr
    assert stderr.endswith(f"go on with: gp-fft resume {beside}\n")
    done = Run.open(beside).last_record()["generation"]
    assert invoke("show", beside).stdout.startswith("dft 8: ")
    invoke("resume", beside, "--generations", 1)
    assert Run.open(beside).state().generation == done + 1
    assert not run.exists()


@pytest.mark.parametrize("lose", ["proving", "before"])
def test_a_run_that_is_lost_at_its_end_is_saved_beside(tmp_path, monkeypatch, lose):
    run, beside = tmp_path / "run", tmp_path / "run-saved-001"

    def vanish(*given):
        shutil.rmtree(run)
        return prove_file(*given) if lose == "proving" else iter(())

    name = "prove_file" if lose == "proving" else "prove_run"
    monkeypatch.setattr(f"gp_fft.store.proofs.{name}", vanish)
    told = CliRunner().invoke(cli, ["evolve", "dft", "2", "--generations", "3", "--out", str(run)])
    assert (told.exit_code, told.stdout) == (1, ""), told.output
    assert f"all up to generation 3 is saved in {beside}" in told.stderr
    assert Run.open(beside).state().generation == 3
    assert not run.exists()


def test_proofs_keep_to_the_time_that_is_left(tmp_path, monkeypatch):
    """What there is no time to prove is told with the command that proves it, and that does."""
    from gp_fft.cli import outcome

    monkeypatch.setattr(outcome, "PROVING", 1e-6)
    monkeypatch.setattr(outcome, "SHARE", 0.0)
    for size, start in ((8, "definition"), (36, "definition")):
        folder = tmp_path / f"run-{size}"
        told = invoke("evolve", "dft", size, "--start", start, "--seconds", 0.3, "--out", folder).output
        assert f"no time left to prove one exact program of the front; that does: gp-fft prove {folder}" in told
        assert "unproved" in told
        assert not list(folder.glob("proofs/*"))
    assert "proved" in invoke("prove", tmp_path / "run-8").output


def test_a_large_program_is_proved_by_a_process_of_its_own(tmp_path, monkeypatch):
    from gp_fft.cli import prove
    from gp_fft.ground.clock import Clock

    invoke("evolve", "dft", 4, "--start", "definition", "--generations", 1, "--out", tmp_path / "run")
    for path in (tmp_path / "run").glob("proofs/*"):
        path.unlink()
    monkeypatch.setattr(prove, "DIVISIBLE", 2)
    opened = Run.open(tmp_path / "run")
    front = read_front(opened)
    prove.prove_front(opened, front, Clock(100.0))
    assert len(list((tmp_path / "run").glob("proofs/*"))) == len(front)
    assert [file.error for file in front.values()].count(0.0) == 1
    assert front == read_front(opened)
