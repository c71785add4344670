"""The catalogue: every record has its pages, nothing loads from elsewhere, search, filters, tabs and copying work."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft.cli import cli
from gp_fft.construct import textbook
from gp_fft.export.targets import TARGETS, export
from gp_fft.files import describe, load, save
from gp_fft.files.certificate import Bound
from gp_fft.files.shelf import Layer, Record, Shelf, record_name
from gp_fft.ground.errors import DataError
from gp_fft.program import Program
from gp_fft.proof.intervals import interval
from gp_fft.report import record_facts, site, speeds
from gp_fft.report.spread import spread
from gp_fft.store.standings import record_files
from gp_fft.transforms import published
from tests.browser import chromium

NASTY = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>"
XORS = "# reed-muller 4 gf2\nt0 = x2 + x3\ny0 = x0\ny1 = x0 + x1\ny2 = x0 + x2\ny3 = y1 + t0\n"
ROUNDED = {"accuracy": {"program": 1e-16, "reference": 2e-16}}


def fill(folder):
    """Records of every kind in a folder: under two cost models, with a kernel, in 2-D, over bits, with odd words."""
    folder.mkdir(parents=True)
    made = [describe(textbook.split_radix(gp_fft.dft(n)), provenance=ROUNDED) for n in (4, 8, 16)]
    made += [describe(textbook.split_radix(gp_fft.dft(8)), provenance={"cost_model": "fma"})]
    made += [
        describe(textbook.definition(t), t)
        for t in (gp_fft.conv(2, kernel=(2, 7)), gp_fft.transforms.get("dct2-2d", (2, 2)))
    ]
    made += [describe(Program.parse(XORS))]
    made += [describe(textbook.definition(gp_fft.wht(4)), provenance={"command": NASTY, "start": NASTY, "seed": 5})]
    for file in made:
        save(folder / record_name(file.transform, file.model, file.program.primitives, file.free), file)
    return sorted(path.stem for path in folder.glob("*.json"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with records, and below it the catalogue of them, with speeds."""
    folder = tmp_path_factory.mktemp("catalogue")
    names = fill(folder / "records")
    (folder / "speed.csv").write_text("transform,n,layout,ns\ndft,8,rows,3.25\ndft,16,rows,9.5\n,4,rows,1.75\n")
    words = ["report", str(folder / "records"), "-o", str(folder / "site"), "--speed", str(folder / "speed.csv")]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    assert "wrote 8 records" in result.stderr
    assert "drawing 8 of 8 records" in result.stderr
    return folder / "site", names


@pytest.fixture(scope="module")
def browser():
    with chromium() as page:
        yield page


def invoke(*words, code=0):
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
    return result.stderr


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_record_has_its_page_its_data_and_its_file(made):
    folder, names = made
    assert {path.name for path in (folder / "records").iterdir()} == {
        f"{name}.{suffix}" for name in names for suffix in ("html", "js", "json")
    }
    index = (folder / "index.html").read_text()
    assert sorted(re.findall(r'href="records/([^"]*)\.html"', index)) == names
    for name in names:
        assert load(folder / "records" / f"{name}.json") == load(folder.parent / "records" / f"{name}.json")


def test_nothing_is_loaded_from_elsewhere(made):
    for path, content in contents(made[0]).items():
        text = content.decode()
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", text), path
        assert not re.search(r"@import|url\(['\"]?http|fetch\(|XMLHttpRequest", text), path
        if path.endswith(".html"):
            assert "default-src &#39;none&#39;" in text


def test_the_same_bytes_each_time_alone_and_spread_over_processes(made, monkeypatch):
    folder, _ = made
    records = site.records_of(Shelf((Layer.read("records", folder.parent / "records"),)))
    rows = speeds.read_speeds(folder.parent / "speed.csv")
    for heavy in (0, 10**9):
        monkeypatch.setattr(site, "HEAVY", heavy)
        assert {part.path: part.content for part in site.site(records, rows)} == contents(folder)


def test_work_is_spread_in_order():
    assert list(spread(abs, [-3, 2, -1], heavy=True)) == [3, 2, 1]


