"""The command line as a whole: help, fast start, one clear sentence for everything that is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def invoke(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_help_lists_every_command():
    page = " ".join(invoke("--help").output.split())
    for name, summary in COMMANDS.items():
        assert f"{name} {summary}" in page
        assert invoke(name, "--help").exit_code == 0
    assert {path.stem for path in (ROOT / "gp_fft" / "cli").glob("*.py")} > set(COMMANDS)


def test_alone_it_prints_its_help():
    alone = invoke()
    assert (alone.exit_code, alone.stderr) == (0, "")
    assert alone.stdout == invoke("--help").stdout
    done = subprocess.run([sys.executable, "-m", "gp_fft"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Commands:" in done.stdout


def test_version():
    assert invoke("--version").output == f"gp-fft, version {gp_fft.__version__}\n"


def test_help_loads_little():
    """What takes the time of a start is what is loaded: 0.06 s with click alone, 0.5 s with numpy and scipy."""
    assert loaded("--help") == set()
    assert loaded("primitives") == {"rich", "importlib.metadata"}
    assert loaded("transforms") <= {"rich", "importlib.metadata", "numpy", "msgspec", "flint"}
    for words in (["runs"], ["show", "--help"], ["evolve", "--help"], ["graph", "--help"]):
        assert not loaded(*words) & {"numba", "scipy", "matplotlib", "bokeh", "jinja2"}, words


def loaded(*words):
    """Those of the slow libraries that a command has loaded in the end."""
    slow = "numpy rich msgspec portalocker importlib.metadata numba scipy matplotlib networkx deap bokeh jinja2 flint"
    code = f"""import contextlib, sys
from gp_fft.cli import cli
with contextlib.redirect_stdout(None), contextlib.suppress(SystemExit):
    cli({list(words)!r})
print(*(name for name in {slow.split()!r} if name in sys.modules))"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_an_entry_of_another_package_that_cannot_be_used_is_one_line_on_stderr(tmp_path):
    package = tmp_path / "foreign-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Name: foreign\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[gp_fft.primitive_sets]\nodd = foreign_sets:ODD\n")
    done = subprocess.run(
        [sys.executable, "-m", "gp_fft", "primitives"], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
    )  # fmt: skip
    sentence = "foreign offers foreign_sets:ODD as 'odd', which is left out: No module named 'foreign_sets'"
    assert (done.returncode, done.stderr) == (0, f"Warning: {sentence}\n")
    assert "complex" in done.stdout


def test_other_warnings_keep_the_line_of_the_code():
    code = "import warnings; from gp_fft.cli import cli, transforms"
    code += "; transforms.command.callback = lambda: warnings.warn('odd', RuntimeWarning); cli(['transforms'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "<string>:1: RuntimeWarning: odd\n")


