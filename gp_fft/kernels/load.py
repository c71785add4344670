"""From flat program arrays to a workbench and back."""

from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.constants import enlist, intern, recall
from gp_fft.kernels.edits import add_term, begin_step, depends, drop_terms, open_row, touch
from gp_fft.kernels.fingerprints import evaluate_print, find_proportional, reprint
from gp_fft.kernels.jit import ALLOCATING, INNER, ONCE
from gp_fft.kernels.order import NEEDED, sort_rows
from gp_fft.kernels.rng import child_seed, draw_unit
from gp_fft.kernels.workbench import (
    BITS,
    BROKEN,
    CHECKED,
    DEAREST,
    FREE_ROWS,
    FREE_TERM,
    INPUTS,
    JOURNAL,
    KNOWN,
    LARGEST,
    LISTED,
    MASK,
    MERGING,
    PAIR,
    REACH,
    RNG,
    SCALING,
    SHARING,
    SMALLEST,
    STATE_SIZE,
    STOPPED,
    TERM,
    TURNS,
    UNCOUNTED,
    UNIT,
    VALUE,
    ZERO,
    Workbench,
)


class Room(NamedTuple):
    """How much a workbench must hold."""

    rows: int
    terms: int
    pairs: int  # pairs of terms in rows


@njit(**INNER)
def _power_of_two(at_least):
    size = 64
    while size < at_least:
        size *= 2
    return size


@njit(**ALLOCATING)
def make_workbench(inputs, room, rules, seed, stop):
    """Allocate an empty workbench with so much room, for a program of so many inputs; ``stop`` as in Workbench."""
    rows = room.rows
    terms = room.terms
    values = inputs + rows
    listed = rules.switches.listed
    table = _power_of_two(8 * rules.constants.shape[0] + (0 if listed else 16384))
    b = Workbench(
        np.zeros(terms, TERM),
        np.zeros(values, VALUE),
        np.zeros(_power_of_two(2 * room.pairs + 4 * terms), PAIR),
        np.full(_power_of_two(2 * values), -1, np.int32),
        np.zeros(KNOWN + table + (table + rules.prices.shape[0] + 1 if listed else 0), np.float64),
        np.empty(4 * terms + rows, JOURNAL),  # written before it is read
        np.zeros(STATE_SIZE + 2 * values, np.int64),
        stop,
    )
    b.state[INPUTS] = inputs
    b.state[MERGING] = rules.switches.merging
    b.state[SHARING] = rules.switches.sharing
    b.state[TURNS] = rules.switches.turns
    b.state[CHECKED] = rules.switches.checked
    b.state[BITS] = rules.switches.bits
    b.state[SCALING] = rules.switches.scaling
    b.state[MASK] = table - 1
    for k in range(3):
        b.numbers[k] = rules.weights[k]
    b.numbers[SMALLEST] = 0.0
    b.numbers[LARGEST] = np.inf
    for slot in range(terms):
        b.terms[slot].next = slot + 1
    b.terms[terms - 1].next = -1
    b.state[FREE_TERM] = 0
    for k in range(rows):
        b.values[k].free_list = values - 1 - k
    b.state[FREE_ROWS] = rows
    for value in range(values):
        v = b.values[value]
        v.users = -1
        v.first = -1
        v.output = -1
        v.bucket = -1
    _know_constants(b, rules, table)
    _print_inputs(b)
    b.state[RNG] = seed
    return b


@njit(**INNER)
def _know_constants(b, rules, table):
    """Intern the sizes that are known beforehand, or list all that there are, with their prices."""
    b.state[DEAREST] = 0 if rules.switches.listed else UNIT
    if not rules.switches.listed:
        for size in rules.constants:
            intern(b, size)
        return
    b.state[LISTED] = rules.constants.shape[0] + 1
    at = KNOWN + 2 * table
    for k in range(rules.constants.shape[0]):
        enlist(b, rules.constants[k], rules.prices[k])
        if rules.constants[k] > 1.0 and (k == 0 or rules.constants[k - 1] < 1.0):
            b.numbers[at] = 1.0
            at += 1
        b.numbers[at] = rules.constants[k]
        at += 1
        b.state[DEAREST] = max(b.state[DEAREST], rules.prices[k])
    if at < KNOWN + 2 * table + b.state[LISTED]:
        b.numbers[at] = 1.0


@njit(**INNER)
def _print_inputs(b):
    """Give every input its two random samples, the same in every workbench."""
    b.state[RNG] = child_seed(ZERO, ZERO, ZERO, ZERO)
    for value in range(b.state[INPUTS]):
        v = b.values[value]
        v.alive = 1
        v.z1r = _sample(b)
        v.z1i = _sample(b)
        v.z2r = _sample(b)
        v.z2i = _sample(b)
        reprint(b, value)


@njit(**INNER)
def _sample(b):
    """A random number of (-1, 1); for bits 48 of them in one number."""
    x = draw_unit(b.state)
    return np.floor(x * 2.0**48) if b.state[BITS] != 0 else 2.0 * x - 1.0