def test_the_counts_beside_a_record_are_all_that_are_published():
    counts = record_facts.published_counts(describe(textbook.split_radix(gp_fft.dft(16))))
    in_flops = [one for one in counts if not one.rule]
    assert sorted(one.total for one in in_flops) == sorted(row.total for row in published.rows("dft", 16))
    assert {one.difference for one in in_flops} <= {168.0 - one.total for one in in_flops}
    assert [one.difference for one in in_flops if one.by == "split radix"] == [0.0]
    assert all(one.source for one in counts)
    fused = [one for one in counts if one.rule == "complex fma"]
    assert fused
    assert all(one.difference is not None for one in fused)
    kernel = gp_fft.conv(2, kernel=(2, 7))
    (own,) = record_facts.published_counts(describe(textbook.definition(kernel), kernel))
    assert (own.by, own.difference) == ("definition", 0.0)


def test_counts_by_another_rule_are_shown_and_not_compared():
    counts = record_facts.published_counts(describe(textbook.definition(gp_fft.dct2(8))))
    apart = [one for one in counts if one.difference is None]
    assert apart
    assert all(one.why for one in apart)


def test_the_proved_errors_of_an_approximation_are_shown():
    program, transform = approximation()
    proof = interval(program, transform)
    told = record_facts.evidence(describe(program, transform, proof))
    assert told["statement"] == proof.statement
    rows = dict(told["rows"])
    low, high = map(float, re.fullmatch("from (.*) to (.*)", rows["relative"]).groups())
    assert low <= high <= low * (1 + 1e-12)
    assert transform.error(program) == pytest.approx(low, rel=1e-12)
    assert set(rows) == {error.measure for error in proof.errors}
    assert len(rows) > 1
    told = record_facts.evidence(describe(program, transform, Bound(1, "a claim", 1.234e-16, program.content_hash)))
    assert told["rows"] == [("relative error at most", "1.3e-16")]


def approximation():
    program = textbook.definition(gp_fft.dct2(4))
    return replace(program, sizes=np.round(8 * program.sizes) / 8), gp_fft.dct2(4)


def test_the_words_for_a_record_find_it_again(monkeypatch):
    told = []
    shelf = Shelf.open(None, told.append)
    monkeypatch.setattr(record_facts, "ALWAYS", ("python",))
    chosen = [record for record in site.records_of(shelf) if record.program.terms < 60]
    assert len({tuple(record_facts.words(record).split()[2::2]) for record in chosen}) > 4
    for record in chosen:
        text = export(record.file, "python", None, record_facts.words(record))
        result = CliRunner().invoke(cli, ["export", *record_facts.words(record).split(), "--to", "python"])
        assert result.stdout == text
    assert told == []


def test_large_programs_say_how_their_code_comes(monkeypatch):
    monkeypatch.setattr(record_facts, "MOST_CODED", 20)
    code = {one["target"]: one for one in record_facts.code(record_of(gp_fft.dft(8)))}
    assert set(code) == {"text", *TARGETS}
    assert {name for name, one in code.items() if one["text"]} == {"text", *record_facts.ALWAYS}
    assert "large" in code["numpy"]["why"]
    assert code["numpy"]["command"] == "gp-fft export dft 8 --to numpy"


def test_a_target_that_cannot_express_a_program_says_why():
    file = describe(Program.parse(XORS))
    code = {one["target"]: one for one in record_facts.code(Record("reed-muller-4", file, "here"))}
    refused = [name for name, target in TARGETS.items() if "gf2" not in target.fields]
    assert all("gf2" in code[name]["why"] and not code[name]["text"] for name in refused)
    assert code["c"]["text"]


def record_of(transform):
    file = describe(textbook.split_radix(transform))
    return Record(record_name(transform).removesuffix(".json"), file, "here")


def test_where_there_is_no_room_drawing_and_code_are_left_out(monkeypatch):
    records = [record_of(gp_fft.dft(n)) for n in (4, 8, 16)]
    whole = {part.path: len(part.content) for part in site.site(records)}
    monkeypatch.setattr(site, "PACKED", whole["records/dft-4.js"] + whole["records/dft-8.js"])
    tight = {part.path: part.content for part in site.site(records)}
    assert {path: len(content) for path, content in tight.items() if "dft-16" not in path} == {
        path: size for path, size in whole.items() if "dft-16" not in path
    }
    assert len(tight["records/dft-16.js"]) < 0.3 * whole["records/dft-16.js"]
    assert b"gp-fft export dft 16 --to c" in tight["records/dft-16.html"]


