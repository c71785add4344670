"""Doors into the kernels of a walk among approximations: what it sees and foretells, what its steps do and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.edits import begin_step, depends, touch, undo
from gp_fft.kernels.links import link_term, unlink_term
from gp_fft.kernels.load import dump, load, make_workbench
from gp_fft.kernels.near import approximate, print_all
from gp_fft.kernels.near_picks import instead
from gp_fft.kernels.operators import APPROXIMATIONS
from gp_fft.kernels.picks import value_at
from gp_fft.kernels.products import MOST, refit
from gp_fft.kernels.settle import settle
from gp_fft.kernels.share import share
from gp_fft.kernels.sight import Sight, look, pull, weight
from gp_fft.kernels.workbench import ADDS, BROKEN, INPUTS, INTACT, JOURNALLED, ROWS, SCALES, TERMS, UNITLESS
from gp_fft.program import Program
from gp_fft.search import near
from gp_fft.search.settings import Settings
from gp_fft.search.vary import rules as rules_of
from gp_fft.transforms import Transform
from tests.kernel_harness import (
    Place,
    arrays_of,
    link_faults,
    pair_faults,
    print_faults,
    program_of,
    room_of,
    slab_of,
)

NAMES = tuple(op.name for op in APPROXIMATIONS)
SEE, FORETELL, REFIT, APPROXIMATE = range(4)
REPORT = (
    "before",  # squared errors, relative
    "after",
    "told",  # by the refit
    "pull_re",
    "pull_im",
    "weight",
    "gain",  # promised, of the squared error
    "size",  # of the term that was put in, and its turn
    "turn",
    "broken",
    "touched",
    "cycles",
    "faults",
    "faults_after_undo",
    "different",  # numbers that undo did not bring back
)


class _What(NamedTuple):
    """What a trial does."""

    kind: int
    operator: int
    row: int
    value: int
    old: int  # a term of the row, or -1
    rounds: int


@njit(cache=True, error_model="numpy")
def _snapshot(b, into):
    """Everything that undo must bring back, bit by bit: rows, terms in their order, fingerprints, counts."""
    at = 0
    for name in (ADDS, SCALES, UNITLESS, TERMS, ROWS):
        into[at] = b.state[name]
        at += 1
    for value in range(b.state[INPUTS], b.values.shape[0]):
        v = b.values[value]
        if v.alive == 0:
            continue
        into[at] = value
        into[at + 1] = v.output
        into[at + 2] = v.length
        into[at + 3] = v.units
        into[at + 4] = v.uses
        into[at + 5] = v.z1r
        into[at + 6] = v.z1i
        into[at + 7] = v.z2r
        into[at + 8] = v.z2i
        at += 9
        slot = v.first
        while slot >= 0:
            into[at] = b.terms[slot].ref
            into[at + 1] = b.terms[slot].size
            into[at + 2] = b.terms[slot].turn
            at += 3
            slot = b.terms[slot].next
    return at


@njit(cache=True, error_model="numpy")
def _cycles(b):
    """Terms that refer to what depends on their row."""
    count = 0
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        slot = b.values[row].first
        while slot >= 0:
            count += depends(b, b.terms[slot].ref, row)
            slot = b.terms[slot].next
    return count


@njit(cache=True, error_model="numpy")
def _foretell(b, s, what, report):
    """Ask what a term does, then put it in as it is and look."""
    row = b.values[what.row % b.state[ROWS]].rows_list
    value = value_at(b, what.value % (b.state[INPUTS] + b.state[ROWS]))
    slot = -1
    if what.old >= 0 and b.values[row].length > 0:
        slot = b.values[row].first
        for _ in range(what.old % b.values[row].length):
            slot = b.terms[slot].next
    if depends(b, value, row):
        report[6] = np.nan
        return
    p = pull(s, row, value)
    report[3] = p.real
    report[4] = p.imag
    report[5] = weight(s, row, value)
    gain, turn, size = instead(b, s, row, slot, value)
    report[6] = gain
    report[7] = size
    report[8] = turn
    if not size > 1e-9:
        report[6] = np.nan
        return
    begin_step(b)
    touch(b, row)
    if slot >= 0:
        unlink_term(b, slot)
    link_term(b, row, value, size, turn)


@njit(cache=True, error_model="numpy")
def _change(b, s, what, out, report):
    """One approximation as a step of the walk takes it, and undone."""
    print_all(b)
    room = b.values.shape[0] * 9 + b.terms.shape[0] * 3 + 5
    old = np.zeros(room)
    new = np.zeros(room)
    length = _snapshot(b, old)
    begin_step(b)
    look(b, s)
    approximate(b, what.operator, s)
    report[10] = b.state[JOURNALLED]
    report[11] = _cycles(b)
    if report[11] > 0:
        return 0, 0
    settle(b)
    print_all(b)
    share(b, 0.0)
    if b.state[BROKEN] == INTACT:
        report[2] = refit(b, s, what.rounds)
        report[1] = look(b, s)
    report[9] = b.state[BROKEN]
    print_all(b)
    report[12] = link_faults(b) + pair_faults(b) + print_faults(b) + _cycles(b)
    counts = dump(b, out)
    undo(b)
    print_all(b)
    report[13] = link_faults(b) + pair_faults(b) + print_faults(b)
    report[14] = abs(_snapshot(b, new) - length)
    for k in range(length):
        report[14] += old[k] != new[k]
    return counts


@njit(cache=True, error_model="numpy")
def _trial(place, rules, program, sight, what, out, report):
    b = make_workbench(place.inputs, place.room, rules, place.seed, np.zeros(1, np.int64))
    load(b, program)
    settle(b)
    begin_step(b)
    report[0] = look(b, sight)
    report[9] = b.state[BROKEN]
    if what.kind == APPROXIMATE:
        return _change(b, sight, what, out, report)
    if what.kind == FORETELL:
        _foretell(b, sight, what, report)
    elif what.kind == REFIT:
        report[2] = refit(b, sight, what.rounds)
    report[1] = look(b, sight)
    report[12] = link_faults(b) + pair_faults(b)
    return dump(b, out)


@dataclass(frozen=True)
class Trial:
    """What came of it."""

    program: Program
    report: dict[str, float]


def sight_of(transform: Transform, rules, room, inputs: int) -> Sight:
    """What a burst hands to its walks, in arrays of this room."""
    weighed = np.ascontiguousarray(rules.rows[:, None] * transform.matrix @ rules.basis)
    norms = (np.abs(weighed) ** 2).sum(axis=1)
    if rules.measure == near.WORST_OUTPUT:
        norms = np.where(norms == 0.0, norms.mean(), norms)
    values, (m, n) = inputs + room.rows, transform.matrix.shape
    return Sight(
        rules.skew, rules.limit, rules.measure, rules.rows, weighed, rules.basis, norms.clip(1e-300),
        float((np.abs(weighed) ** 2).max()),
        np.empty((values, n), np.complex128), np.empty((values, m), np.complex128), np.empty((m, n), np.complex128),
        np.empty(m, np.int64), np.empty(m), np.empty(room.terms, np.int64), np.empty(room.terms, np.int64),
        np.empty(room.terms), np.empty((MOST, MOST)), np.empty(MOST), np.empty((MOST, m), np.complex128),
    )  # fmt: skip


def trial(
    program: Program, transform: Transform, settings: Settings, kind: int, *, operator: str = NAMES[0], seed: int = 1,
    row: int = 0, value: int = 0, old: int = -1, rounds: int = 1,
) -> Trial:  # fmt: skip
    """Do one of SEE, FORETELL, REFIT, APPROXIMATE on a program."""
    rules, room = rules_of(transform, settings), room_of(program)
    out, report = slab_of(room, len(program.outputs)), np.zeros(len(REPORT))
    counts = _trial(
        Place(program.inputs, room, seed),
        rules,
        arrays_of(program),
        sight_of(transform, rules, room, program.inputs),
        _What(kind, NAMES.index(operator), row, value, old, rounds),
        out,
        report,
    )
    return Trial(program_of(program, out, counts), dict(zip(REPORT, report.tolist(), strict=True)))
