"""The documentation is true: it builds strictly, its commands and its code run, its references are complete."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import nbformat
import pytest

import gp_fft
from gp_fft.cli import COMMANDS, cli
from gp_fft.ground.errors import UsageError
from gp_fft.program import Program, accuracy
from gp_fft.program.cost import EXACT
from gp_fft.schemes.text import format_scheme, parse_scheme
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.search.steps import NAMES as STEPS
from gp_fft.transforms import FAMILIES, register
from tests.browser import chromium
from tests.house import FLOORS
from tests.test_readme import run, tiny

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
NAMES = [page.stem for page in PAGES]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def blocks(page, language):
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def hooks():
    spec = importlib.util.spec_from_file_location("docs_hooks", DOCS / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_house_stands_as_its_page_says():
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", (DOCS / "house.md").read_text(encoding="utf-8"), re.MULTILINE)
    said = {path: int(floor) for floor, paths in rows for path in re.findall(r"`(.*?)`", paths)}
    said.pop("python -m gp_fft", None)
    names = {path.strip("/").removesuffix(".py").replace("/", "."): floor for path, floor in said.items()}
    assert names | {"gp_fft": FLOORS["gp_fft"]} == FLOORS


def test_every_path_that_the_page_of_the_house_names_is_there():
    text = (DOCS / "house.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:\w+/)+(?:\w+\.py)?)`", text):
        homes = (ROOT, ROOT / "gp_fft")
        assert any((home / path).exists() for home in homes), path


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "sh")], ids=lambda page: page.stem)
def test_every_command_works(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            run(line)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem)
def test_every_piece_of_python_works(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for code in blocks(page, "python"):
        exec(compile(tiny(code), page.name, "exec"), {})
    told = capsys.readouterr().out
    if page.stem in ("counting", "primitives"):
        assert told == "".join(blocks(page, "text")) or told in blocks(page, "text")


def test_every_field_of_the_log_is_documented():
    """The table of docs/formats.md names the fields that a run writes, and the numbers of those that hold several."""
    settings = Settings(generations=2, start="definition")
    records = [record for _, record in generations(gp_fft.dft(4), settings)]
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    section = text.partition("## The log\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| (`.*?`) \| (.*) \|$", section, re.MULTILINE))
    documented = [name for names in rows for name in re.findall(r"`(\w+)`", names)]
    for record in records:
        assert documented == list(record)
        several = {"front": record["front"], "islands": record["islands"], "operators": record["operators"].values()}
        for name, items in several.items():
            told = re.search(r"`\[(.*?)\]`", rows[f"`{name}`"])[1].split(", ")
            assert all(len(item) == len(told) for item in items)
        for name, parts in record["population"].items():
            assert all(f"`{word}`" in rows["`population`"] for word in (name, *parts))
    assert records[-1]["islands"]
    assert records[-1]["best_error"] == 0.0


def test_the_error_is_as_documented():
    program, transform = Program.parse("# dft 2 complex\ny0 = x0\ny1 = 0.5i*x0 - x1\n"), gp_fft.dft(2)
    gaps = abs(program.matrix() - transform.matrix) ** 2
    wanted = (gaps.sum() / (abs(transform.matrix) ** 2).sum()) ** 0.5
    assert abs(transform.error(program) - wanted) < 1e-15
    assert transform.error(0 * transform.matrix) == 1.0
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    assert f"below {EXACT:.0e} counts as exact" in text.replace("\n", " ")
    assert "relative Frobenius error" in text


def transform_walk():
    """The lines of the page that make a transform, and those that use it."""
    (code,) = [block for block in blocks(DOCS / "extend.md", "python") if "FAMILY = Family" in block]
    made, used = code.split("import gp_fft\n", 1)
    return made, used


def test_a_transform_added_as_the_page_says_works_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    space = {}
    exec(transform_walk()[0], space)
    register(space["FAMILY"])
    try:
        assert gp_fft.cdft(4) == gp_fft.transforms.cdft(4)
        told = run("gp-fft evolve cdft 4 --start definition --generations 3 --out run").output
        assert "proved" in told
        for line in ("gp-fft verify run", "gp-fft prove run", "gp-fft show run", "gp-fft report run -o run.html"):
            run(line)
        run("gp-fft evolve cdft-2d 2x2 --start definition --generations 1 --norm ortho --out two")
        assert "cdft 4: record -" in run("gp-fft hunt cdft:4 --seconds 1 --slice 1").output
        assert "cdft" in run("gp-fft bench").output
        assert "cdft-2d" in run("gp-fft transforms").output
        run("gp-fft report records -o records.html")
        program = gp_fft.load("run").best_exact()
        assert accuracy.measure(program, gp_fft.cdft(4)).ratio < accuracy.ENOUGH
        with pytest.raises(UsageError, match="did you mean 'cdft'"):
            gp_fft.transforms.get("cfdt", 4)
    finally:
        del FAMILIES["cdft"]
    assert not hasattr(gp_fft, "cdft")


def test_a_transform_put_into_the_folder_is_there_in_the_next_process(tmp_path):
    for name in ("gp_fft", "primitives"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "gp_fft" / "transforms" / "families" / "centred.py").write_text(transform_walk()[0])
    code = "import gp_fft; print(repr(gp_fft.cdft(4))); from gp_fft.cli import main; main()"
    words = [sys.executable, "-c", code, "transforms"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    told = subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.startswith("<Transform cdft 4 complex")
    assert "cdft-2d" in told.stdout


def test_programs_in_the_text_are_programs():
    texts = [block for page in PAGES for block in blocks(page, "text") if block.startswith("# ")]
    schemes = [text for text in texts if text.startswith("# scheme ")]
    assert schemes
    assert all(format_scheme(parse_scheme(text)) == text for text in schemes)
    texts = [text for text in texts if text not in schemes]
    assert sorted(Program.parse(text).inputs for text in texts) == [2, 4]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The documentation with the catalogue of the shipped records in it, built strictly."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="module")
def browser():
    with chromium() as page:
        yield page


def visit(browser, page, width):
    """Open a page that is not of our own making, and wait until its scripts are through."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.logs()
    browser.driver.get(page.as_uri())
    browser.until("return document.readyState === 'complete'")