def test_the_word_records_is_the_shelf_and_a_path_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gp_fft.files.shelf._shipped", lambda: tmp_path / "none")
    for folder, n in (("runs/records", 4), ("records", 8)):
        Path(folder).mkdir(parents=True)
        save(f"{folder}/dft-{n}.json", describe(textbook.radix2(gp_fft.dft(n))))
    assert "wrote 1 record," in invoke("report", "records")
    assert Path("catalogue/records/dft-4.html").is_file()
    invoke("report", "./records", "-o", "of-a-folder")
    assert [path.stem for path in Path("of-a-folder/records").glob("*.html")] == ["dft-8"]
    invoke("report", "./records", "-o", "page.html")
    assert "dft 8" in Path("page.html").read_text()
    shutil.rmtree("records")
    save("records", describe(textbook.radix2(gp_fft.dft(2))))
    invoke("report", "records", "-o", "of-a-file.html")
    assert "<title>dft 2</title>" in Path("of-a-file.html").read_text()


def test_a_catalogue_is_made_afresh_only_when_asked_and_takes_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill(Path("mine"))
    invoke("report", "mine")
    before = contents(Path("catalogue"))
    assert "--force" in invoke("report", "mine", code=2)
    Path("mine/dft-16.json").unlink()
    Path("catalogue/notes.txt").write_text("mine")
    invoke("report", "mine", "--force")
    after = contents(Path("catalogue"))
    assert {path for path in before if path not in after} == {f"records/dft-16.{end}" for end in ("html", "js", "json")}
    assert after["notes.txt"] == b"mine"
    assert "something else" in invoke("report", "mine", "-o", "mine", "--force", code=2)
    assert "is a file" in invoke("report", "mine", "-o", "mine/dft-4.json", "--force", code=2)


