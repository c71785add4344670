"""The table of counts: the best exact program of each transform, honest differences, bad files left out."""

import csv
import io

import pytest

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.files import describe, save, shelf
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.report import count_plot as counts
from gp_fft.store import standings as bench


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Program files: two for dft 8, one approximate, one orthonormal, one damaged."""
    monkeypatch.setattr(shelf, "_shipped", lambda: tmp_path / "shipped")
    (tmp_path / "records").mkdir()
    dft8 = transforms.get("dft", 8)
    ortho = transforms.get("dft", 2, norm="ortho")
    approximate = Program.parse("# dft 2 complex\ny0 = x0\ny1 = x0\n")
    made = {
        "a": describe(textbook.radix2(dft8), dft8),
        "b": describe(textbook.definition(dft8), dft8),
        "c": describe(approximate),
        "d": describe(textbook.definition(ortho), ortho),
    }
    for name, file in made.items():
        save(tmp_path / "records" / f"{name}.json", file)
    (tmp_path / "records" / "e.json").write_text("{}")
    return bench.program_files(tmp_path)


def test_the_best_of_each_exact_transform(files):
    entries, bad = bench.collect(files)
    assert [(entry.file.transform.title, entry.flops) for entry in entries] == [
        ("dft 2 ortho", 8),
        ("dft 8", 56),
    ]
    assert len(bad) == 1
    assert "e.json is left out" in bad[0]
    assert entries[0].rivals == {}
    assert set(entries[1].rivals) == set(bench.COLUMNS)
    assert entries[1].difference("split radix") == 0


def test_a_record_that_is_nested_deeply_is_left_out(tmp_path):
    path = tmp_path / "dft-4.json"
    path.write_text('{"a":' + "[" * 200_000)
    entries, bad = bench.collect([path])
    assert not entries
    assert f"{path} is left out" in bad[0]


def test_csv(files):
    rows = list(csv.DictReader(io.StringIO(bench.as_csv(bench.collect(files)[0]))))
    assert [row["transform"] for row in rows] == ["dft ortho", "dft"]
    assert (rows[1]["n"], rows[1]["flops"], rows[1]["FFTW"], rows[1]["minus FFTW"]) == ("8", "56", "56", "0")
    assert rows[0]["FFTW"] == ""


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_plot(files, tmp_path, ending):
    path = tmp_path / f"counts.{ending}"
    entries = bench.collect(files)[0]
    counts.plot(entries, path)
    assert path.stat().st_size > 5000
    again = tmp_path / f"again.{ending}"
    counts.plot(entries, again)
    assert again.read_bytes() == path.read_bytes()
    with pytest.raises(UsageError, match="txt"):
        counts.plot([], tmp_path / "counts.txt")


@pytest.mark.parametrize("title", ["idft 1", "dft 1", "dct2 1", "dft 2 ortho", "dct2-2d 2x2"])
def test_plot_of_what_cannot_be_drawn(tmp_path, title):
    """One point alone has no n lg n, and other norms and 2-D have no panel."""
    name, size, *norm = title.split()
    transform = transforms.get(name, tuple(map(int, size.split("x"))) if "x" in size else int(size), *norm)
    path = tmp_path / "one.json"
    save(path, describe(textbook.definition(transform), transform))
    entries, bad = bench.collect([path])
    assert [entry.file.transform.title for entry in entries] == [title]
    assert not bad
    counts.plot(entries, tmp_path / "counts.svg")
    counts.plot([], tmp_path / "none.svg")
    assert (tmp_path / "counts.svg").stat().st_size > 5000


def test_records_of_ones_own_lie_over_the_shipped_ones(tmp_path, monkeypatch):
    shipped, mine = tmp_path / "shipped", tmp_path / "records"
    monkeypatch.setattr(shelf, "_shipped", lambda: shipped)
    dft4, dft8 = transforms.dft(4), transforms.dft(8)
    for folder, transform, program in (
        (shipped, dft8, textbook.split_radix(dft8)),
        (mine, dft8, textbook.definition(dft8)),  # worse than what is shipped
        (shipped, dft4, textbook.definition(dft4)),
        (mine, dft4, textbook.radix2(dft4)),  # better
    ):
        folder.mkdir(exist_ok=True)
        save(folder / shelf.record_name(transform), describe(program, transform))
    (mine / "dft-16.json").write_text("{")
    entries, bad = bench.collect(bench.record_files(tmp_path))
    assert [(entry.flops, entry.path) for entry in entries] == [
        (16, str(mine / "dft-4.json")),
        (56, str(shipped / "dft-8.json")),
    ]
    assert len(bad) == 1
    assert "dft-16.json is left out" in bad[0]


def test_without_records_those_that_are_shipped_are_taken(tmp_path):
    assert all(path.parent.name == "records" or "_records" in str(path) for path in bench.program_files(tmp_path))
