"""Doors into the inner kernels: load a program onto a workbench, apply one named operator, look at everything, dump.

The inner kernels are compiled without Python wrappers, so the tests reach them through the few entries below.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels import forget_stale
from gp_fft.kernels.burst import JOB, _rooms
from gp_fft.kernels.edits import begin_step, total_cost, undo
from gp_fft.kernels.fingerprints import add_prints, find_proportional, print_of
from gp_fft.kernels.fit import Goal, fit
from gp_fft.kernels.gains import pair_gain
from gp_fft.kernels.load import Room, dump, load, make_workbench
from gp_fft.kernels.operators import IN_KERNELS
from gp_fft.kernels.packed import pack
from gp_fft.kernels.pairs import pair_count, recount_pairs
from gp_fft.kernels.prospects import NOTHING, prospect
from gp_fft.kernels.refit import evaluate_rows, output_errors
from gp_fft.kernels.rules import Rules, Switches, constants, of_set
from gp_fft.kernels.settle import settle
from gp_fft.kernels.share import extract, merge, share, touch_all
from gp_fft.kernels.sight import TOTAL
from gp_fft.kernels.step import ruin
from gp_fft.kernels.workbench import ADDS, BROKEN, INPUTS, INTACT, JOURNALLED, ROWS, SCALES, TERMS, UNIT, UNITLESS, Flat
from gp_fft.program import Program
from gp_fft.program.cost import set_of

forget_stale(Path(__file__).parent)

REWRITES = tuple(op.name for op in IN_KERNELS if op.kind == "rewrite")
MUTATIONS = tuple(op.name for op in IN_KERNELS if op.kind == "mutation")
SETTLE, SHARE, MERGE, EXTRACT, PROSPECT = range(len(REWRITES), len(REWRITES) + 5)
NUMBERS = {name: k for k, name in enumerate((*REWRITES, "settle", "share", "merge", "extract", "prospect"))}
REPORT = (
    "adds",
    "scales",
    "unitless",
    "broken",  # before the last step was undone, if it was
    "touched",  # entries of the journal of the last step
    "pair_faults",  # keys whose kept count is not the true one
    "print_faults",  # rows whose fingerprint is not that of their terms, or is not found
    "link_faults",  # lists whose lengths disagree
    "gain",  # promised by the pair, or the most that a substitution promises
    "saved",  # by its extraction, before settling
    "before",  # cost of the settled program
    "after",
    "done",  # pairs extracted or rows merged
)


class Place(NamedTuple):
    """The workbench on which a trial takes place."""

    inputs: int
    room: Room
    seed: int


class _What(NamedTuple):
    """What a trial does."""

    operator: int
    choice: int  # which pair of terms to extract
    sharing: bool
    undoing: bool
    noise: float


class _How(NamedTuple):
    """How a trial of mutations goes."""

    mutate_steps: int
    pressure: float


@njit(cache=True, error_model="numpy")
def pair_faults(b):
    kept = b.pairs.copy()
    recount_pairs(b)
    faults = 0
    balance = 0
    for k in range(kept.shape[0]):
        balance += kept[k].count - b.pairs[k].count
        if kept[k].key != np.uint64(0) and kept[k].count != pair_count(b, kept[k].key):
            faults += 1
    return faults + abs(balance)


@njit(cache=True, error_model="numpy")
def print_faults(b):
    faults = 0
    for k in range(b.state[ROWS]):
        v = b.values[b.values[k].rows_list]
        one, other, re, im, size = 0.0, 0.0, 0.0, 0.0, 1e-9
        slot = v.first
        while slot >= 0:
            t = b.terms[slot]
            w = b.values[t.ref]
            one, other, re, im = add_prints(b, (one, other, re, im), print_of(b, t.ref), t.size, t.turn)
            size += t.size * (abs(w.z2r) + abs(w.z2i))
            slot = t.next
        if abs(re - v.z2r) + abs(im - v.z2i) > 1e-7 * size:
            faults += 1
        if v.bucket >= 0 and find_proportional(b, v.z1r, v.z1i, v.z2r, v.z2i, -1)[0] < 0:
            faults += 1
    return faults


@njit(cache=True, error_model="numpy")
def link_faults(b):
    faults = 0
    terms = 0
    used = 0
    for k in range(b.state[ROWS]):
        row = b.values[k].rows_list
        v = b.values[row]
        length, units = 0, 0
        slot = v.first
        while slot >= 0:
            length += 1
            units += b.terms[slot].size == 1.0
            faults += b.terms[slot].row != row
            slot = b.terms[slot].next
        faults += (length != v.length) + (units != v.units) + (v.place != k) + (v.alive != 1)
        terms += length
    for value in range(b.values.shape[0]):
        if value < b.state[INPUTS] or b.values[value].alive:
            slot = b.values[value].users
            uses = 0
            while slot >= 0:
                uses += 1
                faults += b.terms[slot].ref != value
                slot = b.terms[slot].unext
            faults += uses != b.values[value].uses
            used += uses
    return faults + (terms != used) + (terms != b.state[TERMS])


@njit(cache=True, error_model="numpy")
def _look(b, report):
    report[0] = b.state[ADDS]
    report[1] = b.state[SCALES] / UNIT
    report[2] = b.state[UNITLESS]
    report[5] = pair_faults(b)
    report[6] = print_faults(b)
    report[7] = link_faults(b)


@njit(cache=True, error_model="numpy")
def _extract_one(b, choice, report):
    """Share the pair of terms number ``choice`` (modulo their number) if it promises anything."""
    pairs = 0
    for k in range(b.state[ROWS]):
        length = b.values[b.values[k].rows_list].length
        pairs += length * (length - 1) // 2
    if pairs == 0:
        return
    at = choice % pairs
    for k in range(b.state[ROWS]):
        i = b.values[b.values[k].rows_list].first
        while i >= 0:
            j = b.terms[i].next
            while j >= 0:
                if at == 0:
                    report[8] = pair_gain(b, i, j, -1e9)
                    if report[8] > 0.0:
                        extract(b, i, j)
                        report[9] = report[10] - total_cost(b)
                    return
                at -= 1
                j = b.terms[j].next
            i = b.terms[i].next


@njit(cache=True, error_model="numpy")
def _best_prospect(b):
    """The most that a substitution promises, over all pairs of terms of different values in one sum."""
    best = NOTHING
    for k in range(b.state[ROWS]):
        i = b.values[b.values[k].rows_list].first
        while i >= 0:
            j = b.values[b.values[k].rows_list].first
            while j >= 0:
                if b.terms[i].ref != b.terms[j].ref:
                    best = max(best, prospect(b, i, j))
                j = b.terms[j].next
            i = b.terms[i].next
    return best


@njit(cache=True, error_model="numpy")
def _operate(b, what, report):
    done = 0
    operator = what.operator
    if operator < SETTLE:
        ruin(b, operator)
    elif operator == SHARE:
        touch_all(b)
        done = share(b, what.noise)
    elif operator == MERGE:
        done = merge(b)
    elif operator == EXTRACT:
        _extract_one(b, what.choice, report)
    elif operator == PROSPECT:
        report[8] = _best_prospect(b)
    settle(b)
    if what.sharing:
        done += share(b, what.noise)
    return done


@njit(cache=True, error_model="numpy")
def _apply(place, rules, what, program, old, out, report):
    """Load, settle, dump into ``old``, apply, undo if asked or broken, dump into ``out``; (counts of both dumps)."""
    b = make_workbench(place.inputs, place.room, rules, place.seed, np.zeros(1, np.int64))
    load(b, program)
    settle(b)
    report[3] = b.state[BROKEN]
    first = dump(b, old)
    if b.state[BROKEN] != INTACT or what.operator == SETTLE:
        _look(b, report)
        return first, dump(b, out)
    begin_step(b)
    report[10] = total_cost(b)
    report[12] = _operate(b, what, report)
    report[3] = b.state[BROKEN]
    report[4] = b.state[JOURNALLED]
    report[11] = total_cost(b)
    if what.undoing or b.state[BROKEN] != INTACT:
        undo(b)
    _look(b, report)
    return first, dump(b, out)


@njit(cache=True, error_model="numpy")
def _fit(place, rules, program, target, how, out, report):
    """Load, settle, fit; ``report``: cost and squared errors before, after, and as ``fit`` tells them."""
    b = make_workbench(place.inputs, place.room, rules, place.seed, np.zeros(1, np.int64))
    load(b, program)
    settle(b)
    matrix = np.zeros((b.values.shape[0], place.inputs), np.complex128)
    errors = np.zeros(target.shape[0])
    scale = (target.real**2 + target.imag**2).sum()
    evaluate_rows(b, matrix)
    output_errors(b, matrix, target, errors)
    report[0] = total_cost(b)
    report[1] = errors.sum() / scale
    tally = np.zeros((rules.mutations.shape[0], 3), np.int64)
    report[4] = fit(b, Goal(target, scale, matrix, errors), how, rules.mutations, tally)
    report[2] = total_cost(b)
    report[3] = errors.sum() / scale
    report[5] = link_faults(b) + pair_faults(b)
    return dump(b, out), errors, tally


@dataclass(frozen=True)
class Trial:
    """What one operator did to a program."""

    before: Program  # settled
    after: Program
    report: dict[str, float]


@dataclass(frozen=True)
class Fitted:
    """What mutation steps did to a program; errors are squared and relative to the target."""

    program: Program
    cost: tuple[float, float]
    error: tuple[float, float]
    told: float  # error that the kernel returns
    output_errors: np.ndarray  # squared, absolute
    tally: np.ndarray  # (mutations, 3)
    faults: int


def arrays_of(program: Program) -> Flat:
    """Writable copies, so that the kernels are those that are compiled for the search."""
    return Flat(*(getattr(program, name).copy() for name in Flat._fields))


def room_of(program: Program):
    job = np.zeros(1, JOB)
    job["mate"] = -1
    return Room(*_rooms(pack([program]), job, (len(program.outputs), program.inputs), 4)[0].tolist())


def slab_of(room, outputs: int) -> Flat:
    rows, terms, _ = room
    types = (np.int32, np.int32, np.float64, np.int8, np.int32)
    return Flat(*(np.zeros(size, t) for size, t in zip((rows + 1, terms, terms, terms, outputs), types, strict=True)))


def program_of(like: Program, slab: Flat, counts: tuple[int, int]) -> Program:
    starts, refs, sizes, turns, outputs = (array.tolist() for array in slab)
    terms = list(zip(sizes, turns, refs, strict=True))[: counts[1]]
    rows = [terms[starts[d] : starts[d + 1]] for d in range(counts[0])]
    return Program.build(like.inputs, like.field, rows, outputs, primitives=like.primitives)


def _rules(
    program: Program, weights=(1.0, 1.0, 0.0), merging: bool = True, mutations=(0.0,), scaling: int = 0
) -> Rules:
    """The rules of a trial; no rewrite is drawn, and nothing is approximated."""
    chosen, parts = set_of(program), np.array([1.0, 1 / UNIT, 1.0])
    switches = Switches(merging, True, **of_set(chosen, program.field), scaling=scaling)
    known = constants(chosen, (1.0, 2.0, 0.5))
    none, ones, whole = np.zeros(1), np.ones(len(program.outputs)), np.eye(program.inputs, dtype=np.complex128)
    aim = (0.0, np.inf, TOTAL, ones, whole, np.full(1, np.inf))
    return Rules(np.array(weights) * parts, switches, none, np.array(mutations), none, *known, *aim)


def apply(
    program: Program,
    operator: str,
    seed: int = 1,
    *,
    sharing: bool = False,
    undoing: bool = False,
    merging: bool = True,
    weights: tuple[float, float, float] = (1.0, 1.0, 0.0),
    choice: int = 0,
    noise: float = 0.0,
    scaling: int = 0,
) -> Trial:
    """Apply one operator by its name (a rewrite, settle, share, merge, extract or prospect) once."""
    room, outputs = room_of(program), len(program.outputs)
    old, out, report = slab_of(room, outputs), slab_of(room, outputs), np.zeros(len(REPORT))
    first, last = _apply(
        Place(program.inputs, room, seed),
        _rules(program, weights, merging, scaling=scaling),
        _What(NUMBERS[operator], choice, sharing, undoing, noise),
        arrays_of(program),
        old,
        out,
        report,
    )
    told = dict(zip(REPORT, report.tolist(), strict=True))
    return Trial(program_of(program, old, first), program_of(program, out, last), told)


def mutate(
    program: Program, target: np.ndarray, operators: dict[str, float], steps: int, pressure: float, seed: int = 1
) -> Fitted:
    """Run mutation steps with the given chances of operators by name."""
    chances = np.array([operators.get(name, 0.0) for name in MUTATIONS])
    room = room_of(program)
    out, report = slab_of(room, len(program.outputs)), np.zeros(6)
    counts, errors, tally = _fit(
        Place(program.inputs, room, seed),
        _rules(program, mutations=chances / chances.sum()),
        arrays_of(program),
        np.ascontiguousarray(target, np.complex128),
        _How(steps, pressure),
        out,
        report,
    )
    return Fitted(
        program_of(program, out, counts),
        (report[0], report[2]),
        (report[1], report[3]),
        report[4],
        errors,
        tally,
        int(report[5]),
    )
