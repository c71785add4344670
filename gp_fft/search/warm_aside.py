"""Warming up, aside: a process of its own compiles one half of the kernels while the search compiles the other.

Numba compiles one function at a time in a process, but what one process has compiled the other finds in the disk
cache. The search begins with the bursts from their beginning; this process begins with the rewrites from their end.

    python -m gp_fft.search.warm_aside
"""

import numpy as np
from numba import typeof, types

from gp_fft import transforms
from gp_fft.construct.textbook import definition
from gp_fft.kernels.load import Room, make_workbench
from gp_fft.kernels.operators import REWRITES
from gp_fft.kernels.rules import Rules
from gp_fft.search.genome import Genome
from gp_fft.search.mend import mend
from gp_fft.search.settings import Settings
from gp_fft.search.vary import rules


def workbench(told: Rules) -> types.Type:
    """The Numba type of the workbench that a burst makes by these rules."""
    whole, stop = types.int64, typeof(np.zeros(1, np.int64))
    room = types.NamedUniTuple(whole, len(Room._fields), Room)
    make_workbench.compile((whole, room, typeof(told), whole, stop))
    (signature,) = make_workbench.nopython_signatures
    made: types.Type = signature.return_type
    return made


def main() -> None:
    """Compile the rewrites, the last one first, and what refines constants, into the disk cache."""
    transform = transforms.get("dft", 2)
    bench = workbench(rules(transform, Settings()))
    for operator in reversed(REWRITES):
        operator.kernel.compile((bench,))
    mend([Genome.of(definition(transform))], transform, 1)


if __name__ == "__main__":
    main()
