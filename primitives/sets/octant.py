"""An example of a set that lists its constants: one hard-wired multiplier, by the cosine of 45 degrees.

With it alone the DFT of 8 points is computed; 16 points need more.
"""

from math import sqrt

from primitives.base import PrimitiveSet

SET = PrimitiveSet(
    name="octant",
    fields=("complex", "real"),
    constants=((sqrt(0.5), 1.0),),
    description="one constant, the square root of 1/2, and the turns of the field",
)
