"""What holds for a whole run of the kernels, by name."""

from typing import Any, NamedTuple

import numpy as np

from gp_fft.kernels.workbench import UNIT
from primitives import PrimitiveSet

ALL_FIXED, ONE_FACTOR, FREE_OUTPUTS, FREE_INPUTS = range(4)
"""What is free at the border: nothing, one factor of all outputs together, one of each, and of each input as well."""


class Switches(NamedTuple):
    """What a run may do beside the operators that have chances."""

    merging: bool  # use values that are known by their fingerprints
    sharing: bool  # define what occurs twice
    turns: int  # how many of the powers of i are allowed: 4, 2 (the signs) or 1
    checked: bool  # some terms are not allowed: sizes that are not listed, or turns that the field has
    bits: bool  # the values are bits, and sums XOR
    listed: bool  # no constants are allowed but those known beforehand
    expand_above: int = 1 << 62  # number of terms above which a program is also tried written out
    scaling: int = ALL_FIXED


class Rules(NamedTuple):
    """What holds for a whole run."""

    weights: np.ndarray  # (3,) float64: cost of an addition, a part of a scale's price, a row without a unit term
    switches: Switches
    rewrites: np.ndarray  # float64, one chance for each rewrite of the table of operators, sum 1 (or 0: none)
    mutations: np.ndarray  # the same for each mutation
    approximations: np.ndarray  # and for each approximation
    constants: np.ndarray  # float64, sizes known beforehand, ascending where no others are allowed
    prices: np.ndarray  # int64, of these where no others are allowed, in parts of UNIT
    skew: float  # what rows that are not orthogonal count beside the error of approximations
    limit: float  # the mean squared cosine between rows that is kept at most
    measure: int  # of the error of approximations, see sight.py
    rows: np.ndarray  # (m,) float64: how it weighs the outputs, roots
    basis: np.ndarray  # (n, n) complex128: how it weighs the inputs
    known: np.ndarray  # (counts,) float64: the squared error to beat with so many operations, falling


def of_set(chosen: PrimitiveSet, field: str) -> dict[str, Any]:
    """What a primitive set says of programs on a field, as the last four switches before the limit take it."""
    return {
        "turns": len(chosen.turns_on(field)),
        "checked": not chosen.whole(field),
        "bits": field == "gf2",
        "listed": chosen.constants is not None,
    }


def constants(chosen: PrimitiveSet, known: tuple[float, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    """The constants and prices of the rules: those that the set lists, or those that are known beforehand."""
    listed = chosen.constants or ()
    if chosen.constants is None:
        return np.array(known, np.float64), np.zeros(0, np.int64)
    prices = [round(price * UNIT) for _, price in listed]
    return np.array([size for size, _ in listed], np.float64), np.array(prices, np.int64)
