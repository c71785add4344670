"""The workbench: the arrays that hold one program while it is edited.

A program is a set of sums (rows) of terms. Each term sits in two doubly linked lists: that of its row and that of
the users of the value it refers to, so that an edit costs only what it touches. Values 0 .. inputs-1 are the inputs,
the rest are rows. Nothing in these kernels checks its input; ``burst.py`` is the driver that allocates.
All whole numbers are int64: Numba compiles a kernel anew for every width of number that it is called with.
"""

from typing import NamedTuple

import numpy as np


def record(fields: list[tuple[str, str]]) -> np.dtype[np.void]:
    """A structured dtype whose fields are attributes, compiled or not."""
    return np.dtype((np.record, fields))


TERM = record(
    [
        ("row", "i8"),
        ("ref", "i8"),
        ("next", "i8"),
        ("prev", "i8"),
        ("unext", "i8"),
        ("uprev", "i8"),
        ("turn", "i8"),
        ("size", "f8"),
    ]
)
VALUE = record(
    [
        ("first", "i8"),
        ("length", "i8"),
        ("users", "i8"),
        ("uses", "i8"),
        ("output", "i8"),  # index of the output, -1 for none
        ("alive", "i8"),
        ("place", "i8"),  # where the row stands in the list of rows
        ("units", "i8"),  # terms of size 1
        ("dirty", "i8"),  # step at which the row was last put on the dirty list
        ("saved", "i8"),  # step at which the row was last journalled
        ("mark", "i8"),  # visited stamp of graph walks
        ("queued", "i8"),  # waits on the list to be settled
        ("bucket", "i8"),  # fingerprint bucket, -1 for none
        ("fnext", "i8"),
        ("fprev", "i8"),
        ("rows_list", "i8"),  # the k-th row alive
        ("free_list", "i8"),  # the k-th free value
        ("dirty_list", "i8"),
        ("todo_list", "i8"),
        ("stack", "i8"),
        ("pair_a", "i8"),  # the k-th occurrence of the pair looked at: slots of its two terms
        ("pair_b", "i8"),
        ("z1r", "f8"),  # the value on two random inputs: its fingerprint
        ("z1i", "f8"),
        ("z2r", "f8"),
        ("z2i", "f8"),
    ]
)
PAIR = record([("key", "u8"), ("count", "i8")])
JOURNAL = record(
    [
        ("row", "i8"),  # >= 0: head of a saved row; -1: one of its terms
        ("ref", "i8"),  # head: output index; term: reference
        ("turn", "i8"),  # head: was alive; term: turn
        ("length", "i8"),  # head: number of terms that follow
        ("size", "f8"),
        ("z1r", "f8"),
        ("z1i", "f8"),
        ("z2r", "f8"),
        ("z2i", "f8"),
    ]
)


class Workbench(NamedTuple):
    """The arrays of one workbench; ``state`` holds the scalars by the index names below.

    Every array more is seven machine words more in every call: a ninth one cost a tenth of the search's speed.
    """

    terms: np.ndarray  # TERM
    values: np.ndarray  # VALUE
    pairs: np.ndarray  # PAIR, open addressing, a power of two
    buckets: np.ndarray  # int32, heads of the fingerprint chains, a power of two
    numbers: np.ndarray  # float64: weights and limits by the index names below, from KNOWN on the constants, see there
    journal: np.ndarray  # JOURNAL
    state: np.ndarray  # int64
    stop: np.ndarray  # (1,) int64, set from outside: not 0 from the moment on at which a burst is to end


class Flat(NamedTuple):
    """A program as flat arrays, like those of ``Program``: rows in topological order."""

    starts: np.ndarray  # (rows + 1,) int32
    refs: np.ndarray  # (terms,) int32
    sizes: np.ndarray  # (terms,) float64
    turns: np.ndarray  # (terms,) int8
    outputs: np.ndarray  # (outputs,) int32


(
    RNG,
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
    JOURNALLED,
    BROKEN,
    PAIRS_USED,
    CONSTANTS_USED,
    MERGING,
    SHARING,
    UNCOUNTED,
    TURNS,
    MASK,
    LISTED,
    DEAREST,
    CHECKED,
    BITS,
    SCALING,
    DEPTH_LIMIT,
    ADD_LIMIT,
    LIVE_LIMIT,
    STATE_SIZE,
) = range(31)
"""Places in the state. TURNS: how many of the powers of i are allowed, 4, 2 (the signs) or 1; MASK: of the table of
constants; LISTED: how many constants the primitive set lists, 0 where any is allowed; DEAREST: the highest price of
one; CHECKED: not 0 where some terms are not allowed; BITS: not 0 where the values are bits; SCALING: what is free at
the border, see rules.ALL_FIXED; the limits: on levels of operations, of additions, on values alive, 0 for none;
STATE_SIZE: from here on the levels of all values, and behind them the most that these may be."""

INTACT, NO_TERM_LEFT, NO_JOURNAL_LEFT, OUT_OF_RANGE, NO_ROW_LEFT, NO_PAIR_LEFT, STOPPED, FORBIDDEN = range(8)
"""What ``state[BROKEN]`` says of a step: it can be kept, or what ran out, or that a size is beyond its limits, or that
it was stopped in the middle, or that a term is not allowed by the primitive set; then it is undone."""

# Numbers that are handed to kernels as int64, not as literals, for each of which Numba would compile them once more.
ZERO, NOBODY = np.int64(0), np.int64(-1)
GAINED, LOST = np.int64(1), np.int64(-1)  # by what the count of a pair changes

PER_ADD, PER_SCALE, PER_UNITLESS, SMALLEST, LARGEST, PER_EXCESS, KNOWN = 0, 1, 2, 3, 4, 5, 8
"""Places in the numbers: what an addition, a unit of the price of a scale, a row without a unit term costs, limits of
sizes, what a level above a limit or a value too many costs the walk, and where the table of constants begins (open
addressing, 0 = empty, a power of two). Behind it comes one as long with the price of each, and then the constants that
the primitive set lists, ascending, 1 among them."""
UNIT = 1024  # of prices, which are whole numbers here: what one scale costs where any constant is allowed
REACH = 1e4  # sizes may leave the range of those that were loaded by this factor, no more: round-off would grow
SAME = 1e-10  # two sizes closer than this (relative) are one constant