def test_the_site_builds_strictly(site, browser):
    built = {path.name for path in site.iterdir()}
    assert {f"{name}.html" for name in (*NAMES, "cli", "api", "operators")} <= built
    assert "daily_work.ipynb" in built
    for page in site.glob("*.html"):
        for picture in re.findall(r'<img[^>]* src="(pictures/[^"]*)"', page.read_text(encoding="utf-8")):
            assert (site / picture).stat().st_size > 1000
        visit(browser, page, 420)
        assert browser.js("return document.documentElement.scrollWidth") <= 420, page.name


def test_the_site_loads_nothing_from_outside(site, browser):
    loads = re.compile(r"""<(?:script|img|iframe|link[^>]*stylesheet)[^>]*(?:src|href)=["']?(?:https?:)?//""")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not loads.search(text), page.name
        assert "fonts.g" not in text, page.name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet.name
    for page in sorted(site.glob("*.html")):
        visit(browser, page, 1280)
        outside = [url for url in browser.requests() if not url.startswith(("file:", "data:", "blob:", "about:"))]
        assert outside == [], page.name


def test_every_page_stands_in_the_navigation_at_the_side(site, browser):
    visit(browser, site / "index.html", 1280)
    linked = browser.js(
        "return [...document.querySelectorAll('.md-sidebar--primary a.md-nav__link[href]')]"
        ".filter((link) => link.offsetHeight).map((link) => link.href.split('#')[0])"
    )
    wanted = {(site / f"{name}.html").as_uri() for name in (*NAMES, "cli", "api", "operators", "catalogue/index")}
    assert wanted <= set(linked)


def test_the_search_finds_also_where_the_site_was_opened_from_a_folder(site, browser):
    visit(browser, site / "index.html", 1280)
    browser.driver.find_element("css selector", ".md-search__input").send_keys("annealing cycles heat")
    links = "[...document.querySelectorAll('.md-search-result__link')].map((link) => link.href)"
    assert any("search.html" in link for link in browser.until(f"const found = {links}; return found.length && found"))


def test_the_catalogue_has_every_shipped_record_and_stays_small(site, browser):
    from gp_fft.report.site import LIMIT

    catalogue = site / "catalogue"
    names = {path.stem for path in (ROOT / "runs" / "records").glob("*.json")}
    assert {path.stem for path in (catalogue / "records").glob("*.html")} == names
    assert sum(path.stat().st_size for path in catalogue.rglob("*") if path.is_file()) < LIMIT
    browser.open(catalogue / "index.html", width=390, height=800)
    assert browser.js("return document.querySelectorAll('.index tbody tr').length") == len(names)
    largest = max((catalogue / "records").glob("*.json"), key=lambda path: path.stat().st_size)
    for page in (catalogue / "index.html", largest.with_suffix(".html"), catalogue / "records" / "dft-16.html"):
        browser.open(page, width=390, height=800)
        assert browser.js("return document.documentElement.scrollWidth") <= 390
        assert browser.complaints() == []
        outside = [url for url in browser.requests() if not url.startswith((catalogue.as_uri(), "data:"))]
        assert outside == []


def test_links_into_the_catalogue_choose_what_they_say(site, browser):
    links = re.findall(r'href="(catalogue/index\.html#[^"]+)"', (site / "records.html").read_text(encoding="utf-8"))
    links += re.findall(r'href="(catalogue/index\.html#[^"]+)"', (site / "index.html").read_text(encoding="utf-8"))
    assert len(links) >= 5
    whole = len(list((site / "catalogue" / "records").glob("*.html")))
    for link in links:
        path, _, chosen = link.replace("&amp;", "&").partition("#")
        browser.driver.get("about:blank")
        browser.driver.get(f"{(site / path).as_uri()}#{chosen}")
        browser.until("return document.documentElement.dataset.ready === 'yes'")
        shown = browser.js("return document.querySelectorAll('.index tbody tr:not([hidden])').length")
        assert 0 < shown < whole, link


def test_the_reference_of_the_command_line_is_complete(hooks):
    page = hooks.cli_page()
    for name in COMMANDS:
        assert f"## gp-fft {name}\n" in page
        for parameter in cli.get_command(click.Context(cli), name).params:
            if isinstance(parameter, click.Option):
                assert all(option in page for option in parameter.opts)


def test_the_reference_of_python_is_complete(hooks):
    page = hooks.api_page()
    missing = [name for name in hooks.public_names() if f"## gp_fft.{name}\n" not in page]
    assert not missing
    assert set(hooks.public_names()) <= set(dir(gp_fft))
    assert "``vector``" in page
    steps = page.split("## gp_fft.Steps\n")[1].split("\n## ")[0]
    assert all(f"    .{name}(" in steps for name in STEPS)


def test_the_notebook_is_executed_and_runs(tmp_path):
    from nbclient import NotebookClient

    book = nbformat.read(DOCS / "daily_work.ipynb", as_version=4)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert any("text/html" in output.get("data", {}) for cell in cells for output in cell.outputs)
    for cell in cells:
        cell.source = tiny(cell.source)
    client = NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=ENVIRONMENT)
