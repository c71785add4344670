"""The links of a term: into its row and to the users of its value, with costs and pair counts kept true."""

from numba import njit

from gp_fft.kernels.constants import price
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.pairs import count_pairs_of, size_uses
from gp_fft.kernels.workbench import (
    ADDS,
    BROKEN,
    FREE_TERM,
    GAINED,
    INPUTS,
    LOST,
    NO_TERM_LEFT,
    SCALES,
    TERMS,
    TODO,
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
def queue(b, row):
    """Put a row on the list to be settled."""
    v = b.values[row]
    if v.queued == 0 and row >= b.state[INPUTS]:
        v.queued = 1
        b.values[b.state[TODO]].todo_list = row
        b.state[TODO] += 1
