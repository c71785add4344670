"""A whole front shown: the plot on the page and in a file, the table beside baselines and published ones, the cells."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from benchmarks import front as benchmark
from gp_fft.cli import cli, watch
from gp_fft.cli.comparison import compared
from gp_fft.construct import textbook
from gp_fft.files import describe, save
from gp_fft.files.shelf import Shelf
from gp_fft.program.cost import count
from gp_fft.report import charts, front_plot
from gp_fft.report.page import run_page
from gp_fft.search.settings import Settings
from gp_fft.store import alternatives as beside
from gp_fft.store.runs import Run
from gp_fft.store.standings import Rule
from gp_fft.transforms import get

DCT = get("dct2", 8, norm="ortho")
SHELF = Shelf.open()


@pytest.fixture(scope="module")
def others():
    return beside.alternatives(DCT, Rule(), SHELF, most=1)


@pytest.fixture(scope="module")
def run(tmp_path_factory, others):
    """A run folder whose front is the staircase of greedy pruning: many programs."""
    run = Run.create(DCT, Settings(seed=1, generations=1), tmp_path_factory.mktemp("whole") / "run")
    for step in others["greedy"]:
        if step.cost > 0:
            save(run.path / "front" / f"{step.program.content_hash[:12]}.json", describe(step.program, DCT))
    return run


def says(*words):
    result = CliRunner().invoke(cli, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_drawn_beside_a_front_is_cheaper_than_the_exact_program(others):
    points = [(20.0, 0.5), (42.0, 0.0)]
    seen = charts.within_sight(others, points)
    assert {"published", "greedy", "greedy-refit"} <= set(seen)
    assert all(0 < step.cost < 42 for stairs in seen.values() for step in stairs)
    assert all(0 < step.error < charts.NOTHING for stairs in seen.values() for step in stairs)
    beyond = charts.within_sight(others, [(20.0, 0.5)])
    assert max(step.cost for stairs in beyond.values() for step in stairs) <= 20 * charts.BEYOND


def test_every_staircase_has_a_look_of_its_own(others):
    assert set(others) <= set(charts.STAIRS)
    assert len(set(charts.STAIRS.values())) == len(charts.STAIRS)
    assert {mark for _, _, mark in charts.STAIRS.values()} <= set(front_plot.MARKS)


def test_the_chart_is_on_log_scales_and_tells_where_a_step_is_from(others):
    programs = [{"cost": cost, "error": error, "exact": not error, "lines": ["y0 = x0"]} for cost, error in
                ((20, 0.5), (30, 0.3), (42, 0.0))]  # fmt: skip
    chart = charts.front_chart(programs, "flops", others, "total error energy")
    assert type(chart.x_scale).__name__ == type(chart.y_scale).__name__ == "LogScale"
    assert chart.yaxis[0].axis_label == "total error energy"
    (source,) = {r.data_source for r in chart.renderers if r.data_source.name == "beside-published"}
    assert any("Cintra and Bayer" in told and "IEEE Signal Processing Letters" in told for told in source.data["told"])
    nothing = charts.front_chart([{**programs[0], "cost": 0}], "flops")
    assert type(nothing.x_scale).__name__ == "LinearScale"


def test_a_page_holds_a_front_of_many_programs(run):
    page = run_page(run)
    assert page.count("data-program=") >= 35
    assert 'id="told"' in page


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_front_is_drawn_into_a_file(run, tmp_path, kind):
    path = tmp_path / f"front.{kind}"
    assert str(path) in says("show", run.path, "--plot", path)
    first = path.read_bytes()
    assert len(first) > 10_000
    says("show", run.path, "--plot", path, "--force")
    assert path.read_bytes() == first


def test_a_plot_that_cannot_be_is_refused_in_one_sentence(run, tmp_path):
    runner = CliRunner()
    for words, sentence in (
        (("show", run.path, "--plot", tmp_path / "front.gif"), "ends in .svg, .png or .pdf"),
        (("show", run.path, "--text", "--plot", tmp_path / "front.svg"), "--plot draws the front of a run"),
        (("bench", "--front", run.path, "--records"), "--front compares one run"),
    ):
        result = runner.invoke(cli, list(map(str, words)))
        assert result.exit_code != 0
        assert sentence in result.output
        assert "Traceback" not in result.output


def test_bench_compares_a_front_at_every_count(run, others):
    shown = says("bench", "--front", run.path)
    assert "lodct of Lengwehasatit and Ortega" in shown
    assert "error of the best published approximation over that of the front" in shown
    lines = says("bench", "--front", run.path, "--csv").splitlines()
    assert len(lines) == 1 + sum(step.cost > 0 for step in others["greedy"])
    assert lines[0].startswith("flops,relative error,outputs,best baseline,which,ratio,published,who,ratio")
    marks = {float(line.split(",")[0]): line.split(",")[2] for line in lines[1:]}
    for file in run.front():
        rows = file.program.matrix()
        products = rows @ rows.T
        square = np.allclose(products, np.diag(np.diagonal(products)), atol=1e-6)
        assert marks[float(count(file.program).flops)] == ("orthogonal" if square else "")


def test_a_comparison_takes_the_best_that_costs_no_more(others):
    (line,) = compared([(31.5, 0.1)], others)
    assert line[2][1].error == min(step.error for name, stairs in others.items() if name != beside.PUBLISHED
                                   for step in stairs if step.cost <= 31.5)  # fmt: skip
    assert line[3][1].label.startswith("cb2011")
    assert compared([(0.0, 1.0)], {}) == [(0.0, 1.0, None, None)]


def test_the_errors_of_a_front_are_by_the_measure_of_its_run(run):
    files = run.front()
    assert beside.measure_of(run).name == "relative"
    assert beside.measured(run, files) == [file.error if file.error > 1e-12 else 0.0 for file in files]
    exact = describe(textbook.definition(DCT), DCT)
    assert beside.measured(run, [exact]) == [0.0]


def test_watch_tells_of_every_cell_of_a_long_front():
    front = [[k / 100, 100 - k] for k in range(40)]
    (line,) = watch._cells({"front": front})
    assert "and 30 cells more" in line.plain
    assert all(f"{cost:g}\u00a0{error:.2g}" in line.plain for error, cost in front[watch.SHOWN :])
    assert watch._cells({"front": front[: watch.SHOWN]}) == []


def test_the_benchmark_of_fronts_prints_its_table():
    result = CliRunner().invoke(benchmark.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "dct2 4 ortho" in result.output
    assert "greedy-refit" in result.output
    assert "best rival over run" in result.output
    assert CliRunner().invoke(benchmark.main, ["--only", "dft 7"]).exit_code == 2
    line = benchmark.Line(20, {"greedy": 0.4, "published": 0.3}, 0.2)
    assert line.ratio == pytest.approx(1.5)
    assert benchmark.Line(20, {}, 0.2).ratio is None
    assert gp_fft.dft(8) in [case.transform for case in benchmark.CASES]