@njit(**ALLOCATING)
def load(b, flat):
    """Put a program (Flat) on the workbench, which must be empty; return which row each definition is.

    The workbench is broken if that was stopped.
    """
    inputs = b.state[INPUTS]
    definitions = flat.starts.shape[0] - 1
    where = np.empty(definitions, np.int64)
    begin_step(b)
    b.numbers[SMALLEST] = 0.0
    b.numbers[LARGEST] = np.inf
    for d in range(definitions):
        if b.stop[0] != 0:
            b.state[BROKEN] = STOPPED
            return where
        row = open_row(b)
        where[d] = row
        b.values[row].dirty = 0
        for k in range(flat.starts[d], flat.starts[d + 1]):
            ref = np.int64(flat.refs[k])
            if ref >= inputs:
                ref = where[ref - inputs]
            add_term(b, row, ref, flat.sizes[k], np.int64(flat.turns[k]))
        evaluate_print(b, row)
    for k in range(flat.outputs.shape[0]):
        b.values[where[flat.outputs[k]]].output = k
    if b.state[UNCOUNTED] == 0:  # a fit may give any weight, a rewrite may not
        smallest = 1.0
        largest = 1.0
        for size in flat.sizes:
            smallest = min(smallest, size)
            largest = max(largest, size)
        b.numbers[SMALLEST] = smallest / REACH if flat.sizes.size else 0.0
        b.numbers[LARGEST] = largest * REACH if flat.sizes.size else np.inf
    return where


@njit(**ONCE)
def join(b, flat, rows_of_outputs, chance):
    """Crossover: bring a second program onto the workbench and exchange definitions and outputs with the first one.

    A row of the second whose vector is there already (up to size and turn) becomes that value, and with the given
    chance the value takes over the row's terms; the other rows are added. An output of the second that computes
    something else than the first's replaces it with the same chance. ``rows_of_outputs``: rows of the first's outputs.
    """
    inputs = b.state[INPUTS]
    definitions = flat.starts.shape[0] - 1
    where = np.empty(definitions, np.int64)
    size_of = np.ones(definitions)
    turn_of = np.zeros(definitions, np.int64)
    for d in range(definitions):
        row = open_row(b)
        if row < 0:
            return
        touch(b, row)
        where[d] = row
        for k in range(flat.starts[d], flat.starts[d + 1]):
            ref = np.int64(flat.refs[k])
            size = flat.sizes[k]
            turn = np.int64(flat.turns[k])
            if ref >= inputs:
                e = ref - inputs
                ref = where[e]
                size *= size_of[e]
                turn = (turn + turn_of[e]) & 3
            add_term(b, row, ref, size, turn)
        evaluate_print(b, row)
        v = b.values[row]
        host, size, turn = find_proportional(b, v.z1r, v.z1i, v.z2r, v.z2i, row)
        size = recall(b, size)
        if host >= 0:
            if host >= inputs and draw_unit(b.state) < chance:
                _take_terms(b, host, row, size, turn)
            where[d] = host
            size_of[d] = size
            turn_of[d] = turn
    for k in range(flat.outputs.shape[0]):
        d = flat.outputs[k]
        plain = size_of[d] == 1.0 and turn_of[d] == 0 and b.values[where[d]].output < 0
        if plain and where[d] >= inputs and where[d] != rows_of_outputs[k] and draw_unit(b.state) < chance:
            touch(b, rows_of_outputs[k])
            touch(b, where[d])
            b.values[rows_of_outputs[k]].output = -1
            b.values[where[d]].output = k


@njit(**INNER)
def _take_terms(b, host, row, size, turn):
    """Let ``host`` be written with the terms of ``row = size i^turn host``, unless one of them depends on it."""
    slot = b.values[row].first
    while slot >= 0:
        if depends(b, b.terms[slot].ref, host):
            return
        slot = b.terms[slot].next
    touch(b, host)
    drop_terms(b, host)
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        add_term(b, host, t.ref, t.size / size, (t.turn - turn) & 3)
        slot = b.terms[slot].next


@njit(**INNER)
def dump(b, flat):
    """Write the program on the workbench into flat arrays (Flat, large enough); return (definitions, terms)."""
    inputs = b.state[INPUTS]
    definitions = sort_rows(b, NEEDED)
    terms = 0
    flat.starts[0] = 0
    for d in range(definitions):
        row = b.values[d].pair_a
        slot = b.values[row].first
        while slot >= 0:
            t = b.terms[slot]
            flat.refs[terms] = t.ref if t.ref < inputs else b.values[t.ref].pair_b + inputs
            flat.sizes[terms] = t.size
            flat.turns[terms] = t.turn
            terms += 1
            slot = t.next
        flat.starts[d + 1] = terms
        if b.values[row].output >= 0:
            flat.outputs[b.values[row].output] = d
    return definitions, terms
