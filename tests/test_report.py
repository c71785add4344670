"""What a report holds, without a browser: facts, lineage, sizes, records, bad input; and `watch`."""

import base64
import gzip
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft.cli import cli
from gp_fft.cli.watch import spark
from gp_fft.construct import textbook
from gp_fft.files import describe, save, shelf
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.report import facts, listing, page, payload
from gp_fft.search.front import Front
from gp_fft.search.lineage import Event
from gp_fft.search.settings import Settings
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run

DFT8 = gp_fft.dft(8)
LINE = [[3, 0, "add", 120.0, 100.0, 0.25], [5, 0, "drop", 100.0, 90.0, 0.0], [5, 17, "inline", 90.0, 56.0, 0.0]]


def data_of(html):
    packed = re.search(r'<script type="text/plain" id="data">(.*?)</script>', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def record(generation, best):
    return {
        "generation": generation, "best_exact_cost": best, "best_error": 0.0 if best else 0.5,
        "front": [[0.0, best], [0.5, 20.0]] if best else [[0.5, 20.0]], "operators": {"share": [10, 5, 1]},
        "evaluations": 10 * generation, "steps": 1000 * generation, "evaluations_per_second": 5.0,
        "steps_per_second": 1000.0, "seconds": 0.5 * generation,
    }  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run folder with two programs and a log, made without evolving."""
    monkeypatch.chdir(tmp_path)
    made = Run.create(DFT8, Settings(generations=9))
    provenance = {**made.provenance(), "lineage": LINE}
    for program in (textbook.split_radix(DFT8), textbook.definition(DFT8)):
        save(made.path / "front" / f"{program.content_hash[:4]}.json", describe(program, DFT8, provenance=provenance))
    lines = [json.dumps(record(k, 56.0 if k > 4 else None)) + "\n" for k in range(10)]
    (made.path / "log.jsonl").write_text("".join(lines))
    return made


def invoke(*words, code=0):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result


def test_a_run_page_says_what_is_known(run, tmp_path):
    invoke("report", "dft-8-001", "-o", "page.html")
    html = (tmp_path / "page.html").read_text()
    for words in ("56 <small>flops", "split radix", "FFTW", "exact to", "gp-fft evolve dft 8 --seed 1 --generations 9"):
        assert words in html
    for row in LINE:
        assert f"<td>{row[2]}</td>" in html
    data = data_of(html)
    assert [program["counts"]["flops"] for program in data["programs"][:2]] == [56, 152]
    assert data["programs"][data["first"]]["svg"].startswith("<svg")
    (twin,) = data["textbook"].values()
    assert data["programs"][twin]["label"] == "radix-2"
    (target,) = data["targets"].values()
    matrix = np.array(target["re"]) + 1j * np.array(target["im"])
    assert np.array_equal(matrix.reshape(8, 8), DFT8.matrix)


def test_a_page_asks_for_nothing_from_outside(run):
    html = page.run_page(run)
    markup = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=[\"'](?!data:)", markup)
    assert "default-src 'none'" in html


def test_a_program_page_and_its_errors(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fft.txt").write_text(str(textbook.radix2(gp_fft.dft(4))))
    invoke("report", "fft.txt", "-o", "page.html")
    assert "dft 4" in (tmp_path / "page.html").read_text()
    assert ".html" in invoke("report", "fft.txt", "-o", "page.pdf", code=2).stderr
    assert "cannot read" in invoke("report", "missing", "-o", "other.html", code=1).stderr
    Run.create(DFT8, Settings(generations=1))
    assert "no program" in invoke("report", "dft-8-001", "-o", "other.html", code=1).stderr


def test_the_records(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gp_fft.files.shelf._shipped", lambda: tmp_path / "none")
    (tmp_path / "runs" / "records").mkdir(parents=True)
    for n in (4, 8):
        save(f"runs/records/dft-{n}.json", describe(textbook.radix2(gp_fft.dft(n))))
    invoke("report", "records", "-o", "records.html")
    html = (tmp_path / "records.html").read_text()
    assert "Best known programs" in html
    assert [program["title"] for program in data_of(html)["programs"][:2]] == ["dft 4", "dft 8"]


def test_drawing_the_records_shows_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gp_fft.cli.report.LINE_EVERY", 0.0)
    monkeypatch.setattr(shelf, "_shipped", lambda: tmp_path / "nothing")
    (tmp_path / "runs" / "records").mkdir(parents=True)
    for n in (2, 4):
        save(f"runs/records/dft-{n}.json", describe(textbook.radix2(gp_fft.dft(n))))
    told = invoke("report", "records", "-o", "records.html").stderr.splitlines()
    assert told[0] == "reading 2 records"
    assert told[1:] == ["drawing 1 of 2 records: dft 2", "drawing 2 of 2 records: dft 4", "wrote records.html"]


def test_names_are_escaped(tmp_path):
    rows = [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 0), (0.5, 2, 1)]]
    for name in ("<script>alert(1)</script>", "</title><b>", "{{ 1 + 1 }}", "]]><!--"):
        provenance = {"command": name, "version": name, "lineage": [[1, 1, name, 3.0, 2.0, 0.0]]}
        html = page.program_page(describe(Program.build(2, "real", rows, [0, 1], "matrix"), provenance=provenance))
        assert name not in html.replace("{{ 1 + 1 }}", "") or name.startswith("{{")
    front = Front(gp_fft.from_array(np.eye(2)), [Program.build(2, "real", rows, [0, 1], "<b>bold</b>")])
    assert "<b>bold" not in front._repr_html_()


@pytest.mark.parametrize(
    "told", [None, "junk", [1], [[1, 2, "add", 3.0]], [["1", 2, "add", 3.0, 2.0, 0.0]], [[True, 2, "a", 3.0, 2.0, 0.0]]]
)
def test_a_broken_lineage_is_left_out(told):
    assert Event._fields == facts.EVENT
    file = describe(textbook.radix2(gp_fft.dft(2)), provenance={"lineage": told})
    assert facts.lineage(file) == []
    page.program_page(file)


def test_a_large_front_stays_small():
    files = [describe(textbook.radix2(DFT8))] * 3
    size = files[0].program.terms
    assert payload.choose(files, 1, 0) == [1]
    assert payload.choose(files, 1, size) == [0, 1]
    assert payload.choose(files, 1, payload.HELD_BESIDE) == list(range(len(files)))


def test_a_long_log_is_thinned_out():
    records = [record(k, 200.0 - k // 700) for k in range(5000)]
    kept = page.thin_out(records)
    assert len(kept) < 1300
    assert (kept[0], kept[-1]) == (records[0], records[-1])
    assert {r["best_exact_cost"] for r in kept} == {r["best_exact_cost"] for r in records}


@pytest.mark.parametrize("transform", [gp_fft.rdft(8), gp_fft.dct2(6), gp_fft.wht(8), gp_fft.conv(3, kernel=(1, 2, 3))])
def test_every_kind_of_transform_has_a_page(transform):
    data = data_of(page.program_page(describe(textbook.definition(transform), transform)))
    assert data["programs"][0]["title"] == transform.title + " kernel 1,2,3" * (transform.name == "conv")


def test_watch_once(run):
    told = invoke("watch", "--once", "dft-8-001").stdout
    for words in ("not running", "best exact 56", "100% of the budget", "split radix 56", "share"):
        assert words in told


@pytest.mark.parametrize("change", [{"front": None}, {"operators": [1]}, {"front": [[1]]}, {"seconds": None}, None])
def test_a_damaged_log_is_told_in_a_sentence(run, change):
    line = {"generation": 1} if change is None else record(1, 56.0) | change
    (run.path / "log.jsonl").write_text(json.dumps(line) + "\n")
    told = invoke("report", "dft-8-001", "-o", "page.html", code=1).stderr
    assert "is damaged: log.jsonl" in told
    result = CliRunner().invoke(cli, ["watch", "--once", "dft-8-001"])
    assert result.exit_code == 0 or "is damaged: log.jsonl" in result.stderr


def test_names_in_a_log_are_no_markup(run):
    line = record(1, 56.0) | {"operators": {"[/red]": [1, 1, 1]}}
    (run.path / "log.jsonl").write_text(json.dumps(line) + "\n")
    assert "[/red]" in invoke("watch", "--once", "dft-8-001").stdout


def test_watch_ends_with_the_run(run, monkeypatch):
    from gp_fft.cli import watch

    monkeypatch.setattr(watch, "EVERY", 0.0)
    Run.create(DFT8, Settings(generations=9))
    empty = Run.open("runs/dft-8-002")
    with Recorder(empty):
        looks = watch._looks(empty)
        assert next(looks) == (None, True)
    assert [running for _, running in looks] == [False]
    assert "not running" in invoke("watch", "dft-8-001").stdout
    assert "nothing logged" in invoke("watch", "--once", "dft-8-002").stdout


def test_watch_says_that_the_run_was_moved_away(run, monkeypatch):
    from gp_fft.cli import watch

    monkeypatch.setattr(watch, "EVERY", 0.0)
    monkeypatch.setattr(Run, "running", lambda _: True)
    looks = watch._looks(run)
    next(looks)
    run.path.rename("elsewhere")
    with pytest.raises(DataError, match=f"the run folder {run.path} was moved or deleted while it was watched"):
        next(looks)


def test_blocks_of_a_spark_line():
    assert spark([0.0, 50.0, 100.0]) == "▁▅█"


def test_a_front_shows_itself():
    programs = [textbook.split_radix(DFT8), textbook.definition(DFT8)]
    html = Front(DFT8, programs)._repr_html_()
    assert html.count("<tr>") == 3
    assert "<svg" in html
    assert "split radix 56" in html


def test_a_list_names_the_kernel_of_a_convolution():
    assert listing.name(gp_fft.dct2(8, norm="ortho")) == "dct2 8 ortho"
    assert listing.name(gp_fft.conv(2, kernel=(2, 1.5))) == "conv 2 kernel 2,1.5"
    long = listing.name(gp_fft.conv(64, kernel=range(1, 65)))
    assert long.startswith("conv 64 kernel 1,2,3,")
    assert long.endswith(",…")
    assert len(long) < 70


@pytest.mark.parametrize("errors", [[0.94, 0.74], [1.2], [0.5, 0.02], [0.0, 1.0], [0.3, 1e-5]])
def test_an_axis_of_errors_has_numbers_within_the_errors(errors):
    from gp_fft.report.charts import error_axis, lowest_decade, plain_figure

    chart, floor = plain_figure("cost", "error", y_axis_type="log"), lowest_decade(errors)
    error_axis(chart, floor, errors)
    shown = [max(error, floor) for error in errors]
    ticks = [tick for tick in chart.yaxis[0].ticker.ticks if 0.95 * min(shown) <= tick <= 1.05 * max(shown)]
    assert len(ticks) >= len(set(errors))


def test_an_approximate_program_is_told_no_round_off():
    crude = Program.build(1, "real", [[(1.0, 0, 0)]], [0])
    assert facts.accuracy(describe(crude, gp_fft.from_array(np.array([[2.0]])))) == ""
    assert facts.accuracy(describe(textbook.radix2(DFT8), DFT8)) != ""


def test_heat_maps_have_ticks_at_whole_numbers_only():
    from gp_fft.report.charts import heat_chart

    chart = heat_chart("heat", "the program", 4, 4)
    assert [axis.ticker.min_interval for axis in (*chart.xaxis, *chart.yaxis)] == [1, 1]
    assert [axis.ticker.num_minor_ticks for axis in (*chart.xaxis, *chart.yaxis)] == [0, 0]


def test_an_approximate_program_is_not_counted_against_exact_ones():
    crude = Program.parse("# dft 2 complex\ny0 = x0\ny1 = x0 - x1\n")
    assert {rival.difference for rival in facts.compare(describe(crude))} == {None}
    whole = describe(textbook.definition(gp_fft.dft(2)))
    assert {rival.difference for rival in facts.compare(whole)} == {0}
    assert re.search(r'"n ?">–</td>', page.program_page(describe(crude)))
