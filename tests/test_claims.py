"""A program is held to what it claims: every command refuses a title of nothing, and says where nothing is claimed."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
import primitives
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import describe, load
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.program.cost import cost, offence
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
    "halves": ("wht", ("real",), (0, 2), ((0.5, 1.0),), "", 64),
    "unturned": (
        "dft",
        ("complex",),
        (0, 2),
        None,
        "entry (1, 1) of dft 4 is 0-1j, which needs a multiplication by i",
        0,
    ),
    "unsigned": ("wht", ("real",), (0,), None, "entry (1, 1) of wht 4 is -1, which needs a change of sign", 0),
}


@pytest.mark.parametrize("name", SETS)
def test_a_primitive_set_is_kept_to_or_refused_with_the_entry(name, tmp_path, monkeypatch):
    transform, fields, turns, constants, sentence, _ = SETS[name]
    text = f"""\
from primitives.base import PrimitiveSet

SET = PrimitiveSet("{name}", {fields}, "made for a test", {constants}, {turns})
"""
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / f"{name}.py").write_text(text)
    monkeypatch.setattr(sets, "__path__", [*sets.__path__, str(tmp_path / "sets")])
    primitives.SETS.forget()
    try:
        assert name in gp_fft_says("primitives").output
        result = gp_fft_says(f"evolve {transform} 4 --primitives {name} --generations 3 --out run")
        if not sentence:
            assert result.exit_code == 0, result.output
            assert all(not offence(file.program, primitives.get(name)) for file in front_files(Path("run")))
            return
        assert result.exit_code == 2
        assert sentence in result.output
        assert not Path("run").exists()
        with pytest.raises(UsageError, match=re.escape(sentence)):
            gp_fft.evolve(getattr(gp_fft, transform)(4), primitives=name, generations=1)
    finally:
        primitives.SETS.forget()


def front_files(run: Path):
    paths = sorted((run / "front").glob("*.json"))
    assert paths
    return [load(path) for path in paths]


EVOLVED = {  # something small in each set, and what it must come to
    "complex": ("dft 4", 16),
    "real": ("wht 4", 8),
    "dyadic": ("hevc-dct2 4", 14),
    "integer": ("hevc-dct2 4", 14),
    "gf2": ("matrix bits.npy --field gf2", 6),
    "fma": ("dft 4", 16),
    "octant": ("dft 8", 56),
}


@pytest.mark.parametrize("name", primitives.names())
def test_something_small_is_evolved_in_every_set(name):
    transform, most = EVOLVED[name]
    np.save("bits.npy", np.array([[1, 1, 0, 1], [1, 1, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1]]))
    made = gp_fft_says(f"evolve {transform} --start definition --primitives {name} --generations 12 --out run")
    assert made.exit_code == 0, made.output
    best = min((file for file in front_files(Path("run")) if file.error == 0), key=lambda file: file.counts["flops"])
    assert cost(best.program, primitives.get(name).cost) <= most
    assert not offence(best.program, primitives.get(name))
    assert gp_fft_says("verify run").exit_code == 0
    assert "proved" in gp_fft_says("prove run").output
    resumed = gp_fft_says("resume run --generations 2")
    assert resumed.exit_code == 0, resumed.output


@pytest.mark.parametrize("name", ["dyadic", "integer", "gf2", "octant"])
def test_random_starts_keep_to_the_set(name):
    np.save("bits.npy", np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]]))
    transform = {"gf2": "matrix bits.npy --field gf2", "octant": "dft 4"}.get(name, "wht 4")
    made = gp_fft_says(f"evolve {transform} --primitives {name} --generations 4 --out run")
    assert made.exit_code == 0, made.output
    for file in front_files(Path("run")):
        assert not offence(file.program, primitives.get(name))


def test_a_program_that_breaks_its_set_is_refused_with_its_first_term():
    text = "# wht 2 real primitives=dyadic\ny0 = x0 + x1\ny1 = x0 - 3.0*x1\n"
    Path("bad.txt").write_text(text)
    result = gp_fft_says("show bad.txt")
    assert result.exit_code == 1
    assert "the term -3*x1 of y1 is not allowed in the primitive set 'dyadic'" in result.output
    Path("bad.txt").write_text(text.replace("dyadic", "dyadik"))
    assert "did you mean dyadic" in gp_fft_says("show bad.txt").output
    Path("good.txt").write_text("# wht 2 real\ny0 = 0.3*x0 + x1\ny1 = x0 - x1\n")
    result = gp_fft_says("evolve wht 2 --start good.txt --primitives integer:bits=1 --generations 1")
    assert result.exit_code == 2
    assert "the term 0.3*x0 of y0 is not allowed in the primitive set 'integer:bits=1'" in result.output


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("evolve dct2 8 --primitives dyadic", "entry (1, 0) of dct2 8 is 1.96157056081"),
        ("evolve matrix thirds.npy --primitives integer", "entry (0, 1) of matrix 2x2 is 0.5"),
        ("evolve dft 4 --primitives real", "primitive set 'real' is for real data, dft 4 is complex"),
        ("evolve wht 4 --primitives dyadic:shift=-1", "a price is from 0 to 1000"),
        ("hunt wht:4 --primitives integer:bits=99 --seconds 1", "have 1 to 12 bits, not 99"),
    ],
)
def test_what_a_set_cannot_express_is_one_sentence(line, sentence):
    np.save("thirds.npy", np.array([[1, 0.5], [2, 1.0]]))
    result = gp_fft_says(f"{line} {'--generations 1' if line.startswith('evolve') else ''}")
    assert result.exit_code in (1, 2)
    assert sentence in result.output
    assert not Path("runs").exists()


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
