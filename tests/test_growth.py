"""Round-off: the estimate is what its definition says and follows what is measured; fronts and settings mind it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from gp_fft import files, transforms
from gp_fft.construct import textbook
from gp_fft.evolution.ranked import archive
from gp_fft.files.shelf import record_paths
from gp_fft.ground.errors import UsageError
from gp_fft.kernels.growth import SPREAD, round_off
from gp_fft.program import Program, accuracy
from gp_fft.program.cost import count
from gp_fft.search.archive import admit, most_accurate, most_round_off
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations
from gp_fft.search.operators import usual
from gp_fft.search.settings import Settings
from gp_fft.search.state import State
from gp_fft.store.runs import Run
from gp_fft.store.standings import PLAIN, Rule
from tests import naive
from tests.strategies import programs
from tests.work import calls

DFT = transforms.dft(8)


@settings(max_examples=40, deadline=None)
@given(programs(inputs=3, most=4))
def test_the_estimate_is_that_of_its_slow_twin(program):
    if not program.matrix().any() or max((len(row) for row in program.rows()), default=0) > 5:
        return
    assert round_off(program) == pytest.approx(SPREAD * math.sqrt(naive.squared_round_off(program)), rel=1e-9)


@pytest.mark.plain
def test_hand_computed_estimates():
    assert round_off(Program.parse("# dft 1 complex\ny0 = x0\n")) == 0.0
    assert round_off(Program.parse("# t 1 real\ny0 = 0.5*x0\n")) == 0.0
    assert round_off(Program.parse("# t 2 real\ny0 = x0 + x1\n")) == pytest.approx(SPREAD)
    assert round_off(Program.parse("# t 1 real\ny0 = 1.5*x0\n")) == pytest.approx(SPREAD)
    assert round_off(Program.parse("# t 1 real\ny0 = 0.1*x0\n")) == pytest.approx(SPREAD * math.sqrt(2))
    cancel = Program.parse("# t 2 real\nt0 = 1000*x0 + x1\ny0 = t0 - 1000*x0\n")
    assert round_off(cancel) > 500 * SPREAD


def test_the_order_of_terms_and_definitions_does_not_matter():
    program = textbook.definition(transforms.dft(5))
    rows = [row[::-1] for row in program.rows()]
    starts = program.starts
    turned = Genome.of(program)
    turned.refs = np.array([ref for row in rows for _, _, ref in row], np.int32)
    turned.sizes = np.array([size for row in rows for size, _, _ in row])
    turned.turns = np.array([turn for row in rows for _, turn, _ in row], np.int8)
    assert turned.starts is starts
    assert turned.round_off == pytest.approx(round_off(program), rel=1e-12)


def test_the_estimate_follows_what_is_measured_on_the_records():
    small = [files.load(path) for path in record_paths() if path.stat().st_size < 40_000]
    # bits have no round-off; with few constants, or factors that are divided out, the roundings make no average
    files_of = [file for file in small if Rule.of(file) == PLAIN and file.program.field != "gf2"]
    assert len(files_of) > 20
    estimates = np.log([round_off(file.program) for file in files_of])
    measured = np.log([accuracy.measure(file.program, file.transform).program for file in files_of])
    assert np.corrcoef(estimates, measured)[0, 1] > 0.9
    far = np.abs(measured - estimates)
    # many products of whole numbers are exact, and the few roundings of two points make no average
    loose = np.array([bool(file.transform.kernel) or file.transform.inputs < 3 for file in files_of])
    assert far[~loose].max() < math.log(1.4)
    assert far[loose].max() < math.log(2.0)


def test_it_is_cheap():
    program = textbook.definition(transforms.dft(16))
    round_off(program)
    assert calls(lambda: round_off(program)) < 30  # a kernel does it: no call for each of the 240 terms


def scored(text, error, cost):
    genome = Genome.of(Program.parse(text))
    genome.fitness.values = (error, cost)
    return genome


def keys(genomes):
    return [genome.key() for genome in genomes]


GOOD = "# t 2 real\ny0 = x0 + x1\n"
BAD = "# t 2 real\nt0 = 1000*x0 + x1\ny0 = t0 - 999*x0\n"


def test_of_exact_programs_that_cost_the_same_the_front_holds_the_more_accurate_one():
    good, bad, rough = scored(GOOD, 0.0, 7.0), scored(BAD, 0.0, 7.0), scored(GOOD, 0.5, 1.0)
    for front, children in (((bad, rough), [good]), ((good, rough), [bad]), ((), [bad, rough, good])):
        assert keys(archive(front, children, prefer=most_accurate)) == keys([rough, good])
    assert keys(archive((good,), [scored(BAD, 0.0, 6.0)], prefer=most_accurate)) == keys([bad])  # cost comes first


def test_approximate_programs_are_not_judged_by_their_round_off():
    one, other = scored(BAD, 0.25, 7.0), scored(GOOD, 0.25, 7.0)
    assert keys(archive((one,), [other], prefer=most_accurate)) == keys([one])


def test_what_amplifies_too_much_is_not_admitted():
    good, bad = scored(GOOD, 0.0, 7.0), scored(BAD, 0.0, 7.0)
    assert admit([bad, good], most=10 * SPREAD) == [good]
    assert admit([bad, good], most=math.inf) == [bad, good]
    limit = most_round_off(DFT, Settings(max_growth=2.0))
    assert limit == 2 * accuracy.measure(textbook.radix2(DFT), DFT).oracle
    assert most_round_off(DFT, Settings()) == math.inf


def test_a_run_keeps_the_limit_on_its_front():
    asked = Settings(start="definition", max_growth=1.15, generations=4, seed=3, threads=1)
    states = [state for state, _ in generations(DFT, asked)]
    limit = most_round_off(DFT, asked)
    assert states[0].archive == ()  # the definition itself amplifies more than that
    assert all(genome.round_off <= limit for state in states for genome in state.archive)
    assert states[-1].best_exact() is not None
    again = [state for state, _ in generations(DFT, asked)]
    assert again[-1].front == states[-1].front
    middle = State.from_dict(states[2].to_dict())
    resumed = [state for state, _ in generations(DFT, asked, middle)]
    assert resumed[-1].front == states[-1].front


def test_a_limit_that_nothing_meets_leaves_an_empty_front():
    asked = Settings(start="definition", max_growth=1e-3, generations=2, threads=1)
    records = [record for _, record in generations(DFT, asked)]
    assert [record["front"] for record in records] == [[], [], []]
    assert records[-1]["best_exact_cost"] is None


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_bad_limit_is_one_sentence(value):
    with pytest.raises(UsageError, match="max growth must be a finite number above 0"):
        Settings(max_growth=value).check(DFT)


def test_the_limit_stands_in_the_run_folder_and_old_folders_still_load(tmp_path):
    made = Run.create(DFT, Settings(max_growth=2.5), tmp_path / "new")
    assert Run.open(made.path).settings.max_growth == 2.5
    assert "--max-growth 2.5" in made.command()
    old = Run.create(DFT, Settings(), tmp_path / "old")
    assert "max_growth" not in (old.path / "settings.toml").read_text()
    assert Run.open(old.path).settings == Settings(operators=usual("complex"))  # a run names its operators


def test_the_dense_matrix_rounds_more_than_the_fast_programs():
    dense, fast = textbook.definition(transforms.dft(32)), textbook.split_radix(transforms.dft(32))
    assert count(dense).flops > count(fast).flops
    assert round_off(dense) > 1.5 * round_off(fast)
