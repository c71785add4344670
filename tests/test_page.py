"""The page in a real browser: it loads alone, hover and click do what they say, day and night, wide and narrow."""

import networkx as nx
import numpy as np
import pytest

import gp_fft
from gp_fft.construct import textbook
from gp_fft.draw.graph import to_graph
from gp_fft.files import describe, save
from gp_fft.files.shelf import record_name
from gp_fft.program import Program
from gp_fft.report import page as pages
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from gp_fft.store import standings as bench
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run
from tests.browser import chromium

LEGIBLE = 7.5  # pixels: the height of the smallest letters on a narrow screen
NASTY = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>"


def records_page(folder):
    """The page of a few records, one of them under another cost model."""
    folder.mkdir()
    transforms = [gp_fft.dft(4), gp_fft.dft(8), gp_fft.dft(16), *(gp_fft.conv(2, kernel=k) for k in ((2, 7), (3, 5)))]
    for transform in transforms:
        make = textbook.radix2 if transform.name == "dft" else textbook.definition
        save(folder / record_name(transform, "flops"), describe(make(transform), transform))
    fused = describe(textbook.split_radix(gp_fft.dft(8)), provenance={"cost_model": "fma"})
    save(folder / record_name(gp_fft.dft(8), "fma"), fused)
    paths = sorted(folder.glob("*.json"))
    entries, bad = bench.collect(paths)
    assert not bad
    return pages.records_page(entries, bench.others(paths, entries))


