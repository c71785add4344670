"""The mutable workbench: one program held as linked terms, with its costs and pair counts kept up to date at every edit.

A program is a set of sums (rows) of terms. Each term sits in two doubly linked lists: that of its row and that of
the users of the value it refers to, so that an edit costs only what it touches. Values 0 .. inputs-1 are the inputs,
the rest are rows. All arrays live in one :class:`Bench`; nothing here checks its input (see ``step.py`` for the driver).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from gp_fft.kernels.rng import mix

TERM = np.dtype(
    [
        ("row", "i4"),
        ("ref", "i4"),
        ("next", "i4"),
        ("prev", "i4"),
        ("unext", "i4"),
        ("uprev", "i4"),
        ("turn", "i8"),
        ("size", "f8"),
    ]
)
VALUE = np.dtype(
    [
        ("first", "i4"),
        ("length", "i4"),
        ("users", "i4"),
        ("uses", "i4"),
        ("output", "i4"),  # index of the output, -1 for none
        ("alive", "i4"),
        ("place", "i4"),  # where the row stands in the list of rows
        ("units", "i4"),  # terms of size 1
        ("dirty", "i8"),  # step at which the row was last put on the dirty list
        ("saved", "i8"),  # step at which the row was last journalled
        ("mark", "i8"),  # visited stamp of graph walks
        ("queued", "i8"),  # waits on the list to be settled
        ("bucket", "i4"),  # fingerprint bucket, -1 for none
        ("fnext", "i4"),
        ("fprev", "i4"),
        ("rows_list", "i4"),  # the k-th row alive
        ("free_list", "i4"),  # the k-th free value
        ("dirty_list", "i4"),
        ("todo_list", "i4"),
        ("stack", "i4"),
        ("pair_a", "i4"),  # the k-th occurrence of the pair looked at: slots of its two terms
        ("pair_b", "i4"),
        ("pad", "i4"),
        ("z1r", "f8"),  # the value on two random inputs: its fingerprint
        ("z1i", "f8"),
        ("z2r", "f8"),
        ("z2i", "f8"),
    ]
)
PAIR = np.dtype([("key", "u8"), ("count", "i8")])
JOURNAL = np.dtype(
    [
        ("row", "i4"),  # >= 0: head of a saved row; -1: one of its terms
        ("ref", "i4"),  # head: output index; term: reference
        ("turn", "i4"),  # head: was alive; term: turn
        ("length", "i4"),  # head: number of terms that follow
        ("size", "f8"),
        ("z1r", "f8"),
        ("z1i", "f8"),
        ("z2r", "f8"),
        ("z2i", "f8"),
    ]
)


class Bench(NamedTuple):
    """The arrays of one workbench; ``state`` holds the scalars by the index names below."""

    terms: np.ndarray  # TERM
    values: np.ndarray  # VALUE
    pairs: np.ndarray  # PAIR, open addressing, a power of two
    buckets: np.ndarray  # int32, heads of the fingerprint chains, a power of two
    constants: np.ndarray  # float64, open addressing, 0 = empty, a power of two
    journal: np.ndarray  # JOURNAL
    state: np.ndarray  # int64
    weights: np.ndarray  # float64: cost of an addition, a scale, a row without a unit term


(
    INPUTS,
    ADDS,
    SCALES,
    UNITLESS,
    ROWS,
    FREE_ROWS,
    FREE_TERM,
    TERMS,
    DIRTY,
    TODO,
    STEP,
    MARK,
    RNG,
    JOURNALLED,
    BROKEN,
    PAIRS_USED,
    CONSTANTS_USED,
    MERGING,
    SHARING,
    SIGNS_ONLY,
    STATE_SIZE,
) = range(21)

SMALLEST_SIZE = 1e-4
LARGEST_SIZE = 1e4
_SAME = 1e-10  # two sizes closer than this (relative) are one constant


@njit(cache=True, error_model="numpy")
def intern(b, size):
    """Return the one float64 that stands for this constant, so that equal constants are equal bit by bit."""
    if abs(size - 1.0) < _SAME:
        return 1.0
    mask = b.constants.shape[0] - 1
    bits = np.float64(size).view(np.int64) + (1 << 17)
    cell = bits >> 18
    low = bits & ((1 << 18) - 1)
    other = cell
    if low < (1 << 15):
        other = cell - 1
    elif low > (1 << 18) - (1 << 15):
        other = cell + 1
    for key in (cell, other):
        slot = np.int64(mix(np.uint64(key))) & mask
        while b.constants[slot] != 0.0:
            known = b.constants[slot]
            if abs(known - size) <= _SAME * size:
                return known
            slot = (slot + 1) & mask
        if other == cell:
            break
    if b.state[CONSTANTS_USED] * 2 > mask:
        b.state[BROKEN] = 1
        return size
    slot = np.int64(mix(np.uint64(cell))) & mask
    while b.constants[slot] != 0.0:
        slot = (slot + 1) & mask
    b.constants[slot] = size
    b.state[CONSTANTS_USED] += 1
    return size


@njit(cache=True, error_model="numpy")
def pair_key(ref_a, ref_b, ratio, turn):
    """Hash of the pair ``a + ratio i^turn b``; ratios closer than about 1e-11 share a key (but for rare borders)."""
    bits = (np.float64(ratio).view(np.int64) + (1 << 15)) >> 16
    word = np.uint64(bits) * np.uint64(0x9E3779B97F4A7C15)
    word ^= np.uint64(ref_a) * np.uint64(0xC2B2AE3D27D4EB4F) + np.uint64(ref_b) * np.uint64(0x165667B19E3779F9)
    return mix(word + np.uint64(turn)) | np.uint64(1)


@njit(cache=True, error_model="numpy")
def slots_key(terms, i, j):
    """Key of the pair of two terms of one row."""
    a = terms[i]
    c = terms[j]
    if c.ref < a.ref or (c.ref == a.ref and (c.turn & 1) < (a.turn & 1)):
        return pair_key(c.ref, a.ref, a.size / c.size, (a.turn - c.turn) & 3)
    return pair_key(a.ref, c.ref, c.size / a.size, (c.turn - a.turn) & 3)


@njit(cache=True, error_model="numpy")
def pair_count(b, key):
    """How many pairs of terms in the whole program have this key."""
    mask = b.pairs.shape[0] - 1
    slot = np.int64(key >> np.uint64(20)) & mask
    while b.pairs[slot].key != np.uint64(0):
        if b.pairs[slot].key == key:
            return b.pairs[slot].count
        slot = (slot + 1) & mask
    return 0


@njit(cache=True, error_model="numpy")
def pair_change(b, key, by):
    """Add ``by`` to the count of a key."""
    mask = b.pairs.shape[0] - 1
    slot = np.int64(key >> np.uint64(20)) & mask
    while b.pairs[slot].key != np.uint64(0):
        if b.pairs[slot].key == key:
            b.pairs[slot].count += by
            return
        slot = (slot + 1) & mask
    if b.state[PAIRS_USED] * 10 > mask * 9:
        b.state[BROKEN] = 5  # counts are rebuilt before the next step
        return
    b.pairs[slot].key = key
    b.pairs[slot].count = by
    b.state[PAIRS_USED] += 1


@njit(cache=True, error_model="numpy")
def recount_pairs(b):
    """Rebuild the table of pair counts from the rows, dropping keys that are no longer used."""
    for k in range(b.pairs.shape[0]):
        b.pairs[k].key = np.uint64(0)
        b.pairs[k].count = 0
    b.state[PAIRS_USED] = 0
    for k in range(b.state[ROWS]):
        i = b.values[b.values[k].rows_list].first
        while i >= 0:
            j = b.terms[i].next
            while j >= 0:
                pair_change(b, slots_key(b.terms, i, j), 1)
                j = b.terms[j].next
            i = b.terms[i].next


@njit(cache=True, error_model="numpy")
def size_uses(b, ref, size):
    """Number of terms ``size * ref`` in the program."""
    found = 0
    slot = b.values[ref].users
    while slot >= 0:
        if b.terms[slot].size == size:
            found += 1
        slot = b.terms[slot].unext
    return found


@njit(cache=True, error_model="numpy")
def _count_pairs_of(b, slot, by):
    row = b.terms[slot].row
    j = b.values[row].first
    while j >= 0:
        if j != slot:
            pair_change(b, slots_key(b.terms, slot, j), by)
        j = b.terms[j].next


@njit(cache=True, error_model="numpy")
def link_term(b, row, ref, size, turn):
    """Put a new term into a row as it is (no combining) and update costs, users and pair counts."""
    slot = b.state[FREE_TERM]
    if slot < 0:
        b.state[BROKEN] = 1
        return
    if size != 1.0 and size_uses(b, ref, size) == 0:
        b.state[SCALES] += 1
    b.state[FREE_TERM] = b.terms[slot].next
    b.state[TERMS] += 1
    t = b.terms[slot]
    t.row = row
    t.ref = ref
    t.size = size
    t.turn = turn
    t.prev = -1
    t.next = b.values[row].first
    if t.next >= 0:
        b.terms[t.next].prev = slot
    b.values[row].first = slot
    t.uprev = -1
    t.unext = b.values[ref].users
    if t.unext >= 0:
        b.terms[t.unext].uprev = slot
    b.values[ref].users = slot
    b.values[ref].uses += 1
    length = b.values[row].length
    if length >= 1:
        b.state[ADDS] += 1
        if size == 1.0 and b.values[row].units == 0:
            b.state[UNITLESS] -= 1
    elif size != 1.0:
        b.state[UNITLESS] += 1
    b.values[row].length = length + 1
    if size == 1.0:
        b.values[row].units += 1
    if length >= 1:
        _count_pairs_of(b, slot, 1)


@njit(cache=True, error_model="numpy")
def unlink_term(b, slot):
    """Take a term out of its row and update costs, users and pair counts."""
    t = b.terms[slot]
    row = t.row
    ref = t.ref
    size = t.size
    length = b.values[row].length
    if length >= 2:
        _count_pairs_of(b, slot, -1)
        b.state[ADDS] -= 1
    if size == 1.0:
        b.values[row].units -= 1
        if length >= 2 and b.values[row].units == 0:
            b.state[UNITLESS] += 1
    elif length == 1:
        b.state[UNITLESS] -= 1
    b.values[row].length = length - 1
    if t.prev >= 0:
        b.terms[t.prev].next = t.next
    else:
        b.values[row].first = t.next
    if t.next >= 0:
        b.terms[t.next].prev = t.prev
    if t.uprev >= 0:
        b.terms[t.uprev].unext = t.unext
    else:
        b.values[ref].users = t.unext
    if t.unext >= 0:
        b.terms[t.unext].uprev = t.uprev
    b.values[ref].uses -= 1
    t.next = b.state[FREE_TERM]
    b.state[FREE_TERM] = slot
    b.state[TERMS] -= 1
    if size != 1.0 and size_uses(b, ref, size) == 0:
        b.state[SCALES] -= 1


@njit(cache=True, error_model="numpy")
def journal_row(b, row):
    """Save a row as it stands, once a step, so that the step can be undone."""
    v = b.values[row]
    if v.saved == b.state[STEP]:
        return
    at = b.state[JOURNALLED]
    if at + v.length + 1 > b.journal.shape[0]:
        b.state[BROKEN] = 2
        return
    v.saved = b.state[STEP]
    head = b.journal[at]
    head.row = row
    head.ref = v.output
    head.turn = v.alive
    head.length = v.length
    head.z1r = v.z1r
    head.z1i = v.z1i
    head.z2r = v.z2r
    head.z2i = v.z2i
    at += 1
    slot = v.first
    while slot >= 0:
        entry = b.journal[at]
        entry.row = -1
        entry.ref = b.terms[slot].ref
        entry.turn = b.terms[slot].turn
        entry.size = b.terms[slot].size
        at += 1
        slot = b.terms[slot].next
    b.state[JOURNALLED] = at


@njit(cache=True, error_model="numpy")
def touch(b, row):
    """Journal a row, put it on the dirty list (its pairs may now be worth sharing) and on the list to be settled."""
    journal_row(b, row)
    v = b.values[row]
    if v.dirty != b.state[STEP]:
        v.dirty = b.state[STEP]
        b.values[b.state[DIRTY]].dirty_list = row
        b.state[DIRTY] += 1
    queue(b, row)


@njit(cache=True, error_model="numpy")
def begin_step(b):
    """Open a new step: nothing journalled, nothing dirty."""
    b.state[STEP] += 1
    b.state[JOURNALLED] = 0
    b.state[DIRTY] = 0
    b.state[BROKEN] = 0
    while b.state[TODO] > 0:
        b.state[TODO] -= 1
        b.values[b.values[b.state[TODO]].todo_list].queued = 0


@njit(cache=True, error_model="numpy")
def queue(b, row):
    """Put a row on the list to be settled."""
    v = b.values[row]
    if v.queued == 0 and row >= b.state[INPUTS]:
        v.queued = 1
        b.values[b.state[TODO]].todo_list = row
        b.state[TODO] += 1


@njit(cache=True, error_model="numpy")
def add_term(b, row, ref, size, turn):
    """Add ``size i^turn ref`` to a row that was touched before: terms of the same axis are combined, zeros vanish."""
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        if t.ref == ref and ((t.turn ^ turn) & 1) == 0:
            break
        slot = t.next
    if slot >= 0:
        old = b.terms[slot].size
        old_turn = b.terms[slot].turn
        total = old + size if old_turn == turn else old - size
        unlink_term(b, slot)
        if abs(total) < 1e-9 * (old + size):
            queue(b, ref)
            return
        size = abs(total)
        turn = old_turn if total > 0 else (old_turn + 2) & 3
    size = intern(b, size)
    if size < SMALLEST_SIZE or size > LARGEST_SIZE:
        b.state[BROKEN] = 3
    link_term(b, row, ref, size, turn)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(cache=True, error_model="numpy")
def drop_term(b, slot):
    """Remove a term from a row that was touched before; what nobody uses any more will be settled."""
    ref = b.terms[slot].ref
    unlink_term(b, slot)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(cache=True, error_model="numpy")
def open_row(b):
    """Take a free value as a new empty row (journalled as absent) and return it, or -1 when none is left."""
    if b.state[FREE_ROWS] == 0:
        b.state[BROKEN] = 4
        return -1
    b.state[FREE_ROWS] -= 1
    row = b.values[b.state[FREE_ROWS]].free_list
    journal_row(b, row)
    _enlist(b, row)
    return row


@njit(cache=True, error_model="numpy")
def _enlist(b, row):
    v = b.values[row]
    v.alive = 1
    v.output = -1
    v.first = -1
    v.length = 0
    v.units = 0
    v.users = -1
    v.uses = 0
    v.bucket = -1
    v.place = b.state[ROWS]
    b.values[b.state[ROWS]].rows_list = row
    b.state[ROWS] += 1


@njit(cache=True, error_model="numpy")
def clear_row(b, row):
    """Remove all terms of a row."""
    while b.values[row].first >= 0:
        unlink_term(b, b.values[row].first)


@njit(cache=True, error_model="numpy")
def close_row(b, row):
    """Give an empty row that nobody uses back to the free values."""
    v = b.values[row]
    unprint(b, row)
    v.alive = 0
    last = b.values[b.state[ROWS] - 1].rows_list
    b.values[v.place].rows_list = last
    b.values[last].place = v.place
    b.state[ROWS] -= 1
    b.values[b.state[FREE_ROWS]].free_list = row
    b.state[FREE_ROWS] += 1


@njit(cache=True, error_model="numpy")
def undo(b):
    """Put back every row that this step touched, then forget the journal."""
    at = 0
    while at < b.state[JOURNALLED]:
        row = b.journal[at].row
        if b.values[row].alive:
            clear_row(b, row)
        at += 1 + b.journal[at].length
    at = 0
    while at < b.state[JOURNALLED]:
        head = b.journal[at]
        row = head.row
        if b.values[row].alive and not head.turn:
            close_row(b, row)
        at += 1 + head.length
    at = 0
    while at < b.state[JOURNALLED]:
        head = b.journal[at]
        if head.turn and not b.values[head.row].alive:
            _reclaim(b, head.row)
        at += 1 + head.length
    at = 0
    while at < b.state[JOURNALLED]:
        head = b.journal[at]
        row = head.row
        at += 1
        if head.turn:
            b.values[row].output = head.ref
            unprint(b, row)
            b.values[row].z1r = head.z1r
            b.values[row].z1i = head.z1i
            b.values[row].z2r = head.z2r
            b.values[row].z2i = head.z2i
            reprint(b, row)
        for k in range(at + head.length - 1, at - 1, -1):
            link_term(b, row, b.journal[k].ref, b.journal[k].size, b.journal[k].turn)
        at += head.length
    b.state[JOURNALLED] = 0


@njit(cache=True, error_model="numpy")
def _reclaim(b, row):
    """Take one given value off the free list (it was freed within this step, so it is near the end)."""
    k = b.state[FREE_ROWS] - 1
    while b.values[k].free_list != row:
        k -= 1
    b.state[FREE_ROWS] -= 1
    b.values[k].free_list = b.values[b.state[FREE_ROWS]].free_list
    _enlist(b, row)


@njit(cache=True, error_model="numpy")
def depends(b, value, on):
    """Does a value depend on another one (or is it that one)? A walk over its terms."""
    if value == on:
        return True
    inputs = b.state[INPUTS]
    if value < inputs:
        return False
    b.state[MARK] += 1
    stamp = b.state[MARK]
    b.values[0].stack = value
    height = 1
    while height > 0:
        height -= 1
        slot = b.values[b.values[height].stack].first
        while slot >= 0:
            ref = b.terms[slot].ref
            if ref == on:
                return True
            if ref >= inputs and b.values[ref].mark != stamp:
                b.values[ref].mark = stamp
                b.values[height].stack = ref
                height += 1
            slot = b.terms[slot].next
    return False


@njit(cache=True, error_model="numpy")
def total_cost(b):
    """The cost of the program under the weights of the cost model, in operations of the data's field."""
    return (
        b.weights[0] * b.state[ADDS] + b.weights[1] * b.state[SCALES] + b.weights[2] * b.state[UNITLESS]
    )


