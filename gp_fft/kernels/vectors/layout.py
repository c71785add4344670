"""How a scheme and what it may be made of lie in memory: plain arrays, made by ``gp_fft.schemes.forms``.

A scheme is an array of rows. A row is ``[form, ref 0, turn 0, ref 1, turn 1, ...]``: which form, applied to which
earlier rows times which powers of i. Row 0 is the input. The level of a row says how long its vector is: n over the
prime of the family to that power.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PARTS = 5  # most arguments of a row
WIDTH = 1 + 2 * PARTS
INPUT, SUM, CALL, ENTRIES = 0, 1, 2, 3  # kinds of forms; form 0 is the input, form 1 the sum, form 2 the call
OTHER, STRIDE, BLOCK, CONCATENATE, INTERLEAVE, TWIDDLE, COSINE, ROOT = range(8)  # forms with rules of their own


class Forms(NamedTuple):
    """The forms of a family: every primitive that is on, with every choice of its radix and number."""

    kind: NDArray[np.int64]  # (forms,)
    action: NDArray[np.int64]  # (forms,) OTHER to ROOT
    group: NDArray[np.int64]  # (forms,) the primitive that it is a choice of
    span: NDArray[np.int64]  # (forms,) levels that the radix goes down or up
    number: NDArray[np.int64]  # (forms,) k
    arity: NDArray[np.int64]  # (forms,)
    change: NDArray[np.int64]  # (forms,) level of the result less that of the first argument
    chance: NDArray[np.float64]  # (forms,) cumulated
    turns: NDArray[np.int64]  # the powers of i that an argument of a sum may have
    place: NDArray[np.int64]  # (forms, levels, sizes) where its entries begin, -1: nowhere
    part: NDArray[np.int64]
    source: NDArray[np.int64]
    weight: NDArray[np.complex128]
    limits: NDArray[np.int64]  # see the names below


PRIME, STEP, DEEPEST, VECTORS, ORDER, PER_TREE, GRADED, OWN, AIM = range(9)
"""The limits: prime of the family, its power from member to member, deepest level, random vectors at each size, order
of the constant roots; whether costs count every use of a row, whether errors are graded, and whether a scheme answers
its own calls; the level of what is wanted, 0 but for a part of a scheme."""


class Scores(NamedTuple):
    """What schemes are judged by."""

    sizes: NDArray[np.int64]  # (sizes,) n
    start: NDArray[np.int64]  # (sizes + 1,) where the vectors of a size begin
    given: NDArray[np.complex128]  # (total,) the random vectors
    wanted: NDArray[np.complex128]  # (total,) their transforms
    oracle: NDArray[np.complex128]  # the matrices of all shorter transforms, one behind the other
    matrix: NDArray[np.int64]  # (levels, sizes) where they begin
    share: NDArray[np.float64]  # (total,) what a squared error of an entry counts for
    price: NDArray[np.float64]  # (forms, levels, members) operations of a form at each member of the family
    leaf: NDArray[np.float64]  # (members,) operations of the definition at each of the shortest members


class Book(NamedTuple):
    """A scheme while it is written, and what writing it needs."""

    rows: NDArray[np.int64]  # (rows, WIDTH)
    level: NDArray[np.int64]
    length: NDArray[np.int64]  # (1,)
    failed: NDArray[np.int64]  # (1,) 1 if there was no room or nothing to write
    needed: NDArray[np.int64]
    where: NDArray[np.int64]  # of each row that is copied: its row in the book ...
    turned: NDArray[np.int64]  # ... and its turn
    inner: NDArray[np.int64]  # the same of a copy within the copy
    inner_turn: NDArray[np.int64]
    refs: NDArray[np.int64]  # (PARTS,)
    turns: NDArray[np.int64]  # (PARTS,)


TURN = np.array([1, 1j, -1, -1j])
EXACT = 1e-18  # of a squared relative error
RIGHT = 1e-12  # of the squared error of an entry that is right
