"""The edits of a program on the workbench: costs, users, pair counts and fingerprints stay true; all can be undone."""

from numba import njit

from gp_fft.kernels.constants import MOST_DIGITS, allowed, count_digits, intern, nearest, price, recall
from gp_fft.kernels.fingerprints import reprint, unprint
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.pairs import count_pairs_of, size_uses
from gp_fft.kernels.workbench import (
    ADDS,
    BITS,
    BROKEN,
    CHECKED,
    DIRTY,
    FORBIDDEN,
    FREE_ROWS,
    FREE_TERM,
    GAINED,
    INPUTS,
    INTACT,
    JOURNALLED,
    LARGEST,
    LISTED,
    LOST,
    MARK,
    NO_JOURNAL_LEFT,
    NO_ROW_LEFT,
    NO_TERM_LEFT,
    OUT_OF_RANGE,
    PER_ADD,
    PER_SCALE,
    PER_UNITLESS,
    ROWS,
    SAME,
    SCALES,
    SMALLEST,
    STEP,
    TERMS,
    TODO,
    TURNS,
    UNITLESS,
)


@njit(**INNER)
def link_term(b, row, ref, size, turn):
    """Put a new term into a row as it is (no combining) and update costs, users and pair counts."""
    slot = b.state[FREE_TERM]
    if slot < 0:
        b.state[BROKEN] = NO_TERM_LEFT
        return
    if size != 1.0 and size_uses(b, ref, size) == 0:
        b.state[SCALES] += price(b, size)
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
        count_pairs_of(b, slot, GAINED)


@njit(**INNER)
def unlink_term(b, slot):
    """Take a term out of its row and update costs, users and pair counts."""
    t = b.terms[slot]
    row = t.row
    ref = t.ref
    size = t.size
    length = b.values[row].length
    if length >= 2:
        count_pairs_of(b, slot, LOST)
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
        b.state[SCALES] -= price(b, size)


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
def queue(b, row):
    """Put a row on the list to be settled."""
    v = b.values[row]
    if v.queued == 0 and row >= b.state[INPUTS]:
        v.queued = 1
        b.values[b.state[TODO]].todo_list = row
        b.state[TODO] += 1


@njit(**INNER)
def add_term(b, row, ref, size, turn):
    """Add ``size i^turn ref`` to a row that was touched before: terms of the same axis are combined, zeros vanish."""
    if b.state[CHECKED] != 0:
        _add_checked(b, row, ref, size, turn)
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
def _add_checked(b, row, ref, size, turn):
    """The same where not all terms are allowed: those of one axis that make no allowed size together stay apart.

    Over the bits two equal terms vanish. A size that is not allowed is written in listed ones, and where a third term
    of one axis would be written in fewer, it is.
    """
    if b.state[BITS] != 0:
        turn = turn & 0
    size = intern(b, size)
    if turn % (4 // b.state[TURNS]) != 0:
        _forbid(b, row, ref, size, turn)
    elif allowed(b, size):
        _add_allowed(b, row, ref, size, turn)
    elif count_digits(b, size) <= MOST_DIGITS:
        rest = size
        while abs(rest) > SAME * size:
            digit = nearest(b, abs(rest))
            _add_allowed(b, row, ref, digit, turn if rest > 0 else (turn + 2) & 3)
            rest -= digit if rest > 0 else -digit
    else:
        _forbid(b, row, ref, size, turn)
    if b.state[LISTED] > 1:
        _respell(b, row, ref, turn & 1)
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def _forbid(b, row, ref, size, turn):
    """Put a term there all the same, so that a walk over the row finds what it counts on; the step will be undone."""
    link_term(b, row, ref, size, turn)
    b.state[BROKEN] = FORBIDDEN


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
    if not allowed(b, size) or turn % (4 // b.state[TURNS]) != 0:
        b.state[BROKEN] = FORBIDDEN
    if b.values[ref].uses <= 1:
        queue(b, ref)


@njit(**INNER)
def _add_allowed(b, row, ref, size, turn):
    """Add an allowed term: what it makes one allowed term, or nothing, with is taken in, again and again."""
    slot = _partner(b, row, ref, size, turn)
    while slot >= 0:
        t = b.terms[slot]
        old_turn = t.turn
        total = t.size + size if old_turn == turn else t.size - size
        nothing = b.state[BITS] != 0 or abs(total) < 1e-9 * (t.size + size)
        unlink_term(b, slot)
        if nothing:
            return
        size = recall(b, abs(total))
        turn = old_turn if total > 0 else (old_turn + 2) & 3
        slot = _partner(b, row, ref, size, turn)
    link_term(b, row, ref, size, turn)


@njit(**INNER)
def _partner(b, row, ref, size, turn):
    """A term of a row that makes one allowed term, or nothing, with another one; -1 for none."""
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        if t.ref == ref and ((t.turn ^ turn) & 1) == 0:
            total = t.size + size if t.turn == turn else abs(t.size - size)
            if b.state[BITS] != 0 or total < 1e-9 * (t.size + size) or allowed(b, recall(b, total)):
                return slot
        slot = t.next
    return -1


@njit(**INNER)
def _respell(b, row, ref, axis):
    """Write what the terms of one reference and axis in a row come to in as few listed constants as greed finds."""
    total = 0.0
    count = 0
    if b.state[BROKEN] != INTACT:
        return
    slot = b.values[row].first
    while slot >= 0:
        t = b.terms[slot]
        if t.ref == ref and (t.turn & 1) == axis:
            total += t.size if t.turn < 2 else -t.size
            count += 1
        slot = t.next
    if count < 3 or count_digits(b, total) >= count:
        return
    slot = b.values[row].first
    while slot >= 0:
        after = b.terms[slot].next
        if b.terms[slot].ref == ref and (b.terms[slot].turn & 1) == axis:
            unlink_term(b, slot)
        slot = after
    rest = total
    while abs(rest) > SAME * abs(total):
        digit = nearest(b, abs(rest))
        link_term(b, row, ref, digit, axis if rest > 0 else axis + 2)
        rest -= digit if rest > 0 else -digit


@njit(**INNER)
def users_allow(b, value, size, turn):
    """May every user of a value have ``size i^turn`` times the coefficient that it has?"""
    if b.state[CHECKED] == 0:
        return True
    if turn % (4 // b.state[TURNS]) != 0:
        return False
    slot = b.values[value].users
    while slot >= 0:
        if not allowed(b, recall(b, b.terms[slot].size * size)):
            return False
        slot = b.terms[slot].unext
    return True


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
