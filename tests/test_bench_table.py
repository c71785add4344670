"""The table of counts: the best exact program of each transform, honest differences, bad files left out."""

import csv
import io
import re

import pytest
from click.testing import CliRunner

from gp_fft import transforms
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.files import describe, save, shelf
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program
from gp_fft.program.cost import cost
from gp_fft.report import count_plot as counts
from gp_fft.report import listing, record_tables
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


SHIFTS = "# h264 4 real primitives=dyadic\nt0 = x0 + x3\nt1 = x1 + x2\nt2 = x0 - x3\nt3 = x1 - x2\n" + (
    "y0 = t0 + t1\ny1 = 2*t2 + t3\ny2 = t0 - t1\ny3 = t2 - 2*t3\n"
)


@pytest.fixture
def in_sets(tmp_path, monkeypatch):
    """Records: h264 4 dense in any constants, in shifts, with factors at its border; bits; and dft 8 under fma."""
    monkeypatch.setattr(shelf, "_shipped", lambda: tmp_path / "shipped")
    (tmp_path / "records").mkdir()
    h264, bits, dft8 = transforms.get("h264", 4), transforms.get("reed-muller", 4), transforms.get("dft", 8)
    scaled = h264.scaled(transforms.Scaling(outputs=(2.0, 1.0, 2.0, 1.0)))
    for transform, program, model, free in (
        (h264, textbook.definition(h264), "flops", "none"),
        (h264, Program.parse(SHIFTS), "flops", "none"),
        (scaled, textbook.definition(scaled), "flops", "outputs"),
        (bits, textbook.definition(bits), "flops", "none"),
        (dft8, textbook.split_radix(dft8), "fma", "none"),
    ):
        place = tmp_path / "records" / shelf.record_name(transform, model, program.primitives, free)
        provenance = {"cost_model": model, **({} if free == "none" else {"scaling": free})}
        save(place, describe(program, transform, None, provenance))
    paths = bench.record_files(tmp_path)
    entries, bad = bench.collect(paths)
    assert not bad
    return entries, bench.others(paths, entries)


def test_programs_of_other_sets_are_never_mixed_with_plain_ones(in_sets):
    entries, others = in_sets
    dense = textbook.definition(transforms.get("h264", 4))
    plain = {entry.file.transform.title: entry for entry in entries}
    assert set(plain) == {"dft 8", "h264 4", "reed-muller 4"}  # what is good under fma has a count in flops, too
    assert plain["h264 4"].file.program == dense
    told = [(o.file.transform.title, o.primitives, o.model, o.scaling, o.cost, o.best, o.difference) for o in others]
    assert told == [
        ("dft 8", "complex", "fma", "", cost(textbook.split_radix(transforms.dft(8)), "fma"), 52, told[0][4] - 52),
        ("h264 4", "real", "flops", "outputs", told[1][4], None, None),
        ("h264 4", "dyadic", "flops", "", 8, 8, 0),
    ]


def test_a_program_of_a_run_in_another_set_stands_in_the_second_table(tmp_path, in_sets):
    transform = transforms.get("h264", 4)
    path = tmp_path / "front" / "00008-abc.json"
    path.parent.mkdir()
    save(path, describe(Program.parse(SHIFTS), transform))
    entries, bad = bench.collect([path])
    assert not entries
    assert not bad
    assert [(other.primitives, other.path) for other in bench.others([path], entries)] == [("dyadic", str(path))]


def test_the_csv_says_the_rule_of_every_line(in_sets):
    rows = list(csv.DictReader(io.StringIO(bench.as_csv(*in_sets))))
    rules = [(row["transform"], row["primitives"], row["model"], row["scaling"], row["cost"]) for row in rows]
    assert [rule[:4] for rule in rules[:3]] == [
        ("dft", "complex", "flops", "none"),
        ("h264", "real", "flops", "none"),
        ("reed-muller", "gf2", "flops", "none"),
    ]
    assert ("dft", "complex", "fma", "none") in [rule[:4] for rule in rules[3:]]
    assert ("h264", "dyadic", "flops", "none", "8") in rules
    shifts = rows[rules.index(("h264", "dyadic", "flops", "none", "8"))]
    assert (shifts["shifts"], shifts["best published"], shifts["minus best published"]) == ("2", "8", "0")


def test_pages_and_terminal_say_sets_shifts_and_xors(in_sets, tmp_path):
    entries, others = in_sets
    words = ["--root", str(tmp_path)]
    told = CliRunner().invoke(cli, ["bench", *words], catch_exceptions=False).stdout
    assert re.search(r"h264 4 +dyadic +flops +8 +2 +8 \(\+0\)", told)
    assert re.search(r"h264 4 +real +flops +outputs ", told)
    text = record_tables.markdown("all", entries, others)
    assert "| h264 4 | dyadic | flops |  | 8 (Malvar et al.) | **8** | 0 | 2 | – |" in text
    assert "| hevc-dct2 8 | dyadic | flops |  | 50 (Meher et al.) | – |" in text
    assert "### reed-muller\n\n| n | best published | gp-fft, XORs |" in text
    assert "88 (Jean)" in record_tables.markdown("aes-mixcolumns", entries, others)
    page = listing.records([*entries, *others], ["proved"] * 6)
    assert [column.name for column in page.columns][:5] == ["transform", "cost model", "set", "scaling", "cost"]
    place = [column.name for column in page.columns].index("shifts")
    assert [(row.cells[2], row.cells[place]) for row in page.rows] == [
        ("complex", ""), ("real", ""), ("gf2", ""), ("complex", ""), ("real", ""), ("dyadic", "2"),
    ]  # fmt: skip


def test_show_counts_adders_and_shifts(tmp_path):
    path = tmp_path / "shifts.json"
    save(path, describe(Program.parse(SHIFTS), transforms.get("h264", 4)))
    told = CliRunner().invoke(cli, ["show", str(path)], catch_exceptions=False).stdout
    assert "8 adders (2 shifts) in dyadic, depth 2" in told
    assert "reference counts for h264 4 in dyadic: best published 8" in told
