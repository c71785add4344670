"""Looking at runs and programs: show, graph, verify, bench, runs, transforms, primitives."""

import json

import pytest
from click.testing import CliRunner

import primitives
from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.draw.formats import FORMATS
from gp_fft.files import describe, save
from gp_fft.program import Program
from gp_fft.search.settings import Settings
from gp_fft.store.runs import Run

DFT8 = transforms.get("dft", 8)


@pytest.fixture(autouse=True)
def _folder_of_runs(tmp_path, monkeypatch):
    """A run with two exact programs and an approximate one, and a program file with text."""
    monkeypatch.chdir(tmp_path)
    run = Run.create(DFT8, Settings(generations=1))
    approximate = Program.build(8, "complex", [[(1.0, 0, 0)]] * 8, range(8), "dft 8")
    for program in (textbook.split_radix(DFT8), textbook.definition(DFT8), approximate):
        save(run.path / "front" / f"{program.content_hash[:4]}.json", describe(program, DFT8))
    (tmp_path / "fft.txt").write_text(str(textbook.radix2(DFT8)))


def invoke(*words, code=0):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def test_show_a_front():
    told = invoke("show", "dft-8-001").stdout
    assert told.count(".json") == 3
    assert "split radix 56" in told


def test_show_a_program():
    told = invoke("show", "fft.txt").stdout
    assert told.startswith("# dft 8 complex\n")
    assert "56 flops (52 additions, 4 multiplications)" in told
    assert "FFTW 56" in told


def test_text_can_be_piped():
    text = invoke("show", "--text", "runs/dft-8-001").stdout
    assert Program.parse(text) == textbook.split_radix(DFT8)


def test_an_empty_run_is_told():
    Run.create(DFT8, Settings(generations=1))
    assert "no program" in invoke("show", "dft-8-002", code=1).stderr
    assert "no program" in invoke("show", "--text", "dft-8-002", code=1).stderr


def test_graph(tmp_path):
    told = " ".join(invoke("graph", "--help").stdout.split())
    for ending in FORMATS:
        invoke("graph", "dft-8-001", "-o", f"fft{ending}", "--theme", "dark")
        assert (tmp_path / f"fft{ending}").stat().st_size > 1000
        assert f"{ending}," in told or f"{ending})" in told


def test_a_file_is_overwritten_when_it_is_forced(tmp_path):
    for words in (("graph", "fft.txt", "-o", "x.svg"), ("report", "fft.txt", "-o", "x.html"),
                  ("bench", "--plot", "counts.png"), ("prove", "fft.txt", "-o", "x.json")):  # fmt: skip
        path = tmp_path / words[-1]
        path.write_text("mine")
        assert "--force" in invoke(*words, code=2).stderr
        assert path.read_text(encoding="latin-1") == "mine"
        invoke(*words, "--force")
        assert path.stat().st_size > 1000
    invoke("prove", "x.json")  # in place, as it says


def test_verify():
    told = invoke("verify", "fft.txt").stdout
    assert told.count(" ok\n") == 7
    assert "all checks passed" in told
    told = invoke("verify", "dft-8-001").stdout
    assert "56 flops" in told


def test_verify_refuses_a_file_that_claims_too_much(tmp_path):
    save("fft.json", describe(textbook.radix2(DFT8), DFT8))
    table = json.loads((tmp_path / "fft.json").read_text())
    table["counts"]["adds"] -= 1
    (tmp_path / "fft.json").write_text(json.dumps(table))
    assert "counts" in invoke("verify", "fft.json", code=1).stderr


def test_runs():
    (Run.create(DFT8, Settings(generations=1)).path / "settings.toml").write_text("junk")
    lines = invoke("runs").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["runs/dft-8-001", "runs/dft-8-002"]
    assert lines[2].endswith("damaged")
    assert "no runs" in invoke("runs", "--root", "elsewhere").stdout


def test_bench():
    told = invoke("bench").stdout
    assert "56 (+0)" in told
    rows = invoke("bench", "--csv").stdout.splitlines()
    assert any(row.startswith("dft,8,complex,flops,none,56,52,4,0,56,") for row in rows)


def test_lists_are_complete():
    told = invoke("transforms").stdout.split()
    assert set(transforms.names()) <= set(told)
    told = invoke("primitives").stdout.split()
    assert {*primitives.names(), *primitives.COST_MODELS} <= set(told)