def test_a_damaged_record_is_told_of_in_one_sentence_and_the_others_are_built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = fill(Path("mine"))
    text = Path("mine/dft-8.json").read_text()
    Path("mine/dft-8.json").write_text(text[: len(text) // 2])
    Path("mine/dft-32.json").write_bytes(Path("mine/dft-4.json").read_bytes())
    told = invoke("report", "mine").splitlines()
    assert sum("mine/dft-8.json" in line and "left out" in line for line in told) == 1
    assert sum("dft-32.json" in line and "left out" in line for line in told) == 1
    made = {path.stem for path in Path("catalogue/records").glob("*.html")}
    assert made == set(names) - {"dft-8"}


def test_a_record_that_no_page_can_be_made_of_is_told_of_and_the_others_are_built(monkeypatch):
    records, told = [record_of(gp_fft.dft(n)) for n in (4, 8)], []
    usual = record_facts.line

    def line(record):
        if record.name == "dft-4":
            raise DataError("it is odd")
        return usual(record)

    monkeypatch.setattr(record_facts, "line", line)
    parts = {part.path for part in site.site(records, tell=told.append)}
    assert told == ["dft-4.json is left out: it is odd"]
    assert "records/dft-8.html" in parts
    assert "records/dft-4.html" not in parts


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("records", "--root", "nowhere"), "there is no folder nowhere"),
        (("nowhere", "-o", "site"), "cannot read nowhere: there is no such run, file or folder"),
        (("nowhere",), "cannot read nowhere"),
        (("empty", "-o", "page.html"), "empty"),
        (("mine", "--speed", "no.csv"), "cannot read the speeds in no.csv"),
        (("mine", "--speed", "odd.csv"), "different numbers of columns"),
        (("mine", "--speed", "sizes.csv"), "no column transform and none called n, but size, ns"),
        (("mine", "--speed", "none.csv"), "and no rows"),
        (("mine", "--speed", "slow.csv"), "'soon' is no time of a batch"),
        (("mine/dft-4.json",), "-o page.html"),
        (("mine/dft-4.json", "-o", "page.html", "--speed", "odd.csv"), "--speed belongs to a catalogue"),
        (("junk", "-o", "site"), "there are no records in junk"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    fill(Path("mine"))
    Path("empty").mkdir()
    Path("junk").mkdir()
    Path("junk/one.json").write_text("{}")
    Path("odd.csv").write_text("n,ns\n8,1,2\n")
    Path("none.csv").write_text("")
    Path("slow.csv").write_text("transform,dtype,layout,batch,contender,least\ndft 8,double,rows,10,FFTW,soon\n")
    Path("sizes.csv").write_text("size,ns\n8,1\n")
    result = CliRunner().invoke(cli, ["report", *words])
    assert result.exit_code in (1, 2)
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert not Path("catalogue").exists()
    assert not Path("site").exists()


def shown(browser):
    return browser.js("return [...document.querySelectorAll('.index tbody tr')].filter((row) => row.offsetHeight)"
                      ".map((row) => [row.cells[0].textContent, row.cells[1].textContent])")  # fmt: skip


def choose(browser, **wanted):
    for name, value in wanted.items():
        browser.js("const field = document.querySelector(`[data-filter=${arguments[0]}]`); field.value = arguments[1];"
                   "field.dispatchEvent(new Event('input', {bubbles: true}))", name, value)  # fmt: skip


def test_search_and_filters(browser, made):
    folder, names = made
    browser.open(folder / "index.html")
    everything = shown(browser)
    assert len(everything) == len(names)
    assert everything[:4] == [
        ["dft 4", "complex"],
        ["dft 8", "complex"],
        ["dft 8", "complex, fma"],
        ["dft 16", "complex"],
    ]
    choose(browser, family="dft")
    assert len(shown(browser)) == 4
    choose(browser, n="5-16")
    assert [row[0] for row in shown(browser)] == ["dft 8", "dft 8", "dft 16"]
    choose(browser, model="fma")
    assert shown(browser) == [["dft 8", "complex, fma"]]
    assert browser.js("return location.hash") == "#family=dft&n=5-16&model=fma"
    browser.js("document.getElementById('clear').click()")
    assert shown(browser) == everything
    choose(browser, n="2x2")
    assert [row[0] for row in shown(browser)] == ["dct2-2d 2x2"]
    choose(browser, n="many")
    assert browser.js("return document.querySelector('[data-filter=n]').getAttribute('aria-invalid')") == "true"
    choose(browser, n="", depth="2")
    assert all(int(depth) <= 2 for depth in browser.js(DATA, "depth"))
    choose(browser, depth="", roundoff="1e-16")
    assert [row[0] for row in shown(browser)] == ["dft 4", "dft 8", "dft 16", "reed-muller 4"]
    choose(browser, roundoff="", set="gf2")
    assert [row[0] for row in shown(browser)] == ["reed-muller 4"]
    choose(browser, set="", words="DFT 16")
    assert [row[0] for row in shown(browser)] == ["dft 16"]
    choose(browser, words="dft, 16")
    assert [row[0] for row in shown(browser)] == ["dft 16"]
    choose(browser, words="nothing like it")
    assert shown(browser) == []
    assert "no record" in browser.js("return document.getElementById('shown').textContent")
    assert browser.complaints() == []


DATA = "return [...document.querySelectorAll('.index tbody tr:not([hidden])')].map((row) => row.dataset[arguments[0]])"


def test_a_link_into_the_catalogue_chooses(browser, made):
    browser.driver.get("about:blank")
    browser.driver.get((made[0] / "index.html").as_uri() + "#family=dft&n=8")
    browser.until("return document.documentElement.dataset.ready === 'yes'")
    assert shown(browser) == [["dft 8", "complex"], ["dft 8", "complex, fma"]]


def test_columns_sort(browser, made):
    browser.open(made[0] / "index.html")
    costs = "return [...document.querySelectorAll('.index tbody tr')].map((row) => Number(row.cells[2].textContent))"
    for direction in ("ascending", "descending"):
        browser.js("document.querySelector('[data-sort=cost] button').click()")
        found = browser.js(costs)
        assert found == sorted(found, reverse=direction == "descending")
        assert browser.js("return document.querySelector('[data-sort=cost]').getAttribute('aria-sort')") == direction


def test_the_page_of_a_record(browser, made):
    folder, names = made
    for name in names:
        browser.open(folder / "records" / f"{name}.html")
        assert browser.complaints() == []
        foreign = [url for url in browser.requests() if not url.startswith((folder.as_uri(), "data:"))]
        assert foreign == []
        assert browser.js("return document.querySelector('.canvas svg') !== null")
        file = load(folder.parent / "records" / f"{name}.json")
        equations = browser.js(
            "return [...document.querySelectorAll('.text > button')].map((line) => line.textContent)"
        )
        assert equations == str(file.program).splitlines()[1:]
        assert browser.js("return document.querySelectorAll('[role=tab]').length") == 1 + len(TARGETS)
    assert browser.js("return document.title") != "broken"


def test_names_from_files_show_as_text(browser, made):
    browser.open(made[0] / "records" / "wht-4.html")
    assert browser.js("return document.title").startswith("wht 4")
    assert browser.js("return document.querySelectorAll('img').length") == 0
    assert NASTY in browser.js("return document.querySelector('#found pre').textContent")


def test_tabs_show_the_code_and_the_button_copies_it(browser, made):
    folder, _ = made
    browser.open(folder / "records" / "dft-8.html")
    file = load(folder / "records" / "dft-8.json")
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    for target in ("c", "numpy"):
        browser.js("document.querySelector(`[data-target=${arguments[0]}]`).click()", target)
        panels = browser.js("return [...document.querySelectorAll('[role=tabpanel]')].filter((p) => !p.hidden)"
                            ".map((p) => [p.id, p.querySelector('.code').textContent])")  # fmt: skip
        text = export(file, target, None, "dft 8")
        assert panels == [[f"panel-{target}", text]]
        browser.js("const area = document.createElement('textarea'); area.id = 'paste'; document.body.append(area)")
        browser.js("document.querySelector('[role=tabpanel]:not([hidden]) [data-copy-code]').click()")
        said = "return document.querySelector('[role=tabpanel]:not([hidden]) [data-copy-code]').textContent"
        assert browser.until(f"{said} !== 'copy the code' && ({said.removeprefix('return ')})") == "copied"
        pasted = browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0], arguments[0])")
        assert pasted == text
    assert browser.js("return document.querySelector('.near a[rel=next]').hash") == "#to=numpy"
    assert "3.25" in browser.js("return document.getElementById('speed').textContent")