USAGE = {
    "evlve dft 8": "did you mean 'evolve'",
    "evolve dft": "Missing argument 'N'",
    "evolve dtf 8": "did you mean",
    "evolve dft 0": "out of range",
    "evolve dft 1000": "out of range",
    "evolve dft -3": "the size is '-3'; it must be a number",
    "evolve dft-2d --seconds 1 -4x4": "the size is '-4x4'; it must be a number",
    "evolve dft 8 -4": "the size is '-4'; it must be a number",
    "evolve dft 8 --secnds 1": "No such option",
    "evolve dft 8 --operators ,": "operator '' is unknown",
    "evolve dft 8 --operators=": "operator '' is unknown",
    "evolve dft 8 --start compose --parts=": "none",
    "evolve dft eight": "must be a number",
    "evolve dft-2d 8x8x8": "takes 2 sizes",
    "evolve rdft-2d 4x4": "does not exist",
    "evolve wht 6": "power of two",
    "evolve dft 8 --seconds 0": "seconds",
    "evolve dft 8 --seconds nan": "seconds",
    "evolve dft 8 --generations -1": "generations",
    "evolve dft 8 --target-cost -1": "target cost",
    "evolve dft 8 --population 0": "population",
    "evolve dft 8 --threads -1": "threads",
    "evolve dft 8 --primitives complx": "did you mean complex",
    "evolve dft 8 --primitives real": "complex",
    "evolve dft 8 --cost flps": "did you mean flops",
    "evolve dft 8 --start radix3": "radix2",
    "evolve dft 6 --start radix2": "power of two",
    "evolve dft 8 --operators share,voodoo": "'voodoo' is unknown",
    "evolve dft 8 --with voodoo": "'voodoo' is unknown",
    "evolve dft 8 --operators share --without share": "--without share leaves no operator of share",
    "evolve dft 8 --norm sideways": "sideways",
    "evolve dft 8 --kernel 1,2": "kernel",
    "evolve conv 3 --kernel 1,2": "3",
    "evolve matrix none.csv --norm ortho": "a matrix from a file has no --norm and no --kernel",
    "evolve matrix none.csv --kernel 1,2": "a matrix from a file has no --norm and no --kernel",
    "evolve conv 3 --kernel 1,2,x": "--kernel",
    "graph good.txt": "Missing option",
    "graph good.txt -o x.docx": "docx",
    "bench --plot x.txt": ".svg",
    "graph nowhere -o mine.svg": "mine.svg exists already; --force overwrites it",
    "report nowhere -o mine.html": "mine.html exists already; --force overwrites it",
    "bench --root nowhere --plot mine.svg": "mine.svg exists already; --force overwrites it",
    "prove nowhere -o mine.json": "mine.json exists already; --force overwrites it",
    "prove mine.txt": "mine.json exists already; --force overwrites it",
    "hunt dft:8 --seed -1": "seed must be from 0 to 9223372036854775807, not -1",
    "hunt dft:8 --seed 9223372036854775808": "seed must be from 0 to",
    "hunt dft:8x": "a goal is TRANSFORM:N",
    "hunt matrix:3": "hunt takes transforms with a name, no matrix from a file",
    "hunt dft-2d:4x4x4": "takes 2 sizes",
    "verify good.txt --seed -1": "--seed",
    "show --text --all good.txt": "give one of them",
    "bench --csv --markdown": "give one of them",
}
DATA = {
    "evolve dft 8 --out taken": "exists already",
    "evolve dft 8 --out good.txt/run": "cannot make the run folder good.txt/run: good.txt: File exists",
    "evolve dft 8 --start nan.txt": "nan",
    "evolve dft 8 --start good.txt": "inputs",
    "evolve matrix nan.npy": "nan.npy",
    "evolve matrix cube.npy": "cube.npy",
    "evolve matrix none.csv": "none.csv",
    "resume nowhere": "is not a run folder",
    "resume taken": "is not a run folder",
    "show nowhere": "nowhere",
    "show junk.json": "junk.json",
    "show forward.txt": "line 2",
    "show nan.txt": "finite",
    "show binary": "binary",
    "show large.json": "too large",
    "verify nan.txt": "nan.txt",
    "graph good.txt -o none/x.svg": "none/x.svg",
    "bench --root nowhere": "nowhere",
}


@pytest.fixture
def material(tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "good.txt").write_text("# dft 2 complex\ny0 = x0 + x1\ny1 = x0 - x1\n")
    (tmp_path / "forward.txt").write_text("# dft 2 complex\nt0 = t1\nt1 = x0\ny0 = t0\ny1 = t1\n")
    (tmp_path / "nan.txt").write_text("# dft 2 complex\ny0 = nan*x0\ny1 = x1\n")
    for name in ("mine.svg", "mine.html", "mine.json", "mine.txt"):
        (tmp_path / name).write_text("mine")
    (tmp_path / "junk.json").write_text('{"format": "gp-fft program"')
    (tmp_path / "binary").write_bytes(bytes(range(256)))
    np.save(tmp_path / "nan.npy", np.array([[1.0, np.nan]]))
    np.save(tmp_path / "cube.npy", np.zeros((2, 2, 2)))
    with (tmp_path / "large.json").open("wb") as large:
        large.write(b"{")
        large.truncate(1 << 30)
    return sorted(path.name for path in tmp_path.iterdir())


CASES = [(words, 2, told) for words, told in USAGE.items()] + [(words, 1, told) for words, told in DATA.items()]


@pytest.mark.parametrize(("words", "code", "told"), CASES, ids=[case[0] for case in CASES])
def test_bad_input_is_told_in_one_sentence(material, tmp_path, words, code, told):
    result = invoke(*words.split())
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert told in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "runs") == material
    assert not list(tmp_path.glob("runs/*"))


def test_a_closed_pipe_is_no_error():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "gp_fft", "transforms"],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.stderr == b""


@pytest.mark.parametrize("command", ["show", "verify", "prove", "resume", "watch"])
def test_an_empty_name_is_no_run(command):
    result = invoke(command, "")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: the name of a run or of a file is empty\n"


@pytest.mark.parametrize("words", ["transforms", "bench --records"])
def test_output_that_was_closed_is_no_error(words):
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m gp_fft {words} >&-', sys.executable], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
