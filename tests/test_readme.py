"""Every command in the README and in the examples of --help works, here with tiny budgets."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from gp_fft import files
from gp_fft.cli import COMMANDS, cli
from gp_fft.construct import textbook
from gp_fft.schemes import textbook as schemes
from gp_fft.transforms import get

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TINY = [(r"--(seconds|generations) \S+", "--generations 2"), (r"seconds=\d+", "generations=2")]
ELSEWHERE = ("make test", "python3 -m venv", "pip install")  # the suite itself, and tests/test_packaging.py


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def tiny(text):
    if text.startswith("gp-fft hunt"):  # it knows no generations
        return re.sub(r"--(seconds|slice) \S+", r"--\1 1", text)
    if text.startswith("gp-fft discover"):  # what two find takes long to prove
        return re.sub(r"--seconds \S+", "--generations 8", text)
    for pattern, instead in TINY:
        text = re.sub(pattern, instead, text)
    return text


def readme_commands():
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [made_by_make(line) for line in lines if not any(words in line for words in ELSEWHERE)]


def made_by_make(line):
    """What `make TARGET` would run last; any other line as it stands."""
    if not line.startswith("make "):
        return line
    command = [*shlex.split(line), "-n", "--no-print-directory"]  # the suite itself may run under make
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return told.stdout.splitlines()[-1]


def help_examples():
    lines = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        examples = [line.strip() for line in command.help.splitlines() if line.lstrip().startswith("gp-fft ")]
        assert examples, f"{name} --help has no example"
        lines += examples
    return lines


def run(line):
    """Run one command line of gp-fft in this process; `> FILE` is done here. Returns what click tells of it."""
    line, _, target = tiny(line).partition(" > ")
    program, *words = shlex.split(line)
    assert Path(program).name == "gp-fft", line
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gp_fft.report.site.PACKED", 0)  # a catalogue without drawings and code
        patch.setattr("gp_fft.report.site.MOST_DRAWN", 0)
        patch.setattr("gp_fft.report.record_facts.MOST_CODED", 0)
        patch.setattr("gp_fft.report.record_facts.ALWAYS", ())
        patch.setattr("gp_fft.report.site.HEAVY", 10**9)
        return made_by(line, words, target)


def made_by(line, words, target):
    result = CliRunner().invoke(cli, words)
    if "--force overwrites it" in result.output:  # an example above has made the same file
        result = CliRunner().invoke(cli, [*words, "--force"])
    honest = words[0] == "prove" and "not proved" in result.output  # what two generations find is hardly exact
    assert result.exit_code == 0 or honest, f"{line}\n{result.output}\n{result.exception!r}"
    if target:
        Path(target).write_text(result.stdout)
    return result


def test_every_command_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("my-matrix.npy", np.array([[1.0, 2.0], [0.5, -1.0]]))
    np.savetxt("bits.csv", np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]]), "%d", ",")
    Path("runs/records").mkdir(parents=True)
    files.save("runs/records/dft-4.json", files.describe(textbook.radix2(get("dft", 4)), get("dft", 4)))
    Path("scheme.txt").write_text(schemes.RADIX_2)
    for line in readme_commands() + help_examples():
        run(line)
    for made in ("fft8.txt", "fft8.svg", "counts.svg", "runs/tile"):
        assert Path(made).exists()


@pytest.mark.parametrize("code", blocks("python"))
def test_every_piece_of_python_works(code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(tiny(code), "README.md", "exec"), {})
    assert "# dft 8 complex" in capsys.readouterr().out


def test_the_readme_shows_what_make_evolve_prints(tmp_path):
    """The run of `make evolve` is made, and its front is the one in the README, up to the seconds."""
    told = subprocess.run(["make", "evolve", "-n"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    (line,) = (line for line in told.splitlines() if "gp-fft evolve" in line)
    words = shlex.split(line)
    words = words[words.index("evolve") :]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gp_fft", *words]
    made = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    (shown,) = (block for block in blocks("text") if block.startswith("target cost reached"))
    assert without_seconds(shown) in without_seconds(made.stdout)


def without_seconds(text):
    return re.sub(r"\b[0-9.]+ s\b", "... s", text)


def test_programs_in_the_readme_are_programs():
    from gp_fft.program import Program

    texts = [block for block in blocks("text") if block.startswith("# ")]
    assert [Program.parse(text).inputs for text in texts] == [2]
