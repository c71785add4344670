"""How a champion came about: a staircase of counts, the same after a JSON round trip and for any number of threads."""

import json
from itertools import pairwise

import numpy as np

import gp_fft
from gp_fft.kernels.trace import KEPT, note
from gp_fft.search.lineage import LONGEST, Event, Lineage
from gp_fft.search.loop import generations
from gp_fft.search.operators import NAMES
from gp_fft.search.settings import Settings
from gp_fft.search.state import State


def evolved(threads: int = 1, start: str = "random") -> State:
    settings = Settings(start=start, generations=20, threads=threads, population=8)
    for state, _ in generations(gp_fft.dft(4), settings):
        last = state
    return last


def test_the_line_of_the_champion_is_a_staircase_down_to_its_cost():
    best = evolved().best_exact()
    exact = [event for event in best.lineage if event.error == 0.0]
    assert exact[-1].after == best.cost
    assert all(event.after < event.before for event in exact[1:])
    assert all(one.after == other.before for one, other in pairwise(exact))
    assert all(one.generation <= other.generation for one, other in pairwise(best.lineage))
    assert {event.operator for event in best.lineage} <= set(NAMES)
    rough = [event.error for event in best.lineage if event.error > 0.0]
    assert all(later <= earlier / 2 for earlier, later in pairwise(rough))


def test_from_the_definition_the_line_begins_at_the_dense_count():
    line = evolved(start="definition").best_exact().lineage
    assert (line[0].before, line[0].generation, line[-1].after) == (24.0, 1, 16.0)


def test_a_line_does_not_depend_on_threads_and_survives_json():
    one, two = evolved(1), evolved(2)
    assert [g.lineage for g in one.archive] == [g.lineage for g in two.archive]
    again = State.from_dict(json.loads(json.dumps(one.to_dict())))
    assert [g.lineage for g in again.archive] == [g.lineage for g in one.archive]


def test_a_line_is_bounded():
    events = [Event(k, 0, "share", 2.0, 1.0, 0.0) for k in range(3 * LONGEST)]
    assert Lineage().longer(events) == tuple(events[-LONGEST:])


def test_a_trace_keeps_the_latest():
    trace = np.zeros((KEPT + 1, 3))
    for step in range(KEPT + 2):
        note.py_func(trace, step, 1, -step)
    assert trace[0, 0] == KEPT + 2
    assert sorted(trace[1:, 0]) == list(range(2, KEPT + 2))