@njit(cache=True, error_model="numpy")
def _bucket_of(b, z1r, z1i, z2r, z2i):
    norm = z1r * z1r + z1i * z1i
    qr = (z2r * z1r + z2i * z1i) / norm
    qi = (z2i * z1r - z2r * z1i) / norm
    word = np.uint64(np.int64(np.floor(qr * 1e6 + 0.5))) * np.uint64(0x9E3779B97F4A7C15)
    word ^= np.uint64(np.int64(np.floor(qi * 1e6 + 0.5)))
    return np.int64(mix(word) & np.uint64(b.buckets.shape[0] - 1))


@njit(cache=True, error_model="numpy")
def reprint(b, value):
    """Enter a value into the table of fingerprints."""
    v = b.values[value]
    if v.z1r * v.z1r + v.z1i * v.z1i < 1e-18:
        return
    bucket = _bucket_of(b, v.z1r, v.z1i, v.z2r, v.z2i)
    v.bucket = bucket
    v.fprev = -1
    v.fnext = b.buckets[bucket]
    if v.fnext >= 0:
        b.values[v.fnext].fprev = value
    b.buckets[bucket] = value


@njit(cache=True, error_model="numpy")
def unprint(b, value):
    """Take a value out of the table of fingerprints."""
    v = b.values[value]
    if v.bucket < 0:
        return
    if v.fprev >= 0:
        b.values[v.fprev].fnext = v.fnext
    else:
        b.buckets[v.bucket] = v.fnext
    if v.fnext >= 0:
        b.values[v.fnext].fprev = v.fprev
    v.bucket = -1


