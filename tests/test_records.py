"""Records: only proved programs, only better ones, never over a file that does not verify; the hunt that fills them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import shelf
from gp_fft.files.shelf import record_name
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.hunt import Goal, hunt
from gp_fft.program import Program
from gp_fft.store.records import load_record, offer

DFT = transforms.dft(8)


def test_records_are_named_after_transform_and_cost_model():
    assert record_name(DFT) == "dft-8.json"
    assert record_name(DFT, "fma") == "dft-8.fma.json"
    assert record_name(transforms.dct2(8, "ortho"), "1:2") == "dct2-8-ortho.1_2.json"


def test_a_better_program_replaces_a_record_and_a_worse_one_does_not(tmp_path):
    assert offer(tmp_path, textbook.definition(DFT), DFT).accepted
    assert offer(tmp_path, textbook.split_radix(DFT), DFT).accepted
    assert not offer(tmp_path, textbook.definition(DFT), DFT).accepted
    assert not offer(tmp_path, textbook.split_radix(DFT), DFT).accepted
    assert load_record(tmp_path / "dft-8.json").counts["flops"] == 56


def test_what_is_not_exact_never_becomes_a_record(tmp_path):
    rows = [[(s * (1 + 1e-13), t, r) if s != 1 else (s, t, r) for s, t, r in row] for row in SPLIT.rows()]
    rows[0][0] = (1.001, *rows[0][0][1:])
    wrong = Program.build(8, "complex", rows, SPLIT.outputs.tolist(), DFT.title)
    verdict = offer(tmp_path, wrong, DFT)
    assert not verdict.accepted
    assert "not proved" in verdict.reason
    assert not (tmp_path / "dft-8.json").exists()


SPLIT = textbook.split_radix(DFT)


@pytest.mark.parametrize(("key", "value"), [("flops", 50), ("adds", 1)])
def test_a_record_that_claims_another_count_is_refused_and_kept(tmp_path, key, value):
    offer(tmp_path, SPLIT, DFT)
    path = tmp_path / "dft-8.json"
    table = json.loads(path.read_text())
    table["counts"][key] = value
    path.write_text(json.dumps(table))
    edited = path.read_bytes()
    with pytest.raises(DataError, match="counts"):
        offer(tmp_path, SPLIT, DFT)
    assert path.read_bytes() == edited


def test_a_record_of_another_transform_or_without_proof_is_refused(tmp_path):
    offer(tmp_path, SPLIT, DFT)
    path = tmp_path / "dft-8.json"
    path.rename(tmp_path / "dft-9.json")
    with pytest.raises(DataError, match="holds dft 8"):
        load_record(tmp_path / "dft-9.json")
    table = json.loads((tmp_path / "dft-9.json").read_text())
    table["proof"] = None
    path.write_text(json.dumps(table))
    with pytest.raises(DataError, match="no record"):
        load_record(path)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        offer(tmp_path / "file" / "records", SPLIT, DFT)


@pytest.fixture
def bare(monkeypatch, tmp_path_factory):
    """A package that ships no records."""
    nothing = tmp_path_factory.mktemp("shipped")
    monkeypatch.setattr(shelf, "_shipped", lambda: nothing)


def test_a_hunt_fills_the_folder_and_goes_on_from_it(tmp_path, bare):
    goals = [Goal(transforms.dft(4)), Goal(transforms.wht(4))]
    first = list(hunt(goals, tmp_path, seconds=2.0, slice_seconds=0.1, threads=1))
    assert {done.goal.transform.title for done in first} == {"dft 4", "wht 4"}
    assert load_record(tmp_path / "dft-4.json").counts["flops"] == 16
    again = next(hunt(goals, tmp_path, seconds=0.1, slice_seconds=0.1, threads=1))
    assert again.before == 16
    assert again.start.startswith("dft-4@")


def test_a_goal_that_keeps_improving_gets_more_slices():
    good, poor = Goal(DFT, slices=4, improvements=3), Goal(DFT, slices=4, improvements=0)
    assert good.promise(8) > poor.promise(8)
    assert Goal(DFT).promise(8) > good.promise(8)


def test_the_command_hunts_and_names_what_it_found(tmp_path, bare):
    arguments = ["hunt", "dft:4", "--seconds", "0.2", "--slice", "0.1", "--threads", "1", "--records", str(tmp_path)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "dft 4: record -, found 16" in result.output
    assert (tmp_path / "dft-4.json").is_file()


@pytest.mark.parametrize("goal", ["dft", "dft:x", "dft:"])
def test_a_goal_that_is_none_is_a_usage_error(tmp_path, goal):
    with pytest.raises(UsageError, match="TRANSFORM:N"):
        CliRunner().invoke(cli, ["hunt", goal], standalone_mode=False, catch_exceptions=False)
