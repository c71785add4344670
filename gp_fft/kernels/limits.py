"""Limits of a burst: how far the program on the workbench is above them, and which pairs may be shared within.

Levels are those of :mod:`gp_fft.program.levels`. What level every value has, and what it may have at most while all
others stay where they are, stands behind the scalars of the state. The values alive at once are those of one greedy
order, without places for shared products: a guide for the walk, not the count of :mod:`gp_fft.program.live`.
Where no limit is set nothing of this is called.
"""

import numpy as np
from numba import njit

from gp_fft.kernels.constants import price
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.order import NEEDED, sort_rows
from gp_fft.kernels.workbench import ADD_LIMIT, DEPTH_LIMIT, INPUTS, LIVE_LIMIT, STATE_SIZE

HIGH = np.int64(60)  # a level that nothing reaches
DEEPEST = np.int64(900)  # levels beyond are taken for this one, since 2^level is a number
ADDITIONS, OPERATIONS = np.int64(0), np.int64(1)  # levels that a product takes


@njit(**INNER)
def excess(b):
    """By how many levels and values together the program is above its limits; 0 is within."""
    above = np.int64(0)
    if b.state[DEPTH_LIMIT] > 0:
        above += max(0, _depth(b, sort_rows(b, NEEDED), OPERATIONS) - b.state[DEPTH_LIMIT])
    if b.state[ADD_LIMIT] > 0:
        above += max(0, _depth(b, sort_rows(b, NEEDED), ADDITIONS) - b.state[ADD_LIMIT])
    if b.state[LIVE_LIMIT] > 0:
        above += max(0, live(b) - b.state[LIVE_LIMIT])
    return above


@njit(**INNER)
def refresh(b):
    """Bring up to date what level each value has and may have at most."""
    products = OPERATIONS if b.state[DEPTH_LIMIT] > 0 else ADDITIONS
    limit = b.state[DEPTH_LIMIT] if b.state[DEPTH_LIMIT] > 0 else b.state[ADD_LIMIT]
    count = sort_rows(b, NEEDED)
    _depth(b, count, products)
    most = STATE_SIZE + b.values.shape[0]
    for k in range(count):
        b.state[most + b.values[k].pair_a] = limit
    for k in range(count - 1, -1, -1):
        row = b.values[k].pair_a
        room = 2.0 ** b.state[most + row] - _weight(b, row, products)
        slot = b.values[row].first
        while slot >= 0:
            ref = b.terms[slot].ref
            if ref >= b.state[INPUTS]:
                level = _floor_log(room + 2.0 ** leaf(b, slot, products)) - products * is_paid(b, b.terms[slot].size)
                b.state[most + ref] = min(b.state[most + ref], level)
            slot = b.terms[slot].next


@njit(**INNER)
def fits(b, i, j, level):
    """Whether a row stays within its level if a term on this level takes the place of its terms i and j."""
    products = OPERATIONS if b.state[DEPTH_LIMIT] > 0 else ADDITIONS
    row = b.terms[i].row
    less = 2.0 ** leaf(b, i, products) + 2.0 ** leaf(b, j, products)
    room = 2.0 ** b.state[STATE_SIZE + b.values.shape[0] + row]
    return _weight(b, row, products) - less + 2.0**level <= room


@njit(**INNER)
def joined(b, i, j):
    """The level of the sum of the terms i and j alone."""
    products = OPERATIONS if b.state[DEPTH_LIMIT] > 0 else ADDITIONS
    return max(leaf(b, i, products), leaf(b, j, products)) + 1


@njit(**INNER)
def level_of(b, value, size):
    """The level of ``size * value``."""
    return b.state[STATE_SIZE + value] + (is_paid(b, size) and b.state[DEPTH_LIMIT] > 0)


@njit(**INNER)
def is_paid(b, size):
    """Is a product by this constant an operation, since the primitive set asks something for it?"""
    return size != 1.0 and price(b, size) > 0


@njit(**INNER)
def note_level(b, row):
    """Note the level of a new row, which may have any."""
    if b.state[DEPTH_LIMIT] + b.state[ADD_LIMIT] > 0:
        products = OPERATIONS if b.state[DEPTH_LIMIT] > 0 else ADDITIONS
        b.state[STATE_SIZE + row] = _level(b, row, products)
        b.state[STATE_SIZE + b.values.shape[0] + row] = HIGH