@njit(cache=True, error_model="numpy")
def find_proportional(b, z1r, z1i, z2r, z2i, other_than):
    """Find a value v with z = size * i^turn * v; return (v, size, turn), or (-1, 1.0, 0).

    The quotient of the two samples does not change when a vector is scaled, so it is the key; the second test
    compares both samples at about ten digits (a false match has odds of about 1e-19 a pair).
    """
    if z1r * z1r + z1i * z1i < 1e-18:
        return -1, 1.0, 0
    value = b.buckets[_bucket_of(b, z1r, z1i, z2r, z2i)]
    while value >= 0:
        if value != other_than:
            v = b.values[value]
            norm = v.z1r * v.z1r + v.z1i * v.z1i
            rr = (z1r * v.z1r + z1i * v.z1i) / norm
            ri = (z1i * v.z1r - z1r * v.z1i) / norm
            tolerance = 1e-10 * (abs(rr) + abs(ri))
            turn = -1
            size = 1.0
            if abs(ri) < tolerance:
                size = abs(rr)
                turn = 0 if rr > 0 else 2
            elif abs(rr) < tolerance and b.state[SIGNS_ONLY] == 0:
                size = abs(ri)
                turn = 1 if ri > 0 else 3
            if turn >= 0:
                er = z2r - (rr * v.z2r - ri * v.z2i)
                ei = z2i - (rr * v.z2i + ri * v.z2r)
                if abs(er) + abs(ei) < 1e-9 * (abs(z2r) + abs(z2i)) + 1e-12:
                    return value, size, turn
        value = b.values[value].fnext
    return -1, 1.0, 0


@njit(cache=True, error_model="numpy")
def evaluate_print(b, row):
    """Compute the fingerprint of a row from its terms and enter it into the table."""
    z1r = 0.0
    z1i = 0.0
    z2r = 0.0
    z2i = 0.0
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        v = b.values[t.ref]
        a, c = turned(v.z1r, v.z1i, t.turn)
        z1r += t.size * a
        z1i += t.size * c
        a, c = turned(v.z2r, v.z2i, t.turn)
        z2r += t.size * a
        z2i += t.size * c
        slot = t.next
    unprint(b, row)
    b.values[row].z1r = z1r
    b.values[row].z1i = z1i
    b.values[row].z2r = z2r
    b.values[row].z2i = z2i
    reprint(b, row)


@njit(cache=True, error_model="numpy")
def turned(re, im, turn):
    """Multiply by i^turn."""
    if turn == 0:
        return re, im
    if turn == 1:
        return -im, re
    if turn == 2:
        return -re, -im
    return im, -re
