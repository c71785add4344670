"""A budget of seconds and Ctrl-C end everything in a moment, with something on the front; told by an injected clock."""

import itertools
import threading
from functools import partial

import numpy as np
import pytest

from gp_fft import transforms
from gp_fft.construct import compose, textbook
from gp_fft.evolution.ranked import archive
from gp_fft.ground.clock import Clock, TimeOver
from gp_fft.kernels.burst import JOB, run_burst
from gp_fft.kernels.packed import pack
from gp_fft.proof import prove
from gp_fft.search.archive import admit, most_accurate
from gp_fft.search.genome import Genome
from gp_fft.search.loop import generations, make_toolbox
from gp_fft.search.score import score
from gp_fft.search.settings import Settings
from gp_fft.search.start import start
from gp_fft.search.state import State
from gp_fft.search.vary import rules
from gp_fft.store import recorder as recorder_module
from gp_fft.store.recorder import Recorder
from gp_fft.store.runs import Run


def looks(many):
    """A clock of ``many`` seconds of which every look takes one."""
    return Clock(many, now=itertools.count().__next__)


def over():
    """A clock that has run out."""
    return Clock(0.0, now=lambda: 1.0)


def test_a_clock_runs_out_and_can_be_stopped():
    clock = looks(3)
    assert [clock.over for _ in range(4)] == [False, False, True, True]
    assert not clock.stopped
    with pytest.raises(TimeOver):
        clock.check()
    clock.start(None)
    assert not clock.over
    assert clock.left == float("inf")
    clock.stop()
    assert clock.over
    assert clock.left == 0.0
    clock.start(100.0)
    assert clock.over, "a wish to stop outlives a new budget"


def test_a_part_is_over_with_the_whole():
    time = [0.0]
    whole = Clock(10.0, now=lambda: time[0])
    part = whole.part(0.5)
    time[0] = 4.9
    assert not part.over
    time[0] = 5.1
    assert part.over
    assert not whole.over
    other = Clock().part(0.5)
    assert not other.over
    whole.stop()
    assert whole.part(0.5).over
    assert whole.part(0.5).stopped


def test_compiled_code_sees_the_end_of_the_time():
    time = [0.0]
    clock = Clock(10.0, now=lambda: time[0])
    with clock.watched():
        assert clock.flag[0] == 0
        time[0] = 11.0
        wait = threading.Event()
        for _ in range(1000):  # ten seconds; the watching thread looks every 0.05
            if clock.flag[0]:
                return
            wait.wait(0.01)
    assert clock.over


def test_a_burst_ends_in_the_middle_when_the_flag_is_set():
    """The load of the flag must not be hoisted out of the loop: this burst would go on for a day."""
    transform, settings = transforms.dft(8), Settings(start="split-radix")
    jobs = np.zeros(1, JOB)
    jobs["mate"], jobs["rewrite_steps"], jobs["hot"], jobs["cold"] = -1, 10**10, 0.5, 0.5
    flag = np.zeros(1, np.int64)
    target = np.array(transform.matrix, np.complex128, order="C")
    given = pack(start(transform, settings)[:1]), target, jobs, rules(transform, settings), 1
    run_burst(*given, np.ones(1, np.int64))  # compiled now
    timer = threading.Timer(0.2, lambda: flag.fill(1))
    timer.start()
    children = run_burst(*given, flag)
    assert 0 < children.tally[0, :7, 0].sum() < 10**10


def test_a_fit_ends_in_the_middle_when_the_flag_is_set():
    transform, settings = transforms.dft(6), Settings()
    jobs = np.zeros(1, JOB)
    jobs["mate"], jobs["mutate_steps"], jobs["pressure"] = -1, 10**10, 1.0
    flag = np.zeros(1, np.int64)
    timer = threading.Timer(0.2, lambda: flag.fill(1))
    timer.start()
    target = np.array(transform.matrix, np.complex128, order="C")
    run_burst(pack([start(transform, settings)[0]]), target, jobs, rules(transform, settings), 1, flag)


