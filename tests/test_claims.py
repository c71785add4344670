"""A program is held to what it claims: every command refuses a title of nothing, and says where nothing is claimed."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
import primitives
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import describe
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.search.settings import Settings
from gp_fft.store.proofs import prove_file
from primitives import sets

NOTHING = "nothing was claimed but what the file itself holds"
BUTTERFLY = "y0 = x0 + x1\ny1 = x0 - x1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def gp_fft_says(line):
    result = CliRunner().invoke(cli, line.split())
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("title", ["dtf 2 complex", "foo 2 complex", "dct2 2 otho real", "dft 100000 complex"])
@pytest.mark.parametrize(
    "line",
    [
        *("show p.txt", "show --text p.txt", "verify p.txt", "prove p.txt", "graph p.txt -o p.svg"),
        *("report p.txt -o p.html", "evolve dft 2 --start p.txt --generations 1"),
    ],
)
def test_a_title_of_nothing_is_refused_by_every_command(line, title):
    Path("p.txt").write_text(f"# {title}\n{BUTTERFLY}")
    result = gp_fft_says(line)
    assert result.exit_code == 1
    told = result.output.splitlines()[-1]
    assert told.startswith("Error: p.txt: line 1: ")
    assert "did you mean" in told
    assert sorted(path.name for path in Path().iterdir()) == ["p.txt"]
    with pytest.raises(DataError, match="did you mean"):
        gp_fft.load("p.txt")


@pytest.mark.parametrize("title", ["matrix", "matrix 2x2"])
def test_a_matrix_claims_nothing_and_verify_and_prove_say_so(title):
    Path("p.txt").write_text(f"# {title} real\n{BUTTERFLY}")
    for line in ("verify p.txt", "show p.txt", "prove p.txt", "verify p.json", "prove p.json", "show p.json"):
        result = gp_fft_says(line)
        assert result.exit_code == 0, result.output
        assert NOTHING in result.output, line


def test_a_named_transform_has_no_such_note():
    Path("p.txt").write_text(f"# wht 2 real\n{BUTTERFLY}")
    for line in ("verify p.txt", "show p.txt", "prove p.txt", "verify p.json"):
        assert NOTHING not in gp_fft_says(line).output


def test_the_text_of_a_convolution_is_held_to_its_kernel():
    transform = gp_fft.conv(3, kernel=(2, 7, 1.5))
    gp_fft.save("conv.json", describe(textbook.definition(transform), transform))
    Path("conv.txt").write_text(gp_fft_says("show --text conv.json").stdout)
    assert gp_fft.load("conv.txt").transform == transform
    assert "all checks passed" in gp_fft_says("verify conv.txt").output
    Path("wrong.txt").write_text(Path("conv.txt").read_text().replace("kernel=2,7,1.5", "kernel=2,7,1.25"))
    assert "approximate" in gp_fft_says("verify wrong.txt").output


READ = [("1 2\n3 4\n", "1, 2; 3, 4"), ("1,5;2i\n3;4-i\n", "1.5, 2j; 3, 4-1j")]


@pytest.mark.parametrize(("text", "shown"), READ)
def test_the_first_line_shows_the_matrix_that_was_read(text, shown):
    Path("m.csv").write_text(text)
    result = gp_fft_says("evolve matrix m.csv --start definition --generations 1 --out run")
    assert result.exit_code == 0, result.output
    field = "complex" if "i" in text else "real"
    assert result.output.splitlines()[0] == f"read m.csv: {field} 2x2 matrix, corner {shown}"


def test_an_ambiguous_matrix_file_makes_no_run():
    Path("m.csv").write_text("1,2;3,4\n")
    result = gp_fft_says("evolve matrix m.csv --generations 1 --out run")
    assert result.exit_code == 1
    assert "ambiguous" in result.output
    assert not Path("run").exists()


@pytest.mark.parametrize("largest", [1e50, 1e-50])
def test_the_largest_entries_that_are_allowed_cause_no_warnings(largest):
    np.save("m.npy", np.array([[1.0, 2, 3], [1, 2, 4], [1, 2, -5]]) * largest / 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for start in ("definition", "random"):
            result = gp_fft_says(f"evolve matrix m.npy --start {start} --generations 2 --out {start}")
            assert result.exit_code == 0, result.output
            assert gp_fft_says(f"verify {start}").exit_code == 0
        transform = gp_fft.from_file("m.npy")
        assert "proved" in prove_file(describe(textbook.definition(transform), transform)).status


@pytest.mark.parametrize("line", ["evolve dtf 8", "hunt dtf:8", "evolve DTF 8 --start compose"])
def test_dtf_suggests_dft(line):
    result = gp_fft_says(line)
    assert result.exit_code == 2
    assert "did you mean 'dft'?" in result.output


SETS = {
    "halves": ("real", (0, 2), (0.5,), 1, 1, "constants (0.5,)"),
    "unturned": ("complex", (0, 2), None, 2, 2, "turns (0, 2)"),
    "unsigned": ("real", (0,), None, 1, 1, "turns (0,)"),
    "dear": ("real", (0, 2), None, 1, 3, "scale_flops 3"),
    "free": ("complex", (0, 1, 2, 3), None, 1, 2, "add_flops 1"),
}


@pytest.mark.parametrize("name", SETS)
def test_a_primitive_set_that_the_search_cannot_keep_to_is_refused(name, tmp_path, monkeypatch):
    field, turns, constants, add, scale, sentence = SETS[name]
    text = f"""\
from primitives.base import PrimitiveSet

SET = PrimitiveSet("{name}", "{field}", {turns}, {constants}, {add}, {scale}, "made for a test")
"""
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / f"{name}.py").write_text(text)
    monkeypatch.setattr(sets, "__path__", [*sets.__path__, str(tmp_path / "sets")])
    primitives.SETS.forget()
    try:
        assert name in gp_fft_says("primitives").output
        transform = "dft" if field == "complex" else "wht"
        result = gp_fft_says(f"evolve {transform} 4 --primitives {name} --generations 1 --out run")
        assert result.exit_code == 2
        assert f"primitive set {name!r} has {sentence}, but the search would not keep to that" in result.output
        assert not Path("run").exists()
        with pytest.raises(UsageError, match="would not keep to that"):
            gp_fft.evolve(getattr(gp_fft, transform)(4), primitives=name, generations=1)
    finally:
        primitives.SETS.forget()


def test_the_sets_of_the_fields_are_kept_to():
    Settings(primitives="complex").check(gp_fft.dft(4))
    Settings(primitives="real").check(gp_fft.wht(4))


@pytest.mark.parametrize("line", ["show", "verify", "prove", "resume", "graph -o x.svg", "report -o x.html"])
def test_the_name_of_a_run_that_is_mistyped_suggests_the_run(line):
    Path("runs/dft-8-001").mkdir(parents=True)
    Path("runs/dft-8-001/settings.toml").touch()
    result = gp_fft_says(f"{line} dtf-8-001")
    assert result.exit_code == 1
    assert result.output == f"Error: dtf-8-001 does not exist; did you mean {Path('runs/dft-8-001')}?\n"
