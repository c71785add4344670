"""Without multipliers: additions and shifts, as in filters and codecs of fixed point.

A shift is wiring, so it is free unless ``shift`` says what it costs. What is counted then is the adders, as in the
field of multiple constant multiplication (Voronenko and Pueschel, ACM Transactions on Algorithms 3(2), 2007).
"""

from primitives.base import PrimitiveSet

LONGEST_SHIFT = 16


def dyadic(shift: float = 0.0) -> PrimitiveSet:
    """The set in which a shift by one to sixteen places, to the left or to the right, costs ``shift`` additions."""
    return PrimitiveSet(
        name="dyadic",
        fields=("real",),
        turns=(0, 2),
        constants=tuple((2.0**k, shift) for k in range(-LONGEST_SHIFT, LONGEST_SHIFT + 1) if k),
        description="additions and shifts: the sizes are powers of two, a shift costs `shift`",
        options={"shift": 0.0},
        make=dyadic,
    )


SET = dyadic()