def test_no_job_is_begun_once_the_flag_is_set():
    transform, settings = transforms.dft(8), Settings()
    genomes = start(transform, settings)[:3]
    jobs = np.zeros(3, JOB)
    jobs["parent"], jobs["mate"], jobs["rewrite_steps"] = range(3), -1, 100
    target = np.array(transform.matrix, np.complex128, order="C")
    children = run_burst(pack(genomes), target, jobs, rules(transform, settings), 2, np.ones(1, np.int64))
    assert not children.tally.any()
    assert [children.counts[2 * k, 1] for k in range(3)] == [len(genome.refs) for genome in genomes]


def test_a_random_start_ends_early_with_at_least_one():
    transform = transforms.dft(4)
    assert len(start(transform, Settings(), clock=over())) == 1
    assert 1 < len(start(transform, Settings(), clock=looks(4))) < 16


@pytest.mark.parametrize("chosen", ["random", "definition", "radix2", "split-radix", "compose"])
def test_whatever_the_start_something_is_on_the_front(chosen):
    transform, settings = transforms.dft(8), Settings(start=chosen, seconds=1e-9)
    states = list(generations(transform, settings))
    assert len(states) == 1
    state, record = states[0]
    assert state.archive
    assert record["front"]
    assert State.from_dict(state.to_dict()).front == state.front


def test_scoring_ends_early_but_not_before_the_first(monkeypatch):
    monkeypatch.setattr("gp_fft.search.score.AT_ONCE", 1)
    transform = transforms.dft(4)
    genomes = start(transform, Settings())
    score(genomes, transform, Settings(), over())
    assert [genome.fitness.valid for genome in genomes] == [True] + [False] * 15
    score(genomes, transform, Settings(), looks(4))
    assert 1 < sum(genome.fitness.valid for genome in genomes) < 16
    at_once = start(transform, Settings())
    monkeypatch.undo()
    score(at_once, transform, Settings())
    assert all(one.fitness == other.fitness for one, other in zip(genomes, at_once, strict=True) if one.fitness.valid)


def test_nothing_is_estimated_when_the_time_is_over():
    transform = transforms.dft(8)
    genomes = [Genome.of(make(transform)) for make in (textbook.radix2, textbook.radix2, textbook.split_radix)]
    score(genomes, transform, Settings())
    assert len(archive((), genomes, prefer=partial(most_accurate, clock=over()))) == 1
    assert admit(genomes, most=1.0, clock=over()) == []
    assert not any(genome.estimated for genome in genomes)
    assert len(admit(genomes, most=1.0)) == 3


def composing(monkeypatch):
    """How many compositions were tidied, in a list that goes on."""
    tidied = []
    from gp_fft.construct import parts

    real = parts.tidy
    monkeypatch.setattr(parts, "tidy", lambda program: tidied.append(program.title) or real(program))
    return tidied


def test_composing_is_lazy(monkeypatch):
    transform = transforms.dft(24)
    tidied = composing(monkeypatch)
    all_of_them = compose(transform)
    whole = len(tidied)
    tidied.clear()
    first = compose(transform, clock=over())
    assert 1 <= len(first) < len(all_of_them)
    assert len(tidied) < whole / 4
    assert transform.error(first[0]) < 1e-12
    tidied.clear()
    assert compose(transform, clock=Clock(1e6)) == all_of_them, "with time enough it is what it is without a clock"


def test_composing_stops_at_once():
    clock = Clock()
    clock.stop()
    with pytest.raises(TimeOver):
        compose(transforms.dft(24), clock=clock)
    hurried = Clock(1e6)
    hurried.stop()
    assert len(compose(transforms.dft(24), clock=hurried)) == 1, "a budget of seconds has something on its front"


@pytest.mark.parametrize("after", [2, 12])
def test_composing_that_is_stopped_keeps_what_was_quick(monkeypatch, after):
    clock, transform = Clock(1e6), transforms.dft(24)
    tidied = composing(monkeypatch)
    from gp_fft.construct import parts

    counting = parts.tidy

    def stop_later(program):
        if len(tidied) == after:
            clock.stop()
        return counting(program)

    monkeypatch.setattr(parts, "tidy", stop_later)
    made = compose(transform, clock=clock)
    assert made
    assert len(tidied) <= after + 2
    assert transform.error(made[0]) < 1e-12


