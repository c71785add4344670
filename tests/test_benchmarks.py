"""The benchmark scripts run with tiny budgets, and what they compare is the same thing."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import (
    ablation,
    budgets,
    calls,
    drift,
    evaluation,
    multiplierless,
    profile_search,
    proofs,
    scaling,
    search,
    speed,
    targets,
    xors,
)
from benchmarks.deap_routes import ROUTES, errors
from gp_fft import files, transforms
from gp_fft.program import Program
from gp_fft.program.cost import EXACT, count
from gp_fft.transforms import published as reference


def test_the_evaluation_benchmark_prints_its_table():
    result = CliRunner().invoke(evaluation.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "Population evaluation" in result.output
    assert "gp.compile is" in result.output


def test_the_proof_benchmark_refuses_what_is_corrupted():
    result = CliRunner().invoke(proofs.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "refused by the exact check: 20 corrupted programs" in result.output
    assert "accepted: 0" in result.output


def test_the_benchmark_of_adders_counts_what_da4ml_makes():
    result = CliRunner().invoke(multiplierless.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert re.search(r"hevc-dct2 4\W+1[45]\W+1[0-4]\W", result.stdout)
    assert CliRunner().invoke(multiplierless.main, ["--only", "hevc-dct2 5"]).exit_code == 2
    drawn = multiplierless.random_matrix(4, 3, 7)
    assert drawn == multiplierless.random_matrix(4, 3, 7)
    assert drawn.matrix.min() >= -4
    assert drawn.matrix.max() <= 3
    assert np.any(multiplierless.random_matrix(4, 3, 8).matrix != drawn.matrix)


def test_a_stage_of_da4ml_becomes_additions_of_shifted_values():
    """``(x1 - 8 x0)`` of doubled inputs, its output halved and negative, and one that is nothing."""
    inputs = [SimpleNamespace(opcode=-1, id0=k, id1=-1, data=0) for k in (1, 0)]
    stage = SimpleNamespace(
        ops=[*inputs, SimpleNamespace(opcode=1, id0=0, id1=1, data=3)],
        inp_shifts=[1, 1], out_idxs=[2, -1], out_shifts=[-1, 0], out_negs=[True, False],
    )  # fmt: skip
    rows = []
    made = multiplierless._stage(stage, [(1.0, 0, 0), (1.0, 0, 1)], rows, 2)
    assert rows == [[(2.0, 0, 1), (16.0, 2, 0)]]
    assert made == [(0.5, 2, 2), (0.0, 0, 0)]


def test_the_benchmark_of_xors_prints_its_table():
    result = CliRunner().invoke(xors.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    (row,) = (line.split("│")[1:-1] for line in result.output.splitlines() if "reed-muller" in line)
    name, dense, greedy, reached = (cell.strip() for cell in row)
    assert (name, int(dense), int(greedy)) == ("reed-muller 8", 19, 12)
    assert int(reached) <= 12


def test_the_drift_benchmark_mends_a_chain_that_drifts():
    result = CliRunner().invoke(drift.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "Constants of a chain of bursts" in result.output
    reports = list(drift.chain(transforms.get("rdft", 11), True, 60 * drift.BURST, drift.BURST))
    assert any(report.mended for report in reports)
    for report in reports:  # constants of a thousand, as a walk may pass through, amplify round-off: no drift
        assert report.worst_error < 2e-15 + 1e-17 * report.largest
        assert report.worst_constant is not None
        assert report.worst_constant < 1e-13
    assert reports[-1].worst_error < 1e-15


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_deap_runs_the_same_programs(route):
    """Also an empty row, a row of negative terms only, and turned and scaled terms of a shared definition."""
    rows = [
        [(1.0, 2, 0), (0.5, 2, 1)],
        [(1.0, 3, 2), (0.25, 1, 2), (1.0, 0, 0)],
        [(2.0, 2, 3), (1.0, 0, 2)],
        [],
    ]
    program = Program.build(2, "complex", rows, [1, 2, 3])
    transform = transforms.from_array(np.arange(1.0, 7.0).reshape(3, 2))
    made = ROUTES[route]([program, program])
    np.testing.assert_allclose(made.matrix(made.individuals[0]), program.matrix(), rtol=1e-15)
    assert errors(made, transform.matrix) == pytest.approx([transform.error(program)] * 2)


@pytest.mark.parametrize("script", [search, profile_search])
def test_the_benchmarks_of_the_search_print_their_tables(script):
    result = CliRunner().invoke(script.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "one thread" in " ".join(result.output.split())


def test_the_benchmark_of_the_search_writes_lines():
    result = CliRunner().invoke(search.main, ["--only", "dft 4", "--seeds", "2", "--csv"], catch_exceptions=False)
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("dft 4,random,16,1,1,")
    assert CliRunner().invoke(search.main, ["--only", "dft 7"]).exit_code == 2


@pytest.mark.parametrize(("n", "flops"), [(15, 212), (24, 296)])
def test_the_starts_of_the_targets_have_the_counts_of_fftw(n, flops):
    file = files.load(targets.STARTS / f"dft-{n}.json")
    assert count(file.program).flops == flops
    assert transforms.dft(n).error(file.program) < EXACT
    assert min(row.total for row in reference.rows("dft", n) if row.method in ("fftw", "genfft")) == flops


def test_the_benchmark_of_targets_prints_its_table():
    result = CliRunner().invoke(targets.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "1/1" in next(line for line in result.stdout.splitlines() if "dft 6" in line)
    assert CliRunner().invoke(targets.main, ["--only", "dft 6"]).exit_code == 2


def test_the_ablation_switches_off_and_goes_on_where_it_was(tmp_path):
    out = tmp_path / "ablation.jsonl"
    told = ["--quick", "--only", "share", "--only", "anneal", "--out", str(out)]
    first = CliRunner().invoke(ablation.main, told, catch_exceptions=False)
    assert first.exit_code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [run.off for run in ablation.read(out)] == ["everything on", "share", "anneal"]
    out.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    again = CliRunner().invoke(ablation.main, told, catch_exceptions=False)
    assert again.exit_code == 0
    assert [(r.key(), r.steps, r.best) for r in ablation.read(out)] == [
        (r.key(), r.steps, r.best) for r in (ablation.Run(**json.loads(line)) for line in lines)
    ]
    assert CliRunner().invoke(ablation.main, ["--only", "add"]).exit_code == 2


def test_expected_steps_count_failures():
    def runs(*ends):
        return [ablation.Run("dft 4", 16, 100, "share", 1, hit, steps, 16, 1.0, "") for hit, steps in ends]

    assert ablation.expected(runs((True, 50), (False, 100)), "steps") == 150
    assert ablation.expected(runs((False, 100), (False, 100)), "steps") == 200
    assert ablation.ratios([runs((True, 40))], [runs((True, 20))], "steps") == pytest.approx((2, 2, 2))
    assert ablation.cell(runs((True, 1000), (False, 9000), (False, 9000))) == "1/3 - 1.0s"


def test_the_benchmark_of_scaling_draws(tmp_path):
    path = tmp_path / "scaling.svg"
    result = CliRunner().invoke(scaling.main, ["--quick", "--plot", str(path)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "all n: whole terms^" in result.output
    assert path.read_text(encoding="utf-8").startswith("<?xml")
    points = [scaling.Point(n, n, n * n, 3.0 * n**3, 3.0 * n**3, 1.0) for n in (4, 8, 16)]
    assert scaling.exponent(points, "whole", "terms") == pytest.approx((1.5, 3.0))


def test_the_benchmark_of_calls_runs():
    result = CliRunner().invoke(calls.main, ["--quick"], catch_exceptions=False)
    assert all(word in result.output for word in ("dft 16", "dct2 8", "complex64", "ratio"))


def test_the_benchmark_of_budgets_tells_the_phases():
    result = CliRunner().invoke(budgets.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "dft 4" in result.output
    kept = budgets.Phases("dft 4", "random", 10.0, 1.0, 2.0, 13.9, 10.0, 9.0, 3)
    assert kept.kept
    assert not dataclasses.replace(kept, whole=14.1).kept


@pytest.mark.skipif(not (shutil.which("cc") or shutil.which("gcc")), reason="no C compiler is installed")
def test_the_benchmark_of_speed_compares_and_writes_what_it_measured(tmp_path):
    words = ["--quick", "--csv", str(tmp_path / "speed.csv"), "--plot", str(tmp_path / "speed.svg")]
    result = CliRunner().invoke(speed.main, words, catch_exceptions=False)
    assert result.exit_code == 0
    assert "complex128, columns, batch 10" in result.output
    with (tmp_path / "speed.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {row["contender"] for row in rows} > {"program", "FFTW", "numpy.fft", "scipy.fft", "matrix", "copy"}
    assert all(0 < float(row["least"]) <= float(row["median"]) for row in rows)
    for row in rows:
        limit = 1e-6 if row["dtype"] == "float32" else 1e-15
        assert float(row["error"]) < limit, row
    assert (tmp_path / "speed.svg").stat().st_size > 1000
    assert CliRunner().invoke(speed.main, ["--sizes", "x"]).exit_code == 2
