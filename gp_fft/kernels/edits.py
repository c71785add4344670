"""The edits of a program on the workbench: costs, users, pair counts and fingerprints stay true; all can be undone."""

from numba import njit

from gp_fft.kernels.apart import add_checked
from gp_fft.kernels.constants import allowed, intern
from gp_fft.kernels.fingerprints import reprint, turn_step, unprint
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import link_term, queue, unlink_term
from gp_fft.kernels.workbench import (
    ADDS,
    BROKEN,
    CHECKED,
    DIRTY,
    FORBIDDEN,
    FREE_ROWS,
    INPUTS,
    INTACT,
    JOURNALLED,
    LARGEST,
    MARK,
    NO_JOURNAL_LEFT,
    NO_ROW_LEFT,
    OUT_OF_RANGE,
    PER_ADD,
    PER_SCALE,
    PER_UNITLESS,
    ROWS,
    SCALES,
    SMALLEST,
    STEP,
    TODO,
    UNITLESS,
)


@njit(**INNER)
def journal_row(b, row):
    """Save a row as it stands, once a step, so that the step can be undone."""
    v = b.values[row]
    if v.saved == b.state[STEP]:
        return
    at = b.state[JOURNALLED]
    if at + v.length + 1 > b.journal.shape[0]:
        b.state[BROKEN] = NO_JOURNAL_LEFT
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


@njit(**INNER)
def touch(b, row):
    """Journal a row, put it on the dirty list (its pairs may now be worth sharing) and on the list to be settled."""
    journal_row(b, row)
    v = b.values[row]
    if v.dirty != b.state[STEP]:
        v.dirty = b.state[STEP]
        b.values[b.state[DIRTY]].dirty_list = row
        b.state[DIRTY] += 1
    queue(b, row)


@njit(**INNER)
def begin_step(b):
    """Open a new step: nothing journalled, nothing dirty."""
    b.state[STEP] += 1
    b.state[JOURNALLED] = 0
    b.state[DIRTY] = 0
    b.state[BROKEN] = INTACT
    while b.state[TODO] > 0:
        b.state[TODO] -= 1
        b.values[b.values[b.state[TODO]].todo_list].queued = 0


@njit(**INNER)
def add_term(b, row, ref, size, turn):
    """Add ``size i^turn ref`` to a row that was touched before: terms of the same axis are combined, zeros vanish."""
    if b.state[CHECKED] != 0:
        add_checked(b, row, ref, size, turn)
        return
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
    if size < b.numbers[SMALLEST] or size > b.numbers[LARGEST]:
        b.state[BROKEN] = OUT_OF_RANGE
    link_term(b, row, ref, size, turn)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def replace_term(b, slot, size, turn):
    """Give a term of a row that was touched another coefficient; where terms stand apart none is taken into another."""
    row = b.terms[slot].row
    ref = b.terms[slot].ref
    if b.state[CHECKED] == 0:
        drop_term(b, slot)
        add_term(b, row, ref, size, turn)
        return
    size = intern(b, size)
    unlink_term(b, slot)
    link_term(b, row, ref, size, turn)
    if not allowed(b, size) or turn % turn_step(b) != 0:
        b.state[BROKEN] = FORBIDDEN
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def drop_term(b, slot):
    """Remove a term from a row that was touched before; what nobody uses any more will be settled."""
    ref = b.terms[slot].ref
    unlink_term(b, slot)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def drop_terms(b, row):
    """Remove all terms of a row that was touched before."""
    while b.values[row].first >= 0:
        drop_term(b, b.values[row].first)


@njit(**INNER)
def slot_in(b, row, ref):
    """A term of a row that refers to ``ref``, or -1."""
    slot = b.values[row].first
    while slot >= 0:
        if b.terms[slot].ref == ref:
            return slot
        slot = b.terms[slot].next
    return -1


@njit(**INNER)
def open_row(b):
    """Take a free value as a new empty row (journalled as absent) and return it, or -1 when none is left."""
    if b.state[FREE_ROWS] == 0:
        b.state[BROKEN] = NO_ROW_LEFT
        return -1
    b.state[FREE_ROWS] -= 1
    row = b.values[b.state[FREE_ROWS]].free_list
    journal_row(b, row)
    _enlist(b, row)
    return row


@njit(**INNER)
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


@njit(**INNER)
def clear_row(b, row):
    """Remove all terms of a row."""
    while b.values[row].first >= 0:
        unlink_term(b, b.values[row].first)


@njit(**INNER)
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


@njit(**INNER)
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


@njit(**INNER)
def _reclaim(b, row):
    """Take one given value off the free list (it was freed within this step, so it is near the end)."""
    k = b.state[FREE_ROWS] - 1
    while b.values[k].free_list != row:
        k -= 1
    b.state[FREE_ROWS] -= 1
    b.values[k].free_list = b.values[b.state[FREE_ROWS]].free_list
    _enlist(b, row)


@njit(**INNER)
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


@njit(**INNER)
def total_cost(b):
    """The cost of the program under the weights of the cost model, in operations of the data's field."""
    once = b.numbers[PER_ADD] * b.state[ADDS] + b.numbers[PER_SCALE] * b.state[SCALES]
    return once + b.numbers[PER_UNITLESS] * b.state[UNITLESS]