def test_composing_is_not_done_twice(monkeypatch, tmp_path):
    from click.testing import CliRunner

    from gp_fft.cli import cli
    from gp_fft.search import start as module

    made, real = [], module.compose
    monkeypatch.setattr(module, "compose", lambda *given: made.append(1) or real(*given))
    words = ["evolve", "dft", "6", "--start", "compose", "--generations", "1", "--out", str(tmp_path / "run")]
    assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
    assert len(made) == 1


class Stopper:
    """A vary step that stops the clock, or lets it run out, in a certain generation, then does what vary does."""

    def __init__(self, toolbox, at, act):
        self.real, self.at, self.act = toolbox.vary, at, act

    def __call__(self, state):
        if state.generation == self.at:
            self.act()
        return self.real(state)


def cut_run(transform, settings, at, how, state=None):
    """The states of a run that is stopped, or runs out of time, in the generation after ``at``."""
    time = [0.0]
    clock = Clock(now=lambda: time[0])
    toolbox = make_toolbox(transform, settings, clock=clock)

    def run_out():
        time[0] = 1e9
        for _ in range(1000):  # ten seconds; the watching thread looks every 0.05
            if clock.flag[0]:
                return
            threading.Event().wait(0.01)

    toolbox.register("vary", Stopper(toolbox, at, clock.stop if how == "stop" else run_out))
    return [state for state, _ in generations(transform, settings, state, toolbox)]


def test_a_generation_that_the_time_cuts_counts_and_the_run_goes_on():
    transform, settings = transforms.dft(8), Settings(start="definition", seconds=1000.0, population=8)
    states = cut_run(transform, settings, 2, "time")
    assert [state.generation for state in states] == [0, 1, 2, 3]
    before, cut = states[-2:]
    assert cut.seconds >= 1000.0
    assert cut.steps == before.steps, "no step was taken, and none is counted"
    assert [island.done for island in cut.islands] == [island.done for island in before.islands]
    again = State.from_dict(cut.to_dict())
    more = Settings(start="definition", generations=5, population=8)
    assert [state.generation for state, _ in generations(transform, more, again)] == [4, 5]


def test_a_generation_that_ctrl_c_cuts_is_left_out_where_the_run_must_repeat():
    transform, settings = transforms.dft(8), Settings(generations=4, population=8)
    whole = [state for state, _ in generations(transform, settings)]
    states = cut_run(transform, settings, 2, "stop")
    assert [state.generation for state in states] == [0, 1, 2]
    resumed = [state for state, _ in generations(transform, settings, State.from_dict(states[-1].to_dict()))]
    assert resumed[-1].front == whole[-1].front
    kept = cut_run(transform, Settings(seconds=1e6, population=8), 2, "stop")
    assert kept[-1].generation == 3


def test_a_start_that_is_stopped_before_anything_is_made_yields_nothing():
    clock = Clock()
    clock.stop()
    assert list(generations(transforms.dft(12), Settings(start="compose", generations=3), clock=clock)) == []


def test_a_proof_ends_with_the_time():
    transform = transforms.dft(8)
    with pytest.raises(TimeOver):
        prove(textbook.split_radix(transform), transform, over())
    assert prove(textbook.split_radix(transform), transform, Clock()).proved


def test_what_keeping_takes_is_reserved_at_the_end(tmp_path):
    """A save of three seconds at the start: the search ends so much earlier that what follows is in time."""
    time = [0.0]
    clock, settings = Clock(now=lambda: time[0]), Settings(start="definition", seconds=100.0, population=8)
    run = Run.create(transforms.dft(4), settings, tmp_path / "run")
    with Recorder(run) as recorder:
        for state, record in generations(run.transform, settings, clock=clock):
            before = clock.deadline
            save, recorder.save = recorder.save, lambda: time.__setitem__(0, time[0] + 3.0)
            recorder.begin(state, record, clock)
            recorder.save = save
            break
    assert clock.deadline == before - recorder_module.KEEPING * 3.0
