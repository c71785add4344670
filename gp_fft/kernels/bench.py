"""The bench: the arrays that hold one program while it is edited.

A program is a set of sums (rows) of terms. Each term sits in two doubly linked lists: that of its row and that of
the users of the value it refers to, so that an edit costs only what it touches. Values 0 .. inputs-1 are the inputs,
the rest are rows. Nothing in these kernels checks its input; ``burst.py`` is the driver that allocates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
    weights: np.ndarray  # (5,) float64: cost of an addition, a scale, a row without a unit term; size limits
    stop: np.ndarray  # (1,) int64, set from outside: not 0 from the moment on at which a burst is to end


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
    UNCOUNTED,
    SIGNS_ONLY,
    STATE_SIZE,
) = range(22)

STOPPED = 6  # what BROKEN holds after a stop in the middle of something; it is undone
SMALLEST, LARGEST = 3, 4  # places of the limits in the weights
REACH = 1e4  # sizes may leave the range of those that were loaded by this factor, no more: round-off would grow
SAME = 1e-10  # two sizes closer than this (relative) are one constant