def over_bits():
    """A program over GF(2) in which something vanishes: t0 + t1 has x1 twice."""
    return Program.parse(
        "# reed-muller 4 gf2\nt0 = x0 + x1\nt1 = x1 + x2\ny0 = x0\ny1 = t0\ny2 = t0 + t1\ny3 = x3 + y2 + x1\n"
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pages: run.html of a small run, n4.html to n64.html of textbook programs, nasty.html."""
    folder = tmp_path_factory.mktemp("pages")
    settings = Settings(seed=1, generations=12, population=8)
    run = Run.create(gp_fft.dft(8), settings, folder / "run")
    with Recorder(run) as recorder:
        for state, record in generations(run.transform, settings):
            recorder.add(state, record)
    (folder / "run.html").write_text(pages.run_page(run))
    for n in (4, 64):
        program = textbook.split_radix(gp_fft.dft(n))
        (folder / f"n{n}.html").write_text(pages.program_page(describe(program)))
    (folder / "r64.html").write_text(pages.program_page(describe(textbook.radix2(gp_fft.rdft(64)))))
    first = Settings(seed=1, generations=1, population=8)
    run = Run.create(gp_fft.dft(8), first, folder / "first")
    with Recorder(run) as recorder:
        recorder.add(*next(iter(generations(run.transform, first))))
    (folder / "first.html").write_text(pages.run_page(run))
    (folder / "records.html").write_text(records_page(folder / "records"))
    (folder / "bits.html").write_text(pages.program_page(describe(over_bits())))
    rows = [[(1.0, 0, 0), (1.0, 0, 1)], [(1.0, 0, 0), (0.5, 2, 1)]]
    nasty = describe(Program.build(2, "real", rows, [0, 1], "matrix"), provenance={"command": NASTY, "version": NASTY})
    (folder / "nasty.html").write_text(pages.program_page(nasty))
    return folder


@pytest.fixture(scope="module")
def browser():
    with chromium() as page:
        yield page


def lit(browser):
    """Names of the nodes in the main graph that are lit up, by how."""
    return browser.js(
        "const found = {up: [], down: [], self: []};"
        "for (const part of gpfft.views.main.parts) if (part.node.matches('.node') && part.state)"
        "  found[part.state].push(part.node.dataset.name);"
        "return found"
    )


def point_at(browser, name, where=".canvas .node"):
    selector = f"[data-view=main] {where}[data-name={name}]"
    browser.js(
        "document.querySelector(arguments[0]).dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))", selector
    )


def test_a_page_loads_alone_and_without_complaints(browser, folder):
    for name in ("run", "n4", "n64", "nasty"):
        browser.open(folder / f"{name}.html")
        assert browser.complaints() == []
        own = (folder / f"{name}.html").as_uri()
        foreign = [url for url in browser.requests() if not url.startswith((own, "data:", "blob:"))]
        assert foreign == []


@pytest.mark.parametrize("n", [4, 64])
def test_hover_lights_what_networkx_computes(browser, folder, n):
    browser.open(folder / f"n{n}.html")
    program = textbook.split_radix(gp_fft.dft(n))
    graph = to_graph(program)
    names = list(graph)
    for name in names if n == 4 else names[:: len(names) // 12]:
        point_at(browser, name)
        found = lit(browser)
        assert set(found["up"]) == nx.ancestors(graph, name)
        assert set(found["down"]) == nx.descendants(graph, name)
        assert found["self"] == [name]
        expected = np.asarray(graph.nodes[name]["vector"])
        told = browser.js("const p = gpfft.views.main.program; return p.vector(p.number.get(arguments[0]))", name)
        np.testing.assert_allclose([complex(*entry) for entry in told], expected, atol=1e-15)
        if graph.nodes[name]["kind"] != "input":
            assert graph.nodes[name]["equation"] in browser.js("return document.querySelector('.detail').textContent")
    browser.js("document.querySelector('.canvas').dispatchEvent(new PointerEvent('pointerleave'))")
    assert not any(lit(browser).values())


def test_lit_edges_lie_between_lit_nodes(browser, folder):
    browser.open(folder / "n4.html")
    point_at(browser, "t0")
    graph = to_graph(textbook.split_radix(gp_fft.dft(4)))
    up, down = nx.ancestors(graph, "t0"), nx.descendants(graph, "t0")
    edges = browser.js(
        "return gpfft.views.main.parts.filter(p => p.node.matches('.edge') && p.state)"
        ".map(p => [p.node.dataset.from, p.node.dataset.to])"
    )
    expected = {(a, b) for a, b in graph.edges if {a, b} <= up | {"t0"} or {a, b} <= down | {"t0"}}
    assert {tuple(edge) for edge in edges} == expected


def test_the_page_computes_the_matrix(browser, folder):
    browser.open(folder / "n64.html")
    entries = browser.js("return gpfft.programs[0].matrix()")
    matrix = np.array([complex(*entry) for entry in entries]).reshape(64, 64)
    np.testing.assert_allclose(matrix, gp_fft.dft(64).matrix, atol=1e-13)
    assert "round-off" in browser.js("return document.getElementById('where').textContent")


def test_the_page_computes_the_matrix_of_bits_modulo_2(browser, folder):
    browser.open(folder / "bits.html")
    assert browser.complaints() == []
    entries = browser.js("return gpfft.programs[0].matrix()")
    matrix = np.array([complex(*entry) for entry in entries]).reshape(4, 4)
    np.testing.assert_array_equal(matrix, gp_fft.reed_muller(4).matrix)
    assert browser.js("return document.getElementById('where').textContent") == "Every entry is right."
    assert "5 XORs, depth 3" in browser.js("return document.getElementById('selected').textContent")
    summary = browser.js("return document.getElementById('summary').textContent")
    assert "5 XORs" in summary
    assert "flops" not in summary
    assert "multiply" not in summary


def test_a_hover_at_64_points_changes_each_part_once_and_no_more(browser, folder):
    browser.open(folder / "n64.html")
    names = [name for name in to_graph(textbook.split_radix(gp_fft.dft(64))) if name.startswith("t")][:6]
    for name in names:
        changes, parts = browser.js(
            """
            const view = gpfft.views.main, watch = new MutationObserver(() => {});
            const all = { attributes: true, childList: true, subtree: true };
            watch.observe(view.canvas, all);
            view.canvas.querySelector(`.node[data-name=${arguments[0]}]`)
              .dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            const changes = watch.takeRecords().length;
            watch.disconnect();
            return [changes, view.parts.length];
            """,
            name,
        )
        assert 0 < changes <= parts + 1  # and the class of the picture itself


def test_text_and_graph_select_each_other(browser, folder):
    browser.open(folder / "n4.html")
    browser.js("document.querySelector('[data-view=main] .text [data-name=t1]').click()")
    assert lit(browser)["self"] == ["t1"]
    assert browser.js("return document.querySelector('.text [aria-pressed=true]').dataset.name") == "t1"
    node = "document.querySelector('[data-view=main] .canvas .node[data-name=y1]')"
    browser.js(f"{node}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    assert browser.js("return document.querySelector('.text [aria-pressed=true]').dataset.name") == "y1"
    assert browser.js("return document.querySelector('.text .self').dataset.name") == "y1"
    browser.js("gpfft.views.main.root.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert not any(lit(browser).values())


def test_zoom_and_pan(browser, folder):
    from selenium.webdriver.common.action_chains import ActionChains

    browser.open(folder / "n4.html")
    whole = browser.js("return [...gpfft.views.main.box]")
    browser.js("document.querySelector('[data-view=main] [data-zoom=\"1.4\"]').click()")
    assert browser.js("return gpfft.views.main.box[2]") == pytest.approx(whole[2] / 1.4)
    canvas = browser.driver.find_element("css selector", "[data-view=main] .canvas")
    browser.js("arguments[0].scrollIntoView({block: 'center'})", canvas)
    left = browser.js("return gpfft.views.main.box[0]")
    ActionChains(browser.driver).move_to_element_with_offset(canvas, 5, 5).click_and_hold().move_by_offset(
        60, 0
    ).release().perform()
    assert browser.js("return gpfft.views.main.box[0]") < left
    browser.js("document.querySelector('[data-view=main] [data-zoom=\"0\"]').click()")
    assert browser.js("return gpfft.views.main.box") == whole


def test_a_click_on_the_front_selects_a_program(browser, folder):
    from selenium.webdriver.common.action_chains import ActionChains

    browser.open(folder / "run.html")
    first = browser.js("return gpfft.selected")
    other = browser.js("return gpfft.programs.findIndex((p, k) => k !== gpfft.selected && p.counts.flops > 10)")
    place = "#chart-front"
    browser.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", place)
    x, y = browser.js(
        """
        const view = Bokeh.index.find_one(models((m) => m.type === "Figure" && m.name === "front")[0]);
        const source = chartSource("front"), area = view.canvas_view.el.getBoundingClientRect();
        const [sx] = view.frame.x_scale.v_compute([source.data.x[arguments[0]]]);
        const [sy] = view.frame.y_scale.v_compute([source.data.y[arguments[0]]]);
        return [area.left + sx, area.top + sy];
        """,
        other,
    )
    actions = ActionChains(browser.driver)
    actions.w3c_actions.pointer_action.move_to_location(round(x), round(y)).click()
    actions.perform()
    browser.until(f"return gpfft.selected === {other}")
    assert other != first
    assert browser.js("return gpfft.views.main.program.hash") == browser.js(f"return gpfft.programs[{other}].hash")
    pressed = browser.js("return document.querySelector('[data-program][aria-selected=true]').dataset.program")
    assert pressed == str(other)
    browser.js(f"document.querySelector('[data-program=\"{first}\"]').click()")
    assert browser.js("return [gpfft.selected, ...chartSource('front').selected.indices]") == [first, first]


def test_a_click_beside_the_front_says_what_it_is(browser, folder):
    browser.open(folder / "run.html")
    before = browser.js("return gpfft.selected")
    browser.js("chartSource('beside-greedy').selected.indices = [0]")
    told = browser.until("return document.getElementById('told').textContent")
    assert told.startswith("greedy pruning of an exact program, ")
    assert "LeCun" in told
    assert browser.js("return gpfft.selected") == before


def test_day_and_night(browser, folder):
    ground = "return getComputedStyle(document.querySelector('section')).backgroundColor"
    ink = "return models((m) => m.type === 'LinearAxis')[0].major_label_text_color"
    browser.open(folder / "run.html")
    day = browser.js(ground), browser.js(ink)
    browser.open(folder / "run.html", dark=True)
    night = browser.js(ground), browser.js(ink)
    assert all(a != b for a, b in zip(day, night, strict=True))
    browser.js("document.getElementById('theme').click()")
    assert (browser.js(ground), browser.js(ink)) == day


@pytest.mark.parametrize("width", [360, 700, 1400])
def test_no_window_is_too_narrow(browser, folder, width):
    browser.open(folder / "run.html", width=width)
    assert browser.js("return document.documentElement.scrollWidth") <= width
    assert browser.complaints() == []


def test_names_from_files_show_as_text(browser, folder):
    browser.open(folder / "nasty.html")
    assert browser.js("return document.title") != "broken"
    assert browser.js("return document.querySelectorAll('img').length") == 0
    assert NASTY in browser.js("return document.querySelector('pre').textContent")


def test_seconds_or_generations(browser, folder):
    browser.open(folder / "run.html")
    browser.js("document.querySelector('[data-axis=generation]').click()")
    assert browser.js("return chartSource('rates').data.x.at(-1)") == 12
    assert browser.complaints() == []


def test_a_report_of_a_run_stays_small(folder):
    assert len(pages.run_page(Run.open(folder / "run")).encode()) < 6_000_000


VIEWS = "return Object.values(gpfft.views).filter((view) => view.svg && view.canvas.clientWidth)"


@pytest.mark.parametrize("name", ["run", "n4", "n64", "r64"])
def test_a_page_opens_on_the_whole_drawing(browser, folder, name):
    browser.open(folder / f"{name}.html")
    for reach in browser.js(f"{VIEWS}.map((view) => [view.reach(0), view.reach(1), view.map.hidden])"):
        assert all(start <= 0.005 and end >= 0.995 for start, end in reach[:2])
        assert reach[2]


@pytest.mark.parametrize("name", ["run", "n4", "n64", "r64", "records"])
def test_letters_of_a_drawing_can_be_read_on_a_phone(browser, folder, name):
    browser.open(folder / f"{name}.html", width=420)
    sizes = browser.js(f"""{VIEWS}.flatMap((view) => [...view.svg.querySelectorAll("text")].map((text) =>
        Number(text.getAttribute("font-size")) * view.svg.getScreenCTM().a))""")
    assert min(sizes) > LEGIBLE
    partly = browser.js(f"{VIEWS}.filter((view) => view.reach(0)[1] < 0.99).map((view) => view.map.hidden)")
    assert partly == [False] * len(partly)  # a map shows which part it is
    if name != "n4":
        assert partly or name == "records"


def test_two_fingers_zoom_and_one_moves(browser, folder):
    browser.open(folder / "n64.html", width=420)
    finger = """
        const [kind, id, x, y] = arguments, canvas = gpfft.views.main.canvas;
        canvas.setPointerCapture = () => {};
        const area = canvas.getBoundingClientRect();
        canvas.dispatchEvent(new PointerEvent("pointer" + kind, {
            pointerId: id, clientX: area.left + x, clientY: area.top + y, bubbles: true }));
        return [...gpfft.views.main.box];
    """
    browser.js(finger, "down", 1, 100, 100)
    before = browser.js(finger, "move", 1, 100, 100)
    after = browser.js(finger, "move", 1, 60, 100)
    assert after[0] > before[0] + 30
    browser.js(finger, "down", 2, 160, 100)
    held = browser.js("return gpfft.views.main.point(gpfft.views.main.canvas.getBoundingClientRect().left + 110, 0)")
    browser.js(finger, "move", 1, 10, 100)
    wide = browser.js(finger, "move", 2, 210, 100)
    assert wide[2] == pytest.approx(after[2] / 2)  # the fingers are twice as far apart
    there = browser.js("return gpfft.views.main.point(gpfft.views.main.canvas.getBoundingClientRect().left + 110, 0)")
    assert there[0] == pytest.approx(held[0], abs=1.0)  # what lies between them stays there
    browser.js("document.querySelector('[data-view=main] [data-zoom=\"0\"]').click()")
    assert browser.js("return gpfft.views.main.map.hidden")


def test_the_front_has_a_header_and_opens_on_the_selected_row(browser, folder):
    for width in (420, 1400):
        browser.open(folder / "run.html", width=width)
        head = browser.js("return [...document.querySelectorAll('.list th')].map((cell) => cell.textContent)")
        assert head == ["flops", "error", "depth", "program"]
        row, area = browser.js(
            "const row = document.querySelector('.list [aria-selected=true]');"
            "const place = (part) => { const r = part.getBoundingClientRect(); return [r.top, r.bottom] };"
            "return [row, row.closest('.scroll')].map(place)"
        )
        assert area[0] <= row[0] <= row[1] <= area[1]
        assert browser.js("return window.scrollY") == 0


def shown_rows(browser):
    return browser.js(
        "return [...document.querySelectorAll('[data-program]')].filter((row) => row.offsetHeight)"
        ".map((row) => [...row.cells].slice(0, 3).map((cell) => cell.textContent))"
    )


def test_the_records_page_has_one_list_with_filters(browser, folder):
    browser.open(folder / "records.html")
    assert browser.complaints() == []
    assert browser.js("return document.querySelectorAll('#front table, #front .list').length") == 1
    rows = shown_rows(browser)
    assert [row[:2] for row in rows] == [
        ["conv 2 kernel 2,7", "flops"], ["conv 2 kernel 3,5", "flops"], ["dft 4", "flops"], ["dft 8", "flops"],
        ["dft 8", "fma"], ["dft 16", "flops"],
    ]  # fmt: skip
    choose = (
        "const field = document.querySelector(`[data-filter=${arguments[0]}]`); field.value = arguments[1];"
        "field.dispatchEvent(new Event('input'))"
    )
    browser.js(choose, "family", "dft")
    assert len(shown_rows(browser)) == 4
    browser.js(choose, "model", "fma")
    assert [row[:2] for row in shown_rows(browser)] == [["dft 8", "fma"]]
    browser.js(choose, "model", "")
    browser.js(choose, "words", "DFT 8")
    assert [row[0] for row in shown_rows(browser)] == ["dft 8", "dft 8"]
    browser.js(choose, "words", "nothing like it")
    assert shown_rows(browser) == []
    assert "no record" in browser.js("return document.getElementById('shown').textContent")
    browser.js(choose, "words", "")
    browser.js(choose, "family", "")
    assert shown_rows(browser) == rows
    browser.js("document.querySelectorAll('[data-program]')[1].click()")
    assert browser.js("return document.getElementById('selected').textContent").startswith("conv 2 kernel 3,5:")
    key = "document.querySelectorAll('[data-program]')[3].dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))"
    browser.js(key)
    assert browser.js("return gpfft.selected") == 3


def test_what_goes_on_in_a_run_of_one_record_is_seen_by_day_and_by_night(browser, folder):
    for dark in (False, True):
        browser.open(folder / "first.html", dark=dark)
        assert browser.complaints() == []
        paper = browser.js("return getComputedStyle(document.querySelector('section')).backgroundColor")
        for name in ("chart-fronts", "chart-convergence", "chart-front"):
            strongest = browser.js(STRONGEST, name, paper)
            assert strongest >= 3.0, (name, dark)


STRONGEST = """
    const parse = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const shine = (rgb) => { const [r, g, b] = rgb.map((c) => c / 255).map((c) =>
      c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05 };
    const paint = document.createElement("canvas").getContext("2d");
    const seen = (colour) => { paint.fillStyle = colour; const hex = paint.fillStyle;
      return shine([1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16))) };
    const view = Bokeh.index.roots.find((view) => document.getElementById(arguments[0]).contains(view.el));
    const paper = shine(parse(arguments[1]));
    const colours = view.model.renderers.filter((r) => r.glyph && r.data_source).map((r) => r.glyph.line_color.value)
      .filter(Boolean).map(seen);
    return Math.min(...colours.map((colour) => Math.max(colour, paper) / Math.min(colour, paper)));
"""
