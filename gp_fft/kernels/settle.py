"""Settle: what costs nothing is done at once - unused rows, copies and zeros go, what is used once is put in place."""

from numba import njit

from gp_fft.kernels.apart import users_allow
from gp_fft.kernels.edits import add_term, close_row, drop_term, drop_terms, touch
from gp_fft.kernels.jit import INNER
from gp_fft.kernels.links import queue, unlink_term
from gp_fft.kernels.workbench import BROKEN, INPUTS, INTACT, OUT_OF_RANGE, TODO, ZERO


@njit(**INNER)
def inline_at(b, slot):
    """Replace one term by the definition that it refers to."""
    t = b.terms[slot]
    row = t.row
    source = t.ref
    size = t.size
    turn = t.turn
    touch(b, row)
    drop_term(b, slot)
    k = b.values[source].first
    while k >= 0:
        add_term(b, row, b.terms[k].ref, b.terms[k].size * size, (b.terms[k].turn + turn) & 3)
        k = b.terms[k].next


@njit(**INNER)
def inline_all(b, row):
    """Replace every use of a definition by its terms."""
    while b.values[row].users >= 0 and b.state[BROKEN] == INTACT:
        inline_at(b, b.values[row].users)


@njit(**INNER)
def inline_row(b, row):
    """Inline a row into its users; an output stays, a definition goes."""
    if b.values[row].uses > 0:
        inline_all(b, row)
        queue(b, row)


@njit(**INNER)
def expand(b):
    """Inline everything: each output becomes a sum of inputs, whatever the sizes that occur on the way."""
    for row in range(b.state[INPUTS], b.values.shape[0]):
        if b.values[row].alive and b.values[row].uses > 0:
            while b.values[row].users >= 0 and b.state[BROKEN] in (INTACT, OUT_OF_RANGE) and b.stop[0] == 0:
                inline_at(b, b.values[row].users)
            queue(b, row)
    if b.state[BROKEN] == OUT_OF_RANGE:
        b.state[BROKEN] = INTACT


@njit(**INNER)
def replace_uses(b, value, by, size, turn):
    """Let every user of ``value`` use ``size i^turn by`` instead."""
    while b.values[value].users >= 0 and b.state[BROKEN] == INTACT:
        slot = b.values[value].users
        t = b.terms[slot]
        row = t.row
        s = t.size * size
        r = (t.turn + turn) & 3
        touch(b, row)
        drop_term(b, slot)
        add_term(b, row, by, s, r)


@njit(**INNER)
def _absorb(b, row):
    """An output that is a plain copy of a definition takes over its terms and its users."""
    slot = b.values[row].first
    source = b.terms[slot].ref
    turn = b.terms[slot].turn
    touch(b, row)
    touch(b, source)
    drop_term(b, slot)
    while b.values[source].first >= 0:
        k = b.values[source].first
        ref = b.terms[k].ref
        size = b.terms[k].size
        total = (b.terms[k].turn + turn) & 3
        unlink_term(b, k)
        add_term(b, row, ref, size, total)
    replace_uses(b, source, row, 1.0, (4 - turn) & 3)
    queue(b, source)


@njit(**INNER)
def _remove(b, row):
    touch(b, row)
    drop_terms(b, row)
    close_row(b, row)


@njit(**INNER)
def settle(b):
    """Remove unused rows, copies and zeros, and inline what is used once as it is: none of this costs anything."""
    while b.state[TODO] > 0:
        b.state[TODO] -= 1
        row = b.values[b.state[TODO]].todo_list
        v = b.values[row]
        v.queued = 0
        if not v.alive or b.state[BROKEN] != INTACT:
            continue
        if v.output >= 0:
            if v.length == 1 and b.terms[v.first].size == 1.0:
                source = b.terms[v.first].ref
                if source >= b.state[INPUTS] and b.values[source].output < 0:
                    _absorb(b, row)
        elif v.uses == 0:
            _remove(b, row)
        elif v.length == 0:
            while b.values[row].users >= 0:
                slot = b.values[row].users
                touch(b, b.terms[slot].row)
                drop_term(b, slot)
            queue(b, row)
        elif (v.length == 1 and users_allow(b, row, b.terms[v.first].size, ZERO)) or (
            v.uses == 1 and b.terms[v.users].size == 1.0
        ):
            inline_all(b, row)
            queue(b, row)
