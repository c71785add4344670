"""The benchmark scripts run with tiny budgets, and what they compare is the same thing."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import drift, evaluation, profile_search, proofs, search
from benchmarks.deap_routes import ROUTES, errors
from gp_fft import transforms
from gp_fft.program import Program


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


def test_the_drift_benchmark_mends_a_chain_that_drifts():
    result = CliRunner().invoke(drift.main, ["--quick"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "Constants of a chain of bursts" in result.output
    (report,) = drift.chain(transforms.get("rdft", 11), True, 60 * drift.BURST, 60 * drift.BURST)
    assert report.mended > 0
    assert report.worst_error < 3e-15
    assert report.worst_constant is not None
    assert report.worst_constant < 1e-13


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