def test_speed_stands_where_it_was_measured(made):
    pages = made[0] / "records"
    assert "1.75" in (pages / "dft-4.html").read_text()
    for name in ("dft-8.fma", "wht-4"):
        assert 'id="speed"' not in (pages / f"{name}.html").read_text()


def test_speeds_of_a_program_go_to_that_program(tmp_path):
    record = record_of(gp_fft.dft(8))
    rows = [{"program": record.program.content_hash[:8], "n": "8"}, {"program": "00000000", "n": "8"}]
    assert record_facts.measured_here(rows, record) == rows[:1]


def test_the_table_of_the_benchmark_has_a_line_a_case(tmp_path):
    path = tmp_path / "speed.csv"
    lines = ["transform,dtype,layout,batch,contender,least,median,error"]
    lines += [f"dft 8,float64,{layout},{batch},{name},{least},1,0"
              for layout, batch, name, least in (("rows", 100, "program", 1e-6), ("rows", 100, "FFTW", 1.5e-6),
                                                 ("columns", 1, "program", 2e-8))]  # fmt: skip
    path.write_text("\n".join(lines))
    rows = record_facts.measured_here(speeds.read_speeds(path), record_of(gp_fft.dft(8)))
    table = speeds.table(rows)
    assert table.head == ("dtype", "layout", "batch", "program", "FFTW")
    assert table.lines == (("float64", "rows", "100", "10", "15"), ("float64", "columns", "1", "20", ""))
    assert table.unit == speeds.UNIT
    assert record_facts.measured_here(rows, record_of(gp_fft.dft(4))) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_window_is_too_narrow(browser, made, width):
    folder, _ = made
    for page in ("index.html", "records/dft-16.html", "records/reed-muller-4.html", "records/wht-4.html"):
        browser.open(folder / page, width=width, height=800)
        assert browser.js("return document.documentElement.scrollWidth") <= width, page
        if width < 700:
            heights = browser.js(
                "return [...document.querySelectorAll('button, select')].filter((part) => !part.closest('.text, th'))"
                ".map((part) => part.offsetHeight).filter(Boolean)"
            )
            assert min(heights) >= 38  # a finger hits it


def test_day_and_night(browser, made):
    ground = "return getComputedStyle(document.querySelector('section')).backgroundColor"
    for page in ("index.html", "records/dft-4.html"):
        browser.open(made[0] / page)
        day = browser.js(ground)
        browser.js("document.getElementById('theme').click()")
        night = browser.js(ground)
        browser.open(made[0] / page, dark=True)
        assert (browser.js(ground), browser.js(ground) != day) == (night, True)


def test_the_shelf_names_its_records(tmp_path):
    fill(tmp_path / "records")
    (tmp_path / "records" / "earlier").mkdir()
    shutil.copy(tmp_path / "records" / "dft-4.json", tmp_path / "records" / "earlier" / "dft-4@1234567.json")
    paths = {path.stem for path in record_files(tmp_path)}
    assert Shelf.open(tmp_path / "records").names == sorted(paths)
    assert json.loads((tmp_path / "records" / "dft-4.json").read_text())["format"] == "gp-fft program"