@njit(**INNER)
def leaf(b, slot, products):
    """The level of a term."""
    return b.state[STATE_SIZE + b.terms[slot].ref] + products * is_paid(b, b.terms[slot].size)


@njit(**INNER)
def _weight(b, row, products):
    """What the terms of a row take of the room that a tree has: 2^level each."""
    total = 0.0
    slot = b.values[row].first
    while slot >= 0:
        total += 2.0 ** leaf(b, slot, products)
        slot = b.terms[slot].next
    return total


@njit(**INNER)
def _level(b, row, products):
    """The level of a row: the least of a tree with room for its terms."""
    weight = _weight(b, row, products)
    level = np.int64(0)
    while weight > 1.0 and level < DEEPEST:
        weight *= 0.5
        level += 1
    return level


@njit(**INNER)
def _floor_log(weight):
    """The largest level with this room; -1 for none."""
    level = -1
    while weight >= 1.0:
        weight *= 0.5
        level += 1
    return level


@njit(**INNER)
def _depth(b, count, products):
    """Note the level of every value, of rows in the order in which they were sorted; the highest of an output."""
    for value in range(b.state[INPUTS]):
        b.state[STATE_SIZE + value] = 0
    highest = np.int64(0)
    for k in range(count):
        row = b.values[k].pair_a
        level = _level(b, row, products)
        b.state[STATE_SIZE + row] = level
        if b.values[row].output >= 0:
            highest = max(highest, level)
    return highest


@njit(**INNER)
def live(b):
    """The values alive at once where always a row comes next that ends as many values as any other, the latest first.

    ``stack`` of a value holds its uses to come, ``todo_list`` of a row its definitions to come, ``pair_b`` the rows
    that may come next: nothing waits to be settled.
    """
    count = sort_rows(b, NEEDED)
    alive = np.int64(0)
    for value in range(b.state[INPUTS]):
        b.values[value].stack = b.values[value].uses
        alive += b.values[value].uses > 0
    ready = _open_all(b, count)
    most = alive
    while ready > 0:
        at = 0
        best = np.int64(-1)
        for k in range(ready):
            ending = _ending(b, b.values[k].pair_b)
            if ending >= best:
                best = ending
                at = k
        row = b.values[at].pair_b
        ready -= 1
        for k in range(at, ready):
            b.values[k].pair_b = b.values[k + 1].pair_b
        ready = _close(b, row, ready)
        alive += 1 - best
        most = max(most, alive)
    return most


@njit(**INNER)
def _open_all(b, count):
    """Note the uses to come of all rows, and list those that need no other row; how many these are."""
    ready = np.int64(0)
    for k in range(count):
        row = b.values[k].pair_a
        b.values[row].stack = b.values[row].uses + (b.values[row].output >= 0)
    for k in range(count):
        row = b.values[k].pair_a
        waits = np.int64(0)
        slot = b.values[row].first
        while slot >= 0:
            waits += b.terms[slot].ref >= b.state[INPUTS]
            slot = b.terms[slot].next
        b.values[row].todo_list = waits
        if waits == 0:
            b.values[ready].pair_b = row
            ready += 1
    return ready


@njit(**INNER)
def _ending(b, row):
    """How many values have their last use in a row."""
    ending = np.int64(0)
    slot = b.values[row].first
    while slot >= 0:
        ref = b.terms[slot].ref
        b.values[ref].stack -= 1
        ending += b.values[ref].stack == 0
        slot = b.terms[slot].next
    slot = b.values[row].first
    while slot >= 0:
        b.values[b.terms[slot].ref].stack += 1
        slot = b.terms[slot].next
    return ending


@njit(**INNER)
def _close(b, row, ready):
    """Take a row off the uses to come, and list the rows that may come now; how many are listed then."""
    slot = b.values[row].first
    while slot >= 0:
        b.values[b.terms[slot].ref].stack -= 1
        slot = b.terms[slot].next
    slot = b.values[row].users
    while slot >= 0:
        user = b.terms[slot].row
        b.values[user].todo_list -= 1
        if b.values[user].todo_list == 0:
            b.values[ready].pair_b = user
            ready += 1
        slot = b.terms[slot].unext
    return ready
