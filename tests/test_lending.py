"""A search is given values and notes by content hash what it took; with the same records it finds the same anywhere."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import files, transforms
from gp_fft.cli import cli
from gp_fft.construct.given import NO_PARTS
from gp_fft.construct.textbook import definition, split_radix
from gp_fft.files import shelf
from gp_fft.files.shelf import Shelf, citation
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.store import lending
from gp_fft.store.lending import lend, noted

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "runs" / "records"
DFT = transforms.dft(12)
COMPOSE = Settings(start="compose", generations=0, threads=1)


def front(settings, shelf, transform=DFT):
    settings, given = lend(transform, settings, shelf)
    *_, (state, _) = generations(transform, settings, given=given)
    exact = [genome.program.content_hash for genome in state.exact]
    return exact, noted(settings, given)


def gp(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def hashes(run):
    return sorted(files.load(path).program.content_hash for path in (run / "front").iterdir())


def test_the_search_reads_no_disk():
    """No module of the search opens a file or knows where records lie; only what it is given names the shelf."""
    for path in (ROOT / "gp_fft" / "search").rglob("*.py"):
        names = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        reading = {"Path", "open", "read_bytes", "read_text", "is_file", "files", "folders", "record_paths"}
        assert not names & reading, path


def test_two_folders_with_the_same_records_give_the_same_start(tmp_path, monkeypatch):
    found = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        found.append(front(COMPOSE, Shelf.open()))
    assert found[0] == found[1]
    assert "rdft-12@" in " ".join(found[0][1].parts)


def test_with_other_records_the_run_says_which_and_repeats_with_those_it_names(tmp_path, monkeypatch):
    mine = tmp_path / "records"
    mine.mkdir()
    usual, usual_settings = front(COMPOSE, Shelf.open())
    monkeypatch.setattr(shelf, "_shipped", lambda: mine)
    shutil.copy(SHIPPED / "rdft-12.json", mine)
    alone, settings = front(COMPOSE, Shelf.open(mine))
    assert settings.parts == (usual_settings.parts[[p[:8] for p in usual_settings.parts].index("rdft-12@")],)
    assert alone != usual
    monkeypatch.undo()
    assert front(settings, Shelf.open())[0] == alone  # though many more lie there
    assert front(usual_settings, Shelf.open(mine))[0] == usual


def test_a_composition_of_no_records_says_so_and_repeats():
    found, settings = front(COMPOSE, Shelf())
    assert settings.parts == NO_PARTS
    assert front(settings, Shelf.open())[0] == found


def test_a_start_is_named_by_what_it_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    eight, program = transforms.dft(8), split_radix(transforms.dft(8))
    Path("mine.txt").write_text(str(program))
    settings, given = lend(eight, Settings(start="mine.txt"), Shelf())
    assert settings.start == citation("mine.txt", program)
    assert given.program == program
    known = Shelf.open().named("dft-8")
    shutil.copy(SHIPPED / "dft-8.json", "copy")
    Path("dft-8.json").write_bytes(Path("copy").read_bytes())
    for start in ("dft-8.json", "dft-8", known.citation):
        assert lend(eight, Settings(start=start), Shelf.open())[0].start == known.citation
    with pytest.raises(UsageError, match=r"unknown start 'dft-888'; it is random, .* or a record's name"):
        lend(eight, Settings(start="dft-888"), Shelf.open())
    with pytest.raises(DataError, match=r"the start gone.txt of content 1a2b3c is not among the records here"):
        lend(eight, Settings(start="gone.txt@1a2b3c"), Shelf.open())


def test_from_python_compositions_are_made_of_the_shipped_records_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = gp_fft.evolve(DFT, start="compose", generations=0, threads=1)
    assert made.best_exact() is not None
    assert made.costs[-1] == 106
    Path("runs/records").mkdir(parents=True)
    Path("runs/records/dft-6.json").write_text("{")
    with pytest.warns(UserWarning, match="dft-6.json"):
        assert list(gp_fft.evolve(DFT, start="compose", generations=0, threads=1)) == list(made)


def test_a_run_notes_its_parts_and_its_command_repeats_it_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    three = transforms.dft(3)
    files.save(mine / "dft-3.json", files.describe(definition(three), three))  # worse than the shipped one
    (mine / "dft-4.json").write_text("{")
    words = ["evolve", "dft", 12, "--start", "compose", "--generations", 1, "--threads", 1]
    told = gp(*words, "--out", "a", "--records", mine)
    assert told.exit_code == 0, told.output
    assert told.stderr.count(f"{mine}/dft-4.json") == 1
    table = tomllib.loads(Path("a/settings.toml").read_text())
    assert any(part.startswith("dft-3@3ce6bf47467b") for part in table["settings"]["parts"])
    assert table["records"] == str(mine)
    shutil.rmtree(mine)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    told = gp(*shlex.split(table["command"])[1:], "--out", "b")
    assert told.exit_code == 0, told.output
    assert hashes(Path("b")) == hashes(tmp_path / "a")
    command = table["command"].replace("dft-3@3ce6bf47467b", "dft-3@1a2b3c4d5e6f")
    told = gp(*shlex.split(command)[1:], "--out", "c")
    assert told.exit_code == 1
    assert "the part dft-3 of content 1a2b3c4d5e6f is not among the records here (shipped)" in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert not Path("c").exists()


def test_resume_needs_no_records_any_more(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["evolve", "dft", 12, "--start", "compose", "--threads", 1]
    assert gp(*words, "--generations", 2, "--out", "whole").exit_code == 0
    assert gp(*words, "--generations", 1, "--out", "cut").exit_code == 0
    monkeypatch.setattr(lending, "lend", None)
    monkeypatch.setattr(Shelf, "find", None)
    told = gp("resume", "cut", "--generations", 1)
    assert told.exit_code == 0, told.output
    whole, cut = (json.loads(Path(name, "checkpoint.json").read_text())["state"] for name in ("whole", "cut"))
    assert whole | {"seconds": 0} == cut | {"seconds": 0}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--start", "definition", "--parts", "dft-3@1a2b3c"], "parts are for start 'compose', not for 'definition'"),
        (["--start", "compose", "--parts", "dft-3"], "a part is a record with its hash"),
        (["--start", "dft-8"], "dft-8 holds a program with 8 outputs"),
    ],
)
def test_bad_words_are_one_sentence(tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    told = gp("evolve", "dft", 12, *words, "--generations", 1)
    assert told.exit_code != 0
    assert sentence in told.stderr
    assert len(told.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
