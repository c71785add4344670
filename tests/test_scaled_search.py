"""The search with factors free at the border: what it finds, keeps, mends, proves, and makes records of."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import gp_fft
from gp_fft import files, transforms
from gp_fft.cli import cli
from gp_fft.files.shelf import Shelf, record_name
from gp_fft.ground.errors import DataError, UsageError
from gp_fft.hunt import Goal, hunt
from gp_fft.program import Program
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations
from gp_fft.search.mend import mend
from gp_fft.search.score import score
from gp_fft.search.settings import Settings
from gp_fft.search.vary import _alike
from gp_fft.store.records import load_record, offer
from gp_fft.store.runs import Run
from gp_fft.store.standings import Rule, collect, others, rivals
from gp_fft.transforms import Scaling, fit_scaling, published

DCT = transforms.get("dct2", 8)
WHT = transforms.get("wht", 4)
SCALED = replace(Settings(), start="definition", generations=12, threads=1, scaling="outputs")


def with_factors(transform, rows, columns=None):
    """The dense program of a transform with its rows and columns times factors."""
    matrix = transform.matrix * np.outer(rows, np.ones(transform.inputs) if columns is None else columns)
    sums = [[(abs(value), 2 if value < 0 else 0, j) for j, value in enumerate(row) if value] for row in matrix]
    return Program.build(transform.inputs, transform.field, sums, range(len(sums)), transform.title)


@pytest.fixture(scope="module")
def found():
    """The last state of a short search for the DCT with its outputs scaled."""
    *_, (state, _) = generations(DCT, SCALED)
    return state


def test_a_search_with_free_outputs_goes_below_every_program_without(found):
    best = found.best_exact()
    assert best.cost < 42  # the best count published, and found, for outputs as they are
    transform = transforms.scaled_to(best.program.matrix(), DCT, "outputs")
    assert transform.scaling.kind == "outputs"
    assert transform.error(best.program) < 1e-14
    assert DCT.error(best.program) > 0.01


def test_the_same_seed_gives_the_same_scaled_programs_whatever_the_threads(found):
    *_, (again, _) = generations(DCT, replace(SCALED, threads=2))
    assert [genome.key() for genome in again.archive] == [genome.key() for genome in found.archive]


@pytest.mark.parametrize(
    ("free", "rows", "columns", "exact"),
    [
        ("uniform", [2.0] * 4, [1.0] * 4, True),
        ("uniform", [2.0, 2.0, 2.0, 1.0], [1.0] * 4, False),
        ("outputs", [2.0, 0.3, -1.0, 1.0], [1.0] * 4, True),
        ("outputs", [2.0] * 4, [1.0, 1.0, 3.0, 1.0], False),
        ("both", [2.0, 0.3, -1.0, 1.0], [1.0, 1.0, 3.0, math.sqrt(0.1)], True),
        ("both", [1e5, 1.0, 1.0, 1.0], [1.0] * 4, False),
    ],
)
def test_the_error_of_a_program_is_that_with_the_best_factors_that_are_free(free, rows, columns, exact):
    genome = Genome.of(with_factors(WHT, rows, columns))
    score([genome], WHT, replace(SCALED, scaling=free))
    assert (genome.error == 0.0) == exact
    score([genome], WHT, replace(SCALED, scaling=None))
    assert genome.error > 0.1


@pytest.mark.parametrize("free", ["uniform", "outputs", "both"])
@pytest.mark.parametrize("name", ["wht", "dct2", "dft", "toeplitz"])
def test_factors_are_read_off_a_matrix_that_is_proportional(name, free):
    kernel = (1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 5.0) if name == "toeplitz" else ()
    transform, rng = transforms.get(name, 4, kernel=kernel), np.random.default_rng(5)
    rows, columns = np.exp(rng.normal(size=transform.outputs)), np.exp(rng.normal(size=transform.inputs))
    given = Scaling(
        tuple(rows[:1]) * len(rows) if free == "uniform" else tuple(rows), tuple(columns) if free == "both" else ()
    )
    matrix = transform.scaled(given).matrix
    fitted = transform.scaled(fit_scaling(matrix, transform, free))
    assert fitted.error(matrix) < 1e-15
    assert np.allclose(fitted.matrix, matrix, rtol=1e-14, atol=0)


def test_a_row_of_zeros_has_no_factor():
    transform = transforms.from_array([[0.0, 0.0], [1.0, 2.0]])
    assert fit_scaling(np.array([[0.0, 0.0], [3.0, 6.0]]), transform, "outputs") == Scaling((1.0, 3.0))
    assert fit_scaling(np.zeros((2, 2)), transform, "both") == Scaling()
    assert fit_scaling(np.full((2, 2), np.inf), transform, "both") == Scaling()


@pytest.mark.parametrize("free", ["uniform", "outputs", "both"])
def test_constants_that_drifted_are_mended_together_with_the_factors(free):
    rng = np.random.default_rng(3)
    rows = np.full(8, 1 / math.sqrt(3)) if free == "uniform" else np.exp(rng.normal(size=8))
    columns = np.exp(rng.normal(size=8)) if free == "both" else np.ones(8)
    genome = Genome.of(with_factors(DCT, rows, columns))
    sizes, group = np.unique(genome.sizes, return_inverse=True)
    genome.sizes = (sizes * (1 + 1e-11 * rng.uniform(-1, 1, len(sizes))))[group]
    (after,) = mend([genome], DCT, free=free)
    before = transforms.scaled_to(genome.program.matrix(), DCT, free).error(genome.program)
    assert 1e-13 < before < 1e-10
    assert transforms.scaled_to(after.program.matrix(), DCT, free).error(after.program) < 3e-15
    assert len(after.refs) == len(genome.refs)


def test_a_mate_with_other_factors_of_its_inputs_is_made_to_compare():
    one = Genome.of(with_factors(WHT, [1.0] * 4, [1.0, 2.0, 1.0, 1.0]))
    other = Genome.of(with_factors(WHT, [1.0, 3.0, 1.0, 1.0], [1.0, 1.0, 5.0, -1.0]))
    made = _alike(other, one, WHT)
    assert np.allclose(made.program.matrix(), WHT.matrix * np.outer([1, 3, 1, 1], [1, 2, 1, 1]))


def test_a_run_folder_keeps_and_proves_scaled_programs(tmp_path):
    how = {"start": "definition", "generations": 8, "scaling": "outputs", "threads": 1}
    front = gp_fft.evolve(DCT, out=tmp_path / "run", **how)
    run = Run.open(tmp_path / "run")
    assert run.settings.scaling == "outputs"
    assert "--scaling outputs" in run.command()
    assert front.best_exact() is not None
    assert front.errors[front.index(front.best_exact())] < 1e-14
    (file, *_) = run.front()
    assert file.transform.scaling.kind == file.free == "outputs"
    judged = dict(zip(front.errors, front.prove().statuses, strict=True))
    assert {status for error, status in judged.items() if error < 1e-14} == {"proved"}
    assert all(status.startswith("approximate, error") for error, status in judged.items() if error >= 1e-14)
    assert gp_fft.load(tmp_path / "run").errors == front.errors
    shown = CliRunner().invoke(cli, ["show", str(tmp_path / "run")]).output
    assert "with scaling outputs" in shown
    assert "best published 34" in shown
    told = CliRunner().invoke(cli, ["verify", str(run.front_paths()[0])]).output
    assert "comes times the factors of its output" in told


def test_a_run_without_scaling_says_nothing_of_it(tmp_path):
    gp_fft.evolve(WHT, generations=1, scaling="none", out=tmp_path / "run", threads=1)
    for path in (tmp_path / "run").rglob("*"):
        if path.is_file():
            assert b"scaling" not in path.read_bytes(), path
    assert Settings(scaling="none") == Settings()


def test_an_unknown_scaling_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match=r"unknown scaling 'output' .did you mean outputs"):
        gp_fft.evolve(DCT, scaling="output", generations=1)
    for words in (["evolve", "dct2", "8", "--scaling", "unifrom"], ["hunt", "dct2:8", "--scaling", "unifrom"]):
        told = CliRunner().invoke(cli, words)
        assert told.exit_code != 0
        assert "did you mean uniform" in str(told.output) + str(told.exception)


def test_records_of_scaled_programs_have_names_and_places_of_their_own(tmp_path):
    assert record_name(DCT, "fma", "outputs") == "dct2-8.outputs.fma.json"
    program = with_factors(WHT, [0.5] * 4)
    verdict = offer(tmp_path, program, WHT, free="uniform", provenance={"command": "none"})
    assert verdict.accepted, verdict.reason
    file = load_record(tmp_path / "wht-4.uniform.json")
    assert file.transform == WHT.scaled(Scaling((0.5,) * 4))
    assert file.free == "uniform"
    shelf = Shelf.open(tmp_path)
    assert shelf.find(WHT, free="uniform").program == program
    assert shelf.find(WHT).name == "wht-4"
    entries, bad = collect([tmp_path / "wht-4.uniform.json"])
    assert (entries, bad) == ([], [])
    (other,) = others([tmp_path / "wht-4.uniform.json"], entries)
    assert other.rule == Rule("", "flops", "uniform")
    files.save(tmp_path / "wht-4.outputs.json", file)
    with pytest.raises(DataError, match=r"its name would be wht-4\.uniform\.json"):
        load_record(tmp_path / "wht-4.outputs.json")


def test_a_hunt_with_scaling_fills_the_records_of_that_scaling(tmp_path):
    goal = Goal(WHT, free="uniform")
    done = next(iter(hunt([goal], tmp_path, seconds=3.0, slice_seconds=2.0, threads=1)))
    assert done.verdict.accepted
    assert [path.name for path in tmp_path.glob("*.json")] == ["wht-4.uniform.json"]
    said = json.loads((tmp_path / "wht-4.uniform.json").read_bytes())["provenance"]
    assert "--scaling uniform" in said["command"]
    assert said["scaling"] == "uniform"


def test_published_counts_are_compared_with_what_is_free():
    assert rivals(DCT)["best published"] == 42
    assert rivals(DCT, Rule(free="uniform"))["best published"] == 42
    assert rivals(DCT, Rule(free="outputs"))["best published"] == 34
    assert published.best("wht", 64, "uniform").total == 383
    assert published.best("wht", 64) is None or published.best("wht", 64).total == 384
