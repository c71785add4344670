"""Limits in the kernels: levels on the workbench are those of the program, and a burst shares within them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from numba import njit

from gp_fft import transforms
from gp_fft.construct import textbook
from gp_fft.kernels import forget_stale
from gp_fft.kernels.burst import JOB, _rooms, run_burst
from gp_fft.kernels.edits import begin_step
from gp_fft.kernels.limits import excess, fits, joined, live, refresh
from gp_fft.kernels.load import Room, load, make_workbench
from gp_fft.kernels.packed import pack
from gp_fft.kernels.workbench import ADD_LIMIT, DEPTH_LIMIT, LIVE_LIMIT, Flat
from gp_fft.program import Program
from gp_fft.search.genome import Genome
from gp_fft.search.settings import Settings
from gp_fft.search.vary import _genomes, rules
from tests import naive
from tests.strategies import programs

forget_stale(Path(__file__).parent)
WHT = transforms.get("wht", 4)
RULES = rules(WHT, Settings())


@njit(cache=True, error_model="numpy")
def _measure(inputs, room, rules, flat, limits, told, slack):
    """How far a program is above each limit alone, its live values, and the pairs that may be shared in every row."""
    b = make_workbench(inputs, room, rules, np.int64(1), np.zeros(1, np.int64))
    where = load(b, flat)
    begin_step(b)
    for k in range(3):
        for place in (DEPTH_LIMIT, ADD_LIMIT, LIVE_LIMIT):
            b.state[place] = 0
        b.state[(DEPTH_LIMIT, ADD_LIMIT, LIVE_LIMIT)[k]] = limits[k]
        told[k] = excess(b)
    told[3] = live(b)
    b.state[DEPTH_LIMIT] = limits[0]
    refresh(b)
    for d in range(where.shape[0]):
        i = b.values[where[d]].first
        j = b.terms[i].next if i >= 0 else -1
        slack[d] = -1 if j < 0 else np.int64(fits(b, i, j, joined(b, i, j)))


def measured(program: Program, limits=(1, 1, 1)):
    """``(excess of each limit, live values, for each definition whether its last two terms may be shared)``."""
    room = Room(*_rooms(pack([program]), np.zeros(1, JOB), (len(program.outputs), program.inputs), 1)[0].tolist())
    arrays = (np.array(getattr(program, name)) for name in ("starts", "refs", "sizes", "turns", "outputs"))
    told, slack = np.zeros(4, np.int64), np.zeros(program.definitions, np.int64)
    _measure(program.inputs, room, RULES, Flat(*arrays), np.array(limits), told, slack)
    return told[:3].tolist(), int(told[3]), slack.tolist()


def combined(program: Program) -> Program:
    """The program with one term of each reference in a definition, as the workbench holds it."""
    rows = [list({ref: (size, turn, ref) for size, turn, ref in row}.values()) for row in program.rows()]
    return Program.build(program.inputs, program.field, rows, program.outputs)


@given(programs().map(combined))
@settings(max_examples=100, deadline=None)
def test_what_is_above_the_limits_is_counted_as_the_slow_twin_does(program):
    above, held, _ = measured(program)
    assert above[0] == max(0, naive.levels(program, products=True) - 1)
    assert above[1] == max(0, naive.levels(program, products=False) - 1)
    assert above[2] == max(0, held - 1)


@given(programs(most=6, empty=False).map(combined))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_kernel_holds_no_less_than_the_best(program):
    plain = Program.build(
        program.inputs, program.field, [[(1.0, t, r) for _, t, r in row] for row in program.rows()], program.outputs
    )
    _, held, _ = measured(plain)
    assert naive.least_held(plain) <= held <= plain.inputs + plain.definitions


def shared(program: Program, d: int) -> Program:
    """The program with the last two terms of a definition, the first that the workbench lists, put into a new one."""
    rows = [list(row) for row in program.rows()]
    rows.append(rows[d][-2:])
    rows[d] = [*rows[d][:-2], (1.0, 0, program.inputs + len(rows) - 1)]
    return Program.build(program.inputs, program.field, rows, program.outputs)


@given(programs(empty=False).map(combined))
@settings(max_examples=150, deadline=None)
def test_a_pair_that_must_not_be_shared_would_break_the_limit(program):
    """A pair that may be shared can break it only by a value that rises on several ways to one definition."""
    limit = max(1, program.levels)
    _, _, may = measured(program, (limit, 1, 1))
    used = set(program.refs.tolist())
    for d, allowed in enumerate(may):
        kept = allowed >= 0 and naive.levels(shared(program, d), products=True) <= limit
        if allowed == 0:
            assert not kept
        if allowed == 1 and program.inputs + d not in used:
            assert kept


@pytest.mark.parametrize("depth", [3, 4])
def test_a_burst_keeps_what_it_found_within_its_limit(depth):
    transform = transforms.get("wht", 8)
    start = Genome.of(textbook.definition(transform))
    jobs = np.zeros(1, JOB)
    jobs["mate"], jobs["seed"], jobs["rewrite_steps"] = -1, 5, 3000
    jobs["hot"], jobs["cold"], jobs["depth"], jobs["per_excess"] = 1.0, 0.2, depth, 1.0
    children = run_burst(pack([start]), transform.matrix.astype(complex), jobs, rules(transform, Settings()))
    _, best = _genomes(children, start)
    assert best.levels <= depth
    assert best.program.terms < start.program.terms
    assert transform.error(best.program) < 1e-12
