"""Integer arithmetic with small constants: additions, multiplications and shifts have a price each."""

from math import isfinite

from primitives.base import PrimitiveError, PrimitiveSet

MOST_BITS = 12


def integer(bits: float = 8.0, add: float = 1.0, mul: float = 1.0, shift: float = 0.0) -> PrimitiveSet:
    """The whole numbers below ``2**bits``; a power of two costs ``shift``, any other ``mul``. PrimitiveError."""
    if not (isfinite(bits) and bits == int(bits) and 1 <= bits <= MOST_BITS):
        raise PrimitiveError(f"the constants of 'integer' have 1 to {MOST_BITS} bits, not {bits:g}")
    sizes = range(2, 1 << int(bits))
    return PrimitiveSet(
        name="integer",
        fields=("real",),
        turns=(0, 2),
        constants=tuple((float(size), shift if size & (size - 1) == 0 else mul) for size in sizes),
        add=add,
        description="whole constants of up to `bits` bits; additions, multiplications and shifts priced apart",
        options={"bits": 8.0, "add": 1.0, "mul": 1.0, "shift": 0.0},
        make=integer,
    )


SET = integer()
