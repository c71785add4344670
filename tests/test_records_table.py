"""The tables and the picture of the records in README and docs say what the records say; all families are there."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import shelf
from gp_fft.ground.errors import DataError
from gp_fft.program import accuracy
from gp_fft.program.cost import cost
from gp_fft.report import count_plot as counts
from gp_fft.report import record_tables as records
from gp_fft.store import standings as bench
from gp_fft.store.records import offer
from gp_fft.transforms import published as reference

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "docs" / "records.md"]
STALE = "no longer says what runs/records say; renew it with: make table"


@pytest.fixture(scope="module")
def shipped():
    paths = bench.record_files(ROOT / "runs")
    entries, bad = bench.collect(paths)
    assert not bad
    return entries, bench.others(paths, entries)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_are_not_stale(page, shipped):
    text = page.read_text(encoding="utf-8")
    assert records.renewed(text, *shipped) == text, f"{page.relative_to(ROOT)} {STALE}"


def test_the_picture_is_not_stale(shipped):
    picture = (ROOT / "docs" / "pictures" / "counts.svg").read_text(encoding="utf-8")
    told = re.search(r"<dc:description>(.*?)</dc:description>", picture, re.DOTALL)
    assert told is not None
    assert json.loads(html.unescape(told[1])) == json.loads(counts.shown_counts(shipped[0])), f"counts.svg {STALE}"


def test_every_family_with_a_record_or_a_published_count_is_there(shipped):
    wanted = {*reference.transforms(), *(entry.family for entry in shipped[0])}
    page = PAGES[1].read_text(encoding="utf-8")
    for family in wanted:
        assert f"\n### {family}\n" in page
        for text in (page, PAGES[0].read_text(encoding="utf-8")):
            assert f"\n| {family} |" in text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Records: dft 8 in 56, dft 4 dense, conv 3 and dft 8 under fma."""
    monkeypatch.setattr(shelf, "_shipped", lambda: tmp_path / "shipped")
    (tmp_path / "records").mkdir()
    dft8, dft4, conv = transforms.dft(8), transforms.dft(4), transforms.get("conv", 3, kernel=(1.0, 2.0, 3.0))
    for program, transform, model in (
        (textbook.split_radix(dft8), dft8, "flops"),
        (textbook.definition(dft4), dft4, "flops"),
        (textbook.definition(conv), conv, "flops"),
        (textbook.definition(dft8), dft8, "fma"),
    ):
        assert offer(tmp_path / "records", program, transform, model).accepted
    return tmp_path


def loaded(folder):
    paths = bench.record_files(folder)
    entries, _ = bench.collect(paths)
    return entries, bench.others(paths, entries)


def test_what_a_table_says(folder):
    entries, others = loaded(folder)
    lines = records.markdown("dft", entries, others).splitlines()
    head = "| n | radix-2 | split radix | tangent | FFTW | best published | gp-fft | difference | round-off"
    assert lines[0].startswith(head)
    eight = next(line for line in lines if line.startswith("| 8 |"))
    measured = accuracy.measure(textbook.split_radix(transforms.dft(8)), transforms.dft(8))
    told = f"{measured.program:.1e} ({measured.oracle:.1e})"
    assert eight == f"| 8 | 56 | 56 | 56 | 56 | 56 (split radix) | **56** | 0 | {told} |"
    four = next(line for line in lines if line.startswith("| 4 |"))
    assert "| 16 (split radix) | **24** | +8 |" in four
    nine = next(line for line in lines if line.startswith("| 9 |"))
    assert nine.endswith("104 (Winograd modules) | – |  |  |")


def test_a_family_without_published_counts_and_other_cost_models(folder):
    entries, others = loaded(folder)
    page = records.markdown("all", entries, others)
    conv = page[page.index("### conv") :]
    assert re.search(r"\| 3 \| – \| \*\*\d+\*\* \|  \|", conv)
    dense, fast = textbook.definition(transforms.dft(8)), textbook.split_radix(transforms.dft(8))
    fused = cost(dense, "fma")
    assert f"| dft 8 | complex | fma |  | 52 (FFTW) | **{fused}** | +{fused - 52} |  | {cost(fast, 'fma')} |" in page
    assert "| dft | – | 8:\u00a056 | 4:\u00a024 (+8) | – |" in records.markdown("summary", entries, others)
    with pytest.raises(DataError, match="there is no table 'dtf'; it is all, summary, dft"):
        records.markdown("dtf", entries, others)


def test_pages_are_renewed_between_their_markers_only(folder, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Mine\n<!-- records: dft -->\nold\n<!-- records end -->\nkept\n<!-- records: summary -->\n"
                    "<!-- records end -->\nend\n")  # fmt: skip
    words = ["bench", "--root", str(folder), "--records", "--renew", str(page)]
    told = CliRunner().invoke(cli, words)
    assert told.exit_code == 0, told.output
    assert f"wrote {page}" in told.stderr
    text = page.read_text()
    assert text.startswith("# Mine\n<!-- records: dft -->\n\n| n |")
    assert "old" not in text
    assert "<!-- records end -->\nkept\n<!-- records: summary -->" in text
    assert text.endswith("<!-- records end -->\nend\n")
    assert f"nothing new in {page}" in CliRunner().invoke(cli, words).stderr
    assert page.read_text() == text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no marker", "has no lines"),
        ("<!-- records: dtf -->\n<!-- records end -->\n", "no table 'dtf'"),
        (None, "cannot read"),
    ],
)
def test_a_page_that_cannot_be_renewed_is_left_alone(folder, tmp_path, content, sentence):
    page = tmp_path / "page.md"
    if content is not None:
        page.write_text(content)
    told = CliRunner().invoke(cli, ["bench", "--root", str(folder), "--renew", str(page)])
    assert told.exit_code == 1
    assert str(page) in told.stderr
    assert sentence in told.stderr
    assert content is None or page.read_text() == content


def test_a_record_that_does_not_verify_comes_into_no_page(folder, tmp_path):
    path, page = folder / "records" / "dft-4.json", tmp_path / "page.md"
    page.write_text("<!-- records: dft -->\n<!-- records end -->\n")
    path.write_text(path.read_text().replace('"prime":', '"prime":1'))
    told = CliRunner().invoke(cli, ["bench", "--root", str(folder), "--renew", str(page)])
    assert told.exit_code == 1
    assert f"{path}: line " in told.stderr
    assert len(page.read_text().splitlines()) == 2


def test_the_terminal_shows_other_cost_models_too(folder):
    told = CliRunner().invoke(cli, ["bench", "--root", str(folder)]).stdout
    dense, fast = textbook.definition(transforms.dft(8)), textbook.split_radix(transforms.dft(8))
    fused = cost(dense, "fma")
    assert re.search(rf"dft 8 +complex +fma +{fused} +52 \(\+{fused - 52}\) +{cost(fast, 'fma')} +{cost(dense)} ", told)
    markdown = CliRunner().invoke(cli, ["bench", "--root", str(folder), "--markdown"]).stdout
    assert markdown.startswith("### dft\n")
