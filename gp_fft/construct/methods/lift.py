"""Lifting and restricting: a complex DFT from two real ones, and a real DFT from half of a complex one.

A real program runs on complex data as it stands, for both parts at once, and the outputs k and n-k are Re + i Im
and Re - i Im (H. V. Sorensen et al., 1987). The other way round every complex value becomes two real ones; of
those that real input makes zero or conjugate only one is kept.
"""

from collections.abc import Iterator

from gp_fft.construct.builder import ZERO, Builder, Pair, turned
from gp_fft.construct.methods.transpose import transpose
from gp_fft.construct.parts import Method, Parts
from gp_fft.construct.spectrum import from_pairs, to_pairs
from gp_fft.program import Program
from gp_fft.transforms import Transform

VARIANTS = 8  # so many programs of the complex transform are restricted; which leaves least differs


def lift(real: Program, title: str) -> Program:
    """The program of ``dft n`` from one of ``rdft n``: twice its flops and 2 more for every output with a twin."""
    n = real.inputs
    build = Builder(n, "complex")
    y = [ZERO] * n
    for k, (re, im) in enumerate(to_pairs(build.apply(real, build.x))[: n // 2 + 1]):
        y[k], y[-k] = build.sum(re, turned(im, 1)), build.difference(re, turned(im, 1))
    return build.program(y, title)


def restrict(whole: Program, title: str) -> Program:
    """The program of ``rdft n`` from one of ``dft n``: its real and imaginary parts on real data, untidied."""
    n = whole.inputs
    build = Builder(n, "real")
    values: list[Pair] = [(value, ZERO) for value in build.x]
    for row in whole.rows():
        pairs = [build.times_pair(values[ref], size * (1, 1j, -1, -1j)[turn]) for size, turn, ref in row]
        values.append((build.sum(*(re for re, _ in pairs)), build.sum(*(im for _, im in pairs))))
    y = [values[n + d] for d in whole.outputs.tolist()]
    return build.program(from_pairs(y, n), title)


def _lifts(transform: Transform, parts: Parts) -> Iterator[Program | None]:
    yield parts.join(lift, transform.title, ("rdft", transform.inputs))


def _restrictions(transform: Transform, parts: Parts) -> Iterator[Program]:
    n = transform.inputs
    programs = parts.known("dft", n)[:VARIANTS]
    if not programs:  # it is being made: then what comes from smaller parts, also turned round
        smaller = parts.descending(parts.transform("dft", n))[:VARIANTS]
        programs = [*smaller, *(transpose(whole, whole.title) for whole in smaller)]
    for whole in programs:
        yield restrict(whole, transform.title)


METHOD = (
    Method("lift", ("dft",), lambda transform: transform.inputs > 2, _lifts),
    Method("restrict", ("rdft",), lambda transform: transform.inputs > 2, _restrictions),
)
