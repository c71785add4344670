"""The page in a real browser: it loads alone, hover and click do what they say, day and night, wide and narrow."""

import time

import networkx as nx
import numpy as np
import pytest

import gp_fft
from gp_fft import textbook
from gp_fft.files import describe
from gp_fft.graph import to_graph
from gp_fft.program import Program
from gp_fft.recorder import Recorder
from gp_fft.report import page as pages
from gp_fft.runs import Run
from gp_fft.search.loop import generations
from gp_fft.search.settings import Settings
from tests.browser import chromium

HOVER = 0.050  # seconds from pointing at a node to the lit picture
NASTY = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>"


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


def test_a_hover_at_64_points_is_answered_in_time(browser, folder):
    browser.open(folder / "n64.html")
    names = [name for name in to_graph(textbook.split_radix(gp_fft.dft(64))) if name.startswith("t")][::30]
    took = browser.driver.execute_async_script(
        """
        const done = arguments[1], view = gpfft.views.main, took = [];
        const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
        (async () => {
          for (const name of arguments[0]) {
            const node = view.canvas.querySelector(`.node[data-name=${name}]`);
            await frame(); await frame();
            const begin = performance.now();
            node.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            getComputedStyle(node).opacity; document.body.offsetHeight;
            took.push(performance.now() - begin);
          }
          done(took);
        })();
        """,
        names,
    )
    assert sorted(took)[len(took) // 2] < 1000 * HOVER, took


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
    pressed = browser.js("return document.querySelector('[data-program][aria-pressed=true]').dataset.program")
    assert pressed == str(other)
    browser.js(f"document.querySelector('[data-program=\"{first}\"]').click()")
    assert browser.js("return [gpfft.selected, ...chartSource('front').selected.indices]") == [first, first]


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


def test_a_report_of_a_run_is_made_in_time(folder):
    begin = time.process_time()
    text = pages.run_page(Run.open(folder / "run"))
    assert time.process_time() - begin < 3.0
    assert len(text.encode()) < 6_000_000
